"""How python-telegram-bot's updates go through the inbox: written down first, ticked off last."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable
from typing import Any

from telegram import Bot, Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.inbox import Inbox
from retrieval.errors import StoreUnavailable

_log = logging.getLogger(__name__)

# Updates that are being dealt with, most of them waiting for their conversation's turn.
_AT_ONCE = 4_096


def read_update(body: str, bot: Bot) -> Update:
    """What `receive` wrote down."""
    return Update.de_json(json.loads(body), bot)


class RecordedQueue(asyncio.Queue[object]):
    """The updates on their way to the handlers; each is written down first.

    The library confirms an update to Telegram after `put` has returned.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self._inbox = inbox

    async def put(self, item: object) -> None:
        if isinstance(item, Update) and not await self._is_new(item):
            _log.info("update %d came before", item.update_id)
            return
        await super().put(item)

    async def _is_new(self, update: Update) -> bool:
        if is_fleeting(update):
            return True
        try:
            return await asyncio.to_thread(self._inbox.receive, update.update_id, update.to_json())
        except StoreUnavailable as error:
            _log.error("%s", error)
            return True

    async def take_up(self, update: Update) -> None:
        """Put an update that was written down before."""
        await super().put(update)


def is_fleeting(update: Update) -> bool:
    """Whether an update is worth nothing later: what somebody is typing at this moment."""
    return update.inline_query is not None


class RecordedUpdates(BaseUpdateProcessor):
    """Deals with updates beside each other, and writes down which are done.

    One whose way ends with the process stays undone, and is taken up at the next start.

    Attributes:
        running: what is being dealt with.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(_AT_ONCE)
        self.running: set[asyncio.Task[Any]] = set()
        self._inbox = inbox

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.running.add(task)
        try:
            await coroutine
            if isinstance(update, Update) and not is_fleeting(update):
                await asyncio.to_thread(self._inbox.done, update.update_id)
        except StoreUnavailable as error:
            _log.error("%s", error)
        finally:
            self.running.discard(task)

    async def initialize(self) -> None:
        """Nothing is held open."""

    async def shutdown(self) -> None:
        """Nothing is held open."""
