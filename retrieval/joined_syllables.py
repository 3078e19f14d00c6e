"""Where a space was left out: between syllables, before a capital, before a number."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import Protocol

from retrieval.syllable_forms import is_syllable
from retrieval.text import canonical, fold

_LONGEST_SYLLABLE = 7
_MOST_SYLLABLES = 5
# Without marks, shorter ones are names and foreign words that only look joined: "honda", "cuba".
_SHORTEST_JOINED = 6
_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_]{2,})(\d+)")
_SHORTEST_ACRONYM = 2


class Vocabulary(Protocol):
    """What the archive has, in canonical spelling."""

    def knows(self, syllable: str) -> bool:
        """As it is written, or as its folded form where `syllable` has no mark."""

    def knows_pair(self, first: str, second: str) -> bool:
        """Beside each other in this order; a syllable without marks stands for all its readings."""


def split_at_capitals(written: str, vocabulary: Vocabulary, *, is_marked: bool) -> str | None:
    """`ủyQuảng` as `ủy Quảng`, `UBNDtỉnh` as `UBND tỉnh`; None for `VnExpress` and `iPhone`.

    Every piece is a syllable of the archive or an acronym. Without any mark it may be a name of
    its own, and only pieces that stand beside each other in the archive are parted.

    Args:
        is_marked: whether the text that it stands in has marks.
    """
    plain = canonical(written)
    if is_syllable(plain) or not written.isalpha():
        return None
    for pieces in _pieces(written):
        spoken = [canonical(piece) for piece in pieces if not _is_acronym(piece)]
        if len(pieces) < 2 or not spoken:
            continue
        if not all(is_syllable(piece) and vocabulary.knows(piece) for piece in spoken):
            continue
        if plain == fold(plain):
            is_meant = (
                not is_marked
                and len(spoken) == len(pieces)
                and all(vocabulary.knows_pair(*pair) for pair in pairwise(spoken))
            )
        else:
            # Beside an acronym the rest must be sure: "USAid", "ĐẠi".
            is_meant = len(spoken) == len(pieces) or all(p != fold(p) for p in spoken)
        if is_meant:
            return " ".join(pieces)
    return None


def _is_acronym(piece: str) -> bool:
    return piece.isupper() and len(piece) >= _SHORTEST_ACRONYM


def _pieces(written: str) -> list[list[str]]:
    """Two ways to part it: the last of several capitals begins the next word, or it does not."""
    ways = []
    for takes_last in (True, False):
        pieces: list[str] = []
        for is_upper, letters in groupby(written, str.isupper):
            run = "".join(letters)
            capitals = pieces.pop() if not is_upper and pieces else ""
            joins = 1 if len(capitals) == 1 or takes_last else 0
            cut = len(capitals) - joins if capitals else 0
            pieces += [part for part in (capitals[:cut], capitals[cut:] + run) if part]
        ways.append(pieces)
    return ways


def split_joined(token: str, vocabulary: Vocabulary) -> list[str] | None:
    """The syllables that a token is made of, where each pair of them is known; else None."""
    if match := _LETTERS_THEN_DIGITS.fullmatch(token):
        letters, digits = match.groups()
        is_word = is_syllable(letters) and vocabulary.knows(letters)
        # "năm2020", "quý3"; without marks only a year: "quan1" may be VNI, "covid19" a name.
        is_clear = letters != fold(letters) or len(digits) == 4
        return [letters, digits] if is_word and is_clear else None
    if not token.isalpha() or is_syllable(token) or vocabulary.knows(token):
        return None
    if token == fold(token) and len(token) < _SHORTEST_JOINED:
        return None
    splits = [parts for parts in _partitions(token, _MOST_SYLLABLES, vocabulary) if len(parts) > 1]
    if splits:
        return min(splits, key=lambda parts: (len(parts), parts))
    return _two_marked(token, vocabulary)


def _two_marked(token: str, vocabulary: Vocabulary) -> list[str] | None:
    """Two syllables that the archive never has beside each other, where both have their marks.

    Nothing but two syllables has two tones: `cầuđẩy`.
    """
    halves = [(token[:place], token[place:]) for place in range(2, len(token) - 1)]
    splits = [
        [first, second]
        for first, second in halves
        if all(
            part != fold(part) and is_syllable(part) and vocabulary.knows(part)
            for part in (first, second)
        )
    ]
    return splits[0] if len(splits) == 1 else None


def _partitions(rest: str, most: int, vocabulary: Vocabulary) -> list[list[str]]:
    """Every way to part letters into at most `most` known syllables of known pairs."""
    if not rest:
        return [[]]
    if most == 0:
        return []
    found = []
    for length in range(1, min(len(rest), _LONGEST_SYLLABLE) + 1):
        first = rest[:length]
        if not is_syllable(first) or not vocabulary.knows(first):
            continue
        for others in _partitions(rest[length:], most - 1, vocabulary):
            if not others or vocabulary.knows_pair(first, others[0]):
                found.append([first, *others])
    return found
