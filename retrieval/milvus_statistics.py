"""How many passages hold each term, in Milvus beside the passages: any machine may add some."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from pymilvus import DataType, MilvusClient

from retrieval.batches import batches
from retrieval.bm25 import TermCounts, TermStatistics
from retrieval.milvus_generations import terms_beside

_DIMENSION = "dimension"
_HOLDING = "holding"
_UNUSED = "unused"

# No term has these dimensions.
_PASSAGES = -1
_LENGTH = -2

_BATCH = 10_000


class StoredStatistics:
    """Of one collection of passages.

    Args:
        consistency: they are written once. `Strong` finds what was written just now; whoever has
            been told of the collection need not wait for that.
    """

    def __init__(self, client: MilvusClient, name: str, consistency: str = "Strong") -> None:
        self._client = client
        self._name = terms_beside(name)
        self._consistency = consistency
        found = self._read([_PASSAGES, _LENGTH])
        self.totals = TermStatistics(found[_PASSAGES], found[_LENGTH])

    @staticmethod
    def write(client: MilvusClient, name: str, totals: TermStatistics, holding: TermCounts) -> None:
        """A new collection beside that of the passages, which need not be there yet."""
        name_here = terms_beside(name)
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(_DIMENSION, DataType.INT64, is_primary=True)
        schema.add_field(_HOLDING, DataType.INT64)
        # Milvus makes no collection without a vector.
        schema.add_field(_UNUSED, DataType.FLOAT_VECTOR, dim=2)
        client.create_collection(name_here, schema=schema)
        indexes = MilvusClient.prepare_index_params()
        indexes.add_index(_UNUSED, index_type="FLAT", metric_type="IP")
        client.create_index(name_here, indexes)
        client.load_collection(name_here)
        sums = [(_PASSAGES, totals.passages), (_LENGTH, totals.length)]
        for batch in batches(chain(sums, holding.items()), _BATCH):
            client.insert(
                name_here,
                [
                    {_DIMENSION: dimension, _HOLDING: count, _UNUSED: [0.0, 0.0]}
                    for dimension, count in batch
                ],
            )

    def holding(self, dimensions: Iterable[int]) -> dict[int, int]:
        """Dimension -> passages that hold its term; without those that none holds."""
        return self._read(dimensions)

    def _read(self, dimensions: Iterable[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for batch in batches(dimensions, _BATCH):
            rows = self._client.query(
                self._name,
                filter=f"{_DIMENSION} in {list(batch)}",
                output_fields=[_DIMENSION, _HOLDING],
                limit=_BATCH,
                consistency_level=self._consistency,
            )
            found.update((row[_DIMENSION], row[_HOLDING]) for row in rows)
        return found
