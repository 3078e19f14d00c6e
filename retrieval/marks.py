"""Marks for what was typed without them: `cong tac dan van` -> `công tác dân vận`.

The language is the archive's own: how often each syllable and each pair of neighbours occurs
in it, with the names of provinces and districts, the phrases that questions are made of
(`data/typed_phrases.txt`) and those that any text has (`data/common_phrases.txt`). The likeliest
reading is found by Viterbi over pairs.

A text typed with marks is left alone: a syllable without any is meant so (`Nam`, `cao`, `ban`).
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from weakref import finalize

from retrieval.errors import IndexDamaged
from retrieval.kept import kept
from retrieval.place_odds import FEWEST, Reading, Readings, read_names
from retrieval.spelling import tidy
from retrieval.syllable_counts import (
    NUMBERS,
    Counts,
    PairCounts,
    common_phrases,
    question_phrases,
    unit_of,
)
from retrieval.text import Syllable, canonical, fold, syllables

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

# Weight of the pair against the single syllable, and the probability of the unseen.
_PAIR_WEIGHT = 0.9
_UNSEEN = 1e-7

# Most of what is typed asks, and what asks has a word for it. Among readings of the same letters
# one that has it (`nào`, not `não`) is preferred up to so much (logarithm of the odds). Syllables
# restored wrongly in one half of ViNewsQA dev, and in 2,500 headlines, which do not ask: 2.94 and
# 9.53 % without, 2.61 and 9.56 at 4. At 6, `nhiêu` included, 2.45 and 9.77: too dear.
_ASKING = frozenset("nào đâu gì ai mấy nhiêu sao".split())
# `nhiêu` asks only behind `bao`, which tells it from `nhiều` well enough.
_ALONE = _ASKING - {"nhiêu"}
_ASKING_LAST = frozenset("không chưa".split())
_ASKS_RATHER = 4.0

# Texts and neighbourhoods kept: a few questions' worth.
_KEPT_TEXTS = 64
_KEPT_PAIRS = 1_024


@dataclass(frozen=True, slots=True)
class Restored:
    """A text with its marks.

    Attributes:
        doubtful: characters (start, end) that may be a province's name, and that province.
    """

    text: str
    doubtful: tuple[tuple[int, int, str], ...] = ()


class SyllableModel:
    """Counts of one archive, looked up on demand: opening one costs nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # A connection refers to itself: left alone it stays open till garbage is collected.
        finalize(self, connection.close)
        self._total: int = connection.execute("select sum(count) from syllable").fetchone()[0]
        # A question is read for what it says, for its places and for the follow-up's; and one
        # reading looks up the same neighbours for each name that it weighs.
        self._read = kept(_KEPT_TEXTS, self._read_text)
        self._pairs_of = kept(_KEPT_PAIRS, self._look_up_pairs)

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
        with closing(PairCounts(path.with_suffix(".counting"))) as pairs:
            counts = Counts(pairs)
            for text in texts:
                counts.add_text(text)
            rare = 1 if len(pairs) > _MANY_PAIRS else 0
            weight = _PHRASE_COUNT + counts.single.total() // _PHRASE_SHARE
            for phrase in question_phrases():
                counts.add_phrase(phrase, weight)
            for phrase in common_phrases():
                counts.add_phrase(phrase, _PHRASE_COUNT)
            spellings = counts.usual_spellings()
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.executescript(_SCHEMA)
                connection.executemany(
                    "insert into syllable values (?, ?, ?, ?)",
                    sorted(
                        (fold(text), text, count, spellings.get(text, text))
                        for text, count in counts.single.items()
                    ),
                )
                connection.executemany("insert into pair values (?, ?, ?)", pairs.more_than(rare))

    def tidy(self, text: str) -> str:
        """An NFC text on one line with slips of typing undone: Telex keys, joined syllables."""
        return tidy(text, self)

    def knows(self, syllable: str) -> bool:
        """Whether the archive has a canonical syllable; one without marks in any reading."""
        column = "text" if syllable != fold(syllable) else "folded"
        query = f"select 1 from syllable where folded = ? and {column} = ? limit 1"  # nosec B608
        return self._connection.execute(query, (fold(syllable), syllable)).fetchone() is not None

    def knows_pair(self, first: str, second: str) -> bool:
        """Whether the archive has two syllables beside each other, those without marks in any
        of their readings."""
        return bool(self.pairs(self._spellings(first), self._spellings(second)))

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
        return self.read(text).text

    def read(self, text: str) -> Restored:
        """The same, with what may be the name of a province and may be other words."""
        return self._read(text)

    def _read_text(self, text: str) -> Restored:
        typed = syllables(text)
        if not typed:
            return Restored(text)
        found = [self._readings(text, word) for word in typed]
        loss = _loss(typed, found)
        if loss == 0.0:
            return Restored(text)
        readings = [
            {t: Reading(c, 1.0 if t == unit_of(word) else loss) for t, c in counts.items()}
            for word, counts in zip(typed, found, strict=True)
        ]
        doubtful: list[tuple[int, int, str]] = []
        if loss == 1.0:
            doubtful = read_names(self, text, typed, readings)
        restored = self._asking(readings)
        if loss < 1.0:
            restored = self._confirmed([unit_of(word) for word in typed], restored)
        return Restored(_spelled(text, typed, restored), tuple(doubtful))

    def _readings(self, text: str, word: Syllable) -> dict[str, float]:
        """What a typed syllable may stand for, each with how often it occurs."""
        written = text[word.start : word.end]
        is_acronym = len(written) > 1 and written.isupper() and not text.isupper()
        unit = unit_of(word)
        query = "select text, count from syllable where folded = ?"
        readings: dict[str, float] = dict(self._connection.execute(query, (fold(unit),)))
        if unit in NUMBERS or unit != fold(unit) or is_acronym:
            return {unit: readings.get(unit, FEWEST)}
        if not readings:
            return {word.text: 1.0}
        least = max(FEWEST, _LEAST_PLAIN * sum(readings.values()))
        return readings | {word.text: max(least, readings.get(word.text, 0.0))}

    def _asking(self, readings: Readings) -> list[str]:
        """The likeliest sequence, or one that asks if it is not much unlikelier."""
        likeliest, odds = self.likeliest(readings)
        if not _ASKING.isdisjoint(likeliest) or likeliest[-1] in _ASKING_LAST:
            return likeliest
        asking = [
            self.likeliest([*readings[:place], {word: found[word]}, *readings[place + 1 :]])
            for place, found in enumerate(readings)
            for word in sorted(_ALONE & found.keys())
        ]
        best, its_odds = max(asking, key=lambda found: found[1], default=(likeliest, odds))
        return best if its_odds > odds - _ASKS_RATHER else likeliest

    def _confirmed(self, typed: Sequence[str], restored: Sequence[str]) -> list[str]:
        """As typed, but for what the archive has beside its neighbour."""
        sure = list(typed)
        for place, new in enumerate(restored):
            before = place > 0 and self.pairs([restored[place - 1]], [new])
            after = place + 1 < len(restored) and self.pairs([new], [restored[place + 1]])
            if before or after:
                sure[place] = new
        return sure

    def likeliest(self, readings: Readings) -> tuple[list[str], float]:
        """Viterbi: the sequence of readings with the greatest probability, and its logarithm."""
        best = {
            text: math.log(count * lost / self._total)
            for text, (count, lost) in readings[0].items()
        }
        back: list[dict[str, str]] = []
        for before, now in pairwise(readings):
            pairs = self.pairs(list(before), list(now))
            step: dict[str, float] = {}
            came_from: dict[str, str] = {}
            for text, (count, lost) in now.items():
                alone = (1 - _PAIR_WEIGHT) * count / self._total + _UNSEEN
                scores = {
                    previous: score
                    + math.log(
                        _PAIR_WEIGHT * pairs.get((previous, text), 0) / before[previous].occurs
                        + alone
                    )
                    for previous, score in best.items()
                }
                came_from[text] = max(scores, key=lambda previous: (scores[previous], previous))
                step[text] = scores[came_from[text]] + math.log(lost)
            best = step
            back.append(came_from)
        last = max(best, key=lambda text: (best[text], text))
        path = [last]
        for came_from in reversed(back):
            path.append(came_from[path[-1]])
        return path[::-1], best[last]

    def pairs(self, first: Iterable[str], second: Iterable[str]) -> dict[tuple[str, str], int]:
        """How often the archive has each of the first right before each of the second."""
        return self._pairs_of(tuple(first), tuple(second))

    def _look_up_pairs(
        self, first: tuple[str, ...], second: tuple[str, ...]
    ) -> dict[tuple[str, str], int]:
        marks = (",".join("?" * len(first)), ",".join("?" * len(second)))
        rows = self._connection.execute(
            "select first, second, count from pair "  # nosec B608
            f"where first in ({marks[0]}) and second in ({marks[1]})",
            [*first, *second],
        )
        return {(a, b): count for a, b, count in rows}


def _spelled(text: str, typed: Sequence[Syllable], restored: Sequence[str]) -> str:
    """The text with other marks, in its own letter case."""
    characters = list(text)
    for word, reading in zip(typed, restored, strict=True):
        if reading == unit_of(word):
            continue
        for offset, new in enumerate(reading):
            old = characters[word.start + offset]
            characters[word.start + offset] = new.upper() if old.isupper() else new
    return "".join(characters)


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
