"""One question to one answer, for the command line, Telegram and HTTP alike.

    async for event in service.ask(asked): ...     # Understood, SentenceReady ..., Answer

The quoted answer is made first: it decides whether there is an answer at all, and stands by for
whatever the language model may do. What the model writes is shown sentence by sentence, each only
after the passages that it cites were found to support it.
"""

from __future__ import annotations

import asyncio
import datetime
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace

from bot.answering import (
    Asked,
    Found,
    answer,
    answer_of,
    find,
    unanswered,
    understood_note,
)
from bot.conversations import Conversations, open_conversations
from bot.gate import Busy, Gate
from bot.llm import ChatModel, OpenAIChat
from bot.llm_faults import LLMUnavailable
from bot.prompts import Budget
from bot.schema import Answer, Event, Outcome, SentenceReady, Understood
from bot.watching import Nobody, Watcher
from bot.written import written_answer, written_sentences
from retrieval.errors import IndexMissing, IndexUnavailable, StoreUnavailable
from retrieval.periods import today_in_vietnam
from retrieval.search import Retriever
from retrieval.settings import Settings
from retrieval.traces import Trace, Versions, new_trace_id, traced

_log = logging.getLogger(__name__)

# Earlier questions that a follow-up may lean on.
_HISTORY = 5


