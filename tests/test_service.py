"""The service with a scripted model: what is shown, what is dropped, what is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering import Asked, answer
from bot.conversations import open_conversations
from bot.llm import Message
from bot.llm_faults import LLMUnavailable, Reason
from bot.schema import Answer, Event, Outcome, SentenceReady, Understood
from bot.service import Service, ask_once
from retrieval.errors import StoreUnavailable
from retrieval.search import Retriever
from retrieval.settings import Settings

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
TRUE = "Năm 2020, chỉ số hài lòng của người dân đạt 91,3%"
FALSE = "Năm 2020, chỉ số hài lòng của người dân đạt 95%"


class ScriptedModel:
    """Writes what it is told to, in pieces of seven characters; then fails, where it is told to."""

    name = "scripted"

    def __init__(self, reply: str, fault: Reason | None = None) -> None:
        self._reply = reply
        self._fault = fault
        self.asked: list[Sequence[Message]] = []

    async def stream(self, messages: Sequence[Message], most_tokens: int) -> AsyncIterator[str]:
        self.asked.append(messages)
        for start in range(0, len(self._reply), 7):
            yield self._reply[start : start + 7]
        if self._fault:
            raise LLMUnavailable(self._fault)


def events_of(service: Service, question: str = QUESTION) -> list[Event]:
    async def collect() -> list[Event]:
        return [event async for event in service.ask(Asked(question))]

    return asyncio.run(collect())


def shown_by(retriever: Retriever, reply: str, fault: Reason | None = None) -> Answer:
    last = events_of(Service(retriever, ScriptedModel(reply, fault)))[-1]
    assert isinstance(last, Answer)
    return last


def test_without_a_model_the_answer_is_quoted(retriever: Retriever) -> None:
    """Understood, each sentence with its new citations, then the answer."""
    events = events_of(Service(retriever))

    assert isinstance(events[0], Understood)
    assert isinstance(events[1], SentenceReady)
    assert events[1].citations[0].label == "Bắc Kạn, 23/7/2024"
    assert isinstance(events[-1], Answer)
    assert events[-1].sentences == answer(retriever, Asked(QUESTION)).sentences


def test_a_supported_sentence_is_shown_with_the_record_s_label(retriever: Retriever) -> None:
    """The quote is of the article to the letter, the label of its record."""
    shown = shown_by(retriever, f"{TRUE} [1].")
    (citation,) = shown.citations
    article = next(a for a in retriever.index.records.articles() if a.id == citation.article)

    assert shown.outcome is Outcome.ANSWERED
    assert shown.text == f"{TRUE} [Bắc Kạn, 23/7/2024]."
    assert article.text[citation.start : citation.end] == citation.quote
    assert "91,3%" in citation.quote


@pytest.mark.parametrize(
    "reply",
    [
        f"{FALSE} [1].",
        f"{TRUE} [9].",
        f"{TRUE}.",
        "Tôi là một mô hình ngôn ngữ [1].",
        "KHÔNG CÓ THÔNG TIN",
        "",
        "<think>Đạt 95% [1].</think>",
    ],
)
def test_what_no_passage_supports_is_never_shown(retriever: Retriever, reply: str) -> None:
    """A changed figure, a key of no passage, no key, chatter: the quotes stand instead."""
    shown = shown_by(retriever, reply)

    assert shown.sentences == answer(retriever, Asked(QUESTION)).sentences
    assert "95%" not in shown.text


def test_a_failing_sentence_is_dropped_alone(retriever: Retriever) -> None:
    """The others stay; nothing is streamed that does not pass."""
    model = ScriptedModel(f"{FALSE} [1]. {TRUE} [1].")
    events = events_of(Service(retriever, model))
    streamed = [event.sentence.text for event in events if isinstance(event, SentenceReady)]

    assert [text.rstrip(".") for text in streamed] == [TRUE]


@pytest.mark.parametrize("reply", ["", f"{TRUE} [1]. Và"])
def test_a_model_that_fails_costs_nothing(retriever: Retriever, reply: str) -> None:
    """The answer without it, and the outcome says so."""
    shown = shown_by(retriever, reply, Reason.BROKEN_OFF)

    assert shown.outcome is Outcome.LLM_UNAVAILABLE
    assert shown.sentences == answer(retriever, Asked(QUESTION)).sentences
    assert "Mô hình ngôn ngữ hiện không phản hồi" in shown.text


def test_quotes_do_not_follow_what_a_model_wrote(retriever: Retriever) -> None:
    """Both would be one text to who only follows the sentences: the quotes come with the answer."""
    service = Service(retriever, ScriptedModel(f"{TRUE} [1]. Và", Reason.BROKEN_OFF))
    streamed = [event for event in events_of(service) if isinstance(event, SentenceReady)]
    quoted = [event for event in events_of(Service(retriever)) if isinstance(event, SentenceReady)]

    assert [event.is_written for event in streamed] == [True]
    assert {event.is_written for event in quoted} == {False}


def test_the_model_is_not_asked_what_the_articles_do_not_answer(retriever: Retriever) -> None:
    """No evidence, no prose about it."""
    model = ScriptedModel(f"{TRUE} [1].")
    last = events_of(Service(retriever, model), "Giá vàng hôm nay bao nhiêu?")[-1]

    assert isinstance(last, Answer)
    assert last.outcome is Outcome.NO_EVIDENCE
    assert model.asked == []


def test_a_conversation_is_remembered_and_can_be_shown_again(
    retriever: Retriever, tmp_path: Path
) -> None:
    """The follow-up leans on the earlier question; each answer has a trace with its hits."""
    store = open_conversations(Settings(conversations_db=tmp_path / "c.sqlite"))
    service = Service(retriever, conversations=store)
    first = Asked("Ai chủ trì hội nghị dân vận ở Quảng Bình?", conversation="a")
    asyncio.run(ask_once(service, first))
    shown = asyncio.run(ask_once(service, replace(first, question="Còn ở Hậu Giang thì sao?")))
    trace = store.traces.get(shown.trace_id or "")

    assert shown.understood == "Ai chủ trì hội nghị dân vận ở Hậu Giang?"
    assert trace is not None
    assert trace.history == ("Ai chủ trì hội nghị dân vận ở Quảng Bình?",)
    assert trace.answer["outcome"] == shown.outcome
    assert store.history("a", 5)[-1] == "Còn ở Hậu Giang thì sao?"


def test_an_answer_outlives_its_store(
    retriever: Retriever, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be written the reader gets the answer all the same."""
    store = open_conversations(Settings(conversations_db=tmp_path / "c.sqlite"))

    def fail(*_: object) -> None:
        raise StoreUnavailable("full")

    monkeypatch.setattr(store, "remember", fail)
    asked = Asked(QUESTION, conversation="a")
    shown = asyncio.run(ask_once(Service(retriever, conversations=store), asked))

    assert shown.outcome is Outcome.ANSWERED
    assert shown.trace_id is None
