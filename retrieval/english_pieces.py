"""An English question taken apart: times, places, names, words of the lexicon, and the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from retrieval.english_lexicon import FUNCTION_WORDS, lexicon, spelled
from retrieval.english_periods import amount_at, time_at
from retrieval.gazetteer import load
from retrieval.syllable_forms import is_bare_syllable
from retrieval.text import fold

# What names restore their marks by; `Language.restore`.
Restore = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or phrase of the question.

    Attributes:
        english: as it was typed, in small letters and one spelling.
        vietnamese: what it is for each of `kinds`.
        kinds: as in `Sense`, and `t` time, `g` place, `m` name, `k` number or sign of a document,
            `f` function word, `s` the possessive, `,` a comma, `u` unknown.
    """

    english: str
    vietnamese: tuple[str, ...]
    kinds: tuple[str, ...]

    def is_a(self, kinds: str) -> bool:
        """Whether it can be of one of these kinds."""
        return any(kind in kinds for kind in self.kinds)

    def as_a(self, kinds: str) -> str:
        """Its Vietnamese as the first of these kinds; else the first that it has."""
        for kind, text in zip(self.kinds, self.vietnamese, strict=True):
            if kind in kinds:
                return text
        return self.vietnamese[0]


_WORD = re.compile(r"[^\W_]+(?:[./&][^\W_]+)*(?:-[^\W_]+)*")
# `16/CT-TTg`, `06-NQ/TU`: the signs of documents.
_SIGN = re.compile(r"\d+(?:/\d{4})?[-/][A-ZĐ][\w/-]*")
_MINOR = re.compile(r"(?P<possessive>['’]s\b|(?<=s)['’](?= ))|(?P<comma>[,;:])")
_NUMBERED = re.compile(r"(?:no\.?|number|nos\.?) ?(?=\d)", re.IGNORECASE)
_NO_PLACES = frozenset({"no", "an", "me", "do"})


def pieces_of(text: str, restore: Restore = str) -> list[Piece]:
    """The pieces of a question in reading order.

    Args:
        text: NFC, on one line, without `?` behind it.
        restore: gives a name typed without its marks those that the archive knows.
    """
    found: list[Piece] = []
    position = 0
    while position < len(text):
        taken = None
        if text[position].isalnum() and (position == 0 or not text[position - 1].isalnum()):
            taken = (
                _quoted_at(text, position)
                or _document_at(text, position)
                or _vietnamese_at(text, position)
                or _timed_at(text, position)
                or _place_at(text, position)
                or _name_at(text, position, restore)
                or _lexical_at(text, position)
            )
        elif match := _MINOR.match(text, position):
            kind = "s" if match["possessive"] else ","
            taken = match.end(), Piece(match[0], ("" if kind == "s" else ",",), (kind,))
        elif text[position] in '“"«':
            taken = _quoted_at(text, position)
        if taken:
            position = taken[0]
            found.append(taken[1])
        else:
            position += 1
    return found


_Taken = tuple[int, Piece] | None


def _quoted_at(text: str, start: int) -> _Taken:
    """What stands in quotation marks, with those that Vietnamese has in it."""
    match = re.compile(r"[“\"«]([^”\"»]+)[”\"»]").match(text, start)
    if match is None or match[1] == fold(match[1]):
        return None
    return match.end(), Piece(match[1], (f"“{match[1]}”",), ("m",))


def _document_at(text: str, start: int) -> _Taken:
    if match := _NUMBERED.match(text, start):
        return match.end(), Piece("no", ("số",), ("k",))
    match = _SIGN.match(text, start)
    return (match.end(), Piece(match[0], (match[0],), ("k",))) if match else None


def _vietnamese_at(text: str, start: int) -> _Taken:
    """A stretch of Vietnamese with marks: what stands beside a marked word and is no English."""
    end, is_marked = start, False
    for match in _WORD.finditer(text, start):
        word = match[0]
        marked = word != fold(word)
        joined = end == start or text[end : match.start()] in (" ", " - ", "-")
        if not joined or not (marked or _may_be_vietnamese(word, is_marked)):
            break
        is_marked = is_marked or marked
        end = match.end()
    return (end, Piece(text[start:end], (text[start:end],), ("m",))) if is_marked else None


def _may_be_vietnamese(word: str, behind_marked: bool) -> bool:
    if word.isdigit():
        return behind_marked
    is_english = lexicon().knows(spelled(word))
    return is_bare_syllable(fold(word.lower())) and not is_english


def _timed_at(text: str, start: int) -> _Taken:
    time, amount = time_at(text, start), amount_at(text, start)
    if time and (not amount or time[0] >= amount[0]):
        return time[0], Piece(text[start : time[0]].lower(), (time[1],), ("t",))
    if amount:
        return amount[0], Piece(text[start : amount[0]].lower(), (amount[1],), ("k",))
    return None


@cache
def _places() -> tuple[dict[tuple[str, ...], str], int]:
    """Provinces and districts by their syllables without marks."""
    gazetteer = load()
    found: dict[tuple[str, ...], str] = {}
    for district in gazetteer.districts:
        if not district.name.isdigit():
            found[tuple(fold(district.name).lower().split())] = district.name
    for province in gazetteer.provinces:
        found[tuple(fold(province.name).lower().replace(" - ", " ").split())] = province.name
    found |= {tuple(english.split()): name for english, name in _ENGLISH_PLACES.items()}
    return found, max(map(len, found))


