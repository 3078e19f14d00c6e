"""The same story in several papers: which of the passages that were found repeat another.

A wire story is printed with another headline, a cut lead, other paragraph breaks. Its passages
are compared by runs of syllables, and with the other's whole article, since a cut lead moves
every passage boundary after it. A sketch of each passage, made at ingest, tells which pairs
are worth comparing. Whole articles that tell one story are linked at ingest, see `stories`.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from retrieval.schema import Article, Passage
from retrieval.text import words

# Syllables in a row. Five in a row are shared by stories of one event that were written apart
# only where they quote; of a story that was taken over, nearly all are.
_RUN = 5
# Of a passage's runs, those that the other article holds.
_SAME = 0.75
# Of the shorter passage's runs, those that the other passage itself holds: that one is shown.
_OVERLAP = 0.3
# Runs kept of a passage. Of two passages where the longer has a sixth of its runs from the other,
# one pair in 100,000 has none of them in both sketches: (1 - 1/6) ** 64 = 9e-6.
_SKETCH = 64

# Full sketches that share one run are not compared: of 1,147 comparisons for 200 questions over
# 10,000 passages 737 were of such pairs, and none was a repetition. Of passages as long as each
# other that overlap by no more than they must, 6 pairs in 100,000 share no more.
_SHARED_BY_FULL = 2

Sketch = npt.NDArray[np.uint32]


def sketch(text: str) -> bytes:
    """The least of the hashes of a text's runs (Broder 1997, bottom-k), to be stored."""
    hashes = sorted({zlib.crc32(" ".join(run).encode()) for run in runs(text)})
    return np.array(hashes[:_SKETCH], "<u4").tobytes()


def read_sketch(stored: bytes) -> Sketch:
    """`(_SKETCH,)` or fewer, ascending."""
    return np.frombuffer(stored, "<u4")


def near_duplicates(
    found: Sequence[tuple[Article, Passage]], sketches: Sequence[Sketch]
) -> list[int]:
    """For each passage the number of the first one that it repeats; its own where of none.

    Args:
        found: passages in the order in which they are shown.
        sketches: of each of them.
    """
    runs = _Runs(found)
    first = list(range(len(found)))
    for number, others in _alike(sketches).items():
        kept = (
            other
            for other in others
            if first[other] == other
            and found[other][0].id != found[number][0].id
            and runs.repeat(number, other)
        )
        first[number] = next(kept, number)
    return first


def _alike(sketches: Sequence[Sketch]) -> dict[int, list[int]]:
    """Number -> earlier numbers with which it shares enough to be compared; both ascending."""
    if not sketches:
        return {}
    hashes = np.concatenate(sketches)
    owners = np.repeat(np.arange(len(sketches)), [len(one) for one in sketches])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    shared: Counter[tuple[int, int]] = Counter()
    # Most runs are in one sketch alone.
    repeated = np.flatnonzero(hashes[1:] == hashes[:-1])
    holders: dict[int, set[int]] = {}
    for at in repeated.tolist():
        holders.setdefault(int(hashes[at]), set()).update(owners[at : at + 2].tolist())
    for numbers in holders.values():
        shared.update(combinations(sorted(numbers), 2))
    found: dict[int, list[int]] = {}
    for (other, number), count in sorted(shared.items(), key=lambda pair: pair[0][::-1]):
        are_full = min(len(sketches[other]), len(sketches[number])) == _SKETCH
        if count >= (_SHARED_BY_FULL if are_full else 1):
            found.setdefault(number, []).append(other)
    return found


class _Runs:
    """The runs of syllables of passages and articles, each made once and only if needed."""

    def __init__(self, found: Sequence[tuple[Article, Passage]]) -> None:
        self._found = found
        self._of_passage: dict[int, set[tuple[str, ...]]] = {}
        self._of_article: dict[str, set[tuple[str, ...]]] = {}

    def repeat(self, number: int, other: int) -> bool:
        mine, theirs = self._passage(number), self._passage(other)
        if not mine or not theirs:
            return False
        if len(mine & theirs) < _OVERLAP * min(len(mine), len(theirs)):
            return False
        return len(mine & self._article(other)) >= _SAME * len(mine)

    def _passage(self, number: int) -> set[tuple[str, ...]]:
        if number not in self._of_passage:
            self._of_passage[number] = runs(self._found[number][1].text)
        return self._of_passage[number]

    def _article(self, number: int) -> set[tuple[str, ...]]:
        article = self._found[number][0]
        if article.id not in self._of_article:
            self._of_article[article.id] = runs(article.text)
        return self._of_article[article.id]


def runs(text: str) -> set[tuple[str, ...]]:
    """Every so many syllables in a row."""
    spoken = words(text)
    return set(zip(*(spoken[start:] for start in range(_RUN)), strict=False))
