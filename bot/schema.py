"""The records of an answer: what the command line, Telegram and HTTP render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from retrieval.english import SpokenLanguage


class Outcome(StrEnum):
    """How a question ended; the reader's words for each are in `bot/words.py`."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    NO_EVIDENCE = "no_evidence"
    NO_ARTICLE_FOR_PLACE_OR_PERIOD = "no_article_for_place_or_period"
    SMALL_TALK = "small_talk"
    QUESTION_INVALID = "question_invalid"
    INDEX_MISSING = "index_missing"
    LLM_UNAVAILABLE = "llm_unavailable"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote shown as evidence.

    Attributes:
        number: from 1, in the order of the answer's sentences.
        label: place and day of the article, `Bắc Kạn, 23/7/2024`; `(2)` behind it tells a
            second article of the same place and day apart.
        article: id of the article.
        quote: `article.text[start:end]`, to the letter.
        also: labels of other articles that hold the same quote (a wire story in several papers).
    """

    number: int
    label: str
    title: str
    article: str
    quote: str
    start: int
    end: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer and the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader gets.

    Attributes:
        text: the whole answer as plain text, each sentence with its label.
        understood: the question as it was read, where that is not as it was typed: made whole
            from an earlier one, with its marks, or in Vietnamese; else None.
        language: of the words around the quotes; the quotes are the articles'.
        trace_id: under which it can be shown again, or None where nothing was recorded.
    """

    id: str
    outcome: Outcome
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    timings_ms: dict[str, float]
    understood: str | None = None
    trace_id: str | None = None
    language: SpokenLanguage = "vi"


@dataclass(frozen=True, slots=True)
class Understood:
    """The first event of an answer: the question as it was read.

    Attributes:
        note: what the answer begins with where the reader is told so.
    """

    question: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SentenceReady:
    """A sentence that passed, as soon as it did, with the citations that are new with it.

    Attributes:
        is_written: by a language model; else it is quoted, and the answer comes with it.
    """

    sentence: Sentence
    citations: tuple[Citation, ...]
    is_written: bool = False


# The last event is the whole answer; it counts where an earlier event says otherwise.
Event = Understood | SentenceReady | Answer


def read_answer(data: Mapping[str, Any]) -> Answer:
    """The answer that a trace keeps.

    Raises:
        ValueError: it is of another form.
    """
    return _ANSWER.validate_python(data)


_ANSWER = TypeAdapter(Answer)
