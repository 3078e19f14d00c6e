"""Question -> hits: both halves are asked, their scores are fused."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from retrieval.bonuses import article_bonuses
from retrieval.dense import Rows
from retrieval.duplicates import near_duplicates
from retrieval.encoders import Encoder, Vectors, open_encoder
from retrieval.fusion import weighted_fusion
from retrieval.index import Index
from retrieval.language import PLAIN, Language
from retrieval.periods import today_in_vietnam
from retrieval.question import understand
from retrieval.schema import (
    NO_FILTERS,
    Article,
    Dimension,
    Filters,
    Hit,
    Passage,
    Query,
    SearchResult,
    SentenceScore,
)
from retrieval.settings import Settings
from retrieval.snapshot import models_folder
from retrieval.sparse import SparseQuery
from retrieval.text import fold, sentences

TOP_K = 10

# Candidates each index may propose. Beyond the first hundred passages no half was seen to
# hold the right one while the other had it in its first ten; of sentences there are more.
PASSAGE_DEPTH = 100
_SENTENCE_DEPTH = 300

# The dense half: a passage is as near as its nearest sentence, and a little as it is itself.
# Sentences alone reach nDCG@10 .816 on ViNewsQA where whole passages reach .704.
_SENTENCE_SHARE = 0.6

# The sparse half: BM25 of the passage, helped by its article's, and by what its best sentence
# holds of the question's words: words of one sentence belong together.
_ARTICLE_SHARE = 1.0
_TOGETHER_SHARE = 1.0

# Of the dense half in the fusion; benchmarks/README.md has the curve. Where no mark
# could be restored the model is nearly blind (XQuAD-vi MRR .930 -> .372) and only breaks ties.
_DENSE_WEIGHT = 0.5
_DENSE_WEIGHT_FOLDED = 0.1

# Hits that are compared for repeating each other, a time.
_COMPARED = 20

# What can be switched off, to see what each brings (`evaluate --without`).
FEATURES = {
    "marks": "marks restored for a question typed without",
    "abbreviations": "abbreviations written out and the other way round",
    "sentences": "a vector a sentence beside the vector a passage",
    "articles": "BM25 of the whole article beside the passage's",
    "together": "the question's words in one sentence, beside BM25",
    "pairs": "pairs of syllables in BM25",
    "places": "the bonus for an article of the question's place",
    "periods": "the bonus for an article of the question's period",
    "duplicates": "one place for passages that repeat each other",
}


class Clock:
    """Milliseconds from each stop to the next."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, step: str) -> None:
        now = time.perf_counter()
        self.timings_ms[step] = round((now - self._last) * 1_000, 3)
        self._last = now


@dataclass(frozen=True, slots=True)
class Ranking:
    """What became of every candidate; rows are the passages' numbers.

    Attributes:
        vector: of the question.
        allowed: the rows that pass the filters; None where there is no filter.
        dense, sparse: each half's scores.
        fused: of both, in [0, 1].
        bonuses: what comes on top, by reason (`place`, `period`, `latest`).
        scores: what decides; `rows` has them best first.
        dense_weight: of the dense half in the fusion.
    """

    query: Query
    vector: Vectors
    filters: Filters
    allowed: frozenset[int] | None
    dense: dict[int, float]
    sparse: dict[int, float]
    fused: dict[int, float]
    bonuses: dict[str, dict[int, float]]
    scores: dict[int, float]
    rows: list[int]
    dense_weight: float
    clock: Clock

    def bonuses_of(self, row: int) -> dict[str, float]:
        """By reason."""
        return {name: bonus[row] for name, bonus in self.bonuses.items() if row in bonus}


