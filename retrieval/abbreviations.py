"""Abbreviations of administration, Party and press, both ways: `GPMB` and giải phóng mặt bằng.

The meanings are those of `data/abbreviations.csv` and those that the archive's own articles
explain. One with several meanings is never forced to one of them, except by the word beside
it that the file names: `chụp CT`, `BTV Tỉnh ủy`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from retrieval.abbreviation_forms import Meaning, TypedText, long_key, short_key
from retrieval.definitions import find_definitions, letters
from retrieval.gazetteer import load
from retrieval.place_context import read_rows
from retrieval.schema import Expansion
from retrieval.text import canonical, fold, syllables

__all__ = ["Abbreviations", "Expansion", "learn"]

# Two letters find two syllables by chance, so one article is not enough for them.
_SEEN_TWICE = 2
# Of the articles that use an abbreviation the file does not know, so many must explain it: where
# most do without, readers know it as something else (`AI`, explained as Apple Intelligence).
_EXPLAINED_SHARE = 0.25
# A long form this many times rarer than another of the same abbreviation is a slip of the pen.
_SLIP = 20
# What stands beside one that was written out may become clear; learned ones may name each other.
_ROUNDS = 10
_CAPITALS = re.compile(r"\b[A-ZĐƯ]{2,}(?:[-&][A-ZĐƯ]+)*\b")


class Abbreviations:
    """Finds abbreviations and their long forms in questions."""

    def __init__(self, meanings: Sequence[Meaning]) -> None:
        self._by_key: dict[str, list[Meaning]] = defaultdict(list)
        self._by_folded_key: dict[str, list[Meaning]] = defaultdict(list)
        self._by_opening: dict[tuple[str, str], list[Meaning]] = defaultdict(list)
        provinces = {province.name for province in load().provinces}
        for meaning in meanings:
            key = short_key(meaning.short)
            self._by_key[key].append(meaning)
            self._by_folded_key[fold(key)].append(meaning)
            if meaning.is_searchable and meaning.long not in provinces:
                self._by_opening[_opening(long_key(meaning.long))].append(meaning)

    @classmethod
    def of(cls, learned: Mapping[str, tuple[str, ...]] | None = None) -> Abbreviations:
        """The meanings of the data file, and what `learn` found in an archive.

        An abbreviation that the archive explains otherwise than the file has the meanings that
        the archive uses; one that it explains alike stays as the file has it.
        """
        meanings = list(_known())
        for short, longs in sorted((learned or {}).items()):
            key = short_key(short)
            same = {long_key(m.long): m for m in meanings if short_key(m.short) == key}
            if all(long_key(long) in same for long in longs):
                continue
            meanings = [m for m in meanings if short_key(m.short) != key]
            meanings += [same.get(long_key(long), Meaning(short, long)) for long in longs]
        places = _place_codes()
        return cls([m for m in meanings if fold(short_key(m.short)) not in places])

    def expand(self, text: str) -> tuple[Expansion, ...]:
        """The abbreviations and long forms of an NFC text, in order, without overlap.

        Where two overlap, the longer one stands, of equals that of one meaning: `TTg`, not `TT`.
        """
        typed = self._read(text)
        found = [*self._shorts(typed), *self._longs(typed)]
        found.sort(key=lambda e: (e.start - e.end, e.start, e.is_written_out, e.is_ambiguous))
        taken: list[Expansion] = []
        for expansion in found:
            if all(expansion.end <= t.start or t.end <= expansion.start for t in taken):
                taken.append(expansion)
        return tuple(sorted(taken, key=lambda e: e.start))

    def shorts_of(self, long: str) -> tuple[str, ...]:
        """Every abbreviation of a long form: `TW` and `TƯ` of trung ương."""
        key = long_key(long)
        opened = self._by_opening.get(_opening(key), ()) if len(key) > 1 else ()
        same = (meaning.short for meaning in opened if long_key(meaning.long) == key)
        return tuple(dict.fromkeys(same))

    def written_out(self, text: str) -> str:
        """The text with each abbreviation of one meaning replaced by its long form.

        The long form has its marks even where the text has none.
        """
        for _ in range(_ROUNDS):
            before, text = text, self._replaced(text, written_out=False)
            if text == before:
                break
        return text

    def abbreviated(self, text: str) -> str:
        """The text with long forms replaced by those abbreviations that have one meaning."""
        return self._replaced(text, written_out=True)

    def _replaced(self, text: str, *, written_out: bool) -> str:
        for expansion in reversed(self.expand(text)):
            if expansion.is_ambiguous or expansion.is_written_out != written_out:
                continue
            new = expansion.short if written_out else expansion.long[0]
            after = text[expansion.end :]
            # "P.Ka Long": the stop that goes stood for a space
            text = text[: expansion.start] + new + (" " if after[:1].isalnum() else "") + after
        return text

    def _read(self, text: str) -> TypedText:
        """The text, and whether it was typed without marks: long forms put in do not count."""
        typed = TypedText(text, is_folded=False)
        inside = [(e.start, e.end) for e in self._longs(typed)]
        return TypedText(text, is_folded=not typed.has_marks_outside(inside))

    def _longs(self, typed: TypedText) -> Iterator[Expansion]:
        folded = [fold(word.text) for word in typed.words]
        for first, opening in enumerate(pairwise(folded)):
            for meaning in self._by_opening.get(opening, ()):
                last = typed.match_long(meaning, first)
                if last is None:
                    continue
                start, end = typed.words[first].start, typed.words[last].end
                yield Expansion(
                    start,
                    end,
                    typed.text[start:end],
                    meaning.short,
                    (meaning.long,),
                    self._has_others(meaning) or typed.is_guess(meaning, first, last),
                    True,
                )

    def _has_others(self, meaning: Meaning) -> bool:
        same = self._by_key[short_key(meaning.short)]
        return len({long_key(other.long) for other in same}) > 1

    def _shorts(self, typed: TypedText) -> Iterator[Expansion]:
        for key, first, last, end in typed.candidates():
            start = typed.words[first].start
            meanings = [
                meaning
                for meaning in self._meanings(key, typed)
                if typed.is_abbreviation(meaning, first, last) and not _is_place(typed, first, last)
            ]
            if not meanings:
                continue
            surface = typed.text[start:end]
            settled = typed.settled(_as_joined(meanings, surface), first, last)
            longs = {long_key(meaning.long): meaning.long for meaning in settled}
            short = self._usual(settled[0])
            yield Expansion(start, end, surface, short, tuple(longs.values()), len(longs) > 1)

    def _usual(self, meaning: Meaning) -> str:
        """`TP` for `tp` and `TP.`: what articles can be searched for."""
        shorts = () if meaning.is_searchable else self.shorts_of(meaning.long)
        return shorts[0] if shorts else meaning.short

    def _meanings(self, key: str, typed: TypedText) -> Sequence[Meaning]:
        """With marks typed, `DV` is not `ĐV`; without, it may be either."""
        exact = self._by_key.get(key, ())
        if key != fold(key) or (exact and not typed.is_folded):
            return exact
        return self._by_folded_key.get(key, ())


def learn(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What the abbreviations that NFC articles explain stand for, the most frequent first.

    Where an article contradicts the data file, the file's meanings that the articles write out
    are among them. The order of the texts makes no difference.
    """
    shorts: dict[str, Counter[str]] = defaultdict(Counter)
    longs: dict[str, Counter[str]] = defaultdict(Counter)
    unseen = {meaning.long: _plain(meaning.long) for meaning in _known()}
    used: Counter[str] = Counter()
    for text in texts:
        used.update({short_key(short) for short in _CAPITALS.findall(text)})
        for short, long in sorted(set(find_definitions(text))):
            shorts[short_key(short)][short] += 1
            longs[short_key(short)][_with_small_letters(long)] += 1
        if unseen:
            plain = _plain(text)
            unseen = {long: words for long, words in unseen.items() if words not in plain}
    learned = {}
    for key, counts in sorted(longs.items()):
        rows = [meaning for meaning in _known() if short_key(meaning.short) == key]
        known = [row.long for row in rows]
        explained = _explained(key, counts, known)
        is_usual = counts.total() >= _EXPLAINED_SHARE * used[key]
        if not explained or not (rows or is_usual):
            continue
        if {long_key(long) for long in explained} - {long_key(long) for long in known}:
            seen = [long for long in known if long not in unseen and long not in explained]
            explained += seen
        short = min(shorts[key], key=lambda short: (-shorts[key][short], short))
        learned[rows[0].short if rows else short] = tuple(explained)
    return learned


