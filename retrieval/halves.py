"""The two halves of a search: what is near in meaning, and what holds the words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np

from retrieval.encoders import Vectors
from retrieval.rows import as_rows, ranges
from retrieval.schema import Query
from retrieval.searcher import Allowed, FoundRows, SearchedIndex
from retrieval.sparse import Among, SparseQuery

# Sentences each index may propose; of passages a search says how many.
_SENTENCE_DEPTH = 300

# The dense half: a passage is as near as its nearest sentence, and a little as it is itself.
# Sentences alone reach nDCG@10 .816 on ViNewsQA where whole passages reach .704.
_SENTENCE_SHARE = 0.6

# The sparse half: BM25 of the passage, helped by its article's, and by what its best sentence
# holds of the question's words: words of one sentence belong together.
_ARTICLE_SHARE = 1.0
_TOGETHER_SHARE = 1.0


@dataclass(frozen=True, slots=True)
class DenseHalf:
    """Passage row -> cosines with the question.

    Attributes:
        scores: nearness, of both.
        nearest: of its nearest sentence; of itself where it has none.
        whole: of itself.
    """

    scores: dict[int, float]
    nearest: dict[int, float]
    whole: dict[int, float]


@dataclass(frozen=True, slots=True)
class SparseHalf:
    """Passage row -> BM25.

    Attributes:
        scores: of the passage, with its article's share and its best sentence's.
        articles: of its article, where that is among the best.
    """

    scores: dict[int, float]
    articles: dict[int, float]


def sparse_query(query: Query, *, with_pairs: bool = True) -> SparseQuery:
    """Typed without any mark, its letters are surer than the marks that were restored."""
    if query.is_folded:
        restored = query.restored
        return SparseQuery(query.text, query.expansions, restored=restored, with_pairs=with_pairs)
    return SparseQuery(query.restored, query.expansions, with_pairs=with_pairs)


def sparse_half(
    index: SearchedIndex,
    query: Query,
    depth: int,
    allowed: Allowed | None = None,
    without: frozenset[str] = frozenset(),
) -> SparseHalf:
    """For the `depth` best passages, and those that hold one of the best sentences.

    Args:
        without: of the names in `search.FEATURES`.
    """
    words = sparse_query(query, with_pairs="pairs" not in without)
    scores = dict(index.searcher.best_passages(words, depth, allowed))
    if "together" not in without:
        for row, weight in _together(index, words, allowed).items():
            scores[row] = scores.get(row, 0.0) + _TOGETHER_SHARE * weight
    articles: dict[int, float] = {}
    if "articles" not in without:
        best = dict(index.sparse_articles.search(words, depth))
        owners = index.records.articles_of_passages(list(scores))
        articles = {row: best.get(owners[row], 0.0) for row in scores}
        for row, score in articles.items():
            scores[row] += _ARTICLE_SHARE * score
    return SparseHalf(scores, articles)


def _together(
    index: SearchedIndex, words: SparseQuery, allowed: Allowed | None
) -> dict[int, float]:
    """Passage row -> the weight of the question's words in its best sentence."""
    bounds = index.records.sentence_bounds
    among = None if allowed is None else allowed.documents
    if among and among.of == "row":
        among = Among("row", ranges(bounds, among.numbers))
    found = index.sparse_sentences.cover(words, _SENTENCE_DEPTH, among)
    owners = np.searchsorted(bounds, as_rows([row for row, _ in found]), side="right") - 1
    best: dict[int, float] = {}
    for owner, (_, weight) in zip(owners.tolist(), found, strict=True):
        best.setdefault(owner, weight)
    return best


def nearest_sentences(
    index: SearchedIndex, vector: Vectors, allowed: Allowed | None = None
) -> FoundRows:
    """What the index of sentences proposes."""
    spans = None if allowed is None else ranges(index.records.sentence_bounds, allowed.rows)
    return index.searcher.nearest_sentences(vector, _SENTENCE_DEPTH, allowed, spans)


def dense_half(
    index: SearchedIndex,
    vector: Vectors,
    depth: int,
    others: Iterable[int],
    allowed: Allowed | None = None,
    *,
    sentences: Future[FoundRows] | None,
) -> DenseHalf:
    """For what either index of vectors proposes, and for `others`.

    Args:
        sentences: `nearest_sentences`, which may be at work still; None: they do not count.
    """
    searcher, bounds = index.searcher, index.records.sentence_bounds
    rows = {row for row, _ in searcher.nearest_passages(vector, depth, allowed)} | {*others}
    if sentences is None or bounds[-1] == 0:
        cosines = searcher.passage_cosines(vector, as_rows(rows))
        whole = dict(zip(rows, cosines.tolist(), strict=True))
        return DenseHalf(whole, whole, whole)
    proposed = [row for row, _ in sentences.result()]
    rows.update((np.searchsorted(bounds, as_rows(proposed), side="right") - 1).tolist())
    ordered = np.sort(as_rows(rows))
    cosines_whole = searcher.passage_cosines(vector, ordered)
    cosines = searcher.sentence_cosines(vector, ranges(bounds, ordered))
    counts = bounds[ordered + 1] - bounds[ordered]
    has_any = counts > 0
    nearest = cosines_whole.copy()
    nearest[has_any] = np.maximum.reduceat(cosines, (np.cumsum(counts) - counts)[has_any])
    scores = _SENTENCE_SHARE * nearest + (1 - _SENTENCE_SHARE) * cosines_whole
    listed = ordered.tolist()
    return DenseHalf(
        *(
            dict(zip(listed, values.tolist(), strict=True))
            for values in (scores, nearest, cosines_whole)
        )
    )


def sentence_cosines(index: SearchedIndex, vector: Vectors, rows: Collection[int]) -> list[float]:
    """Of the sentences of some passages, one passage after the other."""
    numbers = ranges(index.records.sentence_bounds, as_rows(rows))
    cosines: list[float] = index.searcher.sentence_cosines(vector, numbers).tolist()
    return cosines
