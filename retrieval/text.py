"""Vietnamese text: one spelling for many, syllables with offsets, sentences with offsets.

Vietnamese writes one syllable a word, so the unit here is the syllable. `normalise` is
applied once, when a text enters the project; everything after it may rely on NFC.
`canonical` and `fold` never change a text's length, so an offset into the one is an
offset into the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_SPACES = dict.fromkeys([0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
# Icelandic and African letters that look like Vietnamese ones, from keyboards and old converters.
_LOOK_ALIKES = {0xD0: "Đ", 0xF0: "đ", 0x0189: "Đ", 0x0256: "đ"}
_REPLACED = {**_SPACES, **_INVISIBLE, **_LOOK_ALIKES}
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# With them the halves of characters that undecodable bytes leave behind: no engine takes those.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# Tone on the second vowel of a closing oa, oe, uy is the other of two accepted spellings:
# "hoà" and "hòa" are one word. Not after q ("quý"), not before a further letter ("hoàn").
_TONE_PAIRS = {
    second: first
    for pairs in (
        "oà:òa oá:óa oả:ỏa oã:õa oạ:ọa",
        "oè:òe oé:óe oẻ:ỏe oẽ:õe oẹ:ọe",
        "uỳ:ùy uý:úy uỷ:ủy uỹ:ũy uỵ:ụy",
    )
    for second, first in (pair.split(":") for pair in pairs.split())
}
_LETTER = "a-zà-ỹđ"
_PAIRS = rf"(o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?![{_LETTER}])"
_TONE = re.compile(_PAIRS)
_TONE_ANY_CASE = re.compile(_PAIRS, re.IGNORECASE)

_SYLLABLE = re.compile(r"[^\W_]+(?:[.,][0-9]+)*", re.UNICODE)

# A full stop after one of these does not end a sentence (compared in lower case).
_ABBREVIATIONS = frozenset(
    "tp tx tt q p h x gs pgs ts ths bs ks cn cv đ/c đc ô ông b ths nxb tr st vd stt sđt đt tel "
    "no mr mrs ms dr prof st jr inc ltd co cty gv hs sv nsnd nsưt ktv lm ls kts ths.bs bsckii "
    "bscki ckii cki thượng hòa tk ng th".split()
)
_CLOSERS = "”\"’'»)]"
# From the first of a run of marks, and without giving any back: a leader of dots is long.
_SENTENCE_END = re.compile(rf"(?<![.!?…])[.!?…]++[{re.escape(_CLOSERS)}]*+(?=\s|$)")
_OPENERS = "“\"‘'«([-–—+•*"
_VISIBLE = re.compile(r"\S")
_AFTER_OPENERS = re.compile(rf"[^\s{re.escape(_OPENERS)}]")


def normalise(text: str) -> str:
    """NFC, `\\n` line ends, plain spaces, `đ` for what looks like it; nothing invisible."""
    text = _LINE_ENDS.sub("\n", text).translate(_REPLACED)
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text))


def printable(typed: str, longest: int | None = None) -> str:
    """A text as it may be shown on a terminal or in a log, on one line.

    Without control characters (a terminal obeys them) and whatever else is invisible.

    Args:
        longest: characters; what is beyond them is cut, with `…` in its place.
    """
    shown = " ".join(
        "".join(c for c in word if unicodedata.category(c)[0] != "C") for word in typed.split()
    )
    return shown if longest is None or len(shown) <= longest else f"{shown[: longest - 1]}…"


def squeeze(text: str) -> str:
    """One line: every run of white space becomes a space."""
    return " ".join(text.split())


def canonical(text: str) -> str:
    """NFC text in lower case with one tone placement; the length is unchanged."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    if len(lowered) != len(text):  # a Turkish İ, whose small letter takes two characters
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _TONE.sub(lambda match: _TONE_PAIRS[match[0]], lowered)


def _fold_character(character: str) -> str:
    if character in "đĐ":
        return "d" if character == "đ" else "D"
    base = unicodedata.normalize("NFD", character)[0]
    return base if len(base) == 1 else character


_FOLD = {code: _fold_character(chr(code)) for code in range(0xC0, 0x1F00)}


def fold(text: str) -> str:
    """NFC text without diacritics, `đ` as `d`; the length is unchanged."""
    return text if text.isascii() else text.translate(_FOLD)


def modern_tone(text: str) -> str:
    """`Khánh Hoà` as `Khánh Hòa`: tone placement only, case kept."""

    def move(match: re.Match[str]) -> str:
        lowered = _TONE_PAIRS[match[0].lower()]
        return "".join(
            new.upper() if old.isupper() else new
            for old, new in zip(match[0], lowered, strict=True)
        )

    return _TONE_ANY_CASE.sub(move, text)


class Syllable(NamedTuple):
    """A syllable or number in its canonical form, and where it stands (characters)."""

    text: str
    start: int
    end: int


def syllables(text: str) -> list[Syllable]:
    """The syllables and numbers (`91,3`, `1.000`) of an NFC text, in order."""
    lowered = canonical(text)
    return [Syllable(m[0], m.start(), m.end()) for m in _SYLLABLE.finditer(lowered)]


def words(text: str) -> list[str]:
    """The syllables and numbers of an NFC text in canonical form, without their places."""
    return _SYLLABLE.findall(canonical(text))


def words_as_written(text: str) -> list[str]:
    """The same, each in its own letter case."""
    return _SYLLABLE.findall(modern_tone(text))


class Span(NamedTuple):
    """A stretch of a text in characters, end exclusive."""

    start: int
    end: int


def paragraphs(text: str) -> list[Span]:
    """The non-empty lines, without the white space around them."""
    spans = []
    position = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = position + line.index(stripped)
            spans.append(Span(start, start + len(stripped)))
        position += len(line) + 1
    return spans


def _ends_sentence(text: str, match: re.Match[str], line_end: int) -> bool:
    mark = match[0].rstrip(_CLOSERS)
    if not _VISIBLE.search(text, match.end(), line_end):
        return True
    following = _AFTER_OPENERS.search(text, match.end(), line_end)
    if following and following[0].islower():
        return False
    if mark != ".":
        return True
    word = re.split(r"[\s(“\"‘']", text[max(0, match.start() - 20) : match.start()])[-1]
    if word.lower() in _ABBREVIATIONS or word.lower().rsplit(".", 1)[-1] in _ABBREVIATIONS:
        return False
    return not (len(word) == 1 and word.isupper())


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences of `text[start:end]`; a line end always ends one.

    A stop after an abbreviation (`TP. Hà Nội`), an initial, or before a small letter
    does not. Closing quotes and brackets belong to the sentence before them.
    """
    spans = []
    end = len(text) if end is None else end
    for line in paragraphs(text[start:end]):
        line_start, line_end = start + line.start, start + line.end
        opened = line_start
        for match in _SENTENCE_END.finditer(text, line_start, line_end):
            if match.start() >= opened and _ends_sentence(text, match, line_end):
                spans.append(Span(opened, match.end()))
                opened = match.end()
                while opened < line_end and text[opened].isspace():
                    opened += 1
        if opened < line_end:
            spans.append(Span(opened, line_end))
    return spans


def terms(text: str) -> Iterator[str]:
    """Syllables and pairs of neighbouring syllables of an NFC text, as BM25 counts them.

    Pairs stand in for words: most Vietnamese words have two syllables.
    """
    previous = None
    for word in words(text):
        yield word
        if previous is not None:
            yield f"{previous}_{word}"
        previous = word
