"""What a Vietnamese syllable can be, and what the keys of Telex and VNI make of letters.

A syllable is an onset, a rhyme and a tone; the rhymes are few enough to be listed. A syllable
that ends in c, ch, p or t has a sharp or a heavy tone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from retrieval.text import fold

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()  # and none
_RHYMES = frozenset(
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e "
    "ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im "
    "in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt "
    "oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u "
    "ua uân uâng uât uây uc uê uêch uên uênh ui um un ung uôc uôi uôm uôn uông uôp uôt up ut "
    "uy uya uych uyên uyêt uynh uyp uyt uyu uơ ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp "
    "ươt ươu ưt ưu y yêm yên yêng yêt yêu".split()
)
# Behind `qu`: of "quăng", "quen", "quý" the u belongs to the onset.
_RHYMES_AFTER_QU = frozenset(
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng ât ây e en eo et ê êch "
    "ên ênh êt êu ôc i ich in inh it iu o ơ y yên yêt yêu ynh yt ych".split()
)
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONE_MARKS = "".join(_TONES.values())
_TONES_OF_STOPS = (_TONES["s"], _TONES["j"])
_VNI_TONES = dict(zip("12345", _TONES.values(), strict=True))
_SHAPED_VOWELS = "ăâêôơư"
_VOWELS = f"aeiouy{_SHAPED_VOWELS}"


def is_syllable(text: str) -> bool:
    """Whether a syllable in canonical spelling is one that Vietnamese can have."""
    bare, tone = _without_tone(text)
    split = _split(bare)
    return split is not None and _fits(split[1], tone)


def is_bare_syllable(text: str) -> bool:
    """Whether small letters without marks are a syllable that lost its marks: `nguyen`."""
    return any(
        text.removeprefix(onset) in rhymes
        for onset, rhymes in _bare_rhymes().items()
        if text.startswith(onset)
    )


@cache
def _bare_rhymes() -> dict[str, frozenset[str]]:
    """The rhymes without marks that may stand behind each onset, and behind none."""
    bare = frozenset(fold(rhyme) for rhyme in _RHYMES)
    after_qu = frozenset(fold(rhyme) for rhyme in _RHYMES_AFTER_QU)
    rhymes = {fold(onset): bare for onset in (*_ONSETS, "")}
    return {**rhymes, "qu": after_qu}


def _without_tone(text: str) -> tuple[str, str]:
    """The letters with their shapes, and the tone mark or nothing."""
    letters = unicodedata.normalize("NFD", text)
    tones = [mark for mark in letters if mark in _TONE_MARKS]
    bare = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONE_MARKS))
    return bare, tones[0] if len(tones) == 1 else "?" if tones else ""


def _fits(rhyme: str, tone: str) -> bool:
    if tone == "?":
        return False
    return not rhyme.endswith(("c", "ch", "p", "t")) or tone in ("", *_TONES_OF_STOPS)


@cache
def _split(bare: str) -> tuple[str, str] | None:
    """Onset and rhyme of a syllable without its tone."""
    for onset in sorted(_ONSETS, key=len, reverse=True):
        rhyme = bare.removeprefix(onset)
        known = _RHYMES_AFTER_QU if onset == "qu" else _RHYMES
        if bare.startswith(onset) and rhyme in known:
            return onset, rhyme
    if bare.startswith("gi") and bare[1:] in _RHYMES:
        return "g", bare[1:]
    return ("", bare) if bare in _RHYMES else None


def _with_tone(bare: str, tone: str) -> str | None:
    """The syllable in canonical spelling; None where there is no such one."""
    split = _split(bare)
    if split is None or not _fits(split[1], tone):
        return None
    if not tone:
        return bare
    onset, rhyme = split
    place = len(onset) + _tone_place(rhyme)
    return unicodedata.normalize("NFC", bare[: place + 1] + tone + bare[place + 1 :])


def _tone_place(rhyme: str) -> int:
    """On the last shaped vowel; before a consonant on the last vowel; else on the one but last."""
    shaped = [place for place, letter in enumerate(rhyme) if letter in _SHAPED_VOWELS]
    if shaped:
        return shaped[-1]
    vowels = [place for place, letter in enumerate(rhyme) if letter in _VOWELS]
    if vowels[-1] < len(rhyme) - 1 or len(vowels) == 1:
        return vowels[-1]
    return vowels[-2]


def from_telex(token: str) -> str | None:
    """`vaanj` as `vận`; None for what Telex keys do not make a syllable of.

    The key `w` shapes any vowel before it (`nguoiwf`), and is `ư` where there is none (`nhw`).
    """
    tone = ""
    readings: list[str] = [""]
    for key in token:
        if key in _TONES and any(letter in _VOWELS for letter in readings[0]):
            if tone:
                return None
            tone = _TONES[key]
        elif key == "w":
            readings = [shaped for letters in readings for shaped in _press_w(letters)]
        else:
            readings = [_press_letter(letters, key) for letters in readings]
        if not readings:
            return None
    made = (_with_tone(letters.replace("ưo", "ươ"), tone) for letters in readings)
    return next(filter(None, made), None)


def _press_letter(letters: str, key: str) -> str:
    if letters.endswith(key) and key in "aeod":
        return letters[:-1] + {"a": "â", "e": "ê", "o": "ô", "d": "đ"}[key]
    return letters + key


def _press_w(letters: str) -> list[str]:
    """`uo` as `ươ`, or as `uơ` where that makes no syllable; else one of `a`, `o`, `u`."""
    for pair in ("uo", "ưo"):
        if pair in letters:
            return [letters.replace(pair, "ươ"), letters.replace("o", "ơ")]
    shapes = {"a": "ă", "o": "ơ", "u": "ư"}
    places = [place for place, letter in enumerate(letters) if letter in shapes]
    if places:
        return [letters[:n] + shapes[letters[n]] + letters[n + 1 :] for n in reversed(places)]
    return [] if any(letter in _VOWELS for letter in letters) else [letters + "ư"]


_VNI_SHAPES = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}}


def from_vni(token: str) -> str | None:
    """`van65` as `vận`; None for what VNI keys do not make a syllable of."""
    match = re.fullmatch(r"[a-z]+(?:\d[a-z]*){1,4}", token)  # "d9u7o7c5" takes four
    if match is None:
        return None
    tone = ""
    letters: list[str] = []
    for key in token:
        if key in _VNI_TONES:
            if tone:
                return None
            tone = _VNI_TONES[key]
        elif key.isdigit():
            if not _press_digit(letters, key):
                return None
        else:
            letters.append(key)
    return _with_tone("".join(letters), tone)


def _press_digit(letters: list[str], digit: str) -> bool:
    if digit == "9":
        if letters[:1] != ["d"]:
            return False
        letters[0] = "đ"
        return True
    shapes = _VNI_SHAPES.get(digit, {})
    places = [place for place, letter in enumerate(letters) if letter in shapes]
    if not places:
        return False
    for place in places if digit == "7" else places[-1:]:
        letters[place] = shapes[letters[place]]
    return True
