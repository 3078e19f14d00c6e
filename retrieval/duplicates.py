"""The same story in several papers: which of the passages that were found repeat another.

A wire story is printed with another headline, a cut lead, other paragraph breaks. Its passages
are compared by runs of syllables, and with the other's whole article, since a cut lead moves
every passage boundary after it. A sketch of each passage, made at ingest, tells which pairs
are worth comparing.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

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

Sketch = frozenset[int]


def sketch(text: str) -> bytes:
    """The least of the hashes of a text's runs (Broder 1997, bottom-k), to be stored."""
    hashes = sorted({zlib.crc32(" ".join(run).encode()) for run in _runs(text)})
    return np.array(hashes[:_SKETCH], "<u4").tobytes()


def read_sketch(stored: bytes) -> Sketch:
    return frozenset(np.frombuffer(stored, "<u4").tolist())


def near_duplicates(
    found: Sequence[tuple[Article, Passage]], sketches: Sequence[Sketch]
) -> list[int]:
    """For each passage the number of the first one that it repeats; its own where of none.

    Args:
        found: passages in the order in which they are shown.
        sketches: of each of them.
    """
    runs = _Runs(found)
    first: list[int] = []
    # Part of a sketch -> those that have it and repeat none before them.
    holders: dict[int, list[int]] = {}
    for number, (article, _) in enumerate(found):
        near = {other for part in sketches[number] for other in holders.get(part, ())}
        kept = (
            other
            for other in sorted(near)
            if found[other][0].id != article.id and runs.repeat(number, other)
        )
        first.append(next(kept, number))
        if first[number] == number:
            for part in sketches[number]:
                holders.setdefault(part, []).append(number)
    return first


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
            self._of_passage[number] = _runs(self._found[number][1].text)
        return self._of_passage[number]

    def _article(self, number: int) -> set[tuple[str, ...]]:
        article = self._found[number][0]
        if article.id not in self._of_article:
            self._of_article[article.id] = _runs(article.text)
        return self._of_article[article.id]


def _runs(text: str) -> set[tuple[str, ...]]:
    spoken = words(text)
    return set(zip(*(spoken[start:] for start in range(_RUN)), strict=False))