def _explained(key: str, counts: Counter[str], known: Sequence[str]) -> list[str]:
    """The meanings that are no slips, each in its most frequent spelling, or the file's."""
    least = max(counts.values()) / _SLIP
    if len(letters(key)) == 2:
        least = max(least, _SEEN_TWICE)
    accepted: list[str] = []
    for long, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        same = next((other for other in known if _is_variant(long, other)), None)
        same = same or next((other for other in accepted if _is_variant(long, other)), long)
        if same not in accepted and count >= least:
            accepted.append(same)
    return accepted


def _is_variant(long: str, other: str) -> bool:
    """`tại nạn giao thông`, `liên hiệp quốc`: the same but for less than half of the syllables."""
    first, second = long_key(long), long_key(other)
    different = sum(a != b for a, b in zip(first, second, strict=False))
    return len(first) == len(second) and 2 * different < len(first)


def _plain(text: str) -> str:
    return canonical(text).replace(",", "").replace(" - ", " ").replace("-", " ")


def _with_small_letters(long: str) -> str:
    """`Ban Thường vụ` as `ban thường vụ`; names keep their capitals."""
    words = long.split()
    if all(word[0].isupper() for word in words if word[0].isalpha()) and len(words) > 1:
        return long
    lowered = canonical(long)
    for name in ("Việt Nam", "Hồ Chí Minh", *(province.name for province in load().provinces)):
        lowered = f" {lowered} ".replace(f" {canonical(name)} ", f" {name} ")[1:-1]
    return lowered


