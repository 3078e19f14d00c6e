"""Messages to a chat: in order, each once, in spite of what the platform may say to them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError
from telegram.ext import ExtBot

from bot.telegram.pace import Wish
from bot.telegram.room import Room
from bot.telegram.splitting import Text

_log = logging.getLogger(__name__)

Bot = ExtBot[Wish]
_Sent = TypeVar("_Sent")

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Seconds; a message that is given up while Telegram still works on it may arrive all the same.
_PATIENCE = 30.0

# What the platform says, in lower case.
_NOT_PARSED = "can't parse"
_NOT_MODIFIED = "message is not modified"
_NO_TOPIC = "message thread not found"
_CLOSED = (
    "chat not found",
    "not enough rights",
    "have no rights to send",
    "chat_write_forbidden",
    "deactivated",
    "topic_closed",
    "kicked",
    "peer_id_invalid",
)
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Unreachable(Exception):
    """The chat takes no message: the bot was blocked or thrown out, or the chat is gone."""


class DeliveryUnknown(Exception):
    """The connection broke: a message may have been delivered or not."""


async def deliver(
    bot: Bot,
    room: Room,
    texts: Sequence[Text],
    *,
    question: int | None = None,
    buttons: InlineKeyboardMarkup | None = None,
    preview: int | None = None,
    wish: Wish | None = None,
) -> list[int]:
    """Send the messages; the ids of what was sent.

    Args:
        question: the message that the first one answers.
        buttons: below the last one.
        preview: a message that becomes the first one.
        wish: for the messages that are sent.

    Raises:
        Unreachable: nobody can be told.
        DeliveryUnknown: it may have been delivered.
    """
    sent = []
    for number, text in enumerate(texts):
        below = buttons if number == len(texts) - 1 else None
        if number == 0 and preview and await edit(bot, room, preview, text, below):
            sent.append(preview)
            continue
        above = None if number else question
        # A later part can not go back to where nothing was sent.
        mine = replace(wish, stayed=wish.leaving) if sent and wish else wish
        sent.append(await send(bot, room, text, above, below, mine))
    return sent


async def send(
    bot: Bot,
    room: Room,
    text: Text,
    question: int | None = None,
    buttons: InlineKeyboardMarkup | None = None,
    wish: Wish | None = None,
) -> int:
    """One message; its id. Raises as `deliver` does."""

    async def attempt(room: Room, text: str, mode: str | None) -> Message:
        return await bot.send_message(
            room.chat,
            text,
            parse_mode=mode,
            message_thread_id=room.topic,
            reply_parameters=reply_to(question),
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
            read_timeout=_PATIENCE,
            rate_limit_args=wish,
        )

    message = await _with_fallbacks(room, text, attempt)
    return message.message_id


async def edit(
    bot: Bot, room: Room, message: int, text: Text, buttons: InlineKeyboardMarkup | None = None
) -> bool:
    """Whether a message says this now; False where it is no longer there to be changed."""

    async def attempt(room: Room, text: str, mode: str | None) -> Message | bool:
        return await bot.edit_message_text(
            text,
            room.chat,
            message,
            parse_mode=mode,
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
            read_timeout=_PATIENCE,
        )

    try:
        await _with_fallbacks(room, text, attempt)
    except BadRequest as error:
        said = error.message.lower()
        if _NOT_MODIFIED in said:
            return True
        if any(words in said for words in _NOT_EDITABLE):
            return False
        raise
    return True


async def _with_fallbacks(
    room: Room, text: Text, attempt: Callable[[Room, str, str | None], Awaitable[_Sent]]
) -> _Sent:
    """Plain where the marked-up text is not understood; elsewhere where the chat moved."""
    mode: str | None = ParseMode.HTML
    for _ in range(3):
        try:
            return await attempt(room, text.html if mode else text.plain, mode)
        except Forbidden as error:
            raise Unreachable from error
        except ChatMigrated as error:
            room = Room(error.new_chat_id, room.topic, room.is_private)
        except BadRequest as error:
            said = error.message.lower()
            if _NOT_PARSED in said and mode:
                _log.error("a message was not understood as HTML; sent as plain text")
                mode = None
            elif _NO_TOPIC in said and room.topic:
                room = Room(room.chat, None, room.is_private)
            elif any(words in said for words in _CLOSED):
                raise Unreachable from error
            else:
                raise
        except NetworkError as error:
            raise DeliveryUnknown from error
    raise Unreachable


def reply_to(message: int | None) -> ReplyParameters | None:
    """The question may have been deleted meanwhile; the answer is sent all the same."""
    return ReplyParameters(message, allow_sending_without_reply=True) if message else None
