"""Why retrieval found what it found, and why it did not find another passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from retrieval.errors import LONGEST_SHOWN, PassageUnknown
from retrieval.halves import sparse_query
from retrieval.index_files import embedded_text
from retrieval.schema import NO_FILTERS, Article, Filters, Parts, Passage, Query
from retrieval.search import PASSAGE_DEPTH, Ranking, Retriever
from retrieval.search import ranks as ranks_of
from retrieval.searcher import SearchedIndex, allowed_by
from retrieval.text import fold, printable, terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage with every part of its score.

    Attributes:
        rank: its place in the list that a search shows, from 1; None where it has none.
        dense_rank, sparse_rank: place in that half's list, from 1; None if not in it.
        dense_score: cosine of question and passage, nearest sentence included.
        sparse_score: BM25 of the passage with its article's share.
        fused: of both halves, in [0, 1]; `score` is this and the bonuses.
        matched, missing: terms of the question in the passage and not in it, the rarest in the
            archive first; two syllables joined by `_` are a pair.
        reranked: what a closer look made of the fused score; None where it stood too far down.
        parts: what the closer look saw, see `retrieval.schema.Parts`; not known of an
            answer that was given.
        repeats: id of the better passage of another article that it repeats, or None.
        repeated_by: ids of the passages that repeat it, and are named with it.
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
    reranked: float | None
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    repeats: str | None
    repeated_by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    parts: dict[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Removed:
    """What one filter leaves of the archive, by itself."""

    filter: str
    passages_left: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Attributes:
        candidates: those that a search shows, as many as were asked for.
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
    ranking = retriever.rank(question, history, filters, max(PASSAGE_DEPTH, top_k))
    shown = _candidates(retriever, ranking, retriever.shown(ranking, top_k))
    asked = reason = None
    if row is not None and row in ranking.scores:
        asked, reason = _why_not_shown(retriever, ranking, row, shown)
    elif row is not None:
        wider = retriever.rank(question, history, filters, include=(row,))
        (asked,) = _candidates(retriever, wider, [(row, [])], ranks=[None])
        reason = _why_not_proposed(asked, shown, is_allowed=row in wider.scores)
    total = retriever.index.manifest.passages
    return Explanation(
        query=ranking.query,
        filters=ranking.filters,
        removed=_removed(retriever, ranking.filters),
        passages=total,
        allowed=total if ranking.allowed is None else len(ranking.allowed.rows),
        considered=len(ranking.rows),
        dense_weight=ranking.dense_weight,
        candidates=tuple(shown),
        timings_ms=ranking.clock.timings_ms,
        asked=asked,
        reason=reason,
    )


def _row_of(retriever: Retriever, passage: str) -> int:
    article, _, start = passage.rpartition(":")
    starts = retriever.index.records.passage_starts(article)
    if not starts:
        shown = printable(article, LONGEST_SHOWN)
        raise PassageUnknown(f"no article “{shown}” in the index; passages are ARTICLE:START")
    row = starts.get(int(start)) if start.isdecimal() else None
    if row is None:
        known = ", ".join(f"{article}:{number}" for number in starts)
        shown = printable(start, LONGEST_SHOWN)
        raise PassageUnknown(f"no passage starts at “{shown}” there; there are {known}")
    return row


def _candidates(
    retriever: Retriever,
    ranking: Ranking,
    groups: Sequence[tuple[int, list[int]]],
    ranks: Sequence[int | None] | None = None,
) -> list[Candidate]:
    """Of each row with those that repeat it; `ranks` are from 1 on where none are given."""
    passages = retriever.index.records.passages
    found = passages([row for row, _ in groups])
    by_meaning, by_words = ranks_of(ranking.dense), ranks_of(ranking.sparse)
    wanted = question_terms(retriever.index, ranking.query)
    result = []
    for number, ((row, same), (article, passage)) in enumerate(zip(groups, found, strict=True)):
        held = passage_terms(article, passage, is_folded=ranking.query.is_folded)
        bonuses = ranking.bonuses_of(row)
        result.append(
            Candidate(
                id=passage.id,
                label=article.label,
                title=article.title,
                text=passage.text,
                rank=ranks[number] if ranks else number + 1,
                dense_rank=by_meaning.get(row),
                dense_score=round(ranking.dense.get(row, 0.0), 4),
                sparse_rank=by_words.get(row),
                sparse_score=round(ranking.sparse.get(row, 0.0), 4),
                fused=round(ranking.fused.get(row, 0.0), 4),
                bonuses={name: round(value, 4) for name, value in bonuses.items()},
                score=round(ranking.scores.get(row, 0.0), 4),
                reranked=_rounded(ranking.reranked.get(row)),
                matched=tuple(term for term in wanted if term in held),
                missing=tuple(term for term in wanted if term not in held),
                repeats=None,
                repeated_by=tuple(other.id for _, other in passages(same)) if same else (),
                parts=_parts(ranking.parts.get(row)),
            )
        )
    return result


def _parts(parts: Parts | None) -> dict[str, float]:
    return {name: round(value, 3) for name, value in parts._asdict().items()} if parts else {}


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def question_terms(index: SearchedIndex, query: Query) -> list[str]:
    """The question's terms as BM25 searched for them, the rarest first."""
    words = sparse_query(query)
    every = [
        *words.terms,
        *(t for reading in words.alternatives for some, _ in reading for t in some),
    ]
    weights = index.searcher.weights(dict.fromkeys(every))
    return sorted(weights, key=lambda term: -weights[term])


