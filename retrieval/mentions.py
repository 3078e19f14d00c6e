"""Which provinces and districts an accented text names, and where.

A naive search for the 63 names is wrong more often than right for some of them: `Thái
Bình Dương` is an ocean, `hòa bình` is peace, `đường Điện Biên Phủ` is a street anywhere
and `Nguyễn Hải Dương` a person. Names are therefore matched syllable by syllable, the
longest first, and then judged by the words around them (`place_context`).
`gazetteer.Gazetteer.find_places` is the way in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from retrieval.place_context import (
    NO_PLACE,
    SPACE,
    TOWN_WORDS,
    Entry,
    Mention,
    PlaceKind,
    Text,
    denotes,
    may_be_name,
    words_of,
)

_JOINED = re.compile(r"[ \t]+|[-'’‘]|['’‘][ \t]")
_SPACED_HYPHEN = re.compile(r"[ \t]*[-–—][ \t]*|[ \t]+|['’‘][ \t]?")
_AFTER_ABBREVIATION = re.compile(r"\.?[ \t]*")
_NEXT_IN_LIST = re.compile(r"[ \t]*,[ \t]*|[ \t]+(?:và|với)[ \t]+")
_COLON = re.compile(r":[ \t]+")

_CAPITAL = "[A-ZĐÂĂÊÔƠƯÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ]"
_NAME = rf"{_CAPITAL}\w*(?: {_CAPITAL}\w*)"
_BARE_DISTRICT = re.compile(
    rf"(?:(?:xã|phường|thị trấn|bản|thôn|làng|ấp|buôn|khóm) {_NAME}{{0,3}}(?: ?\(|, )|\A)"
    rf"(?P<name>{_NAME}{{1,3}})(?=\)|:\s|[,.;]|\s[a-zà-ỹ(])"
)

Words = tuple[str, ...]  # a name's syllables
Names = tuple[str, ...]  # provinces

_KINDS: tuple[tuple[tuple[str, ...], str], ...] = (
    *((words, "town") for words in TOWN_WORDS),
    (("huyện",), "huyện"),
    (("quận",), "quận"),
    (("h",), "huyện"),
    (("q",), "quận"),
)
_KIND_FIRST = frozenset(words[0] for words, _ in _KINDS)
_ABBREVIATED = frozenset({"tp", "t", "p", "tx", "x", "h", "q"})


class _Districts:
    """Which provinces have a district of a kind and name."""

    def __init__(self, rows: Iterable[tuple[str, str, str]], provinces: Iterable[str]) -> None:
        self._of_kind: dict[tuple[str, Words], Names] = {}
        self._of_any: dict[Words, Names] = {}
        self._province_names = {words_of(name) for name in provinces}
        for name, kind, province in rows:
            words = words_of(name)
            of_kind = (kind if kind in ("huyện", "quận") else "town", words)
            self._of_kind[of_kind] = _with(self._of_kind.get(of_kind, ()), province)
            self._of_any[words] = _with(self._of_any.get(words, ()), province)
        self.longest = max(map(len, self._of_any), default=0)

    def bears_province_name(self, words: Words) -> bool:
        return words in self._province_names

    def provinces(self, words: Words, kind: str | None = None) -> Names:
        """Those with a district of this kind; else, as kinds change, of any kind.

        Where a province bears the name, the kind has to be the right one: `huyện Quảng
        Ninh` lies in Quảng Bình, `thành phố Quảng Ninh` is no district.
        """
        found = self._of_kind.get((kind, words), ()) if kind else ()
        if found or words in self._province_names:
            return found
        return self._of_any.get(words, ())


class PlaceFinder:
    """Built once from the gazetteer's rows; `find` does the work.

    `provinces` maps each spelling to its province, `districts` are (name, kind, province),
    `distinct` the district names that need no kind word before them.
    """

    def __init__(
        self,
        provinces: Mapping[str, str],
        districts: Iterable[tuple[str, str, str]],
        distinct: Iterable[str],
    ) -> None:
        self._districts = _Districts(districts, provinces)
        self._places: dict[str, list[Entry]] = {}
        for name, province in provinces.items():
            self._add(Entry(words_of(name), "province", (province,), " - " in name))
        for name in distinct:
            words = words_of(name)
            names = self._districts.provinces(words)
            self._add(Entry(words, "district", names, " - " in name))
        for name in NO_PLACE:
            self._add(Entry(words_of(name), "province", ()))
        for entries in self._places.values():
            entries.sort(key=lambda entry: (-len(entry.words), not entry.spaced_hyphen))

    def _add(self, entry: Entry) -> None:
        self._places.setdefault(entry.words[0], []).append(entry)

    def find(self, text: str) -> list[Mention]:
        """Mentions in reading order, the longest at each place, without overlap."""
        mentions = list(self._scan(Text(text)))
        bare = [
            mention for mention in self._bare_districts(text) if not _overlaps(mention, mentions)
        ]
        return sorted([*mentions, *bare], key=lambda mention: mention.start) if bare else mentions

    def _bare_districts(self, text: str) -> Iterator[Mention]:
        """Districts without a kind word where their place in the text tells what they are.

        `bản Lác (Mai Châu)`, `xã Vạn Mai, Mai Châu`, `Mai Châu: Bản Lác giữ nếp nhà sàn`; only
        names that one province alone has.
        """
        for match in _BARE_DISTRICT.finditer(text):
            words = words_of(match["name"])
            names = self._districts.provinces(words)
            if len(names) == 1 and not self._districts.bears_province_name(words):
                start, end = match.span("name")
                yield Mention(start, end, match["name"], "district", names)

    def _scan(self, text: Text) -> Iterator[Mention]:
        words, places = text.words, self._places
        index = 0
        last: Mention | None = None
        while index < len(words):
            if words[index] in _KIND_FIRST:
                found = list(self._district(text, index))
                if found:
                    yield from (mention for mention, _ in found)
                    last, index = found[-1]
                    continue
            entry = self._place(text, index) if words[index] in places else None
            if entry is None or not may_be_name(text, index, entry):
                index += 1
                continue
            stop = index + len(entry.words)
            if entry.names and denotes(text, index, stop, entry, last):
                last = _mention(text, index, stop, entry.kind, entry.names)
                yield last
            index = stop

    def _place(self, text: Text, index: int) -> Entry | None:
        for entry in self._places[text.words[index]]:
            stop = index + len(entry.words)
            if tuple(text.words[index:stop]) == entry.words and _is_joined(text, index, entry):
                return entry
        return None

    def _district(self, text: Text, index: int) -> Iterator[tuple[Mention, int]]:
        """The district whose kind word stands at `index`, and those listed after it."""
        for kind_words, kind in _KINDS:
            start = index + len(kind_words)
            if tuple(text.words[index:start]) != kind_words or start >= len(text.words):
                continue
            stop = self._district_end(text, start, kind) if _kind_joins(text, index, start) else 0
            if stop:
                names = self._districts.provinces(tuple(text.words[start:stop]), kind)
                yield _mention(text, index, stop, "district", names), stop
                yield from self._listed(text, stop, kind, names)
            return

    def _listed(
        self, text: Text, index: int, kind: str, names: Names
    ) -> Iterator[tuple[Mention, int]]:
        """ "các huyện Ba Bể, Chợ Đồn và Na Rì": neighbours need no kind word of their own."""
        while index < len(text.words):
            start = index + (text.words[index] in ("và", "với"))
            if start >= len(text.words):
                return
            if not _NEXT_IN_LIST.fullmatch(text.between(index - 1, start)):
                return
            stop = self._district_end(text, start, kind)
            words = tuple(text.words[start:stop])
            provinces = self._districts.provinces(words, kind)
            shared = tuple(name for name in provinces if name in names)
            if not shared or self._districts.bears_province_name(words):
                return
            longer = text.words[start] in self._places and self._place(text, start)
            if longer and len(longer.words) > len(words):  # "Bà Rịa - Vũng Tàu"
                return
            yield _mention(text, start, stop, "district", shared), stop
            index = stop

    def _district_end(self, text: Text, start: int, kind: str) -> int:
        """Where the longest district name that starts at a word ends; 0 if none does."""
        for length in range(self._districts.longest, 0, -1):
            stop = start + length
            words = tuple(text.words[start:stop])
            if len(words) < length or not self._districts.provinces(words, kind):
                continue
            entry = Entry(words, "district", (), spaced_hyphen=True)
            if _is_joined(text, start, entry) and self._is_district_name(text, start, stop):
                return stop
        return 0

    def _is_district_name(self, text: Text, start: int, stop: int) -> bool:
        if text.words[start].isdecimal():
            return True
        if stop - start > 1:
            return text.typed or text.all_begin_capital(start, stop)
        if not text.capital(start):
            return text.typed
        # "thành phố Vinh Quang" is not Vinh; "thành phố Vinh Nghệ An" is.
        goes_on = (
            stop < len(text.words)
            and text.capital(stop)
            and bool(SPACE.fullmatch(text.between(stop - 1, stop)))
        )
        return not goes_on or (text.words[stop] in self._places and bool(self._place(text, stop)))


def _overlaps(mention: Mention, others: Iterable[Mention]) -> bool:
    return any(other.start < mention.end and mention.start < other.end for other in others)


def _with(names: Names, name: str) -> Names:
    return tuple(sorted({*names, name}))


def _mention(text: Text, first: int, stop: int, kind: PlaceKind, names: tuple[str, ...]) -> Mention:
    start, end = text.starts[first], text.ends[stop - 1]
    return Mention(start, end, text.text[start:end], kind, names)


def _is_joined(text: Text, index: int, entry: Entry) -> bool:
    """Whether only what may stand between a name's words does.

    "Hà Nam-Ninh Bình" are two, and not the former Hà Nam Ninh.
    """
    no_place = entry.kind == "province" and not entry.names
    pattern = SPACE if no_place else _SPACED_HYPHEN if entry.spaced_hyphen else _JOINED
    for position in range(index, index + len(entry.words) - 1):
        gap = text.between(position, position + 1)
        if not pattern.fullmatch(gap) and not _is_abbreviation_end(text, position, gap):
            return False
    return True


def _is_abbreviation_end(text: Text, position: int, gap: str) -> bool:
    return text.words[position] in _ABBREVIATED and bool(_AFTER_ABBREVIATION.fullmatch(gap))


def _kind_joins(text: Text, index: int, start: int) -> bool:
    """Only spaces (or, after an abbreviation, a stop) from the kind word to the name."""
    first = text.words[index]
    if first in ("h", "q", "t") and text.text[text.ends[index] : text.ends[index] + 1] != ".":
        return False
    for position in range(index, start):
        gap = text.between(position, position + 1)
        is_colon = position == start - 1 and bool(_COLON.fullmatch(gap))  # "các huyện: Ba Bể"
        if not (SPACE.fullmatch(gap) or is_colon or _is_abbreviation_end(text, position, gap)):
            return False
    return True
