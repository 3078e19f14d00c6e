"""Persons, communes and other places that a text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from bot.bodies import organisations
from retrieval.gazetteer import load
from retrieval.place_context import read_rows
from retrieval.text import Syllable, fold, syllables

# Family names beside those of `place_words.csv`, which are there because places share them.
_FAMILY_NAMES = (
    "phương nông ma bế vi lục hầu sùng vàng lù giàng điểu quách đàm đồng đới doãn hàn khổng lã "
    "lại liêu ninh phí quản tăng thạch thân tiêu trà ung vương âu hoàng bạch cù chử"
).split()


# Of the shared list these are middle names, or words that open sentences.
_NO_FAMILY_NAMES = frozenset({"văn", "thị", "từ"})


@cache
def _family_names() -> frozenset[str]:
    rows = read_rows("place_words.csv")
    listed = {row["words"] for row in rows if row["rule"] == "family_name"}
    return frozenset({*_FAMILY_NAMES, *listed} - _NO_FAMILY_NAMES)


@cache
def _folded_family_names() -> frozenset[str]:
    return frozenset(map(fold, _family_names()))


def people_in(text: str) -> list[str]:
    """Persons: a family name and at least one more name, all with capitals."""
    mentions = [(m.start, m.end) for m in load().find_places(text)]
    found = []
    for run in _capitalised_runs(text):
        is_folded = text == fold(text)
        family = _folded_family_names() if is_folded else _family_names()
        names = [n for n, word in enumerate(run[:-1]) if word.text in family]
        if not names:
            continue
        start, end = run[names[0]].start, run[-1].end
        words = [word.text for word in run[names[0] :]]
        is_place = any(s < end and start < e for s, e in mentions)
        if not is_place and not _opens_organisation(words):
            found.append(text[start:end])
    return found


# The units that no list holds: there are ten thousand, and many were renamed in 2025.
_COMMUNE = re.compile(
    r"\b[Pp]hường |\b[Xx]ã |\b[Tt]hị trấn |\b[Tt]hôn |\b[Ấấ]p |\b[Bb]uôn |\b[Đđ]ặc khu "
    r"|\b[Tt]hi tran |\b[Pp]huong |\b[Xx]a |\b[Tt]hon "
)


def communes_in(text: str) -> list[str]:
    """Names with capitals behind the word for a commune, a ward, a hamlet; without that word."""
    found = []
    for match in _COMMUNE.finditer(text):
        words = syllables(text[match.end() :])
        end = match.end()
        for word in words:
            start = match.end() + word.start
            if start > end + 1 or not text[start].isupper():
                break
            end = match.end() + word.end
        if end > match.end():
            found.append(text[match.end() : end])
    return found


# What leads to a place; the name behind it may be a district's or a village's, without its word.
_LEADS_TO_PLACE = frozenset({"ở", "o", "tại", "tai"})
_OWN_COUNTRY = ("việt", "nam")


def places_in(text: str) -> list[str]:
    """Names with capitals right behind `ở` or `tại`, but for provinces and organisations.

    Of 37 in questions of ViNewsQA dev the article that answers lacks one: `Việt Nam`, which the
    news of Việt Nam need not name.
    """
    words = syllables(text)
    behind = {word.start: before for before, word in pairwise(words)}
    known = [(m.start, m.end) for m in load().find_places(text) if m.kind == "province"]
    found = []
    for run in _capitalised_runs(text):
        before = behind.get(run[0].start)
        start, end = run[0].start, run[-1].end
        named = tuple(word.text for word in run)
        if (
            before
            and before.text in _LEADS_TO_PLACE
            and text[before.end : start] == " "
            and named != _OWN_COUNTRY
            and not any(s < end and start < e for s, e in known)
            and not _opens_organisation(list(named))
        ):
            found.append(text[start:end])
    return found


def _opens_organisation(words: Sequence[str]) -> bool:
    """`Đoàn Thanh niên` and `Ông Hội Nông dân` begin like names of persons."""
    return any(tuple(words[: len(name)]) == name[: len(words)] for name in organisations(False))


def _capitalised_runs(text: str) -> list[list[Syllable]]:
    """Words with a capital (no acronyms) that only a space parts."""
    runs: list[list[Syllable]] = []
    previous: Syllable | None = None
    for word in syllables(text):
        written = text[word.start : word.end]
        is_name = written[0].isupper() and not (len(written) > 1 and written.isupper())
        joined = previous is not None and text[previous.end : word.start] == " "
        if is_name and runs and runs[-1] and joined:
            runs[-1].append(word)
        else:
            runs.append([word] if is_name else [])
        previous = word
    return [run for run in runs if len(run) > 1]
