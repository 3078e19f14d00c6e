"""Departments, committees and unions: which one a text names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from bot.data_files import read_data
from retrieval.text import canonical, fold

Words = tuple[str, ...]


# A text's syllables as they are compared with the question's.
Spell = Callable[[str], list[str]]


# Written so in most articles, with every question; other abbreviations are the query's matter.
_SHORT = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mặt trận tổ quốc",
}


def written_out(words: Sequence[str]) -> list[str]:
    is_folded = "".join(words) == fold("".join(words))
    result: list[str] = []
    for word in words:
        long = _SHORT.get(word)
        result += ((fold(long) if is_folded else long).split()) if long else [word]
    return result


def holds(words: Sequence[str], wanted: Words) -> bool:
    return any(True for _ in places_of(words, wanted))


def places_of(words: Sequence[str], wanted: Words) -> Iterable[int]:
    size = len(wanted)
    for start in range(len(words) - size + 1):
        if tuple(words[start : start + size]) == wanted:
            yield start


def split_words(text: str, is_folded: bool) -> Words:
    spelled = fold(canonical(text)) if is_folded else canonical(text)
    return tuple(spelled.split())


@cache
def organisations(is_folded: bool) -> tuple[Words, ...]:
    """Heads with their fields, the longest first."""
    names = {
        split_words(f"{row['head']} {field}", is_folded)
        for row in read_data("organisations.csv")
        for field in row["fields"].split("|")
    }
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def organisations_of(words: Sequence[str], is_folded: bool) -> list[Words]:
    taken: set[int] = set()
    found = []
    for name in organisations(is_folded):
        for start in places_of(words, name):
            stretch = set(range(start, start + len(name)))
            if not stretch & taken:
                taken |= stretch
                found.append(name)
    return found


# Words that say of which body an office is, beside the organisations.
_BODY_WORDS = "thường trực|quốc hội|nước|chính phủ"


@cache
def terms_of(listed: str, is_folded: bool) -> tuple[Words, ...]:
    names = [split_words(name, is_folded) for name in listed.split("|")]
    return tuple(sorted(names, key=lambda name: -len(name)))


# Heads whose field alone names the body behind an office: `Bộ trưởng Nội vụ`.
_FIELD_HEADS = frozenset({"sở", "bộ", "ban", "phòng", "hội"})


@cache
def bodies(is_folded: bool) -> tuple[Words, ...]:
    """Bodies; a field alone is one too, behind `Trưởng ban` and `Bộ trưởng`."""
    fields = {
        split_words(field, is_folded)
        for row in read_data("organisations.csv")
        if row["head"] in _FIELD_HEADS
        for field in row["fields"].split("|")
    }
    names = {*organisations(is_folded), *terms_of(_BODY_WORDS, is_folded), *fields}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def term_at(words: Sequence[str], start: int, terms: Iterable[Words]) -> Words | None:
    return next((t for t in terms if tuple(words[start : start + len(t)]) == t), None)


@cache
def syllables_of_organisations() -> frozenset[str]:
    """Every syllable of the names of bodies, which many sentences share."""
    return frozenset(word for name in organisations(False) for word in name)


def organisations_in(words: Sequence[str]) -> list[Words]:
    """The bodies that a text with marks names, in canonical syllables."""
    return organisations_of(words, is_folded=False)
