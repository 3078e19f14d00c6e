"""How a server holds the terms of passages: as sparse vectors, or, before 2.4, as arrays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from pymilvus import CollectionSchema, DataType, MilvusClient
from pymilvus.milvus_client import IndexParams

from retrieval.bm25 import Holding, TermStatistics, Weights, dimensions_of, product
from retrieval.errors import IndexIncompatible
from retrieval.milvus_schema import ID

# A server of this version or a later one has sparse vectors. Milvus Lite names no such version.
_FIRST_SPARSE = (2, 4)
_VERSION = re.compile(r"v?(\d+)\.(\d+)")

_TERMS = "terms"
_WEIGHTS = "weights"
_CAPACITY = 4_096  # terms of a passage; Milvus's own limit of an array

# Passages that arrays are read of for one question: some tens of milliseconds, and below the
# 16,384 rows at which Milvus would cut a reply short without a word.
_MOST_READ = 10_000


class HeldTerms(Protocol):
    """Fields, and how they are searched."""

    def add_fields(self, schema: CollectionSchema) -> None: ...

    def add_index(self, indexes: IndexParams) -> None: ...

    def values(self, weights: Weights) -> dict[str, Any]: ...

    def search(
        self, client: MilvusClient, name: str, wanted: Weights, top_k: int, **options: Any
    ) -> list[tuple[str, float]]:
        """Ids and inner products of at most `top_k` passages, in any order.

        Args:
            options: `filter`, `consistency_level` and `timeout` of pymilvus.
        """

    def of(
        self, client: MilvusClient, name: str, limit: int, **options: Any
    ) -> list[tuple[str, Weights]]:
        """Ids and terms of at most `limit` passages; options as in `search`."""


class SparseVectors:
    """Inner products by the server: at any size."""

    def add_fields(self, schema: CollectionSchema) -> None:
        schema.add_field(_TERMS, DataType.SPARSE_FLOAT_VECTOR)

    def add_index(self, indexes: IndexParams) -> None:
        indexes.add_index(_TERMS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")

    def values(self, weights: Weights) -> dict[str, Any]:
        # A vector of nothing is refused. No term has this dimension: hashes end below it.
        return {_TERMS: weights or {2**32 - 2: 0.0}}

    def search(
        self, client: MilvusClient, name: str, wanted: Weights, top_k: int, **options: Any
    ) -> list[tuple[str, float]]:
        (hits,) = client.search(
            name,
            [wanted],
            anns_field=_TERMS,
            limit=top_k,
            output_fields=[ID],
            search_params={"metric_type": "IP"},
            **options,
        )
        return [(hit[ID], float(hit["distance"])) for hit in hits]

    def of(
        self, client: MilvusClient, name: str, limit: int, **options: Any
    ) -> list[tuple[str, Weights]]:
        rows = client.query(name, output_fields=[ID, _TERMS], limit=limit, **options)
        return [(row[ID], dict(row[_TERMS])) for row in rows]


class TermArrays:
    """Every passage that holds a term is read, and scored here: for small collections."""

    def add_fields(self, schema: CollectionSchema) -> None:
        for name, kind in ((_TERMS, DataType.INT64), (_WEIGHTS, DataType.FLOAT)):
            schema.add_field(name, DataType.ARRAY, element_type=kind, max_capacity=_CAPACITY)

    def add_index(self, indexes: IndexParams) -> None:
        """It has none for arrays."""

    def values(self, weights: Weights) -> dict[str, Any]:
        return {_TERMS: list(weights), _WEIGHTS: list(weights.values())}

    def search(
        self, client: MilvusClient, name: str, wanted: Weights, top_k: int, **options: Any
    ) -> list[tuple[str, float]]:
        """
        Raises:
            IndexIncompatible: too many passages hold one of the terms.
        """
        holds = f"array_contains_any({_TERMS}, {list(wanted)})"
        given = options.pop("filter")
        options["filter"] = f"{holds} and {given}" if given else holds
        rows = self.of(client, name, _MOST_READ + 1, **options)
        if len(rows) > _MOST_READ:
            raise IndexIncompatible(
                f"more than {_MOST_READ} passages hold a word of the question, and a Milvus "
                "server before 2.4 has no sparse vectors to rank them by: use 2.4 or newer"
            )
        scores = [(id, product(wanted, held)) for id, held in rows]
        return sorted(scores, key=lambda pair: -pair[1])[:top_k]

    def of(
        self, client: MilvusClient, name: str, limit: int, **options: Any
    ) -> list[tuple[str, Weights]]:
        rows = client.query(name, output_fields=[ID, _TERMS, _WEIGHTS], limit=limit, **options)
        return [
            (row[ID], dict(zip(row[_TERMS], map(float, row[_WEIGHTS]), strict=True)))
            for row in rows
        ]


def held_terms(version: str) -> HeldTerms:
    """
    Args:
        version: as `MilvusClient.get_server_version` gives it: `v2.3.5-lite`, `milvus_lite-3.2.2`.
    """
    match = _VERSION.match(version)
    is_old = match is not None and (int(match[1]), int(match[2])) < _FIRST_SPARSE
    return TermArrays() if is_old else SparseVectors()


def term_values(
    texts: Sequence[str], totals: TermStatistics, holding: Holding, terms: HeldTerms
) -> list[dict[str, Any]]:
    """The values of these fields, of each text."""
    counts = holding(set().union(*map(dimensions_of, texts)))
    return [terms.values(totals.weights(text, counts)) for text in texts]
