"""A question -> its answer, delivered: once, in the order of its conversation."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.answering import Asked, unanswered
from bot.gate import Busy, Gate
from bot.schema import Answer, Outcome, SentenceReady, Understood
from bot.service import Service
from bot.suggestions import Suggestions
from bot.telegram import words
from bot.telegram.buttons import Does, button
from bot.telegram.delivery import Bot, DeliveryUnknown, Unreachable, deliver
from bot.telegram.inbox import Inbox
from bot.telegram.pace import Wish
from bot.telegram.preview import Preview
from bot.telegram.rendering import (
    answer_buttons,
    answer_texts,
    plain_texts,
    preview_text,
    told,
)
from bot.telegram.room import Room
from bot.telegram.talk import Talks, Turn
from retrieval.errors import StoreUnavailable
from retrieval.schema import Dimension, Query
from retrieval.settings import Settings

_log = logging.getLogger(__name__)

# Outcomes after which a person may not know what to ask.
_SUGGESTING = frozenset({Outcome.NO_EVIDENCE, Outcome.SMALL_TALK})


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked, and where the answer belongs.

    Attributes:
        update_id: of the update that brought it.
        message: that the answer replies to.
        person: id of who asked.
        widened: what of the question's words restricts nothing.
        is_typed: False where a button asked it, so that the chat does not show it yet.
    """

    update_id: int
    room: Room
    message: int
    person: int
    text: str
    widened: tuple[Dimension, ...] = ()
    is_typed: bool = True


