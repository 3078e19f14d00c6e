"""BM25 as an inner product of two sparse vectors, for engines that know nothing of words.

A passage's vector holds all of BM25 but the choice of terms, a question's vector only that choice.
So a question needs no statistics of the collection, and an engine needs no tokenizer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from retrieval.sparse import FOLDED_WEIGHT, PAIR_BOOST, SparseQuery
from retrieval.text import fold, terms

# As tantivy fixes them, so that both engines rank alike.
_K1 = 1.2
_B = 0.75

# Milvus takes dimensions below 2^32 - 1; the last one stays free. Of ten million terms, one in 400
# then shares its dimension with another one, and a question hardly ever holds such a term.
_DIMENSIONS = 2**32 - 2

# Dimension -> weight.
Weights = dict[int, float]

# Dimensions -> how many passages hold the term of each; without those that none holds.
Holding = Callable[[Iterable[int]], Mapping[int, int]]

# Dimensions that are counted before they are added to the sums: 16 MB.
_COUNTED_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """What BM25 must know of a whole collection.

    They are taken once, when a collection is built. A passage that is added later is weighed by
    them as well, because its weights must compare with those of the others.

    Attributes:
        passages: how many there are.
        length: terms of all of them together.
    """

    passages: int
    length: int

    def weights(self, text: str, holding: Mapping[int, int]) -> Weights:
        """A passage's vector: weights of its terms as they are written and without marks.

        Args:
            holding: dimension -> how many passages hold the term; 0 where it is missing.
        """
        found = list(terms(text))
        average = self.length / self.passages if self.length else 1.0
        norm = _K1 * (1 - _B + _B * len(found) / average)
        return {
            dimension: self.inverse_frequency(holding.get(dimension, 0))
            * (count * (_K1 + 1) / (count + norm))
            for dimension, count in _counts(found).items()
        }

    def inverse_frequency(self, holding: int) -> float:
        """Of a term that so many passages hold."""
        return math.log(1 + (self.passages - holding + 0.5) / (holding + 0.5))


class TermCounts:
    """For each dimension how many passages hold its term: 12 bytes a term, whatever their number.

    Attributes:
        dimensions: `(n,)`, ascending.
        counts: `(n,)`.
    """

    def __init__(self) -> None:
        self.dimensions: npt.NDArray[np.uint32] = np.empty(0, np.uint32)
        self.counts: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._waiting: list[npt.NDArray[np.uint32]] = []
        self._number_waiting = 0

    def add(self, dimensions: Collection[int]) -> None:
        """Those of one passage."""
        self._waiting.append(np.fromiter(dimensions, np.uint32, len(dimensions)))
        self._number_waiting += len(dimensions)
        if self._number_waiting >= _COUNTED_AT_ONCE:
            self._sum()

    def holding(self, dimensions: Iterable[int]) -> dict[int, int]:
        """Dimension -> passages that hold its term; without those that none holds."""
        self._sum()
        wanted = np.fromiter(dimensions, np.int64)
        places = np.searchsorted(self.dimensions, wanted)
        found = places < len(self.dimensions)
        found[found] = self.dimensions[places[found]] == wanted[found]
        counts = self.counts[places[found]]
        return dict(zip(wanted[found].tolist(), counts.tolist(), strict=True))

    def items(self) -> Iterator[tuple[int, int]]:
        """Each dimension with its count, in ascending order."""
        self._sum()
        for dimension, count in zip(self.dimensions, self.counts, strict=True):
            yield int(dimension), int(count)

    def _sum(self) -> None:
        if not self._waiting:
            return
        new, of_new = np.unique(np.concatenate(self._waiting), return_counts=True)
        self._waiting, self._number_waiting = [], 0
        both = np.concatenate((self.dimensions, new))
        self.dimensions, places = np.unique(both, return_inverse=True)
        counts = np.zeros(len(self.dimensions), np.int64)
        np.add.at(counts, places, np.concatenate((self.counts, of_new)))
        self.counts = counts


def count_terms(texts: Iterable[str]) -> tuple[TermStatistics, TermCounts]:
    """The statistics of passages, and for each dimension how many of them hold its term."""
    holding = TermCounts()
    passages = length = 0
    for text in texts:
        found = list(terms(text))
        passages += 1
        length += len(found)
        holding.add(_counts(found).keys())
    return TermStatistics(passages, length), holding


def dimensions_of(text: str) -> set[int]:
    """The dimensions in which a passage of this text has a weight."""
    return set(_counts(list(terms(text))))


def question_weights(wanted: Sequence[str]) -> Weights:
    """A question's vector.

    Args:
        wanted: terms as `text.terms` makes them; without any mark they are looked up among
            the terms without marks.
    """
    is_folded = all(term == fold(term) for term in wanted)
    dimension = _folded if is_folded else _accented
    return {dimension(term): PAIR_BOOST if "_" in term else 1.0 for term in wanted}


def dimension_of(term: str) -> int:
    """Of a term as it is written, or, where it has no mark, of all that are so without marks.

    `SparseIndex.weight` looks a term up in the same way.
    """
    return _accented(term) if term != fold(term) else _folded(term)


def clauses(words: SparseQuery) -> list[list[Weights]]:
    """A question's vectors: BM25 is the sum over the clauses of the best product of each.

    A clause of several vectors is a term without marks with its restored forms, or an abbreviation
    with its long forms.
    """
    dimension = _folded if words.is_folded else _accented
    found = []
    for term in words.terms:
        boost = PAIR_BOOST if "_" in term else 1.0
        readings = sorted(words.restored.get(term, ()))
        weight = FOLDED_WEIGHT if readings else 1.0
        found.append(
            [
                *({_accented(reading): boost} for reading in readings),
                {dimension(term): weight * boost},
            ]
        )
    for alternatives in words.alternatives:
        found.append(
            [
                {dimension(term): weight * (PAIR_BOOST if "_" in term else 1.0) for term in reading}
                for reading, weight in alternatives
            ]
        )
    return found


def product(wanted: Weights, held: Mapping[int, float]) -> float:
    """Of a question's vector and a passage's."""
    return sum(weight * held.get(dimension, 0.0) for dimension, weight in wanted.items())


def _counts(found: Sequence[str]) -> Counter[int]:
    counts = Counter(map(_accented, found))
    counts.update(_folded(fold(term)) for term in found)
    return counts


def _hashed(prefix: str) -> Callable[[str], int]:
    def dimension(term: str) -> int:
        digest = blake2b(f"{prefix}{term}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) % _DIMENSIONS

    return dimension


# `năm` and `nam` are two dimensions of what is written, and one of what is without marks.
_accented = _hashed("=")
_folded = _hashed("~")
