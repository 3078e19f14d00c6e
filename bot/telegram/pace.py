"""How fast the bot may talk: a message a second to a chat, 20 a minute to a group, 30 a second.

The library's own limiter counts groups and the whole, but lets two messages a second into one
chat, counts typing signs as messages, and stops every chat when one of them is told to wait.

A *message* waits for its turn and is sent again after a refusal, however long that takes; where
it may have been delivered, it is not, unless it is one that may as well be said twice. An *edit*
may always be made again. A *frame* (a preview, a typing sign) is worth nothing later: where it is
not its turn, it is dropped.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from telegram._utils.types import JSONDict
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.telegram.requests import ServerFault

_log = logging.getLogger(__name__)

_MESSAGES = frozenset({"sendMessage", "sendDocument"})
_EDITS = frozenset({"editMessageText"})
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


async def _nothing() -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a request is to be made; handed over as its `rate_limit_args`.

    Attributes:
        is_frame: it is worth nothing later.
        is_repeatable: it may as well be said twice.
        leaving: called just before the request leaves.
        stayed: called where it certainly was not carried out, and waits again.
    """

    is_frame: bool = False
    is_repeatable: bool = False
    leaving: Callable[[], Awaitable[None]] = _nothing
    stayed: Callable[[], Awaitable[None]] = _nothing


FRAME = Wish(is_frame=True)
_PLAIN = Wish()


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
        while self._times and self._times[0] + self.seconds <= now:
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

    def is_used(self, now: float) -> bool:
        """Whether something of it still counts."""
        return self.refused_until > now or any(window.is_used(now) for window in self.windows)


class Pace(BaseRateLimiter[Wish]):
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
        rate_limit_args: Wish | None,
    ) -> _Result:
        """
        Raises:
            FrameDropped: it was not the frame's turn, or the platform said so.
            NetworkError: whether a message was sent is not known.
        """

        def send() -> Awaitable[_Result]:
            return callback(*args, **kwargs)

        wish = rate_limit_args or _PLAIN
        chat = self._chat(data)
        if chat and (endpoint in _FRAMES or wish.is_frame):
            return await self._frame(chat, send)
        if chat and endpoint in _MESSAGES:
            async with chat.turn:
                return await self._message(chat, send, wish, chat.windows)
        if chat and endpoint in _EDITS:
            async with chat.turn:
                return await self._message(chat, send, Wish(is_repeatable=True), [])
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
                if chat.turn.locked() or chat.is_used(now)
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

    async def _message(
        self, chat: _Chat, send: _Send, wish: Wish, windows: Sequence[Window]
    ) -> _Result:
        pause = _FIRST_PAUSE
        while True:
            await self._until_free(chat, windows)
            await wish.leaving()
            for window in windows:
                window.add(time.monotonic())
            try:
                return await send()
            except RetryAfter as error:
                _log.warning("told to wait %.1f s before the next message", _seconds(error))
                chat.refused_until = time.monotonic() + _seconds(error) + _MARGIN
                await wish.stayed()
            except NetworkError as error:
                if isinstance(error, BadRequest):
                    raise
                if not wish.is_repeatable and not was_not_sent(error):
                    raise
                _log.warning("a message waits for the network: %s", type(error).__name__)
                if was_not_sent(error):
                    await wish.stayed()
                await asyncio.sleep(pause * random.uniform(1, 1.5))
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _until_free(self, chat: _Chat, windows: Sequence[Window]) -> None:
        """Waits for the chat's turn and for the whole's, and takes that; other chats wait too."""
        while True:
            now = time.monotonic()
            free = max(
                chat.refused_until, *(window.free_at(now) for window in (*windows, self._all))
            )
            if free <= now:
                self._all.add(now)
                return
            await asyncio.sleep(free - now)


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
    """Whether Telegram certainly did not do what was asked."""
    cause = error.__cause__
    if isinstance(error, ServerFault):
        return not error.is_done_perhaps
    return isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def _seconds(error: RetryAfter) -> float:
    # The public attribute warns that its type will change.
    return error._retry_after.total_seconds()
