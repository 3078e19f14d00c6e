"""A `PassageStore` on Milvus: passages under a name, without a snapshot beside them.

`publish` makes a new collection and then moves the name to it, see `milvus_generations`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pymilvus import MilvusClient

from retrieval.batches import batches
from retrieval.bm25 import Holding, TermStatistics, count_terms, question_weights
from retrieval.encoders import Vectors
from retrieval.errors import (
    IndexForbidden,
    IndexIncompatible,
    IndexMissing,
    IndexUnavailable,
    IndexUnreachable,
)
from retrieval.local_searcher import check_dimensions
from retrieval.milvus_address import MilvusAddress
from retrieval.milvus_collection import BATCH, MilvusCollection, MilvusOptions, at_once
from retrieval.milvus_faults import calling, missing
from retrieval.milvus_generations import aliased, drop, drop_others, move_alias, new_name
from retrieval.milvus_schema import VECTOR, expression, passage_values
from retrieval.milvus_statistics import StoredStatistics
from retrieval.milvus_terms import HeldTerms, held_terms, term_values
from retrieval.schema import NO_FILTERS, Filters
from retrieval.searcher import Found, PassageRow

_log = logging.getLogger(__name__)


class MilvusIndex:
    """A `PassageStore` on a Milvus server, or in a file of Milvus Lite. Safe to share by threads.

    Args:
        dimensions: of the vectors, as the encoder makes them.

    Raises:
        IndexUnreachable: the server does not answer.
        IndexForbidden: it does not accept the token.
    """

    def __init__(
        self, address: MilvusAddress, dimensions: int, options: MilvusOptions | None = None
    ) -> None:
        self._address = address
        self._dimensions = dimensions
        self._options = options or MilvusOptions()
        timeout = self._options.timeout_seconds
        with calling(address):
            self._client = MilvusClient(address.uri, token=address.token, timeout=timeout)
            self._terms: HeldTerms = held_terms(self._client.get_server_version())

    def search_dense(self, vector: Vectors, top_k: int, filters: Filters = NO_FILTERS) -> Found:
        """See `PassageStore.search_dense`; at most 16,384 passages."""
        check_dimensions(vector, self._dimensions)
        if top_k <= 0:
            return []
        with self._using_held():
            found = self._collection(self._address.collection).nearest(
                vector, top_k, expression(filters)
            )
        return _ordered(found)

    def search_sparse(
        self, terms: Sequence[str], top_k: int, filters: Filters = NO_FILTERS
    ) -> Found:
        """See `PassageStore.search_sparse`; at most 16,384 passages."""
        wanted = question_weights(terms)
        if not wanted or top_k <= 0:
            return []
        with self._using_held():
            found = self._collection(self._address.collection).best(
                wanted, top_k, expression(filters)
            )
        return _ordered(found)

    def upsert(self, rows: Sequence[PassageRow]) -> None:
        """See `PassageStore.upsert`; terms are weighed by the statistics of the last `publish`."""
        with self._using_held():
            name = self._held()
            stored = StoredStatistics(self._client, name)
            for batch in batches(rows, BATCH):
                values = self._values(batch, stored.totals, stored.holding)
                self._client.upsert(name, values)

    def delete(self, ids: Sequence[str]) -> None:
        """See `PassageStore.delete`."""
        with self._using_held():
            name = self._held()
            for batch in batches(ids, BATCH):
                self._client.delete(name, ids=list(batch))

    def publish(self, rows: Sequence[PassageRow]) -> None:
        """See `PassageStore.publish`. The collection that was searched until now is kept until the
        next `publish`, for the searches that are under way; older ones are dropped.

        Raises:
            IndexUnavailable: not all rows arrived; what was searched is searched still.
        """
        alias = self._address.collection
        name = new_name(alias)
        with calling(self._address):
            # Now, not afterwards: three archives at once would need memory for three.
            drop_others(self._client, alias, {aliased(self._client, alias)})
            try:
                self._fill(name, rows)
            except BaseException:
                drop(self._client, name)
                raise
            # A switch that seems to fail may have been made, so nothing is dropped after it.
            move_alias(self._client, alias, name)
        _log.info("published %d passages as %s", len(rows), name)

    def close(self) -> None:
        self._client.close()

    def _collection(self, name: str) -> MilvusCollection:
        return MilvusCollection(self._client, name, self._options, self._terms)

    def _values(
        self, rows: Sequence[PassageRow], totals: TermStatistics, holding: Holding
    ) -> list[dict[str, Any]]:
        for row in rows:
            check_dimensions(row.vector, self._dimensions)
        weighed = term_values([row.text for row in rows], totals, holding, self._terms)
        return [passage_values(row) | terms for row, terms in zip(rows, weighed, strict=True)]

    def _fill(self, name: str, rows: Sequence[PassageRow]) -> None:
        totals, counts = count_terms(row.text for row in rows)
        collection = self._collection(name)
        at_once(
            lambda: StoredStatistics.write(self._client, name, totals, counts),
            lambda: collection.create(self._dimensions),
        )
        for batch in batches(rows, BATCH):
            collection.insert(self._values(batch, totals, counts.holding))
        collection.expect(len({row.id for row in rows}))

    def _held(self) -> str:
        name = aliased(self._client, self._address.collection)
        if name is None:
            raise missing(self._address)
        return name

    @contextmanager
    def _using_held(self) -> Iterator[None]:
        """Around what another process may have published by another model."""
        try:
            with calling(self._address):
                yield
        except (IndexIncompatible, IndexMissing, IndexForbidden, IndexUnreachable):
            raise
        except IndexUnavailable as error:
            # Servers say nothing that tells it from another fault.
            held = self._held_dimensions()
            if held == self._dimensions:
                raise
            raise IndexIncompatible(
                f"the collection {self._address.collection} has vectors of {held} dimensions, "
                f"EMBEDDING_MODEL makes {self._dimensions}: publish it again"
            ) from error

    def _held_dimensions(self) -> int:
        with calling(self._address):
            fields = self._client.describe_collection(self._address.collection)["fields"]
        return next((int(f["params"]["dim"]) for f in fields if f["name"] == VECTOR), 0)


def _ordered(found: Iterable[tuple[str, float]]) -> Found:
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
