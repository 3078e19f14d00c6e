"""Question -> answer: one function for the command line, Telegram and HTTP."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.candidates import Candidate
from bot.citations import cite, with_label
from bot.comparisons import parts_of
from bot.counting import asks_to_count, count_articles
from bot.extractive import select_sentences
from bot.listing import asks_for_articles, opening_sentences
from bot.refusals import why_not
from bot.schema import Answer, Outcome
from bot.words import Words, words_of
from retrieval.english import SpokenLanguage, language_of
from retrieval.errors import QuestionError
from retrieval.filters import NONE_GIVEN, GivenFilters, read_filters
from retrieval.gazetteer import load
from retrieval.schema import NO_FILTERS, Article, Dimension, Filters, Query, SearchResult
from retrieval.search import Retriever
from retrieval.small_talk import small_talk_kind
from retrieval.text import canonical, fold, normalise, squeeze

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
        conversation: an opaque text (a chat and its topic); None: the question stands alone.
        is_whole: whether it stands alone whatever the conversation was about.
        is_urgent: whether to answer in quotes, without waiting for the language model.
    """

    question: str
    history: Sequence[str] = ()
    filters: GivenFilters = NONE_GIVEN
    widened: tuple[Dimension, ...] = ()
    id: str = "1"
    conversation: str | None = None
    is_whole: bool = False
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a question led to.

    Attributes:
        result: None where nothing was searched.
        chosen: sentences to quote; where there are none, `outcome` and `text` say why.
        newest: the day of the archive's last article, where the question is about now.
        blocks: of a comparison, each side with how many of the sentences are about it.
        counted: what was counted over the articles, in words; the sentences show some of it.
        language: what the question was asked in.
    """

    outcome: Outcome
    text: str = ""
    result: SearchResult | None = None
    chosen: tuple[Candidate, ...] = ()
    filters: Filters = NO_FILTERS
    newest: datetime.date | None = None
    blocks: tuple[tuple[str, int], ...] = ()
    counted: str = ""
    language: SpokenLanguage = "vi"

    @property
    def wording(self) -> Words:
        """The words around the quotes."""
        return words_of(self.language)

    @property
    def understood(self) -> str | None:
        """The question as it was read, where the person may want to check that."""
        if self.result is None:
            return None
        query = self.result.query
        shown = query.restored or query.text
        return shown if query.earlier or shown != squeeze(normalise(query.question)) else None


def answer(retriever: Retriever, asked: Asked) -> Answer:
    """One to four quoted sentences with their citations, or a refusal that says why."""
    return answer_of(asked, find(retriever, asked))


def find(retriever: Retriever, asked: Asked) -> Found:
    """The sentences that answer, or why there are none."""
    language = language_of(asked.question)
    return replace(_found(retriever, asked, words_of(language)), language=language)


def _found(retriever: Retriever, asked: Asked, wording: Words) -> Found:
    started = time.perf_counter()
    if kind := small_talk_kind(asked.question):
        return Found(Outcome.SMALL_TALK, wording.SMALL_TALK[kind])
    records = retriever.index.records
    try:
        filters = read_filters(asked.filters, records.sources())
        result, chosen = _search(retriever, asked, filters)
    except QuestionError as error:
        return Found(Outcome.QUESTION_INVALID, wording.question_invalid(error))
    if wanted := asks_to_count(result.query):
        counted = count_articles(retriever.index, result.query, wanted, filters, wording)
        # Of no article at all the ordinary refusal says more.
        if counted.number or wanted.phrase:
            outcome = Outcome.ANSWERED if counted.number else Outcome.NO_EVIDENCE
            return Found(
                outcome, counted.text, result, counted.shown, filters, counted=counted.text
            )
    blocks = _compared(retriever, asked, filters, result.query)
    if any(part for _, part in blocks):
        chosen = [candidate for _, part in blocks for candidate in part]
        is_whole = all(part for _, part in blocks)
        found = Found(
            Outcome.ANSWERED if is_whole else Outcome.PARTLY_ANSWERED,
            blocks=tuple((name, len(part)) for name, part in blocks),
        )
    elif chosen:
        found = Found(Outcome.ANSWERED)
    else:
        found = Found(*_why_not(retriever, asked, filters, result, wording))
    newest = None
    if _is_about_now(result.query):
        days = records.days()
        newest = days[1] if days else None
        if not found.blocks:
            chosen.sort(key=lambda c: c.article.date or datetime.date.min, reverse=True)
    result.timings_ms["total"] = round((time.perf_counter() - started) * 1_000, 3)
    return replace(found, result=result, chosen=tuple(chosen), filters=filters, newest=newest)


# "Hiện nay", "mới nhất": what an older article says may no longer be so.
_NOW = re.compile(r"\b(?:hien nay|hien tai|bay gio|den nay|hien gio|luc nay)\b")


def _is_about_now(query: Query) -> bool:
    """Whether the newest article counts most."""
    is_latest = any(period.is_latest for period in query.periods)
    return is_latest or bool(_NOW.search(fold(canonical(query.text))))


def answer_of(asked: Asked, found: Found) -> Answer:
    """The answer in quotes, or the refusal."""
    timings = dict(found.result.timings_ms) if found.result else {}
    if not found.chosen:
        text = "\n".join([*understood_note(found), found.text])
        refused = refusal(asked.id, found.outcome, text, found.language)
        return replace(refused, understood=found.understood, timings_ms=timings)
    sentences, citations = cite(found.chosen)
    labels = {citation.number: (citation.label, *citation.also) for citation in citations}
    told = [
        with_label(sentence.text, [label for n in sentence.citations for label in labels[n]])
        for sentence in sentences
    ]
    articles = [candidate.article for candidate in found.chosen]
    body = _in_blocks(found, told) if found.blocks else " ".join(told)
    counted = [found.counted] if found.counted else []
    text = " ".join([*understood_note(found), *counted, body, *closing_notes(found, articles)])
    return Answer(
        asked.id,
        found.outcome,
        text,
        sentences,
        citations,
        timings,
        found.understood,
        language=found.language,
    )


def _in_blocks(found: Found, told: Sequence[str]) -> str:
    """A line for each side of a comparison; where there is nothing, that is said."""
    lines = []
    rest = iter(told)
    for name, count in found.blocks:
        sentences = " ".join(next(rest) for _ in range(count))
        lines.append(f"• {name}: {sentences or found.wording.NOTHING_OF_THIS}")
    return "\n".join(lines)


# Sentences of each side of a comparison.
_SENTENCES_A_SIDE = 2


def _compared(
    retriever: Retriever, asked: Asked, filters: Filters, query: Query
) -> list[tuple[str, list[Candidate]]]:
    """Each side of a comparison with what answers for it; nothing where nothing is compared."""
    found = []
    for part in parts_of(query):
        alone = replace(asked, question=part.question, history=())
        _, chosen = _search(retriever, alone, filters)
        found.append((part.name, chosen[:_SENTENCES_A_SIDE]))
    return found


def understood_note(found: Found) -> list[str]:
    """How a question was read that leaned on an earlier one, or was not asked in Vietnamese."""
    if found.result is None:
        return []
    query = found.result.query
    is_told = query.earlier or found.language != "vi"
    return [found.wording.understood_as(query.text)] if is_told else []


def closing_notes(found: Found, articles: Sequence[Article]) -> list[str]:
    """What the reader must know beside the sentences: merged provinces, up to which day."""
    notes = _merger_notes(found, found.result.query, articles) if found.result else []
    return [*notes, *([found.wording.up_to(found.newest)] if found.newest else [])]


def _search(
    retriever: Retriever, asked: Asked, filters: Filters
) -> tuple[SearchResult, list[Candidate]]:
    result = retriever.search(asked.question, _TOP_K, asked.history, filters, widened=asked.widened)
    started = time.perf_counter()
    if asks_for_articles(result.query):
        chosen = opening_sentences(result.hits)
    else:
        index = retriever.index
        chosen = select_sentences(
            result.query, result.hits, index.searcher.weights, index.manifest.articles
        )
    result.timings_ms["answer"] = round((time.perf_counter() - started) * 1_000, 3)
    return result, chosen


def _why_not(
    retriever: Retriever, asked: Asked, filters: Filters, result: SearchResult, wording: Words
) -> tuple[Outcome, str]:
    def widened(dimension: Dimension) -> tuple[SearchResult, bool]:
        wider = replace(asked, widened=(*asked.widened, dimension))
        found, chosen = _search(retriever, wider, filters)
        return found, bool(chosen)

    return why_not(retriever, filters, result, widened, wording)


def _merger_notes(found: Found, query: Query, articles: Sequence[Article]) -> list[str]:
    """What became of a province that is cited, or asked for, under its other name."""
    cited = {article.province for article in articles}
    gazetteer = load()
    notes = [
        found.wording.merged(former, place)
        for place in query.provinces
        for former in gazetteer.predecessors(place)
        if former != place and former in cited and former not in query.provinces
    ]
    return notes + [
        found.wording.merged(succession.former, succession.name)
        for succession in query.successors
        if any(succession.covers(article.province, article.date) for article in articles)
    ]


def refusal(answer_id: str, outcome: Outcome, text: str, language: SpokenLanguage = "vi") -> Answer:
    """An answer that claims nothing and therefore cites nothing."""
    return Answer(answer_id, outcome, text, (), (), {}, language=language)


def unanswered(asked: Asked, outcome: Outcome) -> Answer:
    """The refusal of a question that could not be looked at, in the language of the question."""
    language = language_of(asked.question)
    wording = words_of(language)
    text = wording.BUSY if outcome is Outcome.BUSY else wording.INDEX_MISSING
    return refusal(asked.id, outcome, text, language)