def passage_terms(article: Article, passage: Passage, *, is_folded: bool) -> set[str]:
    """What BM25 sees of a passage: its title, place and day too."""
    text = embedded_text(article, passage)
    return set(terms(fold(text) if is_folded else text))


def _removed(retriever: Retriever, filters: Filters) -> tuple[Removed, ...]:
    records = retriever.index.records
    single = {
        f"province {', '.join(filters.provinces)}": Filters(
            provinces=filters.provinces, successors=filters.successors
        ),
        f"source {', '.join(filters.sources)}": Filters(sources=filters.sources),
        f"from {filters.date_from}": Filters(date_from=filters.date_from),
        f"to {filters.date_to}": Filters(date_to=filters.date_to),
    }
    return tuple(
        Removed(name, len(allowed_by(records, one).rows)) for name, one in single.items() if one
    )


def _why_not_shown(
    retriever: Retriever, ranking: Ranking, row: int, shown: Sequence[Candidate]
) -> tuple[Candidate, str]:
    """A passage that was ranked, and why it is not among those shown."""
    groups = retriever.shown(ranking, len(ranking.rows))
    place = next(n for n, (best, same) in enumerate(groups) if row == best or row in same)
    (first,) = _candidates(retriever, ranking, [groups[place]], ranks=[place + 1])
    if row != groups[place][0]:
        (asked,) = _candidates(retriever, ranking, [(row, [])], ranks=[None])
        reason = f"It repeats {first.id}, at rank {first.rank}, and is named with that one."
        return replace(asked, repeats=first.id), reason
    if place < len(shown):
        return first, f"It is among them, at rank {first.rank}."
    return (
        first,
        f"It is at rank {first.rank} with {first.score:.3f}; {_against(first, shown[-1])}.",
    )


def _why_not_proposed(asked: Candidate, shown: Sequence[Candidate], *, is_allowed: bool) -> str:
    if not is_allowed:
        return "A filter removes its article."
    against = f"; {_against(asked, shown[-1])}" if shown else ""
    return f"Neither its words nor its meaning are near enough to make it a candidate{against}."


def _against(asked: Candidate, last: Candidate) -> str:
    """What the last one shown has more of."""
    parts = []
    if asked.sparse_score < last.sparse_score:
        lacks = ", ".join(asked.missing[:5])
        parts.append(
            f"its words score {asked.sparse_score:.2f} against {last.sparse_score:.2f}"
            + (f" (it lacks {lacks})" if lacks else "")
        )
    if asked.dense_score < last.dense_score:
        parts.append(f"its meaning {asked.dense_score:.3f} against {last.dense_score:.3f}")
    if (asked.reranked or 0.0) < (last.reranked or 0.0):
        mine = "none, it stands too far down" if asked.reranked is None else f"{asked.reranked:.3f}"
        parts.append(f"a closer look gives it {mine}, against {last.reranked:.3f}")
    if sum(asked.bonuses.values()) < sum(last.bonuses.values()):
        parts.append("it is not of the place or time that the question names")
    return f"the last one shown, {last.id}, has {last.score:.3f}: {'; '.join(parts) or 'by little'}"


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
                "is_base": period.is_base,
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
