"""An LLM behind OpenAI's protocol: OpenAI itself, Ollama, vLLM, llama.cpp and others.

    chat = OpenAIChat.from_settings(settings)      # None: no LLM is set up
    async with aclosing(chat.stream(messages, 512)) as pieces:
        async for piece in pieces: ...

Every failure is an `LLMUnavailable` with a typed reason, and one line in the log that holds
neither key nor question nor article. Leaving the loop, or being cancelled, closes the HTTP
stream, and the server stops writing.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict, TypeVar, cast

from bot.llm_faults import LLMUnavailable, Reason, failure_of
from retrieval.endpoints import shown_address
from retrieval.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncStream
    from openai.types.chat import ChatCompletionChunk

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_RETRIED = (Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.BROKEN_OFF)
_FIRST_PAUSE = 0.5  # seconds, doubled each time; the reader is waiting
# The client and what it sends with log requests at DEBUG, prompts and addresses included.
_TALKATIVE = ("openai", "httpx2", "httpcore2", "httpx", "httpcore")

_Result = TypeVar("_Result")


class Message(TypedDict):
    """A message of the chat."""

    role: Literal["system", "user", "assistant"]
    content: str


class ChatModel(Protocol):
    """What writes a reply; tests pass an object of their own."""

    name: str

    def stream(self, messages: Sequence[Message], most_tokens: int) -> AsyncIterator[str]:
        """The reply in pieces, as they arrive.

        Raises:
            LLMUnavailable: at any time, also after pieces were delivered.
        """


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Attributes:
        whole: seconds for a reply, with retries, from the moment it has its turn.
        silence: seconds without a sign of the server, before the first piece or after one.
        at_once: replies at the same time.
        wait: seconds to wait for a turn. Short: the answer without an LLM is at hand.
    """

    whole: float = 60
    silence: float = 30
    at_once: int = 4
    wait: float = 10


class OpenAIChat:
    """A model of a server that speaks OpenAI's protocol.

    One for the process and its event loop: it holds the connections and counts the turns.
    """

    def __init__(self, base_url: str, api_key: str, model: str, limits: Limits) -> None:
        from openai import AsyncOpenAI

        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        self.name = model
        self._address = shown_address(base_url)
        self._limits = limits
        self._turns = asyncio.Semaphore(limits.at_once)
        self._left_out: set[str] = set()
        key = api_key.strip()
        # A header takes no other characters, and the error would quote the key.
        self._is_key_sendable = key.isascii() and key.isprintable()
        self._client = AsyncOpenAI(
            base_url=base_url,
            # Servers without a key take any; the client does not take none.
            api_key=key if key and self._is_key_sendable else "none",
            # Its own retries would wait up to two minutes where the server says so, and try
            # a wrong certificate three times; and its time-out starts anew with each byte.
            max_retries=0,
            timeout=limits.whole,
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> OpenAIChat | None:
        """The model that the settings name, or None where they name no server or model."""
        if not settings.openai_base_url or not settings.llm_model:
            if settings.openai_base_url:
                _log.warning("LLM: LLM_MODEL is not set; answering without")
            return None
        limits = Limits(
            whole=settings.llm_timeout_seconds,
            silence=settings.llm_silence_seconds,
            at_once=settings.llm_concurrency,
        )
        key = settings.openai_api_key.get_secret_value()
        return cls(settings.openai_base_url, key, settings.llm_model, limits)

    def __repr__(self) -> str:
        return f"OpenAIChat({self.name!r} at {self._address})"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def stream(
        self, messages: Sequence[Message], most_tokens: int
    ) -> AsyncGenerator[str, None]:
        """The reply in pieces of text, none of them empty, as they arrive.

        Raises:
            LLMUnavailable: at any time. Nothing is tried again once a piece was delivered.
        """
        try:
            async with aclosing(self._pieces(messages, most_tokens)) as pieces:
                async for piece in pieces:
                    yield piece
        except LLMUnavailable as failure:
            _log.warning("LLM %s at %s: %s", self.name, self._address, failure)
            raise

    async def _pieces(
        self, messages: Sequence[Message], most_tokens: int
    ) -> AsyncGenerator[str, None]:
        if not self._is_key_sendable:
            raise LLMUnavailable(Reason.KEY_REFUSED, "it has characters that no key has")
        async with self._turn():
            clock = asyncio.get_running_loop().time
            started = clock()
            deadline = started + self._limits.whole
            reply, piece = await self._begin(messages, most_tokens, deadline)
            first = clock() - started
            try:
                async with aclosing(reply):
                    while piece is not None:
                        if piece:
                            yield piece
                        piece = await self._within(reply.next_piece(), deadline)
            finally:
                _log.info(
                    "LLM %s: %s tokens, first piece after %.1f s, %.1f s in all",
                    *(self.name, reply.usage, first, clock() - started),
                )

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        is_free = True
        try:
            async with asyncio.timeout(self._limits.wait):
                await self._turns.acquire()
        except TimeoutError:
            is_free = False
        if not is_free:
            raise LLMUnavailable(Reason.BUSY)
        try:
            yield
        finally:
            self._turns.release()

    async def _begin(
        self, messages: Sequence[Message], most_tokens: int, deadline: float
    ) -> tuple[_Reply, str | None]:
        """A reply with its first piece; tried again where that may help."""
        attempt = 0
        while True:
            try:
                return await self._attempt(messages, most_tokens, deadline)
            except LLMUnavailable as error:
                failure = error
            if failure.parameter and failure.parameter not in self._left_out:
                _log.info("LLM %s: takes no %s", self.name, failure.parameter)
                self._left_out.add(failure.parameter)
                continue
            attempt += 1
            pause = _FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)
            pause = max(pause, failure.retry_after or 0)
            latest = min(deadline, asyncio.get_running_loop().time() + self._limits.silence)
            is_in_time = asyncio.get_running_loop().time() + pause < latest
            if failure.reason not in _RETRIED or attempt == _ATTEMPTS or not is_in_time:
                raise failure
            await asyncio.sleep(pause)

    async def _attempt(
        self, messages: Sequence[Message], most_tokens: int, deadline: float
    ) -> tuple[_Reply, str | None]:
        async with AsyncExitStack() as stack:
            reply = _Reply(await self._within(self._open(messages, most_tokens), deadline))
            stack.push_async_callback(reply.aclose)
            piece: str | None = ""
            while piece == "":
                piece = await self._within(reply.next_piece(), deadline)
            stack.pop_all()
        return reply, piece

    async def _open(
        self, messages: Sequence[Message], most_tokens: int
    ) -> AsyncStream[ChatCompletionChunk]:
        # Ollama ignores max_completion_tokens, OpenAI's reasoning models refuse max_tokens: so
        # the old name first, and the new one where a server says that it wants it.
        request: dict[str, Any] = {
            "max_tokens": most_tokens,
            "temperature": 0,
            "stream_options": {"include_usage": True},
        }
        for parameter in self._left_out:
            del request[parameter]
        if "max_tokens" in self._left_out:
            request["max_completion_tokens"] = most_tokens
        create = cast(Any, self._client.chat.completions.create)
        opened = await create(model=self.name, messages=list(messages), stream=True, **request)
        return cast("AsyncStream[ChatCompletionChunk]", opened)

    async def _within(self, step: Awaitable[_Result], deadline: float) -> _Result:
        """The result of a step, in time; whatever goes wrong is an LLMUnavailable."""
        silence = asyncio.get_running_loop().time() + self._limits.silence
        try:
            async with asyncio.timeout_at(min(deadline, silence)):
                return await step
        except Exception as error:  # the edge: nothing of the client may reach the reader
            failure = failure_of(error)
        # Raised out here it carries no error of the client, whose request holds the key.
        raise failure


