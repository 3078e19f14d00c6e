"""How abbreviations and long forms look in a typed text, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.text import canonical, fold, syllables

# A Vietnamese syllable without its marks. What has this shape and small letters is a word.
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|k|kh|l|m|n|nh|ngh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"[aeiouy]{1,3}(?:c|ch|m|n|nh|ng|p|t)?"
)
_LONGEST_KEY = 24
_LETTERS_OF_A_WORD = 3
_MOST_PARTS = 6  # `LĐ - TB & XH` has three, `DV khéo` two
_JOINT = re.compile(r" ?[-–&] ?|[.,] ?| ")
_LOOSE = re.compile(r" ?[-–&] ?|, ?| ")
_TIGHT = re.compile(r"[-–&]")
# Between the syllables of a long form; a comma only in one long enough to be unmistakable.
_LONG_JOINT = re.compile(r" ?[-–] ?| ")
_LISTED_JOINT = re.compile(r" ?[-–] ?|, | ")
_LISTED = 4
_STOP = re.compile(r"\.(?= ?[^\W_])")
# `06-NQ/TU`, `16/CT-TTg`, `ubnd.gov.vn`: numbers of documents and addresses are left alone.
_CHUNK = re.compile(r"[^\s,;()\"“”]+")
_UNTOUCHABLE = re.compile(
    r"\d[^\W_]*[-–/][^\W\d]|[^\W\d][-–/]\w*\d|@|://|\.(?:vn|com|net|org)\b", re.IGNORECASE
)
# `ông P. Nguyễn`, `chị H. Lan`: a letter for a person's name.
_BEFORE_PERSON = frozenset("ông bà anh chị em cô chú bác cháu bé nhân viên sĩ sư và".split())


@dataclass(frozen=True, slots=True)
class Meaning:
    """One long form of an abbreviation.

    Attributes:
        beside: words that settle it, `_` for the abbreviation itself: `_ tỉnh ủy`, `chụp _`.
        not_beside: words that the long form's halves belong to: người dân | vận động.
    """

    short: str
    long: str
    beside: tuple[str, ...] = ()
    not_beside: tuple[str, ...] = ()

    @property
    def is_searchable(self) -> bool:
        """Whether articles can be searched for the abbreviation: not `P.`, `đ/c`, `tp`."""
        return len(long_key(self.long)) > 1 and not (
            self.short.endswith(".") or "/" in self.short or self.short.islower()
        )


@lru_cache(maxsize=8192)
def short_key(short: str) -> str:
    """Letters in lower case, with the stop of `P.`: `GD & ĐT` and `GDĐT` are one."""
    return "".join(word.text for word in syllables(short)) + ("." if short[-1:] == "." else "")


@lru_cache(maxsize=8192)
def long_key(long: str) -> tuple[str, ...]:
    """Syllables without `và`, which comes and goes: giáo dục (và) đào tạo."""
    return tuple(word.text for word in syllables(long) if word.text != "và")


class TypedText:
    """A text, its words, and the rules of what in it may be an abbreviation."""

    def __init__(self, text: str, *, is_folded: bool) -> None:
        self.text = text
        self.is_folded = is_folded
        self.words = syllables(text)
        self._is_all_caps = text.isupper() and self._has_words()
        self._blocked = [m.span() for m in _CHUNK.finditer(text) if _UNTOUCHABLE.search(m[0])]

    def has_marks_outside(self, spans: Sequence[tuple[int, int]]) -> bool:
        """Whether a syllable bears a mark; `HĐND` has none and does not count."""
        return any(
            word.text != fold(word.text)
            and _SYLLABLE.fullmatch(fold(word.text)) is not None
            and not any(start <= word.start < end for start, end in spans)
            for word in self.words
        )

    def _has_words(self) -> bool:
        """Whether there is more than abbreviations and numbers: not in `NQ 18`, `UBND, HU`."""
        words = [word.text for word in self.words if _is_word(word.text)]
        return len(words) > 1 or any(len(word) >= _LETTERS_OF_A_WORD for word in words)

    def candidates(self) -> Iterator[tuple[str, int, int, int]]:
        """Key, first and last word, and end in characters of what may be an abbreviation."""
        for first, word in enumerate(self.words):
            if any(start <= word.start < end for start, end in self._blocked):
                continue
            key = ""
            for last in range(first, min(first + _MOST_PARTS, len(self.words))):
                key += self.words[last].text
                if not self.words[last].text.isalpha() or len(key) > _LONGEST_KEY:
                    break
                if last > first and not self._gap_is(last, _JOINT, slash=True):
                    break
                end = self.words[last].end
                stop = _STOP.match(self.text, end)
                if stop and first == last:
                    yield f"{key}.", first, last, stop.end()
                yield key, first, last, end

    def is_abbreviation(self, meaning: Meaning, first: int, last: int) -> bool:
        """Whether these words, which have the letters of the abbreviation, are one."""
        if meaning.short.endswith("."):
            return self._is_dotted(first, short_letters=len(meaning.short) - 1)
        if "/" in meaning.short:
            return first < last and all(
                self._gap(index) == "/" for index in range(first + 1, last + 1)
            )
        if not self._is_joined_like(meaning.short, first, last) or self._is_hyphened(first, last):
            return False
        written = [self._written(index) for index in range(first, last + 1)]
        if " " in meaning.short:  # `DV khéo`
            return len(written) == len(meaning.short.split())
        if any(len(part) < 2 for part in written):
            return False
        if not self._is_in_capitals(meaning.short, written):
            return self._is_in_small_letters(meaning.short, written, first)
        shouts = self._is_all_caps or self._beside_shouting(first, last)
        return not (shouts and all(map(_is_word, written)))

    def settled(self, meanings: Sequence[Meaning], first: int, last: int) -> Sequence[Meaning]:
        """The one meaning that a neighbouring word settles; all of them where none does."""
        chosen = [
            meaning
            for meaning in meanings
            if any(self._is_beside(words, first, last) for words in meaning.beside)
        ]
        return chosen if len({long_key(m.long) for m in chosen}) == 1 else meanings

    def match_long(self, meaning: Meaning, first: int) -> int | None:
        """The last word of the long form that begins at word `first`, if it does."""
        parts = long_key(meaning.long)
        joint = _LISTED_JOINT if len(parts) >= _LISTED else _LONG_JOINT
        position = first
        for number, part in enumerate(parts):
            if number:
                position += 1
                if not self._follows(position, joint):
                    return None
                if self._same(self.words[position].text, "và"):
                    position += 1
                    if not self._follows(position, joint):
                        return None
            if not self._same(self.words[position].text, part):
                return None
        parted = any(self._is_beside(words, first, position) for words in meaning.not_beside)
        return None if parted else position

    def is_guess(self, meaning: Meaning, first: int, last: int) -> bool:
        """Whether two plain syllables might be other words: `de an`, `cong nhan`."""
        parts = long_key(meaning.long)
        typed = tuple(word.text for word in self.words[first : last + 1])
        return self.is_folded and len(parts) == 2 and typed != parts

    def _follows(self, index: int, joint: re.Pattern[str]) -> bool:
        return index < len(self.words) and self._gap_is(index, joint)

    def _same(self, typed: str, written: str) -> bool:
        return typed == written or (self.is_folded and typed == fold(written))

    def _written(self, index: int) -> str:
        return self.text[self.words[index].start : self.words[index].end]

    def _gap(self, index: int) -> str:
        """What stands before the word."""
        return self.text[self.words[index - 1].end : self.words[index].start]

    def _gap_is(self, index: int, joint: re.Pattern[str], *, slash: bool = False) -> bool:
        gap = self._gap(index)
        return joint.fullmatch(gap) is not None or (slash and gap == "/")

    def _is_joined_like(self, short: str, first: int, last: int) -> bool:
        """Loose joints only where the abbreviation has parts: `GD ĐT`, but not `DN TN`."""
        has_parts = len(syllables(short)) > 1
        joint = _LOOSE if has_parts else _TIGHT
        return all(self._gap_is(index, joint) for index in range(first + 1, last + 1))

    def _is_hyphened(self, first: int, last: int) -> bool:
        """Whether it is half of a word like `CT-Scanner`."""
        ends = [(first, first - 1)] * (first > 0)
        ends += [(last + 1, last + 1)] * (last + 1 < len(self.words))
        return any(
            self._gap(index) == "-" and not self._written(other).isupper() for index, other in ends
        )

    def _is_dotted(self, index: int, *, short_letters: int) -> bool:
        word = self.words[index]
        if not _STOP.match(self.text, word.end):
            return False
        if short_letters > 1:
            return not _is_word(self._written(index))
        if not self._written(index).isupper() or not self._is_name(index + 1):
            return False
        if index == 0:
            return True
        gap, before = self._gap(index), self._written(index - 1)
        is_name = before[0].isupper() or self.words[index - 1].text in _BEFORE_PERSON
        return gap in (", ", "; ", " (") or (gap == " " and not is_name)

    def _is_name(self, index: int) -> bool:
        """A number or a name, not the next of somebody's initials."""
        written = self._written(index)
        return written.isdigit() or (written[0].isupper() and len(written) > 1)

    def _is_in_capitals(self, short: str, written: Sequence[str]) -> bool:
        if not short.isupper():
            return "".join(written) == "".join(re.findall(r"\w", short))
        return all(part.isupper() for part in written)

    def _beside_shouting(self, first: int, last: int) -> bool:
        """Whether the neighbours are common words in capitals: `DAN VAN TU BAC KAN`."""
        neighbours = [first - 1] * (first > 0) + [last + 1] * (last + 1 < len(self.words))
        return any(
            len(self._written(n)) > 1 and self._written(n).isupper() and _is_word(self._written(n))
            for n in neighbours
        )

    def _is_in_small_letters(self, short: str, written: Sequence[str], first: int) -> bool:
        """`ubnd`, `Ubnd`, `qp-an`: nothing that may be a word."""
        if len("".join(written)) < 3:
            return short.islower() and canonical(written[0]) == short
        if _is_word(written[0]):
            return False
        return all(
            not _is_word(part) or self._gap(first + number) != " "
            for number, part in enumerate(written)
            if number
        )

    def _is_beside(self, words: str, first: int, last: int) -> bool:
        before, _, after = words.partition("_")
        wanted_before, wanted_after = before.split(), after.split()
        start, end = first - len(wanted_before), last + len(wanted_after)
        if start < 0 or end >= len(self.words):
            return False
        inside = [*range(start + 1, first + 1), *range(last + 1, end + 1)]
        neighbours = [*range(start, first), *range(last + 1, end + 1)]
        return all(self._gap(index) == " " for index in inside) and all(
            self._same(self.words[index].text, canonical(word))
            for index, word in zip(neighbours, wanted_before + wanted_after, strict=True)
        )


def _is_word(written: str) -> bool:
    """Whether it has the shape of a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(fold(canonical(written))) is not None
