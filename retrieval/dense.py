"""Nearest rows by vector: FAISS.

A folder holds the vectors in half precision, so many rows a file that a file is what building
keeps in memory (`rows-000.faiss`, …), and beyond `EXACT_ROWS` an inverted index of them, a bit a
dimension (`lists.faiss`, RaBitQ), whose proposals are scored by the vectors themselves. All are
mapped: processes that answer beside each other have them in memory once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
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
_LISTS = "lists.faiss"

_Codes = npt.NDArray[np.uint8]

# So many rows are all compared: .1 ms a thousand. Beyond, lists are many times as quick.
EXACT_ROWS = 20_000
# Rows of a file, and what building adds at a time: 100 MB.
_PART_ROWS = 1 << 17
# Of a file with a filter: fewer than one in so many are copied out and compared, which takes less
# than asking the filter about every row.
_COPIED_SHARE = 8

# Lists, by the root of the number of rows; k-means learns them from so many rows each.
_LISTS_BY_ROOT = 2
_TRAINED_BY = 40
_ROUNDS = 10
# Lists looked into for a question, of all; more under a filter, as it lets fewer pass. So many,
# because a question lies apart from all sentences: of 56,000 sentences of news .992 of the ten
# nearest to 300 questions are found so, .981 with .3. How many it must be was the same from 7,000.
_PROBED_SHARE = 0.4
# What lists propose for each row that is wanted, as their scores are of a bit a dimension; and at
# least. Bits of the question.
_PROPOSED = 5
_LEAST_PROPOSED = 500
_QUESTION_BITS = 4
# Decoded at a time when lists are filled.
_ADDED_ROWS = 16_384


class DenseIndex:
    """Inner product over rows of length 1, which is their cosine, right to .001.

    To `EXACT_ROWS` rows, and under a filter that lets no more pass, every one is compared; beyond
    that, of the ten nearest .98 and more are found (`benchmarks/README.md`).
    """

    def __init__(
        self, parts: Sequence[faiss.IndexScalarQuantizer], lists: faiss.IndexIVF | None
    ) -> None:
        """
        Args:
            parts: of the rows, one after the other.
        """
        self._parts = parts
        self._lists = lists
        self._starts = np.cumsum([0, *(part.ntotal for part in parts)], dtype=np.int64)
        self._codes = [_codes(part) for part in parts]

    @staticmethod
    def write(folder: Path, vectors: Iterable[Vectors], dimensions: int) -> None:
        """Write the new `folder`, in memory that does not grow with the number of rows.

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
            faiss.write_index(index._inverted(dimensions), str(folder / _LISTS))

    @classmethod
    def open(cls, folder: Path) -> DenseIndex:
        """
        Raises:
            IndexDamaged: it is no such folder.
        """
        with reading(folder.name):
            parts = [_mapped(path) for path in sorted(folder.glob(_ANY_ROWS))]
            lists = _mapped(folder / _LISTS) if (folder / _LISTS).exists() else None
        if not parts:
            raise damaged(folder.name)
        return cls(parts, lists)

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
        if self._lists is not None and (among is None or len(among) > EXACT_ROWS):
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
        found = [np.empty((0, self._parts[0].d), np.float32)]
        with reading(_NAME, IndexError):
            for part, _, local in self._by_part(different):
                found.append(_widened(self._codes[part][local]))
            result: Vectors = np.concatenate(found)[places]
        return result

    def _nearest(self, question: Vectors, depth: int, among: Rows | None) -> tuple[Rows, Vectors]:
        """Rows and cosines: the `depth` best of each part, so at least the `depth` best of all."""
        rows, scores = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
        if depth > 0:
            with reading(_NAME, IndexError):
                for part, start, local in self._by_part(among):
                    found, cosines = self._nearest_of(part, question, depth, local)
                    rows.append(found + start)
                    scores.append(cosines)
        return np.concatenate(rows), np.concatenate(scores)

    def _nearest_of(
        self, number: int, question: Vectors, depth: int, local: Rows | None
    ) -> tuple[Rows, Vectors]:
        part, parameters = self._parts[number], None
        if local is not None and len(local) < part.ntotal / _COPIED_SHARE:
            part = _half_precision(part.d)
            part.add_sa_codes(self._codes[number][local])
        elif local is not None:
            parameters = faiss.SearchParameters(sel=_selector(local, part.ntotal))  # type: ignore[call-arg]
        scores, rows = part.search(question[None, :], min(depth, part.ntotal), params=parameters)
        real = rows[0] >= 0
        found = rows[0][real]
        return (found if parameters or local is None else local[found]), scores[0][real]

    def _by_part(self, rows: Rows | None) -> Iterator[tuple[int, int, Rows | None]]:
        """Number of each part that holds some of the rows, its first row, theirs within it.

        Args:
            rows: ascending; None for all, and then for all of each.
        """
        for number, (start, end) in enumerate(zip(self._starts, self._starts[1:], strict=False)):
            if rows is None:
                if end > start:
                    yield number, int(start), None
                continue
            first, last = np.searchsorted(rows, (start, end))
            if last > first:
                yield number, int(start), rows[first:last] - start

    def _proposed(self, question: Vectors, depth: int, among: Rows | None) -> Rows:
        """Rows that may be the nearest, ascending, by the lists."""
        assert self._lists is not None
        share = 1.0 if among is None else len(among) / self.count
        lists = self._lists.nlist
        parameters = faiss.IVFRaBitQSearchParameters(
            nprobe=min(lists, math.ceil(lists * _PROBED_SHARE / share)),
            sel=None if among is None else _selector(among, self.count),
            qb=_QUESTION_BITS,
        )  # type: ignore[call-arg]
        wanted = min(self.count, max(_LEAST_PROPOSED, depth * _PROPOSED))
        with reading(_NAME):
            _, rows = self._lists.search(question[None, :], wanted, params=parameters)
        return np.sort(rows[0][rows[0] >= 0])

    def _inverted(self, dimensions: int) -> faiss.IndexIVF:
        """An inverted index of the rows, which are read a part at a time."""
        lists = _LISTS_BY_ROOT * math.isqrt(self.count)
        index = faiss.IndexIVFRaBitQ(
            faiss.IndexFlatIP(dimensions), dimensions, lists, faiss.METRIC_INNER_PRODUCT
        )
        index.cp.spherical = True
        index.cp.niter = _ROUNDS
        index.cp.max_points_per_centroid = _TRAINED_BY
        drawn = np.random.default_rng(0).choice(
            self.count, min(self.count, lists * _TRAINED_BY), replace=False
        )
        index.train(self.vectors(np.sort(drawn).tolist()))
        for codes in self._codes:
            for start in range(0, len(codes), _ADDED_ROWS):
                index.add(_widened(codes[start : start + _ADDED_ROWS]))
        return index


def _half_precision(dimensions: int) -> faiss.IndexScalarQuantizer:
    return faiss.IndexScalarQuantizer(
        dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )


def _mapped(path: Path) -> Any:
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)


def _codes(part: faiss.IndexScalarQuantizer) -> _Codes:
    """`(rows, bytes a row)`, where they lie; `part` must live on."""
    size = part.ntotal * part.code_size
    if part.codes.size() != size:
        raise damaged(_NAME)
    codes: _Codes = faiss.rev_swig_ptr(part.codes.data(), size).reshape(-1, part.code_size)
    return codes


def _widened(codes: _Codes) -> Vectors:
    """Vectors of codes: FAISS's half precision is the processor's."""
    return codes.view(np.float16).astype(np.float32)


def _selector(rows: Rows, count: int) -> faiss.IDSelector:
    is_allowed = np.zeros(count, bool)
    is_allowed[rows] = True
    bits = np.packbits(is_allowed, bitorder="little")
    # faiss's own type stubs know its C++ signature, not that of its Python layer.
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
