"""What the bot says of itself: one short message, written down as said before it is sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.ext import CallbackContext, ExtBot

from bot.telegram.delivery import Bot, deliver
from bot.telegram.inbox import Inbox
from bot.telegram.rendering import plain_texts
from bot.telegram.room import Room
from bot.telegram.splitting import Text
from retrieval.errors import StoreUnavailable

_log = logging.getLogger(__name__)

# What the library hands to a handler beside the update; nothing of it is used but the bot.
Context = CallbackContext[ExtBot[str], dict[str, object], dict[str, object], dict[str, object]]


class Replies:
    """Sends them. One for the process."""

    def __init__(self, bot: Bot, inbox: Inbox) -> None:
        self._bot = bot
        self._inbox = inbox

    async def say(
        self,
        update: Update,
        text: str | Sequence[Text],
        buttons: InlineKeyboardMarkup | None = None,
    ) -> None:
        """Reply to the message of an update.

        Raises:
            Unreachable, DeliveryUnknown: as `deliver` does.
        """
        message = message_of(update)
        if message is None:
            return
        try:
            await asyncio.to_thread(self._inbox.sending, update.update_id, None)
        except StoreUnavailable as error:
            _log.error("%s", error)
        texts = plain_texts(text) if isinstance(text, str) else text
        room = Room.of(message)
        await deliver(self._bot, room, texts, question=message.message_id, buttons=buttons)


def message_of(update: Update) -> Message | None:
    """The message that an update brings, or whose button was pressed."""
    message = update.effective_message
    return message if isinstance(message, Message) else None
