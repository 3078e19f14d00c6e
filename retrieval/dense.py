"""Nearest passages by vector: FAISS."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.damage import reading
from retrieval.encoders import Vectors

_NAME = "FAISS"

Rows = npt.NDArray[np.int64]


class DenseIndex:
    """Inner product over rows of length 1, which is their cosine.

    Every row is compared, in half precision: a cosine is right to .001, and a search waits for
    memory, so it takes half the time.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """From `(n, dimensions) float32`; row numbers are the passages' numbers."""
        index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> DenseIndex:
        """
        Raises:
            IndexDamaged: it is no such file.
        """
        with reading(path.name):
            return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    @property
    def count(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, question: Vectors, depth: int, allowed: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """At most `depth` pairs of row and cosine, best first; equal ones by row.

        Args:
            allowed: the only rows that may be found; None for all. Exact however few they are.
        """
        rows, scores = self._nearest(question, depth, allowed)
        pairs = zip(rows.tolist(), scores.tolist(), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def cosines(self, question: Vectors, rows: Rows) -> Vectors:
        """`(len(rows),)`: the cosine of the question and each of the rows, in their order."""
        # A search among these rows alone is several times as quick as reading them one by one.
        found, scores = self._nearest(question, len(rows), rows)
        order = np.argsort(found)
        with reading(_NAME, IndexError):
            result: Vectors = scores[order][np.searchsorted(found[order], rows)]
        return result

    def _nearest(
        self, question: Vectors, depth: int, allowed: Collection[int] | Rows | None
    ) -> tuple[Rows, Vectors]:
        """Rows and cosines, `(depth,)` each, or fewer where fewer may be found."""
        depth = min(depth, self.count if allowed is None else len(allowed))
        if depth == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.fromiter(allowed, np.int64, len(allowed)))
            # faiss's own type stubs miss the keywords that its Python layer accepts.
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        with reading(_NAME):
            scores, rows = self._index.search(question[None, :], depth, params=parameters)
        found = rows[0] >= 0  # rows that are allowed twice are found once
        return rows[0][found], scores[0][found]

    def vectors(self, rows: list[int]) -> Vectors:
        """`(len(rows), dimensions) float32`, as they were added."""
        wanted: npt.NDArray[np.int64] = np.asarray(rows, np.int64)
        with reading(_NAME):
            result: Vectors = self._index.reconstruct_batch(wanted)
        return result
