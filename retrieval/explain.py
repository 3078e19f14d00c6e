"""Why retrieval found what it found, and why it did not find another passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.duplicates import near_duplicates
from retrieval.errors import PassageUnknown
from retrieval.index import Index, embedded_text
from retrieval.schema import NO_FILTERS, Article, Filters, Passage, Query
from retrieval.search import Ranking, Retriever, ranks
from retrieval.sparse import SparseQuery
from retrieval.text import fold, terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage with every part of its score.

    Attributes:
        rank: by score, from 1; None where a filter removed it.
        dense_rank, sparse_rank: place in that half's list, from 1; None if not in it.
        dense_score: cosine of question and passage, nearest sentence included.
        sparse_score: BM25 of the passage with its article's share.
        fused: of both halves, in [0, 1]; `score` is this and the bonuses.
        matched, missing: terms of the question in the passage and not in it, the rarest in the
            archive first; two syllables joined by `_` are a pair.
        repeats: id of the better passage of another article that it repeats, or None.
        also: labels of articles whose nearly same passage is named with this one; only known
            of an answer that was given.
    """

    id: str
    label: str
    title: str
    text: str
    rank: int | None
    dense_rank: int | None
    dense_score: float
    sparse_rank: int | None
    sparse_score: float
    fused: float
    bonuses: dict[str, float]
    score: float
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    repeats: str | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """What one filter leaves of the archive, by itself."""

    filter: str
    passages_left: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Attributes:
        candidates: the best, as many as were asked for; repeated ones are among them.
        considered: passages that either half proposed.
        passages: in the archive; `allowed` of them pass all filters.
        reason: of the passage that was asked about, why it is not among the hits; else None.
        asked: that passage.
    """

    query: Query
    filters: Filters
    removed: tuple[Removed, ...]
    passages: int
    allowed: int
    considered: int
    dense_weight: float
    candidates: tuple[Candidate, ...]
    timings_ms: dict[str, float]
    asked: Candidate | None = None
    reason: str | None = None


def explain(
    retriever: Retriever,
    question: str,
    top_k: int,
    history: Sequence[str] = (),
    filters: Filters = NO_FILTERS,
    passage: str | None = None,
) -> Explanation:
    """
    Args:
        passage: `ARTICLE:START`, of which it is told why it is not among the hits.

    Raises:
        QuestionError: the question can not be asked.
        PassageUnknown: there is no such passage; the message says which there are.
    """
    row = _row_of(retriever, passage) if passage else None
    ranking = retriever.rank(question, history, filters, include=() if row is None else (row,))
    rows = ranking.rows[:top_k]
    asked = None
    if row is not None:
        wanted = [*rows, row] if row not in rows else rows
        explained = _candidates(retriever, ranking, wanted)
        asked = explained[wanted.index(row)]
        explained = explained[: len(rows)]
    else:
        explained = _candidates(retriever, ranking, rows)
    total = retriever.index.passages.count
    return Explanation(
        query=ranking.query,
        filters=ranking.filters,
        removed=_removed(retriever, ranking.filters),
        passages=total,
        allowed=total if ranking.allowed is None else len(ranking.allowed),
        considered=len(ranking.rows),
        dense_weight=ranking.dense_weight,
        candidates=tuple(explained),
        timings_ms=ranking.clock.timings_ms,
        asked=asked,
        reason=_reason(asked, explained, top_k) if asked else None,
    )


def _row_of(retriever: Retriever, passage: str) -> int:
    article, _, start = passage.rpartition(":")
    starts = retriever.index.records.passage_starts(article)
    if not starts:
        raise PassageUnknown(f"no article {article!r} in the index; passages are ARTICLE:START")
    row = starts.get(int(start)) if start.isdecimal() else None
    if row is None:
        known = ", ".join(f"{article}:{number}" for number in starts)
        raise PassageUnknown(f"no passage starts at {start!r} there; there are {known}")
    return row


def _candidates(retriever: Retriever, ranking: Ranking, rows: Sequence[int]) -> list[Candidate]:
    places = {row: place for place, row in enumerate(ranking.rows, 1)}
    dense_ranks, sparse_ranks = ranks(ranking.dense), ranks(ranking.sparse)
    found = retriever.index.records.passages(rows)
    first = near_duplicates(found, retriever.index.passages.vectors(list(rows)))
    wanted = question_terms(retriever.index, ranking.query)
    result = []
    for number, (row, (article, passage)) in enumerate(zip(rows, found, strict=True)):
        held = passage_terms(article, passage, is_folded=ranking.query.is_folded)
        bonuses = ranking.bonuses_of(row)
        result.append(
            Candidate(
                id=passage.id,
                label=article.label,
                title=article.title,
                text=passage.text,
                rank=places.get(row),
                dense_rank=dense_ranks.get(row),
                dense_score=round(ranking.dense.get(row, 0.0), 4),
                sparse_rank=sparse_ranks.get(row),
                sparse_score=round(ranking.sparse.get(row, 0.0), 4),
                fused=round(ranking.fused.get(row, 0.0), 4),
                bonuses={name: round(value, 4) for name, value in bonuses.items()},
                score=round(ranking.scores.get(row, 0.0), 4),
                matched=tuple(term for term in wanted if term in held),
                missing=tuple(term for term in wanted if term not in held),
                repeats=found[first[number]][1].id if first[number] != number else None,
            )
        )
    return result


def question_terms(index: Index, query: Query) -> list[str]:
    """The question's terms as BM25 searched for them, the rarest first."""
    text = query.text if query.is_folded else query.restored
    words = SparseQuery(text, query.expansions)
    every = [
        *words.terms,
        *(t for reading in words.alternatives for some, _ in reading for t in some),
    ]
    return sorted(dict.fromkeys(every), key=lambda term: -index.sparse.weight(term))


