"""One collection in Milvus: made, filled, searched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pymilvus import MilvusClient

from retrieval.batches import batches
from retrieval.bm25 import Weights
from retrieval.encoders import Vectors
from retrieval.errors import IndexUnavailable
from retrieval.milvus_address import MilvusAddress
from retrieval.milvus_faults import calling
from retrieval.milvus_schema import ID, VECTOR, passage_schema
from retrieval.milvus_terms import HeldTerms

# Milvus's own limit.
MOST_FOUND = 16_384
# Some 10 MB of vectors and terms; a message may have 64 MB.
BATCH = 1_000
# Ids in one expression: some 100 kB.
IDS = 4_000


@dataclass(frozen=True, slots=True)
class MilvusOptions:
    """
    Attributes:
        dense_index: Milvus's name of it. FLAT is exact under any filter; HNSW and DISKANN miss
            more the fewer passages a filter lets pass.
        build, search: its parameters.
        partitions: over which the years are spread.
        shards: over which writing is spread.
        replicas: copies in memory that answer.
        consistency: Bounded: a reader sees what was written some seconds ago, without waiting.
        timeout_seconds: of a search; building may take ten times as long a step.
    """

    dense_index: str = "FLAT"
    build: dict[str, Any] = field(default_factory=dict)
    search: dict[str, Any] = field(default_factory=dict)
    partitions: int = 64
    shards: int = 1
    replicas: int = 1
    consistency: str = "Bounded"
    timeout_seconds: float = 10.0


@contextmanager
def connected(address: MilvusAddress) -> Iterator[MilvusClient]:
    """A connection for one purpose; raises as `calling` does."""
    with calling(address):
        timeout = MilvusOptions().timeout_seconds
        client = MilvusClient(address.uri, token=address.token, timeout=timeout)
        try:
            yield client
        finally:
            client.close()


def at_once(*tasks: Callable[[], None]) -> None:
    """Collections are made beside each other, for Milvus takes some seconds for each."""
    with ThreadPoolExecutor(len(tasks)) as working:
        for task in [working.submit(task) for task in tasks]:
            task.result()


def ids_in(ids: Iterable[str]) -> str:
    """These alone, as Milvus reads it."""
    return f"{ID} in {json.dumps(list(ids), ensure_ascii=False)}"


class MilvusCollection:
    """Rows of `passage_schema` under one name.

    Args:
        terms: how they hold terms; None: they hold none.
    """

    def __init__(
        self, client: MilvusClient, name: str, options: MilvusOptions, terms: HeldTerms | None
    ) -> None:
        self._client = client
        self.name = name
        self._options = options
        self._terms = terms

    def create(self, dimensions: int) -> None:
        """Ready to be searched while it is filled: Milvus indexes on its own what comes in. Done
        after the last row, indexing and loading take 10 s more, of however few rows."""
        schema = passage_schema(dimensions)
        if self._terms:
            self._terms.add_fields(schema)
        self._client.create_collection(
            self.name,
            schema=schema,
            num_partitions=self._options.partitions,
            num_shards=self._options.shards,
            consistency_level=self._options.consistency,
        )
        indexes = MilvusClient.prepare_index_params()
        dense = self._options.dense_index
        indexes.add_index(VECTOR, index_type=dense, metric_type="IP", params=self._options.build)
        if self._terms:
            self._terms.add_index(indexes)
        self._client.create_index(self.name, indexes)
        self._client.load_collection(self.name, replica_number=self._options.replicas)

    def insert(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._client.insert(self.name, list(rows))

    def count(self) -> int:
        """Its rows, with all that was written before; who reads later sees as many at least."""
        (counted,) = self._client.query(
            self.name, filter="", output_fields=["count(*)"], consistency_level="Strong"
        )
        return int(counted["count(*)"])

    def expect(self, count: int) -> None:
        """
        Raises:
            IndexUnavailable: it has another number of rows.
        """
        if (arrived := self.count()) != count:
            raise IndexUnavailable(f"of {count} rows {arrived} arrived in {self.name}")

    def held(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that have a row; of what was written before `count` was called, all."""
        return {
            row[ID]
            for batch in batches(ids, IDS)
            for row in self._client.query(
                self.name, output_fields=[ID], limit=IDS, **self._reading(ids_in(batch))
            )
        }

    def nearest(self, vector: Vectors, limit: int, filter: str = "") -> list[tuple[str, float]]:
        """Ids and inner products of at most `limit` rows, 16,384 at most."""
        (hits,) = self._client.search(
            self.name,
            [vector.tolist()],
            anns_field=VECTOR,
            limit=min(limit, MOST_FOUND),
            output_fields=[ID],
            search_params={"metric_type": "IP", "params": self._options.search},
            **self._reading(filter),
        )
        return [(hit[ID], float(hit["distance"])) for hit in hits]

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Of each of these rows that is there."""
        return {
            id: cosine
            for batch in batches(ids, IDS)
            for id, cosine in self.nearest(vector, len(batch), ids_in(batch))
        }

    def best(self, wanted: Weights, limit: int, filter: str = "") -> list[tuple[str, float]]:
        """Ids and inner products of terms, of at most `limit` rows, 16,384 at most.

        Raises:
            IndexIncompatible: the server can not do it for so many rows.
        """
        assert self._terms
        limit = min(limit, MOST_FOUND)
        found = self._terms.search(self._client, self.name, wanted, limit, **self._reading(filter))
        return [pair for pair in found if pair[1] > 0]

    def terms_of(self, ids: Sequence[str]) -> dict[str, Weights]:
        """Their terms, of each of these rows that is there."""
        assert self._terms
        return {
            id: weights
            for batch in batches(ids, BATCH)
            for id, weights in self._terms.of(
                self._client, self.name, limit=BATCH, **self._reading(ids_in(batch))
            )
        }

    def _reading(self, filter: str) -> dict[str, Any]:
        return {
            "filter": filter,
            "consistency_level": self._options.consistency,
            "timeout": self._options.timeout_seconds,
        }