@cache
def _known() -> tuple[Meaning, ...]:
    """The rows of the data file."""
    return tuple(
        Meaning(
            row["short"],
            row["long"],
            tuple(row["beside"].split("|")) if row["beside"] else (),
            tuple(row["not_beside"].split("|")) if row["not_beside"] else (),
        )
        for row in read_rows("abbreviations.csv")
    )


@cache
def _place_codes() -> frozenset[str]:
    """What the gazetteer understands, in one piece and without marks: `hcm`, `tphcm`, `tthue`."""
    aliases = (alias for province in load().provinces for alias in province.aliases)
    return frozenset(fold(letters(alias)) for alias in aliases)


def _is_place(typed: TypedText, first: int, last: int) -> bool:
    """Whether this is the beginning of a place's name: `TP` of `TP HCM`."""
    if last + 1 == len(typed.words):
        return False
    after = fold(typed.words[last + 1].text)
    pair = "".join(fold(word.text) for word in typed.words[first : last + 1]) + after
    return pair in _place_codes() or (pair == f"tp{after}" and after in _place_codes())


def _opening(key: tuple[str, ...]) -> tuple[str, str]:
    return fold(key[0]), fold(key[1])


def _as_joined(meanings: Sequence[Meaning], surface: str) -> Sequence[Meaning]:
    """`CT-XH` typed with its hyphen is not `CTXH`."""
    if len(syllables(surface)) < 2:
        return meanings
    return [m for m in meanings if len(syllables(m.short)) > 1] or meanings