def passage_terms(article: Article, passage: Passage, *, is_folded: bool) -> set[str]:
    """What BM25 sees of a passage: its title, place and day too."""
    text = embedded_text(article, passage)
    return set(terms(fold(text) if is_folded else text))


def _removed(retriever: Retriever, filters: Filters) -> tuple[Removed, ...]:
    records = retriever.index.records
    single = {
        f"province {', '.join(filters.provinces)}": Filters(provinces=filters.provinces),
        f"source {', '.join(filters.sources)}": Filters(sources=filters.sources),
        f"from {filters.date_from}": Filters(date_from=filters.date_from),
        f"to {filters.date_to}": Filters(date_to=filters.date_to),
    }
    return tuple(
        Removed(name, len(records.passages_passing(one))) for name, one in single.items() if one
    )


def _reason(asked: Candidate, shown: Sequence[Candidate], top_k: int) -> str:
    """Why a passage is not among the first `top_k`, in one sentence."""
    if asked.rank is None:
        return "A filter removes its article."
    if asked.repeats:
        return f"It repeats {asked.repeats}, and is named with that one."
    if asked.rank <= top_k:
        return f"It is among them, at rank {asked.rank}."
    last = shown[-1]
    parts = []
    if asked.sparse_score < last.sparse_score:
        lacks = ", ".join(asked.missing[:5])
        parts.append(
            f"its words score {asked.sparse_score:.2f} against {last.sparse_score:.2f}"
            + (f" (it lacks {lacks})" if lacks else "")
        )
    if asked.dense_score < last.dense_score:
        parts.append(f"its meaning {asked.dense_score:.3f} against {last.dense_score:.3f}")
    if sum(asked.bonuses.values()) < sum(last.bonuses.values()):
        parts.append("it is not of the place or time that the question names")
    return (
        f"It is at rank {asked.rank} with {asked.score:.3f}; the last one shown, {last.id}, has "
        f"{last.score:.3f}: {'; '.join(parts) or 'by little'}."
    )


def query_json(query: Query) -> dict[str, Any]:
    """What was understood, for programs."""
    return {
        "question": query.question,
        "text": query.text,
        "restored": query.restored,
        "written_out": query.written_out,
        "earlier": query.earlier,
        "provinces": list(query.provinces),
        "reached": list(query.reached),
        "districts": [name for name, _ in query.districts],
        "periods": [
            {
                "text": period.text,
                "first": period.first.isoformat(),
                "last": period.last.isoformat(),
                "of_articles": period.of_articles,
                "is_latest": period.is_latest,
            }
            for period in query.periods
        ],
        "expansions": [
            {
                "text": expansion.text,
                "short": expansion.short,
                "long": list(expansion.long),
                "is_ambiguous": expansion.is_ambiguous,
            }
            for expansion in query.expansions
        ],
        "filters": filters_json(query.filters),
    }


def filters_json(filters: Filters) -> dict[str, Any]:
    return {
        "provinces": list(filters.provinces),
        "sources": list(filters.sources),
        "from": filters.date_from.isoformat() if filters.date_from else None,
        "to": filters.date_to.isoformat() if filters.date_to else None,
    }
