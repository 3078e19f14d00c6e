"""Names of provinces that a text typed without marks may hold, and how its words speak for them.

`hai duong` is Hải Dương or two roads. What the archive's language thinks of either reading is
`marks`' business; here stands what the typing adds to it: a word that announces a place, capitals,
a place before it in a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.gazetteer import load
from retrieval.place_context import NO_PLACE
from retrieval.text import Syllable, canonical, fold, syllables

# Logarithms of odds, like those of the readings; 2.3 is ten to one. Chosen by hand on the rows
# of `tests/asked_place_rows.py`, and to be told apart only by size:
_ANNOUNCED = 8.0  # "tinh X": nothing but a name stands there
_LED = 5.0  # "o X", "tin X": mostly
_AFTER_PLACE = 4.0  # "Ha Noi va X"
_LINKED = 1.5  # "cua X", "den X": as often before other words
_CAPITALS = 10.0  # "dan van Gia Lai": who types capitals means a name
_ALONE = 6.0  # the whole text
_OPENS = 0.5  # what a question begins with is mostly what it is about
_ASKED_ABOUT = 4.0  # "X co bao nhieu …", at the beginning
_REPORTS = 6.0  # "bao X viet gi"
# A name that only contains a province's (Thái Bình Dương) is what it is.
_LONGER_NAME = 8.0
_SHORT_CODE = 3  # "HP" is a bacterium as well

_ANNOUNCES = re.compile(
    r"(?<!\S)(?:tinh|tp|t\.p|thanh pho|ubnd|hdnd|mttq|dbqh|tinh uy|thanh uy|tinh doan|dia ban) $"
)
_LEADS = re.compile(
    r"(?<!\S)(?:o|tai|(?<!long )(?<!niem )(?<!thong )(?<!nhan )(?<!uy )tin(?: tuc| bai| bao)?"
    r"(?: moi(?: nhat)?| nong)?(?: cua| o| tai| tu| ve)?) $"
)
_LINKS = re.compile(r"(?<!\S)(?:cua|tu|den|ve|vung|nguoi|voi|du lich|bao) $")
_ASKS = re.compile(r" (?:co|dat|thu hut|la bao nhieu)\b")
_JOINS_LIST = re.compile(r"\s*(?:,|va|voi|hay|hoac|-)\s*")
REPORTS = re.compile(r"\W+(?:da |co |moi )?(?:viet|noi|dang|dua|neu|phan anh|thong tin|cho biet)\b")
_NAME_JOINT = re.compile(r"[ \t.\-–]*")


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """A stretch of syllables that may be a name.

    Attributes:
        first, stop: syllables of the text.
        spelling: the name's own, with its marks.
        syllables: each of them as any spelling of the name has it (`Bắc Kạn`, `Bắc Cạn`).
        province: None for a name that only contains a province's.
        weight: logarithm of the odds that the words around it add.
    """

    first: int
    stop: int
    spelling: tuple[str, ...]
    syllables: tuple[frozenset[str], ...]
    province: str | None
    weight: float


def place_readings(text: str, typed: Sequence[Syllable]) -> list[PlaceReading]:
    """The names that an NFC text without marks may hold, the longest at each place, in order."""
    found: list[PlaceReading] = []
    index = 0
    while index < len(typed):
        stop = _longest(text, typed, index)
        if stop == index:
            index += 1
            continue
        key = tuple(word.text for word in typed[index:stop])
        spellings, province = _names()[key]
        every = tuple(frozenset(column) for column in zip(*spellings, strict=True))
        weight = _weight(text, typed, index, stop, found) if province else _LONGER_NAME
        found.append(PlaceReading(index, stop, spellings[0], every, province, weight))
        index = stop
    return found


def _longest(text: str, typed: Sequence[Syllable], first: int) -> int:
    for stop in range(min(len(typed), first + _longest_name()), first, -1):
        joined = all(
            _NAME_JOINT.fullmatch(text[left.end : right.start])
            for left, right in zip(typed[first : stop - 1], typed[first + 1 : stop], strict=True)
        )
        if joined and tuple(word.text for word in typed[first:stop]) in _names():
            return stop
    return first


def _weight(
    text: str, typed: Sequence[Syllable], first: int, stop: int, earlier: Sequence[PlaceReading]
) -> float:
    start, end = typed[first].start, typed[stop - 1].end
    plain = canonical(text)
    before, after = plain[:start], plain[end:]
    weight = 0.0
    if _ANNOUNCES.search(before):
        weight += _ANNOUNCED
    elif _LEADS.search(before):
        weight += _LED
    elif _LINKS.search(before):
        weight += _REPORTS if before.endswith("bao ") and REPORTS.match(after) else _LINKED
    if _stands_out(text, typed, first, stop):
        weight += _CAPITALS
    if not before and not re.search(r"\w", after):
        weight += _ALONE
    elif not before:
        weight += _ASKED_ABOUT if _ASKS.match(after) else _OPENS
    last = earlier[-1] if earlier else None
    if last and _JOINS_LIST.fullmatch(plain[typed[last.stop - 1].end : start]):
        weight += _AFTER_PLACE
    return weight


def _stands_out(text: str, typed: Sequence[Syllable], first: int, stop: int) -> bool:
    """Whether its syllables have capitals, and not because all of the text has."""
    if not all(text[word.start].isupper() for word in typed[first:stop]):
        return False
    others = [*typed[:first], *typed[stop:]]
    small = sum(text[word.start].islower() for word in others)
    # One syllable may only begin the sentence.
    return 2 * small > len(others) and (stop - first > 1 or first > 0)


@cache
def _names() -> dict[tuple[str, ...], tuple[list[tuple[str, ...]], str | None]]:
    """Folded syllables -> the name's spellings, its own first, and its province."""
    names: dict[tuple[str, ...], tuple[list[tuple[str, ...]], str | None]] = {}
    rows = [(province.name, province.name) for province in load().provinces]
    rows += [
        (alias, province.name)
        for province in load().provinces
        for alias in province.aliases
        if not (alias.isupper() and len(alias) <= _SHORT_CODE)
    ]
    for name, province in [*rows, *((name, None) for name in sorted(NO_PLACE))]:
        spelling = tuple(word.text for word in syllables(name))
        folded = tuple(fold(syllable) for syllable in spelling)
        names.setdefault(folded, ([], province))[0].append(spelling)
    return names


@cache
def _longest_name() -> int:
    return max(map(len, _names()))