_ENGLISH_PLACES = {
    "hanoi": "Hà Nội", "ho chi minh city": "TP. Hồ Chí Minh", "hcm city": "TP. Hồ Chí Minh",
    "hcmc": "TP. Hồ Chí Minh", "saigon": "TP. Hồ Chí Minh", "sai gon": "TP. Hồ Chí Minh",
    "danang": "Đà Nẵng", "haiphong": "Hải Phòng", "dalat": "Đà Lạt", "da lat": "Đà Lạt",
    "daklak": "Đắk Lắk", "dac lac": "Đắk Lắk", "bac can": "Bắc Kạn", "backan": "Bắc Kạn",
    "quangninh": "Quảng Ninh", "ba ria vung tau": "Bà Rịa - Vũng Tàu", "vung tau": "Vũng Tàu",
    "thua thien hue": "Thừa Thiên Huế", "halong": "Hạ Long", "nhatrang": "Nha Trang",
}  # fmt: skip


def _place_at(text: str, start: int) -> _Taken:
    """A province or district typed without marks; of one syllable only with a capital."""
    names, longest = _places()
    typed = list(_WORD.finditer(text, start))[: longest + 1]
    said = [part for match in typed for part in match[0].lower().split("-")]
    for length in range(min(longest, len(said)), 0, -1):
        name = names.get(tuple(said[:length]))
        ends = [m.end() for m in typed if len(_parts(text[start : m.end()])) == length]
        if name is None or not ends or not _is_joined(text[start : ends[0]]):
            continue
        is_capital = text[start].isupper()
        if (length == 1 and not is_capital) or (said[0] in _NO_PLACES and length == 1):
            continue
        # "an hai", "la to": two small words that English has as well.
        if not is_capital and all(lexicon().knows(word) for word in said[:length]):
            continue
        return ends[0], Piece(" ".join(said[:length]), (name,), ("g",))
    return None


def _parts(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _is_joined(text: str) -> bool:
    return not re.search(r"[,;:.]", text)


def _name_at(text: str, start: int, restore: Restore) -> _Taken:
    """Two or more Vietnamese syllables that are no English: a person, a commune, a river.

    With capitals they may be English as well (`Long`, `Man`), if not all of them are.
    """
    end, count = start, 0
    for match in _WORD.finditer(text, start):
        word = match[0]
        joined = end == start or text[end : match.start()] == " "
        is_capital = word[0].isupper() and not (len(word) > 1 and word.isupper())
        is_name = is_capital or (word.islower() and not lexicon().knows(spelled(word)))
        if not joined or not is_name or not is_bare_syllable(fold(word.lower())):
            break
        if word.lower() in FUNCTION_WORDS and not count:
            return None
        end, count = match.end(), count + 1
    name = text[start:end]
    if count < 2 or all(lexicon().knows(spelled(word)) for word in name.split()):
        return None
    if _lexical_at(text, start, longer_than=1):
        return None
    return end, Piece(name, (restore(name),), ("m",))


def _lexical_at(text: str, start: int, longer_than: int = 0) -> _Taken:
    """The longest phrase of the lexicon, a function word, or a word as it is."""
    typed: list[str] = []
    ends: list[int] = []
    end = start
    for match in re.compile(r"[^\W_]+(?:['’](?:s|t)\b)?|(?<=s)['’]").finditer(text, start):
        if ends and text[end : match.start()] not in (" ", "-", ""):
            break
        typed.append(spelled(match[0]))
        end = match.end()
        ends.append(end)
        if len(typed) >= lexicon().longest:
            break
    length, senses = lexicon().longest_at(typed, 0)
    if length > longer_than and not (length == 1 and typed[0] in _ALWAYS_FUNCTION):
        said = " ".join(typed[:length])
        if typed[length - 1].endswith("ed") and any(sense.kind == "v" for sense in senses):
            senses = tuple(sense for sense in senses if sense.kind == "v")
        kinds = tuple(sense.kind for sense in senses)
        return ends[length - 1], Piece(said, tuple(s.vietnamese for s in senses), kinds)
    if longer_than:
        return None
    possessive = re.sub("['’]s$", "", typed[0])
    if possessive != typed[0]:
        return _lexical_at(text[: ends[0] - 2], start)
    if typed[0] in FUNCTION_WORDS:
        return ends[0], Piece(typed[0], ("",), ("f",))
    whole = _WORD.match(text, start)
    assert whole is not None
    kind = "m" if _is_name(whole[0]) else "u"
    return whole.end(), Piece(whole[0], (whole[0],), (kind,))


# What has a word of its own in the lexicon, but mostly makes the sentence.
_ALWAYS_FUNCTION = frozenset(
    "has have had do does did done is are was were be been as to of in".split()
)


def _is_name(word: str) -> bool:
    """Names and abbreviations pass as they are; a small word alone is no name (`hit`, `vote`)."""
    return any(letter.isupper() or letter.isdigit() for letter in word)
