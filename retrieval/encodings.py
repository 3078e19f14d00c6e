"""Bytes to Vietnamese text: Unicode in its usual forms, and two encodings from before it.

UTF-8 and UTF-16 are recognised by their form. Windows-1258 and TCVN3 (the "ABC" fonts)
can not be: any byte is valid in them. There the text decides: the decoding is taken
whose words are syllables that Vietnamese can have.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from retrieval.errors import ArticleError

# Bytes above 0x9F in TCVN3. The ABC fonts have no code of their own for toned capitals
# (they are small letters in a capitals font); those few that TCVN 5712 adds are here too.
_TCVN3 = dict(
    zip(
        bytes.fromhex(
            "a1a2a3a4a5a6a7a8a9aaabacadae"
            "b5b6b7b8b9 bbbcbdbec6 c7c8c9cacb cccecfd0d1 d2d3d4d5d6 d7d8dcddde"
            "dfe1e2e3e4 e5e6e7e8e9 eaebecedee eff1f2f3f4 f5f6f7f8f9 fafbfcfdfe"
            "afbabfc0 c1c2c3c4 c5cdd9da dbe0f0ff"
        ),
        "ĂÂÊÔƠƯĐăâêôơưđ"
        "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíị"
        "òỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
        "ẰẲẴẮẦẨẪẤỀỂỄẾỒỔỖỐ",
        strict=True,
    )
)

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_ONSET = "(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_RHYME = (
    "(?:"
    "a(?:ch|nh|ng|[cimnoptuy])?|ă(?:ng|[cmnpt])|â(?:ng|[cmnptuy])|e(?:ng|[cmnopt])?"
    "|ê(?:ch|nh|[mnptu])?|i(?:ch|nh|[amnptu])?|[iy]ê(?:ng|[cmnptu])|o(?:ng|[cimnpt])?"
    "|oa(?:ch|nh|ng|[cimnopty])?|oă(?:ng|[cmnt])|oe[mnot]?|oo(?:ng|c)|ô(?:ng|[cimnpt])?"
    "|ơ[imnpt]?|u(?:ng|[acimnpt])?|uâ(?:ng|[nty])|uê(?:ch|nh)?|uô(?:ng|[cimnpt])|uơ"
    "|uy(?:ch|nh|[atu])?|uyê[nt]|ư(?:ng|[acimnptu])?|ươ(?:ng|[cimnptu])|y"
    ")"
)
_SYLLABLE = re.compile(_ONSET + _RHYME)
_WORD = re.compile(r"[^\W\d_]+")
_MARKED_WORDS_TO_WEIGH = 2000
# Half of the accented words of a name list or a table can be foreign; noise decoded with
# the wrong table stays below a third.
_PLAUSIBLE = 0.6

_BINARY_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
)


def is_vietnamese_syllable(word: str) -> bool:
    """Whether the spelling rules allow `word`: one onset, one rhyme, at most one tone."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    bare = decomposed.translate(_TONES)
    if len(decomposed) - len(bare) > 1:
        return False
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def plausibility(text: str) -> float:
    """Share of the words with non-ASCII letters that are Vietnamese syllables; 1.0 if none."""
    marked = valid = 0
    for match in _WORD.finditer(unicodedata.normalize("NFC", text)):
        word = match[0]
        if word.isascii():
            continue
        marked += 1
        valid += len(word) <= 7 and is_vietnamese_syllable(word)
        if marked == _MARKED_WORDS_TO_WEIGH:
            break
    return valid / marked if marked else 1.0


def decode(data: bytes) -> str:
    """The text of a file's bytes, with its byte order mark removed.

    Raises ArticleError when the bytes are empty, binary or no encoding makes them readable.
    """
    if not data.strip(b" \t\r\n\0"):
        raise ArticleError("the file is empty")
    if data.startswith(_BINARY_MAGIC):
        raise ArticleError("binary content, not text")
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], name)
    if b"\0" in data:
        return _decode_unmarked_utf16(data)
    text = _decode_utf8(data)
    return _mend_font_text(text) if text is not None else _decode_legacy(data)


def _decode_marked(data: bytes, name: str) -> str:
    if name != "utf-8":
        data = data[: len(data) // 2 * 2]
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        raise ArticleError(f"starts with a mark of {name} but is not {name}") from None
    return _refuse_binary(text)


def _decode_unmarked_utf16(data: bytes) -> str:
    even = data[: len(data) // 2 * 2]
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = even.decode(name)
        except UnicodeDecodeError:
            continue
        # Vietnamese lives below U+1F00, with a few punctuation marks about U+2000.
        sample = text[:4000]
        usual = sum(
            " " <= c < "\u1f00" or c in "\n\r\t" or "\u2000" <= c < "\u2200" for c in sample
        )
        if usual >= 0.98 * len(sample) and plausibility(sample) >= _PLAUSIBLE:
            return _refuse_binary(text)
    raise ArticleError("binary content, not text")


def _decode_utf8(data: bytes) -> str | None:
    try:
        return _refuse_binary(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        # A download cut short may end within a character.
        if error.start >= len(data) - 3 and error.end == len(data) and error.start > 0:
            return _refuse_binary(data[: error.start].decode("utf-8"))
        return None


def _decode_legacy(data: bytes) -> str:
    decodings = [data.decode("cp1258", errors="replace"), _decode_tcvn3(data)]
    text = max(decodings, key=lambda decoding: plausibility(decoding) - decoding.count("\ufffd"))
    if "\ufffd" in text or plausibility(text) < _PLAUSIBLE:
        raise ArticleError(
            "undecodable: the encoding is neither Unicode nor Windows-1258 nor TCVN3"
        )
    return _refuse_binary(text)


def _mend_font_text(text: str) -> str:
    """TCVN3 that a converter took for Latin-1 and saved as UTF-8 (`Héi nghÞ`)."""
    # Anything that Latin-1 has not, such as any "ạ" or "ư", shows that it is not that.
    narrow = text.translate({ord(a): b for a, b in zip("“”‘’–—…", "\"\"''--.", strict=True)})
    try:
        data = narrow.encode("latin-1")
    except UnicodeEncodeError:
        return text
    if plausibility(text) >= _PLAUSIBLE:
        return text
    mended = _decode_tcvn3(data)
    return mended if plausibility(mended) >= 0.9 else text


def _decode_tcvn3(data: bytes) -> str:
    # Between 0x80 and 0x9F documents in ABC fonts hold the quotes and dashes of Windows.
    windows = data.decode("cp1252", errors="replace")
    characters = [
        _TCVN3.get(byte, character) for byte, character in zip(data, windows, strict=True)
    ]
    return "\n".join(_raise_capitals(line) for line in "".join(characters).split("\n"))


def _raise_capitals(line: str) -> str:
    """Capitals of the capitals font: `HéI NGHÞ` gives `HộI NGHị`, meant is `HỘI NGHỊ`."""
    plain = [c for c in line if c.isascii() and c.isalpha()]
    if len(plain) > 3 and all(c.isupper() for c in plain):
        return line.upper()
    return line


def _refuse_binary(text: str) -> str:
    controls = sum(c < " " and c not in "\n\r\t\f\v" for c in text[:4000])
    if controls > 0.01 * min(len(text), 4000) + 1:
        raise ArticleError("binary content, not text")
    return text
