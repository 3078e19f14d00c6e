"""Marks for what was typed without them: `cong tac dan van` -> `công tác dân vận`.

The language is the archive's own: how often each syllable and each pair of neighbours occurs
in it, with the names of provinces and districts, the phrases that questions are made of
(`data/typed_phrases.txt`) and those that any text has (`data/common_phrases.txt`). The likeliest
reading is found by Viterbi over pairs.

A text typed with marks is left alone: a syllable without any is meant so (`Nam`, `cao`, `ban`).
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path

from retrieval.errors import IndexDamaged
from retrieval.gazetteer import load
from retrieval.place_context import read_rows
from retrieval.spelling import tidy
from retrieval.text import Syllable, canonical, fold, normalise, paragraphs, syllables

_SCHEMA = """
create table syllable (
    folded text, text text, count integer, spelling text, primary key (folded, text))
    without rowid;
create table pair (first text, second text, count integer, primary key (first, second))
    without rowid;
"""
# News asks few questions, so the phrases of questions count as if each occurred this often:
# three times, and once more for every so many syllables of the archive.
_PHRASE_COUNT = 3
_PHRASE_SHARE = 20_000
# Above this many pairs, those that occur once are dropped: a file of some 20 MB.
_MANY_PAIRS = 500_000

# How many of the marks a typist may have left out, where some are there; and how much surer
# it is beforehand that none was. Somebody who types marks is not to be corrected.
_LOSSES = (0.2, 0.4, 0.6, 0.8)
_NONE_LOST = 50.0
# A syllable that the archive never has without marks may still be meant so: a name, a rare word.
_LEAST_PLAIN = 0.02
_FEWEST_PLAIN = 1.0

# Numbers tell the syllable beside them: `nam 2020` is a year, `Viet Nam 3` is not.
_YEAR, _NUMBER = _NUMBERS = ("0000", "0")
_YEAR_DIGITS = 4

_OPENS = re.compile(r"[.!?:…–•+*-]")

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
        counts = _Counts()
        for text in texts:
            counts.add_text(text)
        rare = 1 if len(counts.pairs) > _MANY_PAIRS else 0
        weight = _PHRASE_COUNT + counts.single.total() // _PHRASE_SHARE
        for phrase in _question_phrases():
            counts.add_phrase(phrase, weight)
        for phrase in _common_phrases():
            counts.add_phrase(phrase, _PHRASE_COUNT)
        spellings = counts.usual_spellings()
        with sqlite3.connect(path) as connection:
            connection.executescript(_SCHEMA)
            connection.executemany(
                "insert into syllable values (?, ?, ?, ?)",
                sorted(
                    (fold(text), text, count, spellings.get(text, text))
                    for text, count in counts.single.items()
                ),
            )
            connection.executemany(
                "insert into pair values (?, ?, ?)",
                sorted((*pair, count) for pair, count in counts.pairs.items() if count > rare),
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

    def spell(self, text: str) -> str:
        """The text in the archive's letter case and tone placement, however it was typed.

        A name has its capitals, and the first word has one.
        """
        spelled = list(canonical(text))
        query = "select spelling from syllable where folded = ? and text = ?"
        for word in syllables(text):
            found = self._connection.execute(query, (fold(word.text), word.text)).fetchone()
            if found:
                spelled[word.start : word.end] = found[0]
        whole = "".join(spelled)
        return whole[:1].upper() + whole[1:]

    def restore(self, text: str) -> str:
        """The text with its marks; the same text where it was typed with them.

        Only syllables without any mark are changed, and only into one that differs by marks
        alone, so length, case and punctuation stay.
        """
        typed = syllables(text)
        if not typed:
            return text
        found = [self._readings(text, word) for word in typed]
        loss = _loss(typed, found)
        if loss == 0.0:
            return text
        readings = [
            {t: c if t == _unit(word) else c * loss for t, c in counts.items()}
            for word, counts in zip(typed, found, strict=True)
        ]
        restored = self._likeliest(readings)
        if loss < 1.0:
            restored = self._confirmed([_unit(word) for word in typed], restored)
        characters = list(text)
        for word, reading in zip(typed, restored, strict=True):
            if reading == _unit(word):
                continue
            for offset, new in enumerate(reading):
                old = characters[word.start + offset]
                characters[word.start + offset] = new.upper() if old.isupper() else new
        return "".join(characters)

    def _readings(self, text: str, word: Syllable) -> dict[str, float]:
        """What a typed syllable may stand for, each with how often it occurs."""
        written = text[word.start : word.end]
        is_acronym = len(written) > 1 and written.isupper() and not text.isupper()
        unit = _unit(word)
        if unit in _NUMBERS or unit != fold(unit) or is_acronym:
            return {unit: 1.0}
        query = "select text, count from syllable where folded = ?"
        readings: dict[str, float] = dict(self._connection.execute(query, (word.text,)))
        if not readings:
            return {word.text: 1.0}
        least = max(_FEWEST_PLAIN, _LEAST_PLAIN * sum(readings.values()))
        return readings | {word.text: max(least, readings.get(word.text, 0.0))}

    def _confirmed(self, typed: Sequence[str], restored: Sequence[str]) -> list[str]:
        """As typed, but for what the archive has beside its neighbour."""
        sure = list(typed)
        for place, new in enumerate(restored):
            before = place > 0 and self._pairs([restored[place - 1]], [new])
            after = place + 1 < len(restored) and self._pairs([new], [restored[place + 1]])
            if before or after:
                sure[place] = new
        return sure

    def _likeliest(self, readings: Sequence[dict[str, float]]) -> list[str]:
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


def _unit(word: Syllable) -> str:
    """What is counted of a syllable or number: every year is one thing, every other number too."""
    if word.text.isalpha():
        return word.text
    return _YEAR if word.text.isdigit() and len(word.text) == _YEAR_DIGITS else _NUMBER


def _loss(typed: Sequence[Syllable], readings: Sequence[dict[str, float]]) -> float:
    """The share of marks that were left out: 0 where the typist uses them, 1 where not at all.

    Between them by maximum likelihood: a marked syllable kept its marks, a plain one that has
    readings with marks either lost them or has none.
    """
    marked = sum(word.text != fold(word.text) for word in typed)
    if marked == 0:
        return 1.0
    shares = [
        counts[word.text] / sum(counts.values())
        for word, counts in zip(typed, readings, strict=True)
        if len(counts) > 1
    ]
    likelihoods = {
        loss: (1 - loss) ** marked * math.prod(plain + loss * (1 - plain) for plain in shares)
        for loss in _LOSSES
    }
    likelihoods[0.0] = _NONE_LOST * math.prod(shares)
    return max(likelihoods, key=lambda loss: likelihoods[loss])


class _Counts:
    """How often syllables, neighbours and spellings (`Kạn`, `kạn`) occur."""

    def __init__(self) -> None:
        self.single: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self._spellings: Counter[tuple[str, str]] = Counter()

    def add_text(self, text: str) -> None:
        for line in paragraphs(text):
            self._add(text[line.start : line.end], 1, is_text=True)

    def add_phrase(self, phrase: str, weight: int) -> None:
        self._add(phrase, weight, is_text=False)

    def _add(self, line: str, weight: int, *, is_text: bool) -> None:
        previous: str | None = None
        end = 0
        for word in syllables(line):
            unit = _unit(word)
            self.single[unit] += weight
            if previous is not None:
                self.pairs[previous, unit] += weight
            # What opens a sentence has a capital whatever it is.
            opens = is_text and (previous is None or _OPENS.search(line, end, word.start))
            if not opens:
                self._spellings[unit, line[word.start : word.end]] += weight
            previous, end = unit, word.end

    def usual_spellings(self) -> dict[str, str]:
        """Syllable -> as it is written most often; of equals, with a small letter."""
        usual: dict[str, tuple[int, str]] = {}
        for (unit, spelling), count in self._spellings.items():
            if len(spelling) == len(unit) and unit not in _NUMBERS:
                usual[unit] = max(usual.get(unit, (0, "")), (count, spelling))
        return {unit: spelling for unit, (_, spelling) in usual.items()}


def _question_phrases() -> list[str]:
    """What questions are made of, and the names of provinces and districts."""
    names = [province.name for province in load().provinces]
    names += [district.name for district in load().districts]
    return [*_lines("typed_phrases.txt"), *map(normalise, names)]


def _common_phrases() -> list[str]:
    """What any text has, and the long forms of abbreviations: for archives of few articles."""
    long_forms = [normalise(row["long"]) for row in read_rows("abbreviations.csv")]
    return [*_lines("common_phrases.txt"), *long_forms]


def _lines(name: str) -> list[str]:
    source = resources.files(__package__).joinpath("data", name)
    return [normalise(line) for line in source.read_text(encoding="utf-8").splitlines()]
