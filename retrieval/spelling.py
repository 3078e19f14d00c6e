"""Slips of typing undone: keys of Telex or VNI left in the text, and spaces left out.

    coong tacs daan vaanj -> công tác dân vận
    côngtác dânvận năm2020 -> công tác dân vận năm 2020

Only what is no Vietnamese syllable and no word of the archive is touched, and only where the
archive's own language has what comes of it: an English word is never "corrected".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from retrieval.syllable_forms import from_telex, from_vni, is_syllable
from retrieval.text import canonical, fold

# A single leftover is undone where the archive knows it beside its neighbour; this many of them
# tell that the text was typed so, and the archive need only know each.
_TYPED_SO = 2
# Keys of VNI are digits, and "quan1 phuong3" are places: three of them, or one that shapes a vowel.
_TYPED_SO_VNI = 3
_SHAPING_DIGITS = re.compile(r"[6-9]")
_LONGEST_SYLLABLE = 7
_MOST_SYLLABLES = 5
# Without marks, shorter ones are names and foreign words that only look joined: "honda", "cuba".
_SHORTEST_JOINED = 6
_TOKEN = re.compile(r"[^\W_]+")
_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_]{2,})(\d+)")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.|\.(?:vn|com|net|org|gov))\S*")


class Vocabulary(Protocol):
    """What the archive has, in canonical spelling."""

    def knows(self, syllable: str) -> bool:
        """As it is written, or as its folded form where `syllable` has no mark."""

    def knows_pair(self, first: str, second: str) -> bool:
        """Beside each other in this order; a syllable without marks stands for all its readings."""


class _Token(NamedTuple):
    start: int
    end: int
    text: str


def tidy(text: str, vocabulary: Vocabulary) -> str:
    """An NFC text on one line with its slips undone; the same text where there is none."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    tokens = [
        _Token(match.start(), match.end(), canonical(match[0]))
        for match in _TOKEN.finditer(text)
        if not any(start <= match.start() < end for start, end in addresses)
    ]
    changes = _keys_undone(text, tokens, vocabulary)
    has_marks = text != fold(text)
    for token in tokens:
        if has_marks and token.text.isalpha() and token.text == fold(token.text):
            continue  # a name or a foreign word: who types marks has not forgotten just these
        if token not in changes and (parts := _split(token.text, vocabulary)):
            changes[token] = " ".join(_like(text[token.start : token.end], parts))
    for token in sorted(changes, reverse=True):
        text = f"{text[: token.start]}{changes[token]}{text[token.end :]}"
    return text


def _keys_undone(text: str, tokens: Sequence[_Token], vocabulary: Vocabulary) -> dict[_Token, str]:
    """Token -> what its keys of Telex or VNI make of it."""
    telex = {t: new for t in tokens if (new := _decoded(t, text, vocabulary, from_telex))}
    vni = {t: new for t in tokens if (new := _decoded(t, text, vocabulary, from_vni))}
    shaped = any(_SHAPING_DIGITS.search(token.text) for token in vni)
    if len(vni) < (1 if shaped else _TYPED_SO_VNI):
        vni = {}
    found = vni or telex
    if vni or len(telex) >= _TYPED_SO:
        return {token: _cased(text[token.start : token.end], new) for token, new in found.items()}
    return {
        token: _cased(text[token.start : token.end], new)
        for token, new in found.items()
        if _fits_beside(text, tokens, token, new, vocabulary)
    }


def _decoded(token: _Token, text: str, vocabulary: Vocabulary, decode: _Decoder) -> str | None:
    """What a token's keys make of it, where that and only that is a word of the archive."""
    written = text[token.start : token.end]
    is_acronym = written.isupper() and not text.isupper()
    if is_acronym or token.text != fold(token.text) or vocabulary.knows(token.text):
        return None
    if is_syllable(token.text) and "oo" not in token.text:
        return None
    new = decode(token.text)
    return new if new and new != token.text and vocabulary.knows(new) else None


class _Decoder(Protocol):
    def __call__(self, token: str) -> str | None: ...


def _fits_beside(
    text: str, tokens: Sequence[_Token], token: _Token, new: str, vocabulary: Vocabulary
) -> bool:
    here = tokens.index(token)
    beside = [*tokens[max(0, here - 1) : here], *tokens[here + 1 : here + 2]]
    if text[token.start].isupper() and any(
        text[other.start].isupper() and not is_syllable(other.text) for other in beside
    ):
        return False  # "Goldman Sachs"
    before = here > 0 and vocabulary.knows_pair(tokens[here - 1].text, new)
    after = here + 1 < len(tokens) and vocabulary.knows_pair(new, tokens[here + 1].text)
    return before or after


def _cased(written: str, new: str) -> str:
    if written.isupper() and len(written) > 1:
        return new.upper()
    return new[:1].upper() + new[1:] if written[:1].isupper() else new


def _split(token: str, vocabulary: Vocabulary) -> list[str] | None:
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
    return min(splits, key=lambda parts: (len(parts), parts)) if splits else None


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


def _like(written: str, parts: Sequence[str]) -> list[str]:
    """The parts with the letters' case of what was written."""
    result = []
    position = 0
    for part in parts:
        result.append(written[position : position + len(part)])
        position += len(part)
    return result
