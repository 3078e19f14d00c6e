"""What a person sees while an answer is being made: a draft, a message that is edited, or a sign.

In a private chat the text grows in a draft, which only the person sees and which vanishes when
the answer arrives. Where the server knows no drafts, a message is sent and edited. A group sees
that the bot is typing, once. A preview is never waited for, and no fault of it matters.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError

from bot.telegram.delivery import NO_PREVIEW, Bot, reply_to
from bot.telegram.pace import FRAME, FrameDropped
from bot.telegram.room import Room
from bot.telegram.splitting import Text

_log = logging.getLogger(__name__)

# Seconds. A shorter wait needs no preview.
_PATIENCE = 0.7
# Telegram counts edits as messages, a second apart.
_BETWEEN_EDITS = 1.5
# Telegram shows a draft for 30.
_DRAFT_SECONDS = 20.0
# An answer waits for a frame that is on its way.
_TIMEOUTS: dict[str, Any] = {
    "read_timeout": 4.0,
    "write_timeout": 2.0,
    "connect_timeout": 2.0,
    "pool_timeout": 1.0,
}


class Preview:
    """For one answer; `show` may be called as often as there is news.

    Attributes:
        message: of the message that is edited; the final answer takes its place.
        is_unsure: whether an edit of it may still be carried out.
    """

    def __init__(
        self,
        bot: Bot,
        room: Room,
        question: int,
        interval: float,
        on_message: Callable[[int], Awaitable[None]],
    ) -> None:
        """
        Args:
            question: the message that asks; it tells the draft from others of the chat.
            interval: seconds between two previews.
            on_message: told of the message that is edited, as soon as there is one.
        """
        self.message: int | None = None
        self.is_unsure = False
        self._bot = bot
        self._room = room
        self._question = question
        self._interval = interval
        self._on_message = on_message
        self._has_drafts = True
        self._wanted: Text | None = None
        self._shown: Text | None = None
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def show(self, text: Text) -> None:
        """What is to be seen from the next preview on."""
        self._wanted = text

    async def __aenter__(self) -> Preview:
        work = self._frames() if self._room.is_private else self._typing()
        self._task = asyncio.create_task(work)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """A preview that is on its way is waited for: it must not arrive behind the answer."""
        self._closing.set()
        if self._task:
            await asyncio.wait({self._task})

    async def _typing(self) -> None:
        with suppress(TelegramError, FrameDropped):
            await self._bot.send_chat_action(
                self._room.chat,
                ChatAction.TYPING,
                message_thread_id=self._room.topic,
                **_TIMEOUTS,
            )

    async def _frames(self) -> None:
        pause, shown_at = _PATIENCE, 0.0
        while not await self._is_closing(pause):
            pause = self._interval if self._has_drafts else max(self._interval, _BETWEEN_EDITS)
            # A draft vanishes by itself; a message stays.
            is_fading = self._has_drafts and time.monotonic() - shown_at > _DRAFT_SECONDS
            wanted = self._wanted
            if wanted is None or (wanted == self._shown and not is_fading):
                continue
            try:
                await self._frame(wanted)
                self._shown, shown_at = wanted, time.monotonic()
            except FrameDropped:
                continue
            except TelegramError as error:
                is_passing = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
                if not self._has_drafts:
                    self.is_unsure = is_passing
                    _log.info("no more previews: %s", type(error).__name__)
                    return
                if not is_passing:
                    self._has_drafts, pause = False, 0.0

    async def _is_closing(self, seconds: float) -> bool:
        """Whether the answer is there, which ends the wait."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        return self._closing.is_set()

    async def _frame(self, text: Text) -> None:
        if self._has_drafts:
            await self._bot.send_message_draft(
                self._room.chat,
                self._question,
                text.html,
                message_thread_id=self._room.topic,
                parse_mode=ParseMode.HTML,
                **_TIMEOUTS,
            )
        elif self.message is None:
            sent = await self._bot.send_message(
                self._room.chat,
                text.html,
                parse_mode=ParseMode.HTML,
                message_thread_id=self._room.topic,
                reply_parameters=reply_to(self._question),
                link_preview_options=NO_PREVIEW,
                rate_limit_args=FRAME,
                **_TIMEOUTS,
            )
            self.message = sent.message_id
            await self._on_message(sent.message_id)
        else:
            await self._bot.edit_message_text(
                text.html,
                self._room.chat,
                self.message,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                rate_limit_args=FRAME,
                **_TIMEOUTS,
            )
