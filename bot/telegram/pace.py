"""How fast the bot may talk: a message a second to a chat, 20 a minute to a group, 30 a second.

The library's own limiter counts groups and the whole, but lets two messages a second into one
chat, counts typing signs as messages, and stops every chat when one of them is told to wait.

A *message* waits for its turn and is sent again after a refusal, however long that takes; where
it may have been delivered, it is not, unless it is one that may as well be said twice. A *frame*
(a preview, a typing sign) is worth nothing later: where it is not its turn, it is dropped.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from telegram._utils.types import JSONDict
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import BaseRateLimiter

_log = logging.getLogger(__name__)

FRAME = "frame"
REPEATABLE = "repeatable"

_MESSAGES = frozenset({"sendMessage", "sendDocument"})
_FRAMES = frozenset({"sendMessageDraft", "sendChatAction"})
_CHAT_SECONDS = 1.0
_GROUP_MESSAGES, _GROUP_SECONDS = 20, 60.0
_ALL_MESSAGES, _ALL_SECONDS = 30, 1.0
# Of these, what frames may take: they must not make an answer wait.
_ALL_FRAMES = 8
# The platform's clock and ours do not start their seconds together.
_MARGIN = 0.05
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
# Of what is neither: a button's answer, a list of commands.
_TRIES = 4

_Result = bool | JSONDict | list[JSONDict]
_Send = Callable[[], Awaitable[_Result]]


class FrameDropped(Exception):
    """It was not the frame's turn."""


@dataclass(slots=True)
class Window:
    """At most `most` events in `seconds`."""

    most: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def free_at(self, now: float) -> float:
        """When the next event may be."""
        while self._times and self._times[0] <= now - self.seconds:
            self._times.popleft()
        return now if len(self._times) < self.most else self._times[0] + self.seconds

    def is_used(self, now: float) -> bool:
        """Whether there was an event lately."""
        self.free_at(now)
        return bool(self._times)

    def add(self, now: float) -> None:
        self._times.append(now)


@dataclass(slots=True)
class _Chat:
    """What went to a chat, and who is next."""

    windows: list[Window]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    refused_until: float = 0.0


class Pace(BaseRateLimiter[str]):
    """Handed to python-telegram-bot, which asks it for every request of the bot."""

    def __init__(self) -> None:
        self._chats: dict[int, _Chat] = {}
        self._all = Window(_ALL_MESSAGES, _ALL_SECONDS + _MARGIN)
        self._frames = Window(_ALL_FRAMES, _ALL_SECONDS + _MARGIN)

    async def initialize(self) -> None:
        """Nothing is held open."""

    async def shutdown(self) -> None:
        """Nothing is held open."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: JSONDict,
        rate_limit_args: str | None,
    ) -> _Result:
        """
        Raises:
            FrameDropped: it was not the frame's turn, or the platform said so.
            NetworkError: whether a message was sent is not known.
        """

        def send() -> Awaitable[_Result]:
            return callback(*args, **kwargs)

        chat = self._chat(data)
        if chat and (endpoint in _FRAMES or rate_limit_args == FRAME):
            return await self._frame(chat, send)
        if chat and endpoint in _MESSAGES:
            async with chat.turn:
                return await self._message(chat, send, rate_limit_args == REPEATABLE)
        return await _repeated(send)

    def _chat(self, data: Mapping[str, Any]) -> _Chat | None:
        number = data.get("chat_id")
        if not isinstance(number, int):
            return None
        if number not in self._chats:
            self._forget_the_quiet()
            windows = [Window(1, _CHAT_SECONDS + _MARGIN)]
            if number < 0:
                windows.append(Window(_GROUP_MESSAGES, _GROUP_SECONDS + _MARGIN))
            self._chats[number] = _Chat(windows)
        return self._chats[number]

    def _forget_the_quiet(self) -> None:
        """What has no bearing any more; a service runs for months."""
        now = time.monotonic()
        if len(self._chats) % 1_000 == 999:
            self._chats = {
                number: chat
                for number, chat in self._chats.items()
                if chat.turn.locked() or _free_at(chat, now) > now or chat.windows[1:]
            }

    async def _frame(self, chat: _Chat, send: _Send) -> _Result:
        now = time.monotonic()
        free = max(chat.refused_until, self._all.free_at(now), self._frames.free_at(now))
        if chat.turn.locked() or now < free:
            raise FrameDropped
        self._all.add(now)
        self._frames.add(now)
        try:
            return await send()
        except RetryAfter as error:
            chat.refused_until = time.monotonic() + _seconds(error)
            raise FrameDropped from error

    async def _message(self, chat: _Chat, send: _Send, is_repeatable: bool) -> _Result:
        pause = _FIRST_PAUSE
        while True:
            await self._until_free(chat)
            try:
                return await send()
            except RetryAfter as error:
                _log.warning("told to wait %.1f s before the next message", _seconds(error))
                chat.refused_until = time.monotonic() + _seconds(error) + _MARGIN
            except NetworkError as error:
                if isinstance(error, BadRequest) or not (is_repeatable or was_not_sent(error)):
                    raise
                _log.warning("a message waits for the network: %s", type(error).__name__)
                await asyncio.sleep(pause * random.uniform(1, 1.5))
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _until_free(self, chat: _Chat) -> None:
        """Waits for the chat's turn and for the whole's, and takes it."""
        while True:
            now = time.monotonic()
            free = max(_free_at(chat, now), self._all.free_at(now))
            if free <= now:
                break
            await asyncio.sleep(free - now)
        for window in (*chat.windows, self._all):
            window.add(now)


def _free_at(chat: _Chat, now: float) -> float:
    return max(chat.refused_until, *(window.free_at(now) for window in chat.windows))


async def _repeated(send: _Send) -> _Result:
    """A request that may be made twice: a fault is waited out, but not for ever."""
    pause = _FIRST_PAUSE
    for _ in range(_TRIES - 1):
        try:
            return await send()
        except RetryAfter as error:
            await asyncio.sleep(_seconds(error) + _MARGIN)
        except BadRequest:
            raise
        except NetworkError:
            await asyncio.sleep(pause * random.uniform(1, 1.5))
            pause *= 2
    return await send()


def was_not_sent(error: NetworkError) -> bool:
    """Whether Telegram certainly did not do what was asked.

    It says so itself with a 5xx; only a gateway before it may not know what became of a request.
    """
    cause = error.__cause__
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return True
    if isinstance(error, BadRequest | TimedOut) or isinstance(cause, httpx.HTTPError):
        return False
    return "gateway" not in error.message.lower()


def _seconds(error: RetryAfter) -> float:
    # The public attribute warns that its type will change.
    return error._retry_after.total_seconds()
