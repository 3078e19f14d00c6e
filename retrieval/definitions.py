"""Abbreviations that an article explains: `các tổ chức chính trị - xã hội (CT-XH)`.

The long form is the stretch before the bracket whose syllables begin with the abbreviation's
letters; what the letters do not account for is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from retrieval.text import Syllable, canonical, fold, syllables

_CALLED = (
    r"(?:(?:sau đây|dưới đây|từ đây)\s+)?(?:được\s+)?(?:gọi|viết)\s+(?:chung\s+)?tắt\s*(?:là)?"
)
_QUOTES = "\"“”'‘’«»"
_IN_BRACKETS = re.compile(
    rf"\(\s*(?:{_CALLED})?[\s:{_QUOTES}]*(?P<short>[^\W\d_][^()\n{_QUOTES}]{{1,24}}?)"
    rf"[\s{_QUOTES}]*\)",
    re.IGNORECASE,
)
_CALLED_SO = re.compile(
    rf",?\s*{_CALLED}\s*[:{_QUOTES}]*\s*(?P<short>[A-ZĐƯ][^\W\d_]*(?:[-&][^\W\d_]+)*)\b"
)
_EXPLAINED = re.compile(
    r"(?<![\w/&-])(?P<short>[A-ZĐƯ][^\W\d_]+(?:[-&][^\W\d_]+)*) ?\((?P<long>[^()\n]{5,80})\)"
)
_SENTENCE_MARKS = re.compile(r"[.;:!?()\n…/+*|]")
_STRETCH = 160  # characters; the longest organisation's name has about 100

# What an abbreviation passes over: `kế hoạch của tỉnh`, `nhiệm vụ và giải pháp`.
_SMALL_WORDS = frozenset("và của các về với cho trong ở tại những trên theo".split())
_MOST_SKIPPED = 3
# `Mặt trận Tổ quốc Việt Nam (MTTQ)`, `Ủy ban nhân dân tỉnh Bắc Kạn (UBND)`: whose it is may
# follow. Shorter abbreviations find their letters by chance too often.
_WHOSE = frozenset("việt tỉnh huyện quận xã phường thành thị".split())
_LONGEST_TAIL = 4
_LETTERS_BEFORE_TAIL = 4


class Definition(NamedTuple):
    """An abbreviation as written, and the long form as the article has it."""

    short: str
    long: str


class _Unit(NamedTuple):
    """A capital with the small letters after it, or a syllable written out."""

    text: str
    is_letter: bool


def find_definitions(text: str) -> Iterator[Definition]:
    """The abbreviations that an NFC text explains, in order; the same one may come twice."""
    for pattern in (_IN_BRACKETS, _CALLED_SO):
        for match in pattern.finditer(text):
            long = _long_before(text, match.start(), match["short"])
            if long:
                yield Definition(" ".join(match["short"].split()), long)
    for match in _EXPLAINED.finditer(text):
        units = _units(match["short"])
        words = syllables(match["long"])
        if units and words and _start(units, words, len(words)) == 0:
            long = _spelled(match["long"], words)
            if long:
                yield Definition(match["short"], long)


def letters(short: str) -> str:
    """The letters of an abbreviation in lower case: `GD & ĐT` as `gdđt`."""
    return "".join(word.text for word in syllables(short))


def _long_before(text: str, end: int, short: str) -> str | None:
    units = _units(short)
    if not units:
        return None
    stretch = text[max(0, end - _STRETCH) : end]
    stretch = stretch[max((m.end() for m in _SENTENCE_MARKS.finditer(stretch)), default=0) :]
    words = syllables(stretch)
    count = sum(unit.is_letter for unit in units)
    if "," in stretch and count < _LETTERS_BEFORE_TAIL:
        words = [word for word in words if word.start > stretch.rindex(",")]
    for tail in range(_LONGEST_TAIL + 1 if count >= _LETTERS_BEFORE_TAIL else 1):
        last = len(words) - tail
        if last < 2 or (tail and words[last].text not in _WHOSE):
            continue
        start = _start(units, words, last)
        if start is not None:
            return _spelled(stretch, words[start:last])
    return None


def _units(short: str) -> list[_Unit]:
    """What each syllable of the long form must show; nothing where `short` is no abbreviation."""
    units: list[_Unit] = []
    parts = re.split(r"[\s&.,–-]+", short.strip())
    if len(parts) > 4 or any(not part.isalpha() for part in parts):
        return []
    for part in parts:
        capitals = sum(map(str.isupper, part))
        if part[0].isupper() and (capitals == len(part) or capitals > 1):
            units += _lettered(part)
        else:
            units.append(_Unit(canonical(part), False))
    is_abbreviation = sum(unit.is_letter for unit in units) >= 2
    return units if is_abbreviation and not any(_is_a_word(unit) for unit in units) else []


def _lettered(part: str) -> Iterator[_Unit]:
    starts = [index for index, letter in enumerate(part) if letter.isupper()]
    for start, end in pairwise([*starts, len(part)]):
        yield _Unit(part[start:end], True)


def _is_a_word(unit: _Unit) -> bool:
    """`BlackPink`: more small letters after a capital than an abbreviation has."""
    return unit.is_letter and len(unit.text) > 2


def _start(units: Sequence[_Unit], words: Sequence[Syllable], end: int) -> int | None:
    """Where the long form begins that ends before word `end`; None where there is none."""
    plain_d = not any("Đ" in unit.text for unit in units)
    skips = _MOST_SKIPPED if len(units) > 2 else 0

    def reach(unit: int, word: int, skipped: int) -> int | None:
        if unit < 0:
            return word + 1
        if word < 0:
            return None
        if _shows(units[unit], words[word].text, plain_d):
            found = reach(unit - 1, word - 1, skipped)
            if found is not None:
                return found
        inside = unit < len(units) - 1
        if inside and skipped < skips and _is_passed_over(words[word].text):
            return reach(unit, word - 1, skipped + 1)
        return None

    return reach(len(units) - 1, end - 1, 0)


def _is_passed_over(word: str) -> bool:
    return word in _SMALL_WORDS or word[0].isdigit()


def _shows(unit: _Unit, word: str, plain_d: bool) -> bool:
    if not unit.is_letter:
        return unit.text == word
    first, rest = unit.text[0].lower(), fold(unit.text[1:])
    if fold(first) != fold(word[0]):
        return False
    if (first == "đ") != (word[0] == "đ") and not (plain_d and first == "d"):
        return False
    position = 1
    for letter in rest:  # `TTg` is thủ tướng: the small letters come later in the syllable
        position = fold(word).find(letter, position) + 1
        if not position:
            return False
    return True


def _spelled(text: str, words: Sequence[Syllable]) -> str | None:
    """The words with plain joints; None where one is itself an abbreviation or a number."""
    written = [text[word.start : word.end] for word in words]
    if len(words) < 2 or not all(map(_is_spelled_out, written)):
        return None
    long = written[0]
    for before, word, syllable in zip(words, words[1:], written[1:], strict=False):
        gap = text[before.end : word.start]
        joint = ", " if "," in gap else " - " if "-" in gap or "–" in gap else " "
        long += joint + syllable
    return long


def _is_spelled_out(word: str) -> bool:
    """No number, no abbreviation, no initial: `Y tế`, but not `T&T Retail`."""
    if len(word) == 1:
        return fold(word.lower()) in "aeiouy"
    return word.isalpha() and not word.isupper()
