"""A `Searcher` over Milvus: the rows of one snapshot, whatever else is there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from weakref import finalize

import numpy as np
from pymilvus import MilvusClient

from retrieval.bm25 import Weights, clauses, dimension_of, product
from retrieval.encoders import Vectors
from retrieval.errors import IndexIncompatible
from retrieval.local_searcher import check_dimensions
from retrieval.milvus_address import MilvusAddress
from retrieval.milvus_collection import MOST_FOUND, MilvusCollection, MilvusOptions, ids_in
from retrieval.milvus_faults import calling
from retrieval.milvus_generations import is_of, sentences_beside
from retrieval.milvus_rows import RowIds, Stamp
from retrieval.milvus_schema import expression
from retrieval.milvus_statistics import StoredStatistics
from retrieval.milvus_terms import held_terms
from retrieval.rows import Rows
from retrieval.searcher import Allowed, FoundRows
from retrieval.sparse import SparseQuery

# Of what is found, a tenth may be of other snapshots (`milvus_publish`), and more near a passage
# that changed often; where that is not enough, twice as many are asked for.
_MORE = 1.25
_SOME = 10

# Alternatives of a term are added up to propose passages, and the best of them counts afterwards:
# so more are proposed than are kept.
_PROPOSED = 2

# Terms whose counts are kept: some 10 MB.
_TERMS_KEPT = 100_000


class MilvusSearcher:
    """See `Searcher`. Threads may share it.

    Attributes:
        stamp: where its rows are.
    """

    def __init__(
        self,
        address: MilvusAddress,
        stamp: Stamp,
        passages: RowIds,
        sentences: RowIds,
        dimensions: int,
        options: MilvusOptions | None = None,
    ) -> None:
        """
        Args:
            passages, sentences: of the snapshot.

        Raises:
            IndexUnreachable: the server does not answer.
            IndexForbidden: it does not accept the token.
            IndexMissing: it does not have the collection.
        """
        options = options or MilvusOptions()
        self._address = address
        self.stamp = stamp
        self._dimensions = dimensions
        self._passage_ids, self._sentence_ids = passages, sentences
        with calling(address):
            client = MilvusClient(address.uri, token=address.token, timeout=options.timeout_seconds)
            finalize(self, client.close)
            terms = held_terms(client.get_server_version())
            name = stamp.collection
            self._passages = MilvusCollection(client, name, options, terms)
            self._sentences = MilvusCollection(client, sentences_beside(name), options, None)
            self._statistics = StoredStatistics(client, name, options.consistency)
        # Dimension -> passages that hold its term; they do not change under a name.
        self._counted: dict[int, int] = {}
        self._counting = threading.Lock()

    @classmethod
    def open(cls, folder: Path, address: MilvusAddress, dimensions: int) -> MilvusSearcher:
        """Of a snapshot; raises as the class does, and:

        Raises:
            IndexIncompatible: it was built without INDEX_URL, or for another name.
            IndexDamaged: a file is damaged.
        """
        stamp = Stamp.read(folder)
        if not is_of(address.collection, stamp.collection):
            raise IndexIncompatible(
                f"the index was built for another collection than {address.collection}, which "
                "INDEX_URL names: run `python ingest.py` to bring Milvus up to date"
            )
        passages, sentences = (RowIds.open(folder, kind) for kind in ("passages", "sentences"))
        return cls(address, stamp, passages, sentences, dimensions)

    def nearest_passages(
        self, vector: Vectors, depth: int, allowed: Allowed | None = None
    ) -> FoundRows:
        """See `Searcher.nearest_passages`."""
        return self._nearest(self._passages, self._passage_ids, vector, depth, allowed)

    def nearest_sentences(
        self, vector: Vectors, depth: int, allowed: Allowed | None = None, spans: Rows | None = None
    ) -> FoundRows:
        """See `Searcher.nearest_sentences`."""
        return self._nearest(self._sentences, self._sentence_ids, vector, depth, allowed, spans)

    def passage_cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """See `Searcher.passage_cosines`."""
        return self._cosines(self._passages, self._passage_ids, vector, rows)

    def sentence_cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """See `Searcher.sentence_cosines`."""
        return self._cosines(self._sentences, self._sentence_ids, vector, rows)

    def best_passages(
        self, words: SparseQuery, depth: int, allowed: Allowed | None = None
    ) -> FoundRows:
        """See `Searcher.best_passages`."""
        wanted = clauses(words)
        proposing: Weights = {}
        for vector in (one for clause in wanted for one in clause):
            for dimension, weight in vector.items():
                proposing[dimension] = proposing.get(dimension, 0.0) + weight
        if not proposing:
            return []
        has_alternatives = any(len(clause) > 1 for clause in wanted)
        condition = self._condition(allowed, self._passage_ids)
        found = self._own(
            self._passage_ids,
            depth * _PROPOSED if has_alternatives else depth,
            lambda limit: self._passages.best(proposing, limit, condition),
        )
        if has_alternatives:
            found = self._scored(wanted, [row for row, _ in found])
        return found[:depth]

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """See `Searcher.weights`; of the passages that there were when terms were counted last."""
        dimensions = {term: dimension_of(term) for term in terms}
        with self._counting:
            counts = {d: self._counted[d] for d in dimensions.values() if d in self._counted}
        if unknown := {*dimensions.values()} - counts.keys():
            with calling(self._address):
                found = self._statistics.holding(unknown)
            new = {dimension: found.get(dimension, 0) for dimension in unknown}
            counts |= new
            with self._counting:
                if len(self._counted) > _TERMS_KEPT:
                    self._counted.clear()
                self._counted |= new
        inverse_frequency = self._statistics.totals.inverse_frequency
        return {term: inverse_frequency(counts[d]) for term, d in dimensions.items()}

    def _scored(self, wanted: Sequence[Sequence[Weights]], rows: Sequence[int]) -> FoundRows:
        """BM25 of these passages, the best alternative of each clause counted."""
        with calling(self._address):
            held = self._passages.terms_of(self._passage_ids.of(rows))
        scores = {
            id: sum(max(product(one, terms) for one in clause) for clause in wanted)
            for id, terms in held.items()
        }
        return _ordered(self._rows_of(self._passage_ids, list(scores.items())))

    def _nearest(
        self,
        collection: MilvusCollection,
        ids: RowIds,
        vector: Vectors,
        depth: int,
        allowed: Allowed | None,
        chosen: Rows | None = None,
    ) -> FoundRows:
        check_dimensions(vector, self._dimensions)
        condition = self._condition(allowed, ids, chosen)
        return self._own(ids, depth, lambda limit: collection.nearest(vector, limit, condition))

    def _condition(self, allowed: Allowed | None, ids: RowIds, chosen: Rows | None = None) -> str:
        """
        Args:
            chosen: the allowed rows, where they are not passages.
        """
        if allowed is None:
            return ""
        if allowed.filters:
            return expression(allowed.filters)
        return ids_in(ids.of(allowed.rows if chosen is None else chosen))

    def _own(
        self, ids: RowIds, depth: int, ask: Callable[[int], list[tuple[str, float]]]
    ) -> FoundRows:
        """The `depth` best of what is this snapshot's, however much else is found before it.

        Args:
            ask: for at most so many.
        """
        depth = min(depth, len(ids))
        limit = int(depth * _MORE) + _SOME
        if depth <= 0:
            return []
        while True:
            with calling(self._address):
                found = ask(limit)
            own = self._rows_of(ids, found)
            if len(own) >= depth or len(found) < limit or limit >= MOST_FOUND:
                return _ordered(own)[:depth]
            limit *= 2

    def _rows_of(self, ids: RowIds, found: Sequence[tuple[str, float]]) -> FoundRows:
        rows = ids.rows([id for id, _ in found])
        return [
            (row, score) for row, (_, score) in zip(rows, found, strict=True) if row is not None
        ]

    def _cosines(
        self, collection: MilvusCollection, ids: RowIds, vector: Vectors, rows: Rows
    ) -> Vectors:
        check_dimensions(vector, self._dimensions)
        wanted = ids.of(rows)
        with calling(self._address):
            found = collection.cosines(vector, list(dict.fromkeys(wanted)))
        try:
            return np.array([found[id] for id in wanted], np.float32)
        except KeyError:
            raise IndexIncompatible(
                f"the Milvus server {self._address.shown} does not have all of the index of "
                f"{self.stamp.collection}: run `python ingest.py`, or take the snapshot of today"
            ) from None


def _ordered(found: FoundRows) -> FoundRows:
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