class Retriever:
    """A snapshot and the model it was built by. Safe to share between threads.

    Args:
        without: names of `FEATURES` that are switched off, for measuring.
    """

    def __init__(
        self, index: Index, encoder: Encoder, without: frozenset[str] = frozenset()
    ) -> None:
        self.index = index
        self.encoder = encoder
        self._working = ThreadPoolExecutor(os.cpu_count(), "search")
        self._without = without
        language = index.language
        self._language = Language(
            None if "marks" in without else language.model,
            PLAIN.abbreviations if "abbreviations" in without else language.abbreviations,
        )

    def search(
        self,
        question: str,
        top_k: int = TOP_K,
        history: Sequence[str] = (),
        filters: Filters = NO_FILTERS,
        *,
        widened: Collection[Dimension] = (),
    ) -> SearchResult:
        """At most `top_k` hits, best first; equal scores in the order of the archive.

        Passages that repeat each other take one place.

        Args:
            history: earlier questions of the conversation, oldest first.
            filters: what the articles must be, beside what the question says of them.
            widened: the question's own places or periods restrict and raise nothing.

        Raises:
            QuestionError: the question can not be asked.
        """
        depth = max(PASSAGE_DEPTH, top_k)
        ranking = self.rank(question, history, filters, depth, widened=widened)
        hits = self._distinct(ranking, top_k)
        ranking.clock.stop("records")
        return SearchResult(ranking.query, hits, ranking.clock.timings_ms, ranking.dense_weight)

    def rank(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters = NO_FILTERS,
        depth: int = PASSAGE_DEPTH,
        *,
        widened: Collection[Dimension] = (),
        include: Collection[int] = (),
    ) -> Ranking:
        """Every candidate with the parts of its score; `search` shows the first of them.

        Args:
            include: rows that are candidates too, where the filters let them pass, whether or
                not either index proposes them.
        """
        clock = Clock()
        query = understand(question, history, self._language, today_in_vietnam(), widened=widened)
        clock.stop("understand")
        # The model needs one core and a part of the other, the words the rest.
        encoding = self._working.submit(self.encoder.encode_question, query.written_out)
        wanted = filters.over(query.filters)
        allowed = self.index.records.passages_passing(wanted) if wanted else None
        sparse = self.sparse_scores(query, depth, allowed)
        if include:
            include = [row for row in include if allowed is None or row in allowed]
            sparse |= self.sparse_scores(query, len(include), frozenset(include))
        clock.stop("sparse")
        vector = encoding.result()
        clock.stop("encode")
        dense = self.dense_scores(vector, depth, [*sparse, *include], allowed)
        clock.stop("dense")
        is_folded = query.restored == fold(query.restored)
        weight = _DENSE_WEIGHT_FOLDED if is_folded else _DENSE_WEIGHT
        fused = weighted_fusion(dense, sparse, weight, self.encoder.cosine_spread)
        bonuses = article_bonuses(
            self.index.records,
            query,
            list(fused),
            with_places="places" not in self._without,
            with_periods="periods" not in self._without,
        )
        scores = {
            row: score + sum(bonus.get(row, 0.0) for bonus in bonuses.values())
            for row, score in fused.items()
        }
        rows = sorted(scores, key=lambda row: (-scores[row], row))
        clock.stop("fusion")
        halves = (dense, sparse, fused, bonuses)
        return Ranking(query, vector, wanted, allowed, *halves, scores, rows, weight, clock)

    def hits(self, ranking: Ranking, rows: Sequence[int]) -> tuple[Hit, ...]:
        """The records of some rows of a ranking, in the order given."""
        dense_ranks, sparse_ranks = ranks(ranking.dense), ranks(ranking.sparse)
        found = self.index.records.passages(rows)
        return tuple(
            Hit(
                article=article,
                passage=passage,
                score=ranking.scores[row],
                dense_rank=dense_ranks.get(row),
                sparse_rank=sparse_ranks.get(row),
                dense_score=ranking.dense[row],
                sparse_score=ranking.sparse.get(row, 0.0),
                fused=ranking.fused[row],
                bonuses=ranking.bonuses_of(row),
                sentences=scores,
            )
            for row, (article, passage), scores in zip(
                rows, found, self._sentence_scores(ranking, rows, found), strict=True
            )
        )

    def _sentence_scores(
        self, ranking: Ranking, rows: Sequence[int], found: Sequence[tuple[Article, Passage]]
    ) -> list[tuple[SentenceScore, ...]]:
        """Of each passage its sentences, each with its own cosine."""
        numbers = _ranges(self.index.records.sentence_bounds, np.asarray(rows, np.int64))
        cosines = iter(self.index.sentences.cosines(ranking.vector, numbers).tolist())
        return [
            tuple(
                SentenceScore(span.start, span.end, next(cosines))
                for span in sentences(article.text, passage.start, passage.end)
            )
            for article, passage in found
        ]

    def shown(self, ranking: Ranking, top_k: int) -> list[tuple[int, list[int]]]:
        """The best rows, each with those that repeat it and take no place of their own."""
        if "duplicates" in self._without:
            return [(row, []) for row in ranking.rows[:top_k]]
        seen = 0
        groups: dict[int, list[int]] = {}
        while seen < len(ranking.rows) and len(groups) < top_k:
            seen = min(len(ranking.rows), seen + max(_COMPARED, top_k))
            rows = ranking.rows[:seen]
            found = self.index.records.passages(rows)
            first = near_duplicates(found, self.index.records.sketches(rows))
            groups = {}
            for row, number in zip(rows, first, strict=True):
                groups.setdefault(rows[number], []).extend([row] if row != rows[number] else [])
        return list(groups.items())[:top_k]

    def _distinct(self, ranking: Ranking, top_k: int) -> tuple[Hit, ...]:
        """The best hits; what repeats an earlier one is only named with it."""
        groups = self.shown(ranking, top_k)
        hits = self.hits(ranking, [row for row, _ in groups])
        return tuple(
            replace(hit, also=self._articles(repeating)) if repeating else hit
            for hit, (_, repeating) in zip(hits, groups, strict=True)
        )

    def _articles(self, rows: Sequence[int]) -> tuple[Article, ...]:
        return tuple({a.id: a for a, _ in self.index.records.passages(rows)}.values())

    def sparse_scores(
        self, query: Query, depth: int, allowed: Collection[int] | None = None
    ) -> dict[int, float]:
        """Passage row -> BM25 with its article's share and its best sentence's.

        For the `depth` best passages, and those that hold one of the best sentences.
        """
        words = sparse_query(query, with_pairs="pairs" not in self._without)
        scores = dict(self.index.sparse.search(words, depth, allowed))
        if "articles" not in self._without:
            articles = dict(self.index.sparse_articles.search(words, depth))
            owners = self.index.records.articles_of_passages(list(scores))
            for row in scores:
                scores[row] += _ARTICLE_SHARE * articles.get(owners[row], 0.0)
        if "together" not in self._without:
            for row, weight in self._together(words, allowed).items():
                scores[row] = scores.get(row, 0.0) + _TOGETHER_SHARE * weight
        return scores

    def _together(self, words: SparseQuery, allowed: Collection[int] | None) -> dict[int, float]:
        """Passage row -> the weight of the question's words in its best sentence."""
        bounds = self.index.records.sentence_bounds
        spans = None if allowed is None else set(_ranges(bounds, _array(allowed)).tolist())
        found = self.index.sparse_sentences.cover(words, _SENTENCE_DEPTH, spans)
        owners = np.searchsorted(bounds, _array([row for row, _ in found]), side="right") - 1
        best: dict[int, float] = {}
        for owner, (_, weight) in zip(owners.tolist(), found, strict=True):
            best.setdefault(owner, weight)
        return best

    def dense_scores(
        self,
        vector: Vectors,
        depth: int,
        others: Iterable[int],
        allowed: Collection[int] | None = None,
    ) -> dict[int, float]:
        """Passage row -> nearness, for what either index proposes and for `others`."""
        index = self.index
        if "sentences" in self._without or index.sentences.count == 0:
            rows = {row for row, _ in index.passages.search(vector, depth, allowed)} | {*others}
            cosines = index.passages.cosines(vector, _array(rows))
            return dict(zip(rows, cosines.tolist(), strict=True))
        bounds = index.records.sentence_bounds
        spans = None if allowed is None else _ranges(bounds, np.sort(_array(allowed)))
        nearest_passages = self._working.submit(index.passages.search, vector, depth, allowed)
        proposed = [row for row, _ in index.sentences.search(vector, _SENTENCE_DEPTH, spans)]
        rows = {row for row, _ in nearest_passages.result()} | {*others}
        rows.update((np.searchsorted(bounds, _array(proposed), side="right") - 1).tolist())
        ordered = np.sort(_array(rows))
        whole = index.passages.cosines(vector, ordered)
        cosines = index.sentences.cosines(vector, _ranges(bounds, ordered))
        counts = bounds[ordered + 1] - bounds[ordered]
        has_any = counts > 0
        nearest = whole.copy()
        nearest[has_any] = np.maximum.reduceat(cosines, (np.cumsum(counts) - counts)[has_any])
        scores = _SENTENCE_SHARE * nearest + (1 - _SENTENCE_SHARE) * whole
        return dict(zip(ordered.tolist(), scores.tolist(), strict=True))


