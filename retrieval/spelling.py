"""Slips of typing undone: keys of Telex or VNI left in the text, and spaces left out.

    coong tacs daan vaanj -> công tác dân vận
    Ddà Nẵng -> Đà Nẵng
    côngtác dânvận năm2020 -> công tác dân vận năm 2020
    Thành ủyQuảng Ninh -> Thành ủy Quảng Ninh

Only what is no Vietnamese syllable and no word of the archive is touched, and only where the
archive's own language has what comes of it: an English word is never "corrected".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from retrieval.joined_syllables import Vocabulary, split_at_capitals, split_joined
from retrieval.syllable_forms import from_telex, from_vni, is_syllable
from retrieval.text import canonical, fold

# A single leftover is undone where the archive knows it beside its neighbour; this many of them
# tell that the text was typed so, and the archive need only know each.
_TYPED_SO = 2
# Keys of VNI are digits, and "quan1 phuong3" are places: three of them, or one that shapes a vowel.
_TYPED_SO_VNI = 3
# So many leave no doubt: then a syllable that the archive never had is one too, if two keys or
# more made it. One key makes a syllable of many a foreign word ("best", "Mark").
_SURELY_TYPED_SO = 3
_SURE_KEYS = 2
_SHAPING_DIGITS = re.compile(r"[6-9]")
# "O73" is "Ở"; with one digit ("A1") it is a class or a road.
_VNI_LETTER = re.compile(r"[A-Z]\d\d")
_TOKEN = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.|\.(?:vn|com|net|org|gov))\S*")


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
    for token in tokens:
        if token not in changes and (apart := _parted(text, token, vocabulary)):
            changes[token] = apart
    for token in sorted(changes, reverse=True):
        text = f"{text[: token.start]}{changes[token]}{text[token.end :]}"
    return text


def _parted(text: str, token: _Token, vocabulary: Vocabulary) -> str | None:
    """A token with the spaces, and the `đ`, that were meant in it; None where there are none."""
    written = text[token.start : token.end]
    undone = _with_d(written, vocabulary)
    at_capitals = split_at_capitals(undone, vocabulary, is_marked=text != fold(text))
    if at_capitals:
        return at_capitals
    plain = canonical(undone)
    # Who types marks has not forgotten just these: a name or a foreign word.
    is_name = text != fold(text) and plain.isalpha() and plain == fold(plain)
    if not is_name and (parts := split_joined(plain, vocabulary)):
        return " ".join(_like(undone, parts))
    return undone if undone != written else None


def _with_d(written: str, vocabulary: Vocabulary) -> str:
    """`Ddà` as `Đà`: two `d` before a marked vowel are the keys of `đ`, whoever typed them.

    So they are in an acronym that the archive has: `HDDND` as `HĐND`.
    """
    rest = written[2:]
    if written[:2].lower() == "dd" and rest != fold(rest) and rest.isalpha():
        return ("Đ" if written[0] == "D" else "đ") + rest
    for keys in ("DD", "D9"):
        acronym = written.replace(keys, "Đ")
        if written.isupper() and acronym != written and vocabulary.knows(canonical(acronym)):
            return acronym
    return written


def _keys_undone(text: str, tokens: Sequence[_Token], vocabulary: Vocabulary) -> dict[_Token, str]:
    """Token -> what its keys of Telex or VNI make of it."""
    telex = {t: new for t in tokens if (new := _decoded(t, text, vocabulary, from_telex))}
    vni = {t: new for t in tokens if (new := _decoded(t, text, vocabulary, from_vni))}
    shaped = any(_SHAPING_DIGITS.search(token.text) for token in vni)
    if len(vni) < (1 if shaped else _TYPED_SO_VNI):
        vni = {}
    found, decode = (vni, from_vni) if vni else (telex, from_telex)
    if vni or len(telex) >= _TYPED_SO:
        found |= _likely(text, tokens, found, decode, vocabulary)
    else:
        found = {
            token: new
            for token, new in found.items()
            if _fits_beside(text, tokens, token, new, vocabulary)
        }
    return {token: _cased(text[token.start : token.end], new) for token, new in found.items()}


def _likely(
    text: str,
    tokens: Sequence[_Token],
    found: Mapping[_Token, str],
    decode: _Decoder,
    vocabulary: Vocabulary,
) -> dict[_Token, str]:
    """Of a text that was typed so, what only its neighbours or the number of keys tell.

    `người sex` is `người sẽ`, though the archive has the other word too; `nuwcj` needs no archive.
    """
    likely: dict[_Token, str] = {}
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token in found or _is_no_slip(text, token):
            continue
        new = decode(token.text)
        if new is None or new == token.text:
            continue
        if vocabulary.knows(new):
            first = likely.get(before) or found.get(before) or before.text if before else None
            last = found.get(after) or after.text if after else None
            if _beside(first, new, last, vocabulary) and not _beside(
                first, token.text, last, vocabulary
            ):
                likely[token] = new
        elif len(found) >= _SURELY_TYPED_SO and len(token.text) - len(new) >= _SURE_KEYS:
            likely[token] = new
    return likely


def _beside(first: str | None, middle: str, last: str | None, vocabulary: Vocabulary) -> bool:
    """Whether the archive has a syllable beside either neighbour."""
    before = first is not None and vocabulary.knows_pair(_unit(first), middle)
    return before or (last is not None and vocabulary.knows_pair(middle, _unit(last)))


def _unit(word: str) -> str:
    """As the archive counts numbers: every year is one, every other number too."""
    if not word.isdigit():
        return word
    return "0000" if len(word) == len("2020") else "0"


def _is_no_slip(text: str, token: _Token) -> bool:
    written = text[token.start : token.end]
    is_acronym = written.isupper() and not text.isupper() and not _VNI_LETTER.fullmatch(written)
    return is_acronym or token.text != fold(token.text)


def _decoded(token: _Token, text: str, vocabulary: Vocabulary, decode: _Decoder) -> str | None:
    """What a token's keys make of it, where that and only that is a word of the archive."""
    if _is_no_slip(text, token) or vocabulary.knows(token.text):
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
    before = tokens[here - 1].text if here > 0 else None
    after = tokens[here + 1].text if here + 1 < len(tokens) else None
    return _beside(before, new, after, vocabulary)


def _cased(written: str, new: str) -> str:
    if written.isupper() and len(written) > 1:
        return new.upper()
    return new[:1].upper() + new[1:] if written[:1].isupper() else new


def _like(written: str, parts: Sequence[str]) -> list[str]:
    """The parts with the letters' case of what was written."""
    result = []
    position = 0
    for part in parts:
        result.append(written[position : position + len(part)])
        position += len(part)
    return result