class _Reply:
    """The chunks of one reply.

    Attributes:
        usage: `812 + 64`: tokens of the prompt and of the reply, as the server counted them.
    """

    def __init__(self, stream: AsyncStream[ChatCompletionChunk]) -> None:
        self._stream = stream
        self._finish: object = None
        self._has_text = False
        self.usage = "unknown"

    async def next_piece(self) -> str | None:
        """Text, "" for a chunk without any (a sign of life), None at a proper end."""
        try:
            chunk: Any = await self._stream.__anext__()
        except StopAsyncIteration:
            chunk = None
        if chunk is None:
            self._check_end()
            return None
        if usage := getattr(chunk, "usage", None):
            counts = [getattr(usage, f"{part}_tokens", "?") for part in ("prompt", "completion")]
            self.usage = "{} + {}".format(*counts)
        # The last chunk may hold the usage and no choice.
        choices = chunk.choices or [None]
        if choices[0] is None:
            return ""
        self._finish = choices[0].finish_reason or self._finish
        text = getattr(choices[0].delta, "content", None) or ""
        if not isinstance(text, str):
            raise TypeError("content is no text")
        self._has_text = self._has_text or bool(text.strip())
        return text

    def _check_end(self) -> None:
        kind = self._stream.response.headers.get("content-type", "")
        if self._finish is None and not self._has_text and "event-stream" not in kind:
            raise LLMUnavailable(Reason.NOT_UNDERSTOOD, "no event stream")
        if self._finish == "length":
            raise LLMUnavailable(Reason.CUT_OFF)
        if self._finish is None:
            raise LLMUnavailable(Reason.BROKEN_OFF if self._has_text else Reason.EMPTY)
        if self._finish != "stop":
            raise LLMUnavailable(Reason.REQUEST_REFUSED, "the server ended the reply early")
        if not self._has_text:
            raise LLMUnavailable(Reason.EMPTY)

    async def aclose(self) -> None:
        """Close the HTTP stream: the server stops writing."""
        await self._stream.close()