@dataclass(slots=True)
class Service:
    """What an answer needs. One for the process.

    Attributes:
        retriever: may be replaced at any time (`bot/reloading.py`): an answer is of the one that
            it began with. None: there is no index yet.
        chat: the language model; None: answers are quotes.
        conversations: None: nothing is remembered.
        gate: whom it does not let in gets the outcome `busy`.
        watcher: is told of each answer.
    """

    retriever: Retriever | None
    chat: ChatModel | None = None
    conversations: Conversations | None = None
    budget: Budget = field(default_factory=Budget)
    gate: Gate = field(default_factory=Gate)
    watcher: Watcher = field(default_factory=Nobody)

    async def ask(self, asked: Asked) -> AsyncGenerator[Event, None]:
        """The events of an answer; the last one is the `Answer` itself."""
        started = time.perf_counter()
        async with aclosing(self._ask(asked)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    self.watcher.answered(event, time.perf_counter() - started)
                yield event

    async def _ask(self, asked: Asked) -> AsyncGenerator[Event, None]:
        retriever = self.retriever
        if retriever is None:
            yield unanswered(asked, Outcome.INDEX_MISSING)
            return
        asked = await self._with_history(asked)
        try:
            async with self.gate.turn():
                found = await asyncio.to_thread(find, retriever, asked)
        except Busy:
            _log.warning("a question was turned away: %d are waiting", self.gate.waiting)
            yield unanswered(asked, Outcome.BUSY)
            return
        except IndexUnavailable as error:  # damage that only a search comes upon
            _log.error("%s", error)
            yield unanswered(asked, Outcome.INDEX_MISSING)
            return
        quoted = answer_of(asked, found)
        if found.result:
            note = " ".join(understood_note(found))
            yield Understood(quoted.understood or found.result.query.text, note)
        shown = quoted
        has_written = False
        chat = None if asked.is_urgent or found.counted else self.chat
        if chat and quoted.outcome is Outcome.ANSWERED:
            async with aclosing(self._write(chat, asked, found, quoted)) as events:
                async for event in events:
                    if isinstance(event, Answer):
                        shown = event
                    else:
                        has_written = True
                        yield event
        # Where a model failed midway the quotes come with the answer alone: sentences of both
        # would be one text to whoever only follows them.
        if shown.sentences == quoted.sentences and not has_written:
            for event in _sentence_events(quoted):
                yield event
        yield await asyncio.to_thread(self._recorded, retriever, asked, found, shown)

    async def _with_history(self, asked: Asked) -> Asked:
        store = self.conversations
        if store is None or asked.conversation is None or asked.history or asked.is_whole:
            return asked
        try:
            history = await asyncio.to_thread(store.history, asked.conversation, _HISTORY)
        except StoreUnavailable as error:
            _log.error("%s", error)
            return asked
        return replace(asked, history=history)

    async def _write(
        self, chat: ChatModel, asked: Asked, found: Found, quoted: Answer
    ) -> AsyncGenerator[Event, None]:
        """What the model writes and the passages support; without it, the quoted answer."""
        written = []
        try:
            async with aclosing(written_sentences(chat, found, self.budget)) as sentences:
                async for one in sentences:
                    written.append(one)
                    shown = written_answer(asked, found, written)
                    known = shown.citations[: len(shown.citations) - len(one.quotes)]
                    new = tuple(c for c in shown.citations if c not in known)
                    yield SentenceReady(shown.sentences[-1], new, is_written=True)
        except LLMUnavailable as error:
            _log.warning("answered without the language model: %s", error.reason)
            self.watcher.llm_failed(error.reason)
            text = f"{quoted.text} {found.wording.LLM_UNAVAILABLE}"
            yield replace(quoted, outcome=Outcome.LLM_UNAVAILABLE, text=text)
            return
        yield written_answer(asked, found, written) if written else quoted

    async def quoted(self, asked: Asked) -> Answer:
        """The answer in quotes, which nobody remembers: for questions that are still typed.

        Raises:
            Busy: too many questions are waiting.
            IndexUnavailable: there is nothing to search in.
        """
        retriever = self.retriever
        if retriever is None:
            raise IndexMissing("there is no index: run `python ingest.py`")
        async with self.gate.turn():
            return await asyncio.to_thread(answer, retriever, asked)

    def _recorded(self, retriever: Retriever, asked: Asked, found: Found, shown: Answer) -> Answer:
        """The answer with the id of its trace; the answer alone where nothing can be written."""
        if self.conversations is None or found.result is None:
            return shown
        trace_id = new_trace_id()
        shown = replace(shown, trace_id=trace_id)
        try:
            if asked.conversation is not None:
                self.conversations.remember(asked.conversation, asked.question, trace_id)
            self.conversations.traces.record(self._trace(trace_id, retriever, asked, found, shown))
        except StoreUnavailable as error:
            _log.error("%s", error)
            return replace(shown, trace_id=None)
        return shown

    def _trace(
        self, trace_id: str, retriever: Retriever, asked: Asked, found: Found, shown: Answer
    ) -> Trace:
        assert found.result is not None
        return Trace(
            trace_id=trace_id,
            asked_at=datetime.datetime.now(datetime.UTC),
            question=asked.question,
            today=today_in_vietnam(),
            query=found.result.query,
            hits=traced(found.result.hits),
            answer=asdict(shown),
            versions=Versions.of(retriever, self.chat.name if self.chat else None),
            history=tuple(asked.history),
            filters=found.filters,
            widened=asked.widened,
            dense_weight=found.result.dense_weight,
            timings_ms=dict(shown.timings_ms),
        )


def _sentence_events(shown: Answer) -> list[SentenceReady]:
    """The sentences of a finished answer, each with the citations that are new with it."""
    seen: set[int] = set()
    events = []
    for sentence in shown.sentences:
        new = [
            c for c in shown.citations if c.number in sentence.citations and c.number not in seen
        ]
        seen.update(citation.number for citation in new)
        events.append(SentenceReady(sentence, tuple(new)))
    return events


def open_service(
    settings: Settings, retriever: Retriever | None, at_once: int | None = None
) -> Service:
    """The service that the settings describe; without its memory where that can not be used.

    Args:
        at_once: questions that are looked up at the same time; the cores where not given.
    """
    conversations = None
    try:
        conversations = open_conversations(settings)
    except StoreUnavailable as error:
        _log.error("%s", error)
    return Service(
        retriever,
        OpenAIChat.from_settings(settings),
        conversations,
        Budget.from_settings(settings),
        Gate(settings.questions_waiting, at_once),
    )


async def ask_once(service: Service, asked: Asked) -> Answer:
    """The answer alone, for whom the events do not matter."""
    async with aclosing(service.ask(asked)) as events:
        async for event in events:
            if isinstance(event, Answer):
                return event
    raise AssertionError("an answer ends with the answer")
