"""Question -> hits: both halves are asked, their scores are fused."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.encoders import Encoder, Vectors, open_encoder
from retrieval.fusion import weighted_fusion
from retrieval.index import Index
from retrieval.question import understand
from retrieval.schema import Filters, Hit, Query, SearchResult
from retrieval.settings import Settings
from retrieval.snapshot import models_folder
from retrieval.text import fold

TOP_K = 10

# Candidates each index may propose. Beyond the first hundred passages no half was seen to
# hold the right one while the other had it in its first ten; of sentences there are more.
_PASSAGE_DEPTH = 100
_SENTENCE_DEPTH = 200

# The dense half: a passage is as near as its nearest sentence, and a little as it is itself.
# Sentences alone reach nDCG@10 .816 on ViNewsQA where whole passages reach .704.
_SENTENCE_SHARE = 0.75

# The sparse half: BM25 of the passage, helped by its article's.
_ARTICLE_SHARE = 0.5

# Of the dense half in the fusion; benchmarks/README.md has the curve. Where no mark
# could be restored the model is nearly blind (XQuAD-vi MRR .930 -> .372) and only breaks ties.
_DENSE_WEIGHT = 0.5
_DENSE_WEIGHT_FOLDED = 0.1

# For an article of a province that the question names: enough to lift it over one of another
# province that says the same a little better, not over one that says something else.
_PLACE_BONUS = 0.2


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
        allowed: the rows that pass the filters; None where there is no filter.
        dense, sparse: each half's scores.
        bonus: on top of the fused score, for the place.
        scores: what decides; `rows` has them best first.
        dense_weight: of the dense half in the fusion.
    """

    query: Query
    filters: Filters
    allowed: frozenset[int] | None
    dense: dict[int, float]
    sparse: dict[int, float]
    bonus: dict[int, float]
    scores: dict[int, float]
    rows: list[int]
    dense_weight: float
    clock: Clock


class Retriever:
    """A snapshot and the model it was built by. Safe to share between threads."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder

    def search(
        self,
        question: str,
        top_k: int = TOP_K,
        history: Sequence[str] = (),
        filters: Filters | None = None,
    ) -> SearchResult:
        """At most `top_k` hits, best first; equal scores in the order of the archive.

        Args:
            history: earlier questions of the conversation, oldest first.
            filters: what the articles must be, instead of what the question says of them.

        Raises:
            QuestionError: the question can not be asked.
        """
        ranking = self.rank(question, history, filters, max(_PASSAGE_DEPTH, top_k))
        hits = self.hits(ranking, ranking.rows[:top_k])
        ranking.clock.stop("records")
        return SearchResult(ranking.query, hits, ranking.clock.timings_ms)

    def rank(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        depth: int = _PASSAGE_DEPTH,
    ) -> Ranking:
        """Every candidate with the parts of its score; `search` shows the first of them."""
        clock = Clock()
        query = understand(question, history, self.index.language.restore)
        clock.stop("understand")
        vector = self.encoder.encode_question(query.restored)
        clock.stop("encode")
        wanted = query.filters if filters is None else filters
        allowed = self.index.records.passages_passing(wanted) if wanted else None
        sparse = self.sparse_scores(query.text, depth, allowed)
        clock.stop("sparse")
        dense = self.dense_scores(vector, depth, sparse, allowed)
        clock.stop("dense")
        is_folded = query.restored == fold(query.restored)
        weight = _DENSE_WEIGHT_FOLDED if is_folded else _DENSE_WEIGHT
        fused = weighted_fusion(dense, sparse, weight, self.encoder.cosine_spread)
        bonus = self._bonus(query, list(fused))
        scores = {row: score + bonus.get(row, 0.0) for row, score in fused.items()}
        rows = sorted(scores, key=lambda row: (-scores[row], row))
        clock.stop("fusion")
        return Ranking(query, wanted, allowed, dense, sparse, bonus, scores, rows, weight, clock)

    def hits(self, ranking: Ranking, rows: Sequence[int]) -> tuple[Hit, ...]:
        """The records of some rows of a ranking, in the order given."""
        dense_ranks, sparse_ranks = _ranks(ranking.dense), _ranks(ranking.sparse)
        return tuple(
            Hit(
                article=article,
                passage=passage,
                score=ranking.scores[row],
                dense_rank=dense_ranks.get(row),
                sparse_rank=sparse_ranks.get(row),
                dense_score=ranking.dense[row],
                sparse_score=ranking.sparse.get(row, 0.0),
            )
            for row, (article, passage) in zip(rows, self.index.records.passages(rows), strict=True)
        )

    def _bonus(self, query: Query, rows: Sequence[int]) -> dict[int, float]:
        """Row -> what an article of a province of the question gets on top."""
        if not query.reached:
            return {}
        provinces = self.index.records.provinces_of_passages(rows)
        return {row: _PLACE_BONUS for row in rows if provinces[row] in query.reached}

    def sparse_scores(
        self, text: str, depth: int, allowed: Collection[int] | None = None
    ) -> dict[int, float]:
        """Passage row -> BM25, with the article's share, for the `depth` best passages."""
        passages = dict(self.index.sparse.search(text, depth, allowed))
        articles = dict(self.index.sparse_articles.search(text, depth))
        owners = self.index.records.articles_of_passages(list(passages))
        return {
            row: score + _ARTICLE_SHARE * articles.get(owners[row], 0.0)
            for row, score in passages.items()
        }

    def dense_scores(
        self,
        vector: Vectors,
        depth: int,
        others: Iterable[int],
        allowed: Collection[int] | None = None,
    ) -> dict[int, float]:
        """Passage row -> nearness, for what either index proposes and for `others`."""
        index = self.index
        spans = None if allowed is None else index.records.sentences_of_passages(list(allowed))
        proposed = [row for row, _ in index.sentences.search(vector, _SENTENCE_DEPTH, spans)]
        rows = {row for row, _ in index.passages.search(vector, depth, allowed)}
        rows |= {*index.records.passages_of_sentences(proposed).values(), *others}
        ordered = sorted(rows)
        owners = index.records.sentences_of_passages(ordered)
        nearest: dict[int, float] = {}
        cosines = index.sentences.cosines(vector, list(owners))
        for passage, cosine in zip(owners.values(), cosines, strict=True):
            nearest[passage] = max(cosine, nearest.get(passage, -1.0))
        return {
            row: _SENTENCE_SHARE * nearest.get(row, whole) + (1 - _SENTENCE_SHARE) * whole
            for row, whole in zip(ordered, index.passages.cosines(vector, ordered), strict=True)
        }


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
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