def sparse_query(query: Query, *, with_pairs: bool = True) -> SparseQuery:
    """Typed without any mark, its letters are surer than the marks that were restored."""
    if query.is_folded:
        restored = query.restored
        return SparseQuery(query.text, query.expansions, restored=restored, with_pairs=with_pairs)
    return SparseQuery(query.restored, query.expansions, with_pairs=with_pairs)


def _array(rows: Collection[int]) -> Rows:
    return np.fromiter(rows, np.int64, len(rows))


def _ranges(bounds: Rows, numbers: Rows) -> Rows:
    """Every row from `bounds[n]` to `bounds[n + 1]`, for each number in turn."""
    counts = bounds[numbers + 1] - bounds[numbers]
    before = np.repeat(np.cumsum(counts) - counts, counts)
    result: Rows = np.repeat(bounds[numbers], counts) + np.arange(counts.sum()) - before
    return result


def ranks(scores: Mapping[int, float]) -> dict[int, int]:
    """Row -> its place, from 1; equal scores in the order of rows."""
    ordered = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: rank for rank, row in enumerate(ordered, 1)}


def open_retriever(settings: Settings) -> Retriever:
    """The snapshot in use with the model that the settings name.

    Raises:
        IndexUnavailable: see `Index.open`.
        SettingsError: the model can not be loaded.
    """
    encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    return Retriever(Index.open(settings.vectors_dir, encoder.fingerprint), encoder)
