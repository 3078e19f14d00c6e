"""Marks for what was typed without them: `cong tac dan van` -> `công tác dân vận`.

The language is the archive's own: how often each syllable and each pair of neighbours occurs
in it, with the names of provinces and districts and the phrases that questions are made of
(`data/typed_phrases.txt`). The likeliest reading is found by Viterbi over pairs.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path

from retrieval.errors import IndexDamaged
from retrieval.gazetteer import load
from retrieval.spelling import tidy
from retrieval.text import Syllable, fold, normalise, paragraphs, syllables

_SCHEMA = """
create table syllable (
    folded text, text text, count integer, primary key (folded, text)) without rowid;
create table pair (first text, second text, count integer, primary key (first, second))
    without rowid;
"""
# News asks few questions, so the phrases of questions count as if each occurred this often:
# three times, and once more for every so many syllables of the archive.
_PHRASE_COUNT = 3
_PHRASE_SHARE = 20_000
# Above this many pairs, those that occur once are dropped: a file of some 20 MB.
_MANY_PAIRS = 500_000

# Vietnamese bears marks on three syllables of four. Where at least half of them do, the typist
# uses marks, and a syllable without any is meant so (`Nam`, `cao`, `ban`).
_TYPED_WITH_MARKS = 0.5
# In a partly marked text a plain syllable is left alone when it is at least this share of all
# occurrences of its folded form.
_PLAUSIBLE_PLAIN = 0.02

# Weight of the pair against the single syllable, and the probability of the unseen.
_PAIR_WEIGHT = 0.9
_UNSEEN = 1e-7


class SyllableModel:
    """Counts of one archive, looked up on demand: opening one costs nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._total: int = connection.execute("select sum(count) from syllable").fetchone()[0]

    @classmethod
    def open(cls, path: Path) -> SyllableModel:
        try:
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            return cls(connection)
        except sqlite3.Error as error:
            raise IndexDamaged(f"{path.name} can not be read: run `python ingest.py`") from error

    @staticmethod
    def write(path: Path, texts: Iterable[str]) -> None:
        """Learn NFC texts into a new file."""
        single: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            _count(text, single, pairs, 1)
        rare = 1 if len(pairs) > _MANY_PAIRS else 0
        weight = _PHRASE_COUNT + single.total() // _PHRASE_SHARE
        for phrase in _phrases():
            _count(phrase, single, pairs, weight)
        with sqlite3.connect(path) as connection:
            connection.executescript(_SCHEMA)
            connection.executemany(
                "insert into syllable values (?, ?, ?)",
                sorted((fold(text), text, count) for text, count in single.items()),
            )
            connection.executemany(
                "insert into pair values (?, ?, ?)",
                sorted((*pair, count) for pair, count in pairs.items() if count > rare),
            )
        connection.close()

    def tidy(self, text: str) -> str:
        """An NFC text on one line with slips of typing undone: Telex keys, joined syllables."""
        return tidy(text, self)

    def knows(self, syllable: str) -> bool:
        """Whether the archive has a canonical syllable; one without marks in any reading."""
        column = "text" if syllable != fold(syllable) else "folded"
        query = f"select 1 from syllable where folded = ? and {column} = ? limit 1"
        return self._connection.execute(query, (fold(syllable), syllable)).fetchone() is not None

    def knows_pair(self, first: str, second: str) -> bool:
        """Whether the archive has two syllables beside each other, those without marks in any
        of their readings."""
        return bool(self._pairs(self._spellings(first), self._spellings(second)))

    def _spellings(self, syllable: str) -> list[str]:
        if syllable != fold(syllable):
            return [syllable]
        query = "select text from syllable where folded = ?"
        return [text for (text,) in self._connection.execute(query, (syllable,))]

    def restore(self, text: str) -> str:
        """The text with its marks; the same text where it was typed with them.

        Only syllables without any mark are changed, and only into one that differs by marks
        alone, so length, case and punctuation stay.
        """
        typed = [word for word in syllables(text) if word.text.isalpha()]
        marked = sum(word.text != fold(word.text) for word in typed)
        if not typed or marked >= _TYPED_WITH_MARKS * len(typed):
            return text
        readings = [self._readings(text, word, partly=marked > 0) for word in typed]
        characters = list(text)
        for word, reading in zip(typed, self._likeliest(readings), strict=True):
            for offset, new in enumerate(reading):
                old = characters[word.start + offset]
                characters[word.start + offset] = new.upper() if old.isupper() else new
        return "".join(characters)

    def _readings(self, text: str, word: Syllable, *, partly: bool) -> dict[str, int]:
        """What a typed syllable may stand for, each with how often it occurs."""
        written = text[word.start : word.end]
        is_acronym = len(written) > 1 and written.isupper() and not text.isupper()
        if word.text != fold(word.text) or is_acronym:
            return {word.text: 1}
        query = "select text, count from syllable where folded = ?"
        readings: dict[str, int] = dict(self._connection.execute(query, (word.text,)))
        plain = readings.get(word.text, 0)
        if not readings or (partly and plain >= _PLAUSIBLE_PLAIN * sum(readings.values())):
            return {word.text: max(1, plain)}
        return readings

    def _likeliest(self, readings: Sequence[dict[str, int]]) -> list[str]:
        """Viterbi: the sequence of readings with the greatest probability."""
        best = {text: math.log(count / self._total) for text, count in readings[0].items()}
        back: list[dict[str, str]] = []
        for before, now in pairwise(readings):
            pairs = self._pairs(list(before), list(now))
            step: dict[str, float] = {}
            came_from: dict[str, str] = {}
            for text, count in now.items():
                alone = (1 - _PAIR_WEIGHT) * count / self._total + _UNSEEN
                scores = {
                    previous: score
                    + math.log(
                        _PAIR_WEIGHT * pairs.get((previous, text), 0) / before[previous] + alone
                    )
                    for previous, score in best.items()
                }
                came_from[text] = max(scores, key=lambda previous: (scores[previous], previous))
                step[text] = scores[came_from[text]]
            best = step
            back.append(came_from)
        path = [max(best, key=lambda text: (best[text], text))]
        for came_from in reversed(back):
            path.append(came_from[path[-1]])
        return path[::-1]

    def _pairs(self, first: list[str], second: list[str]) -> dict[tuple[str, str], int]:
        marks = (",".join("?" * len(first)), ",".join("?" * len(second)))
        rows = self._connection.execute(
            "select first, second, count from pair "
            f"where first in ({marks[0]}) and second in ({marks[1]})",
            [*first, *second],
        )
        return {(a, b): count for a, b, count in rows}


def _count(text: str, single: Counter[str], pairs: Counter[tuple[str, str]], weight: int) -> None:
    for line in paragraphs(text):
        words = [w.text for w in syllables(text[line.start : line.end]) if w.text.isalpha()]
        for word in words:
            single[word] += weight
        for pair in pairwise(words):
            pairs[pair] += weight


def _phrases() -> list[str]:
    """Question phrases, and the names of provinces and districts."""
    source = resources.files(__package__).joinpath("data", "typed_phrases.txt")
    phrases = source.read_text(encoding="utf-8").splitlines()
    names = [province.name for province in load().provinces]
    names += [district.name for district in load().districts]
    return [normalise(phrase) for phrase in [*phrases, *names]]
