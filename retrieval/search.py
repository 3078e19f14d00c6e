"""Question -> hits: both halves are asked, their scores are fused."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from retrieval import reranking
from retrieval.bonuses import article_bonuses
from retrieval.duplicates import near_duplicates
from retrieval.encoders import Encoder, Vectors, open_encoder
from retrieval.fusion import weighted_fusion
from retrieval.halves import (
    DenseHalf,
    SparseHalf,
    dense_half,
    nearest_sentences,
    sentence_cosines,
    sparse_half,
)
from retrieval.language import PLAIN, Language
from retrieval.periods import today_in_vietnam
from retrieval.question import understand
from retrieval.rows import as_rows
from retrieval.schema import (
    NO_FILTERS,
    Article,
    Dimension,
    Filters,
    Hit,
    Parts,
    Query,
    SearchResult,
    SentenceScore,
)
from retrieval.searcher import Allowed, FoundRows, SearchedIndex, allowed_by
from retrieval.settings import Settings
from retrieval.sharing import open_index
from retrieval.snapshot import models_folder
from retrieval.text import fold

TOP_K = 10

# Candidates each index may propose. Beyond the first hundred passages no half was seen to
# hold the right one while the other had it in its first ten.
PASSAGE_DEPTH = 100

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
    "reranking": "the first candidates looked at closely",
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
        allowed: the passages that pass the filters; None where there is no filter.
        dense, sparse: each half's scores.
        fused: of both, in [0, 1].
        parts: of the first candidates, what each holds of the question.
        reranked: their score by that.
        bonuses: what comes on top, by reason (`place`, `period`, `latest`).
        scores: what decides; `rows` has them best first.
        dense_weight: of the dense half in the fusion.
    """

    query: Query
    vector: Vectors
    filters: Filters
    allowed: Allowed | None
    dense: dict[int, float]
    sparse: dict[int, float]
    fused: dict[int, float]
    parts: dict[int, Parts]
    reranked: dict[int, float]
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
        self, index: SearchedIndex, encoder: Encoder, without: frozenset[str] = frozenset()
    ) -> None:
        self.index = index
        self.encoder = encoder
        # A question has two: one that computes, and one that waits for it.
        self._working = ThreadPoolExecutor(2 * (os.cpu_count() or 1), "search")
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
        allowed = allowed_by(self.index.records, wanted) if wanted else None
        sentences = self._nearest_sentences(encoding, allowed)
        include = [row for row in include if allowed is None or row in allowed]
        sparse = self._sparse_half(query, depth, allowed, include)
        clock.stop("sparse")
        vector = encoding.result()
        clock.stop("encode")
        dense = dense_half(
            self.index,
            vector,
            depth,
            [*sparse.scores, *include],
            allowed,
            sentences=sentences,
        )
        clock.stop("dense")
        is_folded = query.restored == fold(query.restored)
        weight = _DENSE_WEIGHT_FOLDED if is_folded else _DENSE_WEIGHT
        fused = weighted_fusion(dense.scores, sparse.scores, weight, self.encoder.cosine_spread)
        bonuses = article_bonuses(
            self.index.records,
            query,
            list(fused),
            with_places="places" not in self._without,
            with_periods="periods" not in self._without,
        )
        on_top = {row: sum(bonus.get(row, 0.0) for bonus in bonuses.values()) for row in fused}
        before = {row: score + on_top[row] for row, score in fused.items()}
        rows = _best_first(before)
        clock.stop("fusion")
        parts = self._parts(query, rows, dense, sparse)
        reranked = reranking.reranked(parts)
        first = {row: score + on_top[row] for row, score in reranked.items()}
        scores = before | _beneath(first, before, rows)
        clock.stop("reranking")
        return Ranking(
            query=query,
            vector=vector,
            filters=wanted,
            allowed=allowed,
            dense=dense.scores,
            sparse=sparse.scores,
            fused=fused,
            parts=parts,
            reranked=reranked,
            bonuses=bonuses,
            scores=scores,
            rows=[*_best_first(first), *rows[len(first) :]],
            dense_weight=weight,
            clock=clock,
        )

    def _nearest_sentences(
        self, encoding: Future[Vectors], allowed: Allowed | None
    ) -> Future[FoundRows] | None:
        """What is looked for beside the words, as soon as the question is encoded.

        Work is begun in the order in which it is given, so that what waits never keeps what it
        waits for from being begun.
        """
        if "sentences" in self._without:
            return None
        return self._working.submit(
            lambda: nearest_sentences(self.index, encoding.result(), allowed)
        )

    def _parts(
        self, query: Query, rows: Sequence[int], dense: DenseHalf, sparse: SparseHalf
    ) -> dict[int, Parts]:
        """What the first of the rows hold of the question."""
        first = rows[: reranking.DEPTH]
        if not first or "reranking" in self._without:
            return {}
        spread = self.encoder.cosine_spread
        return reranking.parts_of(self.index, query, first, dense, sparse, spread)

    def _sparse_half(
        self,
        query: Query,
        depth: int,
        allowed: Allowed | None,
        include: Collection[int],
    ) -> SparseHalf:
        half = sparse_half(self.index, query, depth, allowed, self._without)
        if include:
            chosen = Allowed(np.unique(as_rows(include)))
            more = sparse_half(self.index, query, len(chosen.rows), chosen, self._without)
            half = SparseHalf(half.scores | more.scores, half.articles | more.articles)
        return half

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
                reranked=ranking.reranked.get(row),
                bonuses=ranking.bonuses_of(row),
                sentences=scores,
            )
            for row, (article, passage), scores in zip(
                rows, found, self._sentence_scores(ranking, rows), strict=True
            )
        )

    def _sentence_scores(
        self, ranking: Ranking, rows: Sequence[int]
    ) -> list[tuple[SentenceScore, ...]]:
        """Of each passage its sentences, each with its own cosine."""
        cosines = iter(sentence_cosines(self.index, ranking.vector, rows))
        return [
            tuple(SentenceScore(span.start, span.end, next(cosines)) for span in spans)
            for spans in self.index.records.sentence_spans(rows)
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
        records = self.index.records
        owners = records.articles_of_passages([row for row, _ in groups])
        tellings = records.tellings(list(set(owners.values())))
        return tuple(
            replace(hit, also=self._also(repeating, tellings[owners[row]], ranking.allowed))
            for hit, (row, repeating) in zip(hits, groups, strict=True)
        )

    def _also(
        self, repeating: Sequence[int], tellings: Sequence[int], allowed: Allowed | None
    ) -> tuple[Article, ...]:
        """The articles of passages that repeat one, and those that tell its article's story."""
        records = self.index.records
        told = [
            other
            for other in tellings
            if allowed is None or records.first_passage(other) in allowed
        ]
        found = [article for article, _ in records.passages(repeating)]
        found += [records.article(other) for other in told]
        return tuple({article.id: article for article in found}.values())


def _best_first(scores: Mapping[int, float]) -> list[int]:
    """Equal ones in the order of rows."""
    return sorted(scores, key=lambda row: (-scores[row], row))


def _beneath(
    first: Mapping[int, float], scores: Mapping[int, float], rows: Sequence[int]
) -> dict[int, float]:
    """The first rows with their new scores, the others as far beneath the least of them as
    they were beneath the last of them before."""
    if not first:
        return {}
    floor, last = min(first.values()), scores[rows[len(first) - 1]]
    return dict(first) | {row: floor - (last - scores[row]) for row in rows[len(first) :]}


def ranks(scores: Mapping[int, float]) -> dict[int, int]:
    """Row -> its place, from 1; equal scores in the order of rows."""
    return {row: rank for rank, row in enumerate(_best_first(scores), 1)}


def open_retriever(
    settings: Settings, encoder: Encoder | None = None, *, or_earlier: bool = True
) -> Retriever:
    """The snapshot in use with the model that the settings name.

    Args:
        encoder: that model, where it has been opened before.

    Raises:
        IndexUnavailable, SettingsError: see `open_index`.
        SettingsError: the model can not be loaded.
    """
    if encoder is None:
        encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    index = open_index(settings, encoder.fingerprint, or_earlier=or_earlier)
    return Retriever(index, encoder)
