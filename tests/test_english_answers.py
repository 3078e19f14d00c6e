"""Whoever asks in English gets English words around the Vietnamese quotes, whatever comes of it."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections.abc import AsyncIterator, Sequence

import pytest

from bot import wording_english
from bot.answering import Asked, answer, unanswered
from bot.ask_command import render
from bot.gate import Gate
from bot.llm import Message
from bot.llm_faults import LLMUnavailable, Reason
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once
from bot.words import words_of
from retrieval.errors import FilterError, QuestionError
from retrieval.filters import GivenFilters
from retrieval.schema import Period
from retrieval.search import Retriever
from retrieval.text import fold

MODELS = "How many models were registered in Quang Ninh in 2017?"
MODELS_READ = "Bao nhiêu mô hình được đăng ký ở Quảng Ninh năm 2017?"
INDEX = "What was the satisfaction index of Bac Kan people in 2020?"


class WritingModel:
    """Writes one reply, then fails where it is told to; keeps what it was asked."""

    name = "writing"

    def __init__(self, reply: str, fault: Reason | None = None) -> None:
        self._reply = reply
        self._fault = fault
        self.asked: list[Sequence[Message]] = []

    async def stream(self, messages: Sequence[Message], most_tokens: int) -> AsyncIterator[str]:
        self.asked.append(messages)
        yield self._reply
        if self._fault:
            raise LLMUnavailable(self._fault)


def said_around(shown: Answer) -> str:
    """The text without what is quoted, labelled or read, and without titles."""
    text = re.sub(r"\(Read as: [^)]*\)| • .*", "", shown.text)
    for citation in shown.citations:
        text = text.replace(f" [{citation.label}]", "")
    for sentence in shown.sentences:
        text = text.replace(sentence.text.rstrip(". "), "")
    return text.strip(" \n")


def test_an_answer_says_how_the_question_was_read(retriever: Retriever) -> None:
    """The reading comes first, then the quote; nothing else is said."""
    shown = answer(retriever, Asked(MODELS))

    assert shown.text == (
        f"(Read as: {MODELS_READ}) Năm 2017 đã có 53 mô hình đăng ký cấp tỉnh "
        "[Quảng Ninh, 14/10/2017]."
    )
    assert (shown.outcome, shown.language, shown.understood) == (
        Outcome.ANSWERED,
        "en",
        MODELS_READ,
    )


def test_a_vietnamese_answer_stays_as_it_was(retriever: Retriever) -> None:
    """No note, and its language is told."""
    shown = answer(retriever, Asked(MODELS_READ))

    assert shown.text == "Năm 2017 đã có 53 mô hình đăng ký cấp tỉnh [Quảng Ninh, 14/10/2017]."
    assert (shown.language, shown.understood) == ("vi", None)


def test_the_sources_have_an_english_heading(retriever: Retriever) -> None:
    """Titles and labels below it stay as they are."""
    shown = render(answer(retriever, Asked(MODELS)))

    assert "\n\nSources\n 1. Quảng Ninh, 14/10/2017 — " in shown


@pytest.mark.parametrize(
    ("question", "outcome", "said"),
    [
        (
            "What is the phone number of the Mass Mobilization Commission of Bac Kan?",
            Outcome.NO_EVIDENCE,
            "The articles of the archive do not say what would answer this question.\n"
            "The archive has 5 articles:",
        ),
        (
            "What are the limitations of mass mobilization work in Ca Mau?",
            Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD,
            "The archive has no article of Cà Mau, so this question can not be answered.\n"
            "It has articles of: Bắc Kạn, Hậu Giang, Quảng Bình, Quảng Ninh.\n"
            "To search everywhere, please ask again without the name of a province.",
        ),
        (
            "news from January 2019",
            Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD,
            "The archive has no article of the time asked for (January 2019), so this question can "
            "not be answered.\nIt has articles from 14/10/2017 to 23/7/2024.\n"
            "To search all times, please ask again without a time.",
        ),
        (
            "How many models were registered in Quang Ninh in 2019?",
            Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD,
            "The articles of the archive do not say this of the time asked for (2019).\n"
            "They may say something close to it of another time: to see that, please ask again "
            "without a time.",
        ),
    ],
)
def test_refusals(retriever: Retriever, question: str, outcome: Outcome, said: str) -> None:
    """Each says how the question was read, why there is no answer, and what may help."""
    shown = answer(retriever, Asked(question))

    assert shown.text.startswith("(Read as: ")
    assert (shown.outcome, said_around(shown)) == (outcome, said)


def test_one_side_of_a_comparison(retriever: Retriever) -> None:
    """What only one side has is said of the other."""
    question = "Compare the satisfaction index of Bac Kan and Quang Ninh in 2020"
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.PARTLY_ANSWERED
    assert shown.text.endswith("• Quảng Ninh: the articles say nothing about this.")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "How many articles mention the democracy regulation?",
            "Of the 5 articles in the archive, 4 mention “quy chế dân chủ”.",
        ),
        (
            "How many articles of 2017 are there?",
            "The archive has 2 articles (2017).",
        ),
    ],
)
def test_counts(retriever: Retriever, question: str, said: str) -> None:
    """Counted over the articles, in English words."""
    shown = answer(retriever, Asked(question))

    assert said in shown.text


@pytest.mark.parametrize(
    ("question", "outcome", "said"),
    [
        ("Hello", Outcome.SMALL_TALK, "Hello! Please ask about"),
        ("Thank you very much!", Outcome.SMALL_TALK, "You are welcome."),
        ("What can you do?", Outcome.SMALL_TALK, "This service answers questions"),
        (
            "What is the zymurgy of quokkas?",
            Outcome.QUESTION_INVALID,
            "The question could not be read, so whether an article answers it was not looked at. "
            "Not understood: “zymurgy”, “quokkas”.",
        ),
        (f"What is {'the work ' * 200}?", Outcome.QUESTION_INVALID, "The question is too long."),
    ],
)
def test_what_is_no_question(
    retriever: Retriever, question: str, outcome: Outcome, said: str
) -> None:
    """Small talk, and what can not be read, with how to ask."""
    shown = answer(retriever, Asked(question))

    assert (shown.outcome, shown.language) == (outcome, "en")
    assert shown.text.startswith(said)


def test_a_wrong_filter_is_told_in_english(retriever: Retriever) -> None:
    """With what is accepted."""
    shown = answer(retriever, Asked(MODELS, filters=GivenFilters(date_from="soon")))

    assert shown.outcome is Outcome.QUESTION_INVALID
    assert shown.text == (
        "The first day “soon” is not understood. Please write it as one of: 23/7/2024, "
        "2024-07-23, 7/2024, 2024."
    )


def test_a_merged_province_is_explained(retriever: Retriever) -> None:
    """A question about Thái Nguyên reaches the former Bắc Kạn."""
    shown = answer(
        retriever, Asked("What are the limitations of mass mobilization work in Thai Nguyen?")
    )

    assert shown.text.endswith(
        "(Bắc Kạn has been a part of Thái Nguyên since the mergers of 1/7/2025.)"
    )


def test_a_question_about_now_says_up_to_which_day(retriever: Retriever) -> None:
    """What an older article says may no longer be so."""
    question = "What are the limitations of mass mobilization work in Bac Kan at present?"
    shown = answer(retriever, Asked(question))

    assert shown.text.endswith("(The articles go up to 23/7/2024, day/month/year.)")


def test_busy_and_missing_are_told_in_english() -> None:
    """Also where no question is looked at."""
    shown = [unanswered(Asked(INDEX), o) for o in (Outcome.BUSY, Outcome.INDEX_MISSING)]

    assert [(one.text, one.language) for one in shown] == [
        (wording_english.BUSY, "en"),
        (wording_english.INDEX_MISSING, "en"),
    ]


def test_a_full_queue_answers_in_the_language_of_the_question(retriever: Retriever) -> None:
    """The gate turns both away."""

    async def turned_away(question: str) -> Answer:
        gate = Gate(waiting=0, at_once=1)
        async with gate.turn():
            return await ask_once(Service(retriever, gate=gate), Asked(question))

    assert asyncio.run(turned_away(INDEX)).text == wording_english.BUSY
    assert asyncio.run(turned_away(MODELS_READ)).text.startswith("Hiện có nhiều câu hỏi")


def test_an_english_sentence_of_a_model_is_never_shown(retriever: Retriever) -> None:
    """True or not, its words are in no passage; the quotes are the answer."""
    model = WritingModel("In 2020 the satisfaction index of Bắc Kạn was 91,3% [1].")
    shown = asyncio.run(ask_once(Service(retriever, model), Asked(INDEX)))

    assert shown == _timeless(answer(retriever, Asked(INDEX)), shown)


def test_a_model_is_asked_in_vietnamese(retriever: Retriever) -> None:
    """What it writes in Vietnamese is held against the passages as ever, and shown."""
    model = WritingModel("Năm 2020, chỉ số hài lòng của người dân đạt 91,3% [1].")
    shown = asyncio.run(ask_once(Service(retriever, model), Asked(INDEX)))

    assert "Câu hỏi: Chỉ số hài lòng của người dân Bắc Kạn năm 2020" in model.asked[0][1]["content"]
    assert shown.text == (
        "(Read as: Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?) Năm 2020, chỉ số "
        "hài lòng của người dân đạt 91,3% [Bắc Kạn, 23/7/2024]."
    )
    assert shown.language == "en"


def test_a_silent_model_is_told_in_english(retriever: Retriever) -> None:
    """The quotes, and that they are quotes."""
    model = WritingModel("", Reason.NOT_REACHABLE)
    shown = asyncio.run(ask_once(Service(retriever, model), Asked(INDEX)))

    assert shown.outcome is Outcome.LLM_UNAVAILABLE
    assert shown.text.endswith(wording_english.LLM_UNAVAILABLE)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2022, 1, 1), (2022, 12, 31), "2022"),
        ((2020, 1, 1), (2025, 12, 31), "2020–2025"),
        ((2024, 2, 1), (2024, 2, 29), "February 2024"),
        ((2024, 7, 23), (2024, 7, 23), "23/7/2024"),
        ((2023, 1, 1), (2023, 6, 30), "1/1/2023–30/6/2023"),
    ],
)
def test_periods_in_english(
    first: tuple[int, int, int], last: tuple[int, int, int], said: str
) -> None:
    """By their days, not by the Vietnamese words that they were read in."""
    period = Period(0, 0, "…", datetime.date(*first), datetime.date(*last))

    assert wording_english.conditions((), (), [period]) == (said,)


def test_a_time_without_bounds_in_english() -> None:
    """`mới nhất` has no days; its words are quoted."""
    period = Period(0, 8, "mới nhất", datetime.date.min, datetime.date.max, is_latest=True)

    assert wording_english.conditions((), ("TTXVN",), [period]) == ("source TTXVN", "“mới nhất”")


def test_every_reason_is_told_in_both_languages() -> None:
    """A kind of error without words would be a crash where a reader waits."""
    kinds = ("empty", "no_words", "too_long", "filter_order")
    fields = ("province", "source", "from", "to")
    errors = [
        *(QuestionError(kind, "") for kind in kinds),
        *(FilterError(field, "x", ("y",)) for field in fields),
    ]

    assert all(words_of("vi").question_invalid(error) for error in errors)
    assert all(words_of("en").question_invalid(error) for error in errors)
    assert not any(text != fold(text) for text in map(words_of("en").question_invalid, errors))


def _timeless(quoted: Answer, shown: Answer) -> Answer:
    """With the times of the other, which differ from run to run."""
    return Answer(
        quoted.id,
        quoted.outcome,
        quoted.text,
        quoted.sentences,
        quoted.citations,
        shown.timings_ms,
        quoted.understood,
        quoted.trace_id,
        quoted.language,
    )
