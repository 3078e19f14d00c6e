"""Question -> answer: one function for the command line, Telegram and HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import wording
from bot.candidates import Candidate
from bot.citations import cite, with_label
from bot.extractive import select_sentences
from bot.listing import asks_for_articles, opening_sentences
from bot.refusals import why_not
from bot.schema import Answer, Outcome
from retrieval.errors import FilterError, QuestionError
from retrieval.filters import NONE_GIVEN, GivenFilters, read_filters
from retrieval.gazetteer import load
from retrieval.schema import Article, Dimension, Filters, Query, SearchResult
from retrieval.search import Retriever
from retrieval.small_talk import small_talk_kind
from retrieval.text import normalise, squeeze

# Hits that the sentences are taken from. A place or a year in the question may rule out
# the first ones, so more are fetched than are read.
_TOP_K = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what belongs to it.

    Attributes:
        history: earlier questions of the conversation, oldest first.
        filters: what the articles must be.
        widened: places or periods in the question's words restrict nothing.
        id: of the answer.
    """

    question: str
    history: Sequence[str] = ()
    filters: GivenFilters = NONE_GIVEN
    widened: tuple[Dimension, ...] = ()
    id: str = "1"


def answer(retriever: Retriever, asked: Asked) -> Answer:
    """One to four quoted sentences with their citations, or a refusal that says why."""
    started = time.perf_counter()
    if kind := small_talk_kind(asked.question):
        return refusal(asked.id, Outcome.SMALL_TALK, wording.SMALL_TALK[kind])
    try:
        filters = read_filters(asked.filters, retriever.index.records.sources())
        result, chosen = _search(retriever, asked, filters)
    except FilterError as error:
        return refusal(asked.id, Outcome.QUESTION_INVALID, wording.filter_invalid(error))
    except QuestionError as error:
        return refusal(asked.id, Outcome.QUESTION_INVALID, wording.QUESTION_INVALID[error.kind])
    if chosen:
        shown = _shown(asked, result, chosen)
    else:
        shown = refusal(asked.id, *_why_not(retriever, asked, filters, result))
    total = round((time.perf_counter() - started) * 1_000, 3)
    timings = {**result.timings_ms, "total": total}
    return replace(shown, understood=_understood(result.query), timings_ms=timings)


def _search(
    retriever: Retriever, asked: Asked, filters: Filters
) -> tuple[SearchResult, list[Candidate]]:
    result = retriever.search(asked.question, _TOP_K, asked.history, filters, widened=asked.widened)
    started = time.perf_counter()
    if asks_for_articles(result.query):
        chosen = opening_sentences(result.hits)
    else:
        chosen = select_sentences(result.query, result.hits, retriever.index.sparse.weight)
    result.timings_ms["answer"] = round((time.perf_counter() - started) * 1_000, 3)
    return result, chosen


def _why_not(
    retriever: Retriever, asked: Asked, filters: Filters, result: SearchResult
) -> tuple[Outcome, str]:
    def widened(dimension: Dimension) -> tuple[SearchResult, bool]:
        wider = replace(asked, widened=(*asked.widened, dimension))
        found, chosen = _search(retriever, wider, filters)
        return found, bool(chosen)

    return why_not(retriever, filters, result, widened)


def _shown(asked: Asked, result: SearchResult, chosen: list[Candidate]) -> Answer:
    sentences, citations = cite(chosen)
    labels = {citation.number: (citation.label, *citation.also) for citation in citations}
    query = result.query
    notes = [wording.understood_as(query.text)] if query.earlier else []
    notes += [
        with_label(sentence.text, [label for n in sentence.citations for label in labels[n]])
        for sentence in sentences
    ]
    notes += _merger_notes(query, [candidate.article for candidate in chosen])
    return Answer(asked.id, Outcome.ANSWERED, " ".join(notes), sentences, citations, {})


def _understood(query: Query) -> str | None:
    """The question as it was read, where the person may want to check that."""
    shown = query.restored or query.text
    return shown if query.earlier or shown != squeeze(normalise(query.question)) else None


def _merger_notes(query: Query, articles: Sequence[Article]) -> list[str]:
    """What became of a province that is cited, or asked for, under its other name."""
    cited = {article.province for article in articles}
    gazetteer = load()
    notes = [
        wording.merged(former, place)
        for place in query.provinces
        for former in gazetteer.predecessors(place)
        if former != place and former in cited and former not in query.provinces
    ]
    return notes + [
        wording.merged(succession.former, succession.name)
        for succession in query.successors
        if any(succession.covers(article.province, article.date) for article in articles)
    ]


def refusal(answer_id: str, outcome: Outcome, text: str) -> Answer:
    """An answer that claims nothing and therefore cites nothing."""
    return Answer(answer_id, outcome, text, (), (), {})