class Asking:
    """Answers questions. One for the process.

    Attributes:
        talks: what is unanswered.
    """

    def __init__(self, bot: Bot, service: Service, inbox: Inbox, settings: Settings) -> None:
        self.talks = Talks()
        self._bot = bot
        self._service = service
        self._inbox = inbox
        self._interval = settings.telegram_stream_interval
        at_once = settings.llm_concurrency if service.chat else os.cpu_count()
        self._gate = Gate(settings.questions_waiting, at_once)
        self._found = Suggestions()

    async def ask(self, question: Question) -> None:
        """Answers when it is the question's turn."""
        async with self.talks.turn(question.room.conversation, question.person) as turn:
            if not self._service.chat:
                turn.hurry()  # quotes are all there is: nothing could be cut short later
            if not turn.is_stopped:
                await self._answer(question, turn)

    async def _answer(self, question: Question, turn: Turn) -> None:
        preview = Preview(
            self._bot,
            question.room,
            question.message,
            self._interval,
            partial(self._record, self._inbox.preview_sent, question.update_id),
        )
        async with preview:
            shown = await self._shown(question, turn, preview)
        # A frame that may still be on its way could overwrite an answer in its place.
        place = None if preview.is_unsure else preview.message
        if shown:
            await self._deliver(question, shown, place)
        if preview.message and (shown is None or preview.is_unsure):
            await self.take_back(question.room.chat, preview.message)

    async def take_back(self, chat: int, preview: int) -> None:
        """Half an answer is not left behind."""
        with contextlib.suppress(TelegramError):
            await self._bot.delete_message(chat, preview)

    async def _shown(self, question: Question, turn: Turn, preview: Preview) -> Answer | None:
        """The answer; in quotes where it became urgent, None where it was stopped."""

        def tell_place(place: int) -> None:
            preview.show(plain_texts(words.waiting(place))[0])

        try:
            async with self._gate.turn(tell_place):
                while not turn.is_stopped:
                    change = turn.next_change()
                    asked = self._asked(question, turn)
                    if shown := await _before(change, self._follow(asked, preview)):
                        return shown
        except Busy:
            _log.warning("a question was turned away: %d are waiting", self._gate.waiting)
            return unanswered(self._asked(question, turn), Outcome.BUSY)
        return None

    def _asked(self, question: Question, turn: Turn) -> Asked:
        return Asked(
            question.text,
            widened=question.widened,
            id=str(question.update_id),
            conversation=question.room.conversation,
            is_whole=not question.is_typed,
            is_urgent=turn.is_urgent,
        )

    async def _follow(self, asked: Asked, preview: Preview) -> Answer:
        """The answer; its beginning is shown as it comes."""
        understood = ""
        sentences: list[str] = []
        preview.show(preview_text(understood, sentences))
        async with aclosing(self._service.ask(asked)) as events:
            async for event in events:
                match event:
                    case Understood():
                        understood = event.question
                    case SentenceReady():
                        sentences.append(told(event.sentence, event.citations))
                    case Answer():
                        return event
                preview.show(preview_text(understood, sentences))
        raise AssertionError("an answer ends with the answer")

    async def _deliver(self, question: Question, shown: Answer, preview: int | None) -> None:
        buttons = await asyncio.to_thread(self.buttons_of, shown, await self._suggestions(shown))
        record, update_id = self._record, question.update_id
        leaving = partial(record, self._inbox.sending, update_id, shown.trace_id)
        try:
            sent = await deliver(
                self._bot,
                question.room,
                answer_texts(
                    shown,
                    question=None if question.is_typed else question.text,
                    bot=self._bot.username,
                ),
                question=question.message,
                buttons=buttons,
                preview=preview,
                wish=Wish(leaving=leaving, stayed=partial(record, self._inbox.waiting, update_id)),
            )
        except Unreachable:
            _log.info("an answer could not be delivered: the chat takes no messages")
            return
        except DeliveryUnknown:
            _log.warning("the connection broke while an answer was sent")
            await self.tell_of_break(question.room, question.message, shown.trace_id)
            return
        if shown.trace_id:
            for message in sent:
                await record(self._inbox.shows, question.room.chat, message, shown.trace_id)

    async def _suggestions(self, shown: Answer) -> Sequence[tuple[str, str]]:
        return await self.suggested() if shown.outcome in _SUGGESTING else ()

    def buttons_of(
        self, shown: Answer, suggested: Sequence[tuple[str, str]] = ()
    ) -> InlineKeyboardMarkup | None:
        """What can be done with an answer."""
        query: Query | None = None
        store = self._service.conversations
        try:
            if shown.trace_id and store and not shown.citations:
                trace = store.traces.get(shown.trace_id)
                query = trace.query if trace else None
        except StoreUnavailable as error:
            _log.error("%s", error)
        return answer_buttons(shown, query, suggested)

    async def suggested(self) -> Sequence[tuple[str, str]]:
        """Questions that the archive answers, each with its key."""
        retriever = self._service.retriever
        if retriever is None:
            return ()
        questions = await self._found.of(retriever)
        try:
            return [(text, await asyncio.to_thread(self._inbox.key_of, text)) for text in questions]
        except StoreUnavailable as error:
            _log.error("%s", error)
            return ()

    async def tell_of_break(self, room: Room, message: int, trace_id: str | None) -> None:
        """Say that an answer to a message may have been lost, with a button that shows it."""
        text, buttons = words.BROKEN_ASK_AGAIN, None
        if trace_id:
            text = words.BROKEN
            row = [button(words.VIEW_ANSWER, Does.VIEW_ANSWER, trace_id)]
            buttons = InlineKeyboardMarkup([row])
        try:
            await deliver(
                self._bot,
                room,
                plain_texts(text),
                question=message,
                buttons=buttons,
                wish=Wish(is_repeatable=True),
            )
        except Unreachable:
            _log.info("nobody could be told of a broken delivery")

    async def _record(self, record: Callable[..., None], *values: object) -> None:
        """What can not be written down does not keep an answer from its reader."""
        try:
            await asyncio.to_thread(record, *values)
        except StoreUnavailable as error:
            _log.error("%s", error)


async def _before(
    change: Coroutine[Any, Any, object], answering: Coroutine[Any, Any, Answer]
) -> Answer | None:
    """The answer, or None where the change came first."""
    task, changed = asyncio.create_task(answering), asyncio.create_task(change)
    try:
        await asyncio.wait({task, changed}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for one in (task, changed):
            one.cancel()
        # Whatever it still does is ended before the question is asked again.
        await asyncio.wait({task, changed})
