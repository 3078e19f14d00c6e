"""The commands, and messages that are questions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.service import Service
from bot.telegram import holdings, words
from bot.telegram.access import Access
from bot.telegram.asking import Asking, Question
from bot.telegram.buttons import Does, button
from bot.telegram.inbox import Inbox
from bot.telegram.messages import person_id, question_in
from bot.telegram.replies import Context, Replies
from bot.telegram.room import Room
from bot.telegram.sources import citation_of, open_citation
from bot.wording import INDEX_MISSING

HandlerCallback = Callable[[Update, Context], Coroutine[Any, Any, None]]

_LINK = re.compile(r"s([a-z0-9]+)_(\d{1,2})")


class Commands:
    """Does what people write. One for the process."""

    def __init__(
        self, service: Service, inbox: Inbox, asking: Asking, access: Access, replies: Replies
    ) -> None:
        self._service = service
        self._inbox = inbox
        self._asking = asking
        self._access = access
        self._replies = replies

    async def text(self, update: Update, context: Context) -> None:
        """A message that may be a question."""
        message = _message(update)
        question = question_in(message, context.bot.bot)
        if question is None:
            return
        if not question.strip() and message.chat.type != ChatType.PRIVATE:
            await self._replies.say(update, words.NO_QUESTION_IN_GROUP)
            return
        await self._ask(update, message, question)

    async def ask(self, update: Update, context: Context) -> None:
        """`/hoi`; below somebody's message, and without words, that message is the question."""
        message = _message(update)
        question = _behind_command(message)
        above = message.reply_to_message
        if not question and above and not (above.from_user and above.from_user.is_bot):
            question = above.text or above.caption or ""
        if not question:
            await self._replies.say(update, words.NO_QUESTION)
            return
        await self._ask(update, message, question)

    async def _ask(self, update: Update, message: Message, text: str) -> None:
        person = person_id(message)
        if minutes := self._access.minutes_to_wait(person):
            await self._refuse(update, message, minutes)
            return
        room = Room.of(message)
        await self._asking.ask(Question(update.update_id, room, message.message_id, person, text))

    async def _refuse(self, update: Update, message: Message, minutes: int) -> None:
        """Once in words, then by a sign: the places of a group's minute are for answers."""
        person = person_id(message)
        if not self._access.is_to_be_told(person):
            with suppress(TelegramError):
                await message.set_reaction(words.REFUSED_SIGN)
            return
        conversation = Room.of(message).conversation
        async with self._asking.talks.turn(conversation, person, is_question=False):
            await self._replies.say(update, words.too_many(self._access.per_hour, minutes))

    def in_turn(self, do: Callable[[Update, Context], Awaitable[None]]) -> HandlerCallback:
        """A command that takes its turn among the questions of its conversation."""

        async def doing(update: Update, context: Context) -> None:
            message = _message(update)
            conversation = Room.of(message).conversation
            async with self._asking.talks.turn(conversation, person_id(message), is_question=False):
                await do(update, context)

        return doing

    async def start(self, update: Update, context: Context) -> None:
        """`/start`; with what a link of a source brings, that source."""
        link = _LINK.fullmatch(_behind_command(_message(update)))
        if link is None:
            await self._replies.say(update, words.START, await self._suggestions())
            return
        store = self._service.conversations
        trace_id, number = link[1], int(link[2])
        citation = await asyncio.to_thread(citation_of, store, trace_id, number)
        if citation is None:
            await self._replies.say(update, words.BUTTON_OUTDATED)
            return
        opened = await asyncio.to_thread(open_citation, self._service.retriever, citation, trace_id)
        await self._replies.say(update, opened.texts, opened.buttons)

    async def _suggestions(self) -> InlineKeyboardMarkup | None:
        found = await self._asking.suggested()
        buttons = [[button(f"❓ {text}", Does.ASK, key)] for text, key in found]
        return InlineKeyboardMarkup(buttons) if buttons else None

    async def help(self, update: Update, context: Context) -> None:
        """`/trogiup`."""
        await self._replies.say(update, words.HELP)

    async def sources(self, update: Update, context: Context) -> None:
        """`/nguon`."""
        retriever = self._service.retriever
        if retriever is None:
            await self._replies.say(update, INDEX_MISSING)
            return
        opened = await asyncio.to_thread(holdings.overview, retriever)
        await self._replies.say(update, opened.texts, opened.buttons)

    async def anew(self, update: Update, context: Context) -> None:
        """`/moi`."""
        store, room = self._service.conversations, Room.of(_message(update))
        if store:
            await asyncio.to_thread(store.start_anew, room.conversation)
        await self._replies.say(update, words.NEW_CONVERSATION)

    async def stop(self, update: Update, context: Context) -> None:
        """`/dung`."""
        message = _message(update)
        count = self._asking.talks.stop(Room.of(message).conversation, person_id(message))
        await self._replies.say(update, words.stopped(count) if count else words.NOTHING_TO_STOP)

    async def delete(self, update: Update, context: Context) -> None:
        """`/xoadulieu`: asks first."""
        if self._service.conversations is None:
            await self._replies.say(update, words.NOTHING_REMEMBERED)
            return
        choice = [
            button(words.DELETE_YES, Does.DELETE, "yes"),
            button(words.DELETE_NO, Does.DELETE, "no"),
        ]
        await self._replies.say(update, words.DELETE_WHAT, InlineKeyboardMarkup([choice]))

    async def unknown(self, update: Update, context: Context) -> None:
        """A command that there is not; in a group it is another bot's."""
        if _message(update).chat.type == ChatType.PRIVATE:
            await self._replies.say(update, words.UNKNOWN_COMMAND)

    async def voice(self, update: Update, context: Context) -> None:
        """A spoken message."""
        if self._is_meant(update, context):
            await self._replies.say(update, words.VOICE)

    async def without_text(self, update: Update, context: Context) -> None:
        """A picture, a sticker, a place on the map."""
        if self._is_meant(update, context):
            await self._replies.say(update, words.NO_TEXT)

    def _is_meant(self, update: Update, context: Context) -> bool:
        return question_in(_message(update), context.bot.bot) is not None


def _message(update: Update) -> Message:
    message = update.effective_message
    assert message is not None
    return message


def _behind_command(message: Message) -> str:
    """What follows the command in its message, line ends and all."""
    parts = (message.text or "").split(maxsplit=1)
    return parts[1].strip() if len(parts) > 1 else ""
