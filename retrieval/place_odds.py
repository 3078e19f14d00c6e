"""Whether a stretch of a text typed without marks is a province's name or other words.

By the archive's language: the likeliest reading with the name against the likeliest without, and
whether the name would take half of another word; with what `place_readings` sees around it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from retrieval.place_readings import PlaceReading, place_readings
from retrieval.text import Syllable

# What a syllable that the archive does not have counts as.
FEWEST = 1.0

# A place's name counts as read where the text with it is this much likelier than without
# (logarithm of the odds: 3 is twenty to one). Below that it is doubtful, also where it is a
# little unlikelier: raising its articles then does less harm than missing them.
_SURE = 3.0
_UNLIKELY = -1.0
# Two syllables are one word where they stand together this often, against the geometric mean
# of their own counts. In the news `an ninh` .16,
# `nội dung` .38, `bình thường` .035; `nẵng và` .018, `kạn còn` 0.
_WORD_SHARE = 0.03
# Syllables around a name that may tell it from other words; pairs reach no farther than this.
_AROUND = 4


class Reading(NamedTuple):
    """What a typed syllable may stand for.

    Attributes:
        occurs: how often the archive has it.
        lost: how likely the typist left its marks out; 1 where that tells nothing.
    """

    occurs: float
    lost: float = 1.0


Readings = Sequence[dict[str, Reading]]


class Model(Protocol):
    """The language of an archive."""

    def likeliest(self, readings: Readings) -> tuple[list[str], float]:
        """The sequence of readings with the greatest probability, and its logarithm."""

    def pairs(self, first: Iterable[str], second: Iterable[str]) -> dict[tuple[str, str], int]:
        """How often each of the first stands right before each of the second."""


def read_names(
    model: Model, text: str, typed: Sequence[Syllable], readings: list[dict[str, Reading]]
) -> list[tuple[int, int, str]]:
    """Leaves the likely names of places as the only reading, takes the unlikely out of the
    readings, and tells which are doubtful."""
    doubtful = []
    for name in place_readings(text, typed):
        likelier, weakest = _odds(model, readings, name)
        odds = likelier + name.weight
        if odds > 0:
            for place, syllable in enumerate(name.spelling, name.first):
                known = readings[place].get(syllable, Reading(FEWEST))
                readings[place] = {syllable: known}
        else:
            others = _without(readings[name.first + weakest], name.syllables[weakest])
            readings[name.first + weakest] = others
        if name.province and _UNLIKELY < odds < _SURE:
            start, end = typed[name.first].start, typed[name.stop - 1].end
            doubtful.append((start, end, name.province))
    return doubtful


def _odds(model: Model, readings: Readings, name: PlaceReading) -> tuple[float, int]:
    """Logarithm of how much likelier the text is with a name than with other words there,
    and which of the name's syllables would most likely be another.
    """
    first, stop = max(0, name.first - _AROUND), name.stop + _AROUND
    before, after = readings[first : name.first], readings[name.stop : stop]
    there = readings[name.first : name.stop]
    named = [
        {syllable: found.get(syllable, Reading(FEWEST))}
        for syllable, found in zip(name.spelling, there, strict=True)
    ]
    whole = _score(model, before, named, after)
    # A name is a word: what follows it need not be what its last syllable leads to.
    ended = _score(model, before, named) + _score(model, after)
    rivals = {
        place: _score(model, before, there[:place], [rest], there[place + 1 :], after)
        for place, found in enumerate(there)
        if (rest := _without(found, name.syllables[place]))
    }
    if not rivals:
        return math.inf, 0
    weakest = max(rivals, key=lambda place: (rivals[place], -place))
    if _is_word(model, named[-1:], after):  # `thái bình` would take half of `bình thường`
        return ended - max(whole, rivals[weakest]), weakest
    if name.weight <= 0 and _is_word(model, before[-1:], named):  # `gia lai` half of `tham gia`
        apart = _score(model, before) + _score(model, named, after)
        return apart - max(whole, rivals[weakest]), weakest
    return max(whole, ended) - rivals[weakest], weakest


def _score(model: Model, *parts: Readings) -> float:
    readings = [reading for part in parts for reading in part]
    return model.likeliest(readings)[1] if readings else 0.0


def _is_word(model: Model, left: Readings, right: Readings) -> bool:
    """Whether the last syllable of the one and the first of the other make a word."""
    if not left or not right:
        return False
    first, second = left[-1], right[0]
    return any(
        count >= _WORD_SHARE * math.sqrt(first[a].occurs * second[b].occurs)
        for (a, b), count in model.pairs(list(first), list(second)).items()
    )


def _without(readings: dict[str, Reading], syllables: Collection[str]) -> dict[str, Reading]:
    return {text: reading for text, reading in readings.items() if text not in syllables}
