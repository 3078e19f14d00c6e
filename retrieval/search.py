"""Question -> hits: both halves are asked, their scores are fused."""

from __future__ import annotations

import time
from collections.abc import Sequence

from retrieval.encoders import Encoder, open_encoder
from retrieval.fusion import weighted_fusion
from retrieval.index import Index
from retrieval.question import understand
from retrieval.schema import Hit, SearchResult
from retrieval.settings import Settings
from retrieval.snapshot import models_folder
from retrieval.text import fold

TOP_K = 10

# Candidates each half may propose. Beyond the first hundred neither half was seen to hold
# the right passage while the other had it in its first ten.
_DEPTH = 100

# nDCG@10 on ViNewsQA / XQuAD-vi / ViQuAD for weights .3, .4, .5, .6 (benchmarks/README.md):
# .856 .858 .857 .848 / .974 .979 .981 .983 / .890 .900 .905 .906. Without diacritics the
# model is nearly blind (XQuAD-vi MRR .930 -> .372), so there it only breaks ties.
_DENSE_WEIGHT = 0.5
_DENSE_WEIGHT_FOLDED = 0.1


class Retriever:
    """A snapshot and the model it was built by. Safe to share between threads."""

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self.index = index
        self.encoder = encoder

    def search(
        self, question: str, top_k: int = TOP_K, history: Sequence[str] = ()
    ) -> SearchResult:
        """At most `top_k` hits, best first; equal scores in the order of the archive.

        Args:
            history: earlier questions of the conversation, oldest first.

        Raises:
            QuestionError: the question can not be asked.
        """
        clock = _Clock()
        query = understand(question, history)
        clock.stop("understand")
        vector = self.encoder.encode_question(query.text)
        clock.stop("encode")
        dense = self.index.dense.search(vector, max(_DEPTH, top_k))
        clock.stop("dense")
        sparse = self.index.sparse.search(query.text, max(_DEPTH, top_k))
        clock.stop("sparse")
        # A passage that only BM25 proposed still has a cosine, and it is cheap to ask.
        only_sparse = list(dict(sparse).keys() - dict(dense).keys())
        cosines = dict(dense) | dict(
            zip(only_sparse, self.index.dense.cosines(vector, only_sparse), strict=True)
        )
        is_folded = query.text == fold(query.text)
        weight = _DENSE_WEIGHT_FOLDED if is_folded else _DENSE_WEIGHT
        fused = weighted_fusion(cosines, dict(sparse), weight, self.encoder.cosine_spread)
        rows = sorted(fused, key=lambda row: (-fused[row], row))[:top_k]
        clock.stop("fusion")
        dense_ranks = {row: rank for rank, (row, _) in enumerate(dense, 1)}
        sparse_ranks = {row: rank for rank, (row, _) in enumerate(sparse, 1)}
        hits = tuple(
            Hit(
                article=article,
                passage=passage,
                score=fused[row],
                dense_rank=dense_ranks.get(row),
                sparse_rank=sparse_ranks.get(row),
                dense_score=cosines[row],
                sparse_score=dict(sparse).get(row, 0.0),
            )
            for row, (article, passage) in zip(rows, self.index.records.passages(rows), strict=True)
        )
        clock.stop("records")
        return SearchResult(query, hits, clock.timings_ms)


def open_retriever(settings: Settings) -> Retriever:
    """The snapshot in use with the model that the settings name.

    Raises:
        IndexUnavailable: see `Index.open`.
        SettingsError: the model can not be loaded.
    """
    encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    return Retriever(Index.open(settings.vectors_dir, encoder.fingerprint), encoder)


class _Clock:
    """Milliseconds from each stop to the next."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, step: str) -> None:
        now = time.perf_counter()
        self.timings_ms[step] = round((now - self._last) * 1_000, 3)
        self._last = now
