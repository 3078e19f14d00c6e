"""Buttons that are pressed: each press is answered, whatever becomes of it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from telegram import CallbackQuery, ChatMember, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError

from bot.schema import read_answer
from bot.service import Service
from bot.telegram import holdings, words
from bot.telegram.access import Access
from bot.telegram.asking import Asking, Question
from bot.telegram.buttons import Does, read_data
from bot.telegram.delivery import Bot, deliver, edit
from bot.telegram.inbox import Inbox
from bot.telegram.opinions import Opinions, Outdated
from bot.telegram.rendering import answer_texts, plain_texts
from bot.telegram.replies import Context
from bot.telegram.room import Room
from bot.telegram.sources import Opened, citation_of, open_article, open_citation
from bot.telegram.uploads import Uploads
from retrieval.errors import StoreUnavailable
from retrieval.schema import Dimension
from retrieval.traces import Trace

_log = logging.getLogger(__name__)


class _Press:
    """A pressed button, whose waiting sign ends with the first answer to it."""

    def __init__(self, query: CallbackQuery) -> None:
        self.query = query
        self._is_answered = False

    async def answer(self, text: str | None) -> None:
        if not self._is_answered:
            self._is_answered = True
            with suppress(BadRequest):  # it came too late, and nobody waits any more
                await self.query.answer(text)


class Presses:
    """Does what buttons say. One for the process."""

    def __init__(
        self,
        bot: Bot,
        service: Service,
        inbox: Inbox,
        asking: Asking,
        access: Access,
        uploads: Uploads,
        opinions: Opinions,
    ) -> None:
        self._bot = bot
        self._service = service
        self._inbox = inbox
        self._asking = asking
        self._access = access
        self._uploads = uploads
        self._opinions = opinions

    async def pressed(self, update: Update, context: Context) -> None:
        """A button below a message of the bot."""
        query = update.callback_query
        assert query is not None
        press = _Press(query)
        told: str | None = words.FAILED
        try:
            told = await self._do(update, press)
        except (Outdated, ValueError, IndexError):
            told = words.BUTTON_OUTDATED
        except StoreUnavailable as error:
            _log.error("%s", error)
        finally:
            await press.answer(told)

    async def _do(self, update: Update, press: _Press) -> str | None:
        """What the button says; a few words to be shown over the chat."""
        query = press.query
        found = read_data(query.data or "")
        message = query.message
        if found is None or not isinstance(message, Message):
            raise Outdated
        does, values = found
        match does:
            case Does.LIKE:
                return await self._opinions.like(query.from_user.id, values[0])
            case Does.DISLIKE:
                await press.answer(await self._opinions.dislike(query.from_user.id, values[0]))
                await self._opinions.ask_why(message, values[0])
            case Does.GIVE_REASON:
                await press.answer(await self._opinions.explain(query.from_user.id, *values))
                await self._opinions.asked(message)
            case Does.WIDEN | Does.ASK:
                return await self._ask(update, press, message, does, values)
            case Does.DELETE:
                await press.answer(None)  # what is running ends first
                await self._delete(message, query, values[0] == "yes")
            case Does.UPLOAD:
                await press.answer(None)  # an ingest takes longer than a button waits
                await self._uploads.decide(message, query.from_user.id, *values)
            case Does.VIEW_ANSWER:
                await self._view(press, message, values[0])
            case Does.TURN_PAGE | Does.OPEN_ARTICLE | Does.LIST_ARTICLES | Does.OPEN_SOURCE:
                await self._open(press, message, does, values)
        return None

    async def _open(self, press: _Press, message: Message, does: Does, values: list[str]) -> None:
        """A passage or a list, as a message of its own or as the next page of this one."""
        opened = await asyncio.to_thread(self._opened, does, values)
        await press.answer(words.OPENED)  # the chat's turn may be a minute away
        room = Room.of(message)
        if _turns_a_page(message, press.query.data) and len(opened.texts) == 1:
            await edit(self._bot, room, message.message_id, opened.texts[0], opened.buttons)
            return
        await deliver(
            self._bot,
            room,
            opened.texts,
            question=message.message_id,
            buttons=opened.buttons,
        )

    def _opened(self, does: Does, values: list[str]) -> Opened:
        retriever = self._service.retriever
        if retriever is None:
            raise Outdated
        if does is Does.LIST_ARTICLES:
            return holdings.listed(retriever, self._inbox, values[0], int(values[1]))
        if does is Does.OPEN_ARTICLE:
            return open_article(retriever, self._inbox, values[0], int(values[1]))
        citation = citation_of(self._service.conversations, values[0], int(values[1]))
        if citation is None:
            raise Outdated
        step = int(values[2]) if does is Does.TURN_PAGE else 0
        return open_citation(retriever, citation, values[0], step)

    async def _view(self, press: _Press, message: Message, trace_id: str) -> None:
        shown = read_answer((await self._trace(trace_id)).answer)
        await press.answer(words.OPENED)
        buttons = await asyncio.to_thread(self._asking.buttons_of, shown)
        room = Room.of(message)
        await deliver(self._bot, room, answer_texts(shown, bot=self._bot.username), buttons=buttons)

    async def _trace(self, trace_id: str) -> Trace:
        store = self._service.conversations
        trace = await asyncio.to_thread(store.traces.get, trace_id) if store else None
        if trace is None:
            raise Outdated
        return trace

    async def _ask(
        self,
        update: Update,
        press: _Press,
        message: Message,
        does: Does,
        values: list[str],
    ) -> str | None:
        """A suggested question, or an earlier one in a wider sense."""
        widened: tuple[Dimension, ...] = ()
        if does is Does.ASK:
            text = await asyncio.to_thread(self._inbox.text_of, values[0])
        else:
            trace = await self._trace(values[0])
            # A follow-up is made whole by what was asked before it, which may be forgotten.
            text = trace.query.text if trace.query and trace.query.earlier else trace.question
            widened = (*trace.widened, "place" if values[1] == "place" else "period")
        if not text:
            raise Outdated
        person = press.query.from_user.id
        if minutes := self._access.minutes_to_wait(person):
            return words.too_many(self._access.per_hour, minutes)
        await press.answer(None)  # before the answer, which may take long
        room = Room.of(message)
        question = Question(
            update.update_id, room, message.message_id, person, text, widened, is_typed=False
        )
        await self._asking.ask(question)
        return None

    async def _delete(self, message: Message, query: CallbackQuery, is_wanted: bool) -> None:
        room = Room.of(message)
        if not is_wanted:
            text = words.NOT_DELETED
        elif not await self.may_delete(message, query.from_user.id):
            text = words.ONLY_ADMINS_DELETE
        else:
            text = await self._forget(room.conversation, query.from_user.id)
        await edit(self._bot, room, message.message_id, plain_texts(text)[0])

    async def _forget(self, conversation: str, person: int) -> str:
        """What is being answered is given up first: it would be remembered afterwards."""
        store = self._service.conversations
        if store is None:
            return words.NOTHING_REMEMBERED
        self._asking.talks.stop(conversation)
        async with self._asking.talks.turn(conversation, person, is_question=False):
            count = await asyncio.to_thread(store.forget, conversation)
            if not count:
                # What was stopped or refused left no turn, but its update was in the file.
                await asyncio.to_thread(store.database.wipe)
            return words.deleted(count)

    async def may_delete(self, message: Message, person: int) -> bool:
        """In a group, what was asked is everybody's: an admin of the group decides."""
        if message.chat.type == ChatType.PRIVATE:
            return True
        with suppress(TelegramError):
            member = await self._bot.get_chat_member(message.chat.id, person)
            return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
        return False


def _turns_a_page(message: Message, data: str | None) -> bool:
    """Whether the pressed button leads from one page of a message to another."""
    below = message.reply_markup.inline_keyboard if message.reply_markup else ()
    pressed = [one.text for row in below for one in row if one.callback_data == data]
    return bool(set(pressed) & {words.BEFORE, words.AFTER, words.NEWER, words.OLDER})
