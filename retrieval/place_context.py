"""Which of the places that a text seems to name it really names.

`mentions` finds the names; here the words around them decide: a street, a person, an
ocean or peace. The words are in `data/place_words.csv`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from retrieval.text import canonical

PlaceKind = Literal["province", "district"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text.

    Attributes:
        start, end: characters of the text that was searched; `text[start:end]` is `text`.
        text: the name as written. A district's includes its kind word (`huyện Ba Bể`);
            a province's does not, except where it makes the name (`TP. Hồ Chí Minh`).
        names: the provinces it may denote, in the gazetteer's spelling. Districts that
            share a name have several.
    """

    start: int
    end: int
    text: str
    kind: PlaceKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that is looked for: its syllables, and how loosely they may be joined."""

    words: tuple[str, ...]
    kind: PlaceKind
    names: tuple[str, ...]  # none: a name that only contains a province's ("Thái Bình Dương")
    spaced_hyphen: bool = False  # "Bà Rịa - Vũng Tàu"


_WORD = re.compile(r"[^\W_]+")
_OLD_TONE = re.compile(r"(?<!q)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?![^\W\d_])", re.IGNORECASE)
_APOSTROPHES = ("'", "’", "‘")
SPACE = re.compile(r"[ \t]+")
_SENTENCE_END = re.compile(r"[.!?:\n]")
_BESIDE_PROVINCE = re.compile(r"[ \t]*[,–-][ \t]*|[ \t]+và[ \t]+")
_CHINESE = re.compile(r"[\s,(–-]*Trung Quốc")  # Henan is "Hà Nam" too

# Every kind of town, longest first. They count as one kind, since a `thị xã` becomes a
# `thành phố` and old articles keep it.
TOWN_WORDS = (
    ("thành", "phố"),
    ("thị", "xã"),
    ("tx",),
    ("tp",),
    ("t", "p"),
    ("t", "x"),
)


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file in `data/`."""
    with (Path(__file__).parent / "data" / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _read_words() -> dict[str, frozenset[str]]:
    rules: dict[str, set[str]] = {}
    for row in read_rows("place_words.csv"):
        rules.setdefault(row["rule"], set()).add(row["words"])
    return {rule: frozenset(words) for rule, words in rules.items()}


# What each rule is for stands in data/README.md.
_RULES = _read_words()
_NAMED_AFTER = _RULES["named_after"]
_NOT_NAMED_AFTER = _RULES["not_named_after"]
_NAMED_AFTER_PAIR = _RULES["named_after_pair"]
_PEACE_BEFORE = _RULES["peace_before"]
_INTRODUCERS = _RULES["introducer"]
_TITLES = _RULES["title"]
_FAMILY_NAMES = _RULES["family_name"]
_ALSO_WORDS = _RULES["also_a_word"]
_NEVER_A_PERSON = _RULES["never_a_person"]
_BEFORE_HUE = _RULES["before_hue"]
_WORD_GOES_BACK = _RULES["word_goes_back"]
_ALSO_PHRASES = _RULES["also_a_phrase"]
_DISTRICT_FEATURES = _RULES["district_feature"]
NO_PLACE = _RULES["no_place"]

_TYPED_LENGTH = 400  # characters; questions are typed without capitals, articles are not
_LONGEST_NAME_BEFORE = 2  # family and middle name before a two-syllable given name


class Text:
    """A text cut into words, with the questions that the guards ask of it."""

    __slots__ = ("ends", "short", "starts", "text", "typed", "words")

    def __init__(self, text: str) -> None:
        lowered = text.lower()
        if len(lowered) != len(text) or _OLD_TONE.search(text):
            lowered = canonical(text)
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _WORD.finditer(lowered):
            self.words.append(match[0])
            self.starts.append(match.start())
            self.ends.append(match.end())
        self.short = len(text) <= _TYPED_LENGTH
        self.typed = self.short and not any(
            self.text[start].isupper() and not self.text[start : self.ends[index]].isupper()
            for index, start in enumerate(self.starts[1:], 1)
        )

    def between(self, left: int, right: int) -> str:
        return self.text[self.ends[left] : self.starts[right]]

    def capital(self, index: int) -> bool:
        return self.text[self.starts[index]].isupper()

    def all_begin_capital(self, first: int, stop: int) -> bool:
        """Whether every word does, but for what an apostrophe joins on: `Ea H'leo`."""
        return all(
            self.capital(index)
            or (index > first and self.between(index - 1, index) in _APOSTROPHES)
            for index in range(first, stop)
        )

    def all_capitals(self, first: int, stop: int) -> bool:
        return self.text[self.starts[first] : self.ends[stop - 1]].isupper()

    def within_sentence(self, index: int) -> bool:
        """Whether a word stands before it in its sentence."""
        return index > 0 and not _SENTENCE_END.search(self.between(index - 1, index))

    def before(self, index: int, count: int) -> tuple[str, ...]:
        """Up to `count` words that stand right before a word, only spaces between them."""
        first = index
        while (
            first > 0 and index - first < count and SPACE.fullmatch(self.between(first - 1, first))
        ):
            first -= 1
        return tuple(self.words[first:index])


def words_of(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(canonical(name)))


def may_be_name(text: Text, index: int, entry: Entry) -> bool:
    """Whether these words are one name at all, and not the halves of others."""
    if _joins_backwards(text, index):
        return False
    return not entry.names or _is_written_as_name(text, index, entry)


def _joins_backwards(text: Text, index: int) -> bool:
    """Whether the name's first syllable belongs to the word before: "Việt Nam Định hướng"."""
    before = text.before(index, 1)
    if _follows(text, index, _INTRODUCERS):  # "CÔNG AN NINH BÌNH"
        return False
    return (
        bool(before)
        and f"{before[0]} {text.words[index]}" in _WORD_GOES_BACK
        and text.capital(index - 1) == text.capital(index)
    )


def _follows(text: Text, index: int, rule: frozenset[str]) -> bool:
    """Whether one or two words of a rule stand right before."""
    before = text.before(index, 2)
    return bool(before) and (before[-1] in rule or " ".join(before) in rule)


def _is_written_as_name(text: Text, index: int, entry: Entry) -> bool:
    """Whether every syllable has its capital, as far as this text has any."""
    if text.typed:
        return True
    name = " ".join(entry.words)
    first = index + _kind_length(entry.words)
    stop = index + len(entry.words)
    # "dân vận Bắc kạn" in a typed question, "tỉnh Bắc kạn" anywhere
    small_end = text.short and text.within_sentence(index) and name not in _ALSO_PHRASES
    if small_end or _follows(text, index, _INTRODUCERS):
        stop = first + 1
    return text.all_begin_capital(first, stop)


def _kind_length(words: tuple[str, ...]) -> int:
    """How many words of a name are its kind: two of `thành phố hồ chí minh`."""
    return next((len(kind) for kind in TOWN_WORDS if words[: len(kind)] == kind), 0)


def denotes(text: Text, index: int, stop: int, entry: Entry, last: Mention | None) -> bool:
    """Whether a name that is written as one is the place's; `last` is the mention before it."""
    name = " ".join(entry.words)
    if name == "hồ chí minh":
        return _is_city_not_person(text, index, last)
    introduced = _follows(text, index, _INTRODUCERS)
    if name == "hà nam" and _CHINESE.match(text.text, text.ends[stop - 1]):
        return False
    if introduced or _kind_length(entry.words):
        return True
    if name == "hòa bình" and not _is_province_not_peace(text, index, stop):
        return False
    if name == "cao bằng" and not text.capital(index + 1):
        return False
    return not _is_named_after(text, index, entry) and not _is_person(text, index, entry, last)


def _is_city_not_person(text: Text, index: int, last: Mention | None) -> bool:
    # Without "TP." the name is the man's, except "tại Hồ Chí Minh" and "Hà Nội, Hồ Chí Minh".
    if text.before(index, 1) == ("tại",):
        return True
    return (
        last is not None
        and last.kind == "province"
        and bool(_BESIDE_PROVINCE.fullmatch(text.text[last.end : text.starts[index]]))
    )


def _is_province_not_peace(text: Text, index: int, stop: int) -> bool:
    if not (text.capital(index) and text.capital(stop - 1)):
        return False
    if text.all_capitals(index, stop) and text.before(index, 1):
        return False
    return not _follows(text, index, _PEACE_BEFORE)


def _is_named_after(text: Text, index: int, entry: Entry) -> bool:
    before = text.before(index, 2)
    pair = " ".join(before)
    if not before or pair in _NOT_NAMED_AFTER:
        return False
    if entry.kind == "district" and before[-1] in _DISTRICT_FEATURES:  # "hồ Ba Bể"
        return False
    return pair in _NAMED_AFTER_PAIR or before[-1] in _NAMED_AFTER


def _is_person(text: Text, index: int, entry: Entry, last: Mention | None) -> bool:
    name = " ".join(entry.words)
    before = text.before(index, 1)
    if not before:
        return name not in _NEVER_A_PERSON and _is_signature(text, index, entry)
    if before[0] in ("thị", "văn") and text.capital(index - 1):
        return True
    if name == "huế":
        return _is_given_name_hue(text, index, before[0])
    if name in _NEVER_A_PERSON:
        return False
    if last is not None and text.text[last.end : text.starts[index]].isspace():
        return False
    return before[0] in _TITLES or _ends_personal_name(text, index)


def _is_signature(text: Text, index: int, entry: Entry) -> bool:
    """A photographer ("Ảnh: Hải Dương") or the author's name after the last sentence."""
    if index == 0:
        return False
    gap = text.between(index - 1, index)
    if text.words[index - 1] == "ảnh" and ":" in gap:
        return True
    is_last = index + len(entry.words) == len(text.words)
    return is_last and "." in gap and text.words[index - 1] not in ("tp", "p")


def _is_given_name_hue(text: Text, index: int, before: str) -> bool:
    if before in _BEFORE_HUE:
        return False
    acronym = text.all_capitals(index - 1, index)
    return before in _TITLES or (text.capital(index - 1) and not acronym)


def _ends_personal_name(text: Text, index: int) -> bool:
    """Whether a family name, or family and middle name, in capitals stand right before."""
    for length in range(1, len(text.before(index, _LONGEST_NAME_BEFORE)) + 1):
        family = index - length
        if not text.capital(family):
            return False
        if text.words[family] in _FAMILY_NAMES:
            if length > 1 and text.all_capitals(family, index + 1):
                return False  # in a headline of capitals every word may look like a middle name
            return length > 1 or text.words[family] not in _ALSO_WORDS
    return False
