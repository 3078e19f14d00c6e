"""Nearest rows by vector: FAISS.

A folder holds the vectors in half precision, so many rows a file that a file is what building
keeps in memory (`rows-000.faiss`, …), and beyond `EXACT_ROWS` short codes of them (`codes.faiss`,
product quantisation), whose best are scored by the vectors themselves. The vectors are mapped:
processes that answer beside each other have them in memory once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.damage import damaged, reading
from retrieval.encoders import Vectors
from retrieval.rows import Rows

_NAME = "FAISS"
_ROWS = "rows-{:03}.faiss"
_ANY_ROWS = "rows-*.faiss"
_CODES = "codes.faiss"

_HalfPrecision = npt.NDArray[np.uint8]

# So many rows are all compared: .1 ms a thousand. Beyond, codes are many times as quick.
EXACT_ROWS = 5_000
# Rows of a file, and what building adds at a time: 100 MB.
_PART_ROWS = 1 << 17

# Dimensions that share a code of four bits: 48 bytes a row of 384, read at 2 ns a row.
_CODED_TOGETHER = 4
_CODE_BITS = 4
# Rows that codes are learned from.
_TRAINED_ROWS = 20_000
# How far rows are stretched along the axes that they have most in common, before they are coded:
# vectors of texts share one direction, and what codes lose along it is noise in every score. Of
# the ten nearest to 300 questions among 56,000 sentences .9997 are among 1,500 proposals so, .980
# without; with .1, .15 and .2 and sentences or questions as sample .998 and more.
_STRETCH = 0.2
# Of the mean square along an axis, for axes that rows have nothing along.
_LEAST_SQUARE = 0.02
# What codes propose for each row that is wanted, and at least; and one of so many, as the more rows
# there are the more are nearly as near.
_PROPOSED = 5
_LEAST_PROPOSED = 1_000
_PROPOSED_OF = 2_000
# Decoded at a time when they are coded.
_ADDED_ROWS = 16_384


class DenseIndex:
    """Inner product over rows of length 1, which is their cosine, right to .001.

    To `EXACT_ROWS` rows, and under a filter that lets no more pass, every one is compared; beyond
    that, of the ten nearest .99 and more are found (`benchmarks/README.md`).
    """

    def __init__(
        self,
        parts: Sequence[faiss.IndexScalarQuantizer],
        codes: faiss.IndexPreTransform | None,
    ) -> None:
        """
        Args:
            parts: of the rows, one after the other.
        """
        self._parts = parts
        self._codes = codes
        self._starts = np.cumsum([0, *(part.ntotal for part in parts)], dtype=np.int64)
        self._stored = [_stored(part) for part in parts]

    @staticmethod
    def write(folder: Path, vectors: Iterable[Vectors], dimensions: int) -> None:
        """Write the new `folder`; what grows in memory with the rows are codes, 56 bytes a row.

        Args:
            vectors: `(n, dimensions) float32` each, one after the other; row numbers are the
                passages' numbers.
        """
        folder.mkdir()
        part, number = _half_precision(dimensions), 0
        for some in vectors:
            rest = np.ascontiguousarray(some, np.float32)
            while len(rest):
                free = _PART_ROWS - part.ntotal
                part.add(rest[:free])
                rest = rest[free:]
                if part.ntotal == _PART_ROWS:
                    faiss.write_index(part, str(folder / _ROWS.format(number)))
                    part, number = _half_precision(dimensions), number + 1
        if part.ntotal or number == 0:
            faiss.write_index(part, str(folder / _ROWS.format(number)))
        del part
        index = DenseIndex.open(folder)
        if index.count > EXACT_ROWS:
            faiss.write_index(index._coded(), str(folder / _CODES))

    @classmethod
    def open(cls, folder: Path) -> DenseIndex:
        """
        Raises:
            IndexDamaged: it is no such folder.
        """
        with reading(folder.name):
            parts = [_mapped(path) for path in sorted(folder.glob(_ANY_ROWS))]
            codes = _mapped(folder / _CODES) if (folder / _CODES).exists() else None
        if not parts:
            raise damaged(folder.name)
        return cls(parts, codes)

    @property
    def count(self) -> int:
        return int(self._starts[-1])

    def search(
        self, question: Vectors, depth: int, allowed: Rows | None = None
    ) -> list[tuple[int, float]]:
        """At most `depth` pairs of row and cosine, best first; equal ones by row.

        Args:
            allowed: the only rows that may be found, ascending; None for all.
        """
        among = allowed
        if self._codes is not None and (among is None or len(among) > EXACT_ROWS):
            among = self._proposed(question, depth, among)
        found, scores = self._nearest(question, depth, among)
        order = np.lexsort((found, -scores))[:depth]
        return list(zip(found[order].tolist(), scores[order].tolist(), strict=True))

    def cosines(self, question: Vectors, rows: Rows) -> Vectors:
        """`(len(rows),)`: the cosine of the question and each of the rows, in their order."""
        different, places = np.unique(rows, return_inverse=True)
        # Half the time of widening them to a matrix.
        found, scores = self._nearest(question, len(different), different)
        with reading(_NAME, IndexError):
            result: Vectors = scores[np.argsort(found)][places]
        return result

    def vectors(self, rows: list[int]) -> Vectors:
        """`(len(rows), dimensions) float32`, as they were added."""
        different, places = np.unique(np.asarray(rows, np.int64), return_inverse=True)
        result: Vectors = _widened(self._stored_of(different))[places]
        return result

    def _nearest(self, question: Vectors, depth: int, among: Rows | None) -> tuple[Rows, Vectors]:
        """Rows and cosines, the `depth` best of all at least.

        Args:
            among: ascending; None for all.
        """
        if among is not None:
            copied = _half_precision(self._parts[0].d)
            copied.add_sa_codes(self._stored_of(among))
            found, scores = _best_of(copied, question, depth)
            return among[found], scores
        best = [_best_of(part, question, depth) for part in self._parts]
        rows = [found + start for (found, _), start in zip(best, self._starts, strict=False)]
        return np.concatenate(rows), np.concatenate([scores for _, scores in best])

    def _stored_of(self, rows: Rows) -> _HalfPrecision:
        """
        Args:
            rows: ascending.
        """
        bounds = np.searchsorted(rows, self._starts)
        with reading(_NAME, IndexError):
            if len(rows) and not 0 <= rows[0] <= rows[-1] < self.count:
                raise IndexError
            return np.concatenate(
                [
                    stored[rows[first:last] - start]
                    for stored, start, first, last in zip(
                        self._stored, self._starts, bounds, bounds[1:], strict=False
                    )
                ]
            )

    def _proposed(self, question: Vectors, depth: int, among: Rows | None) -> Rows:
        """Rows that may be the nearest, ascending, by the codes."""
        assert self._codes is not None
        selector = None if among is None else _selector(among, self.count)
        # faiss's own type stubs know no keywords of parameters.
        within = faiss.IVFSearchParameters(nprobe=1, sel=selector)  # type: ignore[call-arg]
        parameters = faiss.SearchParametersPreTransform(index_params=within)  # type: ignore[call-arg]
        least = max(_LEAST_PROPOSED, self.count // _PROPOSED_OF)
        wanted = min(self.count, max(least, depth * _PROPOSED))
        _on_one_core()
        with reading(_NAME):
            _, rows = self._codes.search(question[None, :], wanted, params=parameters)
        return np.sort(rows[0][rows[0] >= 0])

    def _coded(self) -> faiss.IndexPreTransform:
        """Codes of the rows, which are read a part at a time."""
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        drawn = np.random.default_rng(0).choice(
            self.count, min(self.count, _TRAINED_ROWS), replace=False
        )
        sample = self.vectors(np.sort(drawn).tolist())
        for_rows, for_questions = _stretching(sample)
        size = len(for_rows)
        # One list of all rows: FAISS's plain index of such codes takes no filter.
        codes = faiss.IndexIVFPQFastScan(
            faiss.IndexFlatIP(size),
            size,
            1,
            size // _CODED_TOGETHER,
            _CODE_BITS,
            faiss.METRIC_INNER_PRODUCT,
        )
        codes.by_residual = False
        codes.train(sample @ for_rows.T)
        for stored in self._stored:
            for start in range(0, len(stored), _ADDED_ROWS):
                codes.add(_widened(stored[start : start + _ADDED_ROWS]) @ for_rows.T)
        # Questions alone are transformed from now on.
        index = faiss.IndexPreTransform(_linear(for_questions), codes)
        index.ntotal = codes.ntotal
        return index


def _stretching(rows: Vectors) -> tuple[Vectors, Vectors]:
    """Matrices for rows and for questions that leave every inner product as it is.

    Both `(size, dimensions)`; `size` is the next that can be coded, filled up with zeros. Rows are
    stretched along the axes of their second moments, by a power of these; see `_STRETCH`.
    """
    dimensions = rows.shape[1]
    moments = (rows.T @ rows).astype(np.float64) / len(rows)
    squares, axes = np.linalg.eigh(moments)
    squares = np.maximum(squares, 0) + _LEAST_SQUARE / dimensions
    rest = -dimensions % _CODED_TOGETHER
    for_rows, for_questions = (
        np.pad((axes * squares**power) @ axes.T, ((0, rest), (0, 0))).astype(np.float32)
        for power in (_STRETCH, -_STRETCH)
    )
    return for_rows, for_questions


def _linear(matrix: Vectors) -> faiss.LinearTransform:
    size, dimensions = matrix.shape
    transform = faiss.LinearTransform(dimensions, size, False)
    faiss.copy_array_to_vector(matrix.ravel(), transform.A)
    transform.is_trained = True
    return transform


def _best_of(
    part: faiss.IndexScalarQuantizer, question: Vectors, depth: int
) -> tuple[Rows, Vectors]:
    depth = min(depth, part.ntotal)
    if depth <= 0:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    _on_one_core()
    scores, rows = part.search(question[None, :], depth)
    return rows[0], scores[0]


def _on_one_core() -> None:
    """FAISS keeps threads for every thread that calls it, which spin when they have nothing to do:
    one question has no work for them (18.0 ms at 10,000 passages instead of 19.5)."""
    faiss.omp_set_num_threads(1)


def _half_precision(dimensions: int) -> faiss.IndexScalarQuantizer:
    return faiss.IndexScalarQuantizer(
        dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )


def _mapped(path: Path) -> Any:
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)


def _stored(part: faiss.IndexScalarQuantizer) -> _HalfPrecision:
    """`(rows, bytes a row)`, where they lie; `part` must live on."""
    size = part.ntotal * part.code_size
    if part.codes.size() != size:
        raise damaged(_NAME)
    stored: _HalfPrecision = faiss.rev_swig_ptr(part.codes.data(), size)
    return stored.reshape(-1, part.code_size)


def _widened(stored: _HalfPrecision) -> Vectors:
    """Vectors as they are stored: FAISS's half precision is the processor's."""
    return stored.view(np.float16).astype(np.float32)


def _selector(rows: Rows, count: int) -> faiss.IDSelector:
    is_allowed = np.zeros(count, bool)
    is_allowed[rows] = True
    bits = np.packbits(is_allowed, bitorder="little")
    # faiss's own type stubs know its C++ signature, not that of its Python layer.
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
