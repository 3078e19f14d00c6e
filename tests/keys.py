"""What Vietnamese text looks like where the input method was off: the keys as they were pressed."""

from __future__ import annotations

import re
import unicodedata

_TONES = {"\u0301": "s1", "\u0300": "f2", "\u0309": "r3", "\u0303": "x4", "\u0323": "j5"}
_SHAPES = {
    "â": ("aa", "a6"),
    "ê": ("ee", "e6"),
    "ô": ("oo", "o6"),
    "ơ": ("ow", "o7"),
    "ư": ("uw", "u7"),
    "ă": ("aw", "a8"),
    "đ": ("dd", "d9"),
}
_WORD = re.compile(r"[^\W\d_]+")


def telex(text: str) -> str:
    """`người` as `nguwowif`: the tone last."""
    return _WORD.sub(lambda match: _keys(match[0], 0), text)


def late_telex(text: str) -> str:
    """`người` as `nguoiwf`: one `w` for all vowels, behind the word."""
    return _WORD.sub(lambda match: _w_last(_keys(match[0], 0)), text)


def vni(text: str) -> str:
    """`người` as `ngu7o7i2`."""
    return _WORD.sub(lambda match: _keys(match[0], 1), text)


def _keys(word: str, method: int) -> str:
    tone = ""
    keys = ""
    for letter in word:
        marks = unicodedata.normalize("NFD", letter)
        tone = next((_TONES[mark][method] for mark in marks if mark in _TONES), tone)
        shape = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        pressed = _SHAPES.get(shape.lower(), (shape.lower(),) * 2)[method]
        if word.isupper() and len(word) > 1:
            pressed = pressed.upper()
        keys += pressed[0].upper() + pressed[1:] if letter.isupper() else pressed
    return keys + (tone.upper() if word.isupper() and len(word) > 1 else tone)


def _w_last(keys: str) -> str:
    if "w" not in keys:
        return keys
    body, tone = (keys[:-1], keys[-1]) if keys[-1] in "sfrxj" else (keys, "")
    return body.replace("w", "") + "w" + tone
