"""Whether figures and days stand beside what they stand beside in the source."""

from __future__ import annotations

from collections.abc import Sequence

from bot.bodies import syllables_of_organisations
from bot.verification.claims import Token
from bot.verification.window import (
    SUPPORTED,
    Fault,
    Verdict,
    says_something,
    stretches_of,
    texts_of,
)

# By how much another figure's surroundings must fit better than its own. A name counts double.
_FITS_BETTER = 2


_NAME_WEIGHT = 2


# Surroundings of fewer words say too little: what stands before them belongs to them.
_SAYS_ENOUGH = 4


def figures_in_place(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """What stands around a figure stands around the same figure there, not around another."""
    there = _surroundings(words)
    here = _surroundings(claim)
    for figure, around in here:
        # Of figures in one stretch nothing tells whose its words are.
        beside = {text for text, other in here if other == around}
        own = [other for text, other in there if text == figure]
        others = [other for text, other in there if text not in beside]
        if not own or not others:
            continue
        fits = max(_shared(around, other) for other in own)
        if max(_shared(around, other) for other in others) >= fits + _FITS_BETTER:
            return Verdict(Fault.NUMBER, figure)
    return SUPPORTED


def _surroundings(words: Sequence[Token]) -> list[tuple[str, frozenset[Token]]]:
    """Each figure with the words of its stretch."""
    stretches = stretches_of(words)
    found = []
    for place, stretch in enumerate(stretches):
        around = {t for t in stretch if says_something(t)}
        back = place - 1
        while len(around) < _SAYS_ENOUGH and back >= 0:
            around |= {t for t in stretches[back] if says_something(t)}
            back -= 1
        figures = [t for t in stretch if t.is_day or (t.is_number and not t.is_year)]
        found += [(t.text, frozenset(around)) for t in figures]
    return found


def _shared(around: frozenset[Token], other: frozenset[Token]) -> int:
    texts = {token.text for token in other}
    held = {token.text: token.is_name for token in around if token.text in texts}
    bodies = syllables_of_organisations()
    return sum(
        _NAME_WEIGHT if is_name and text not in bodies else 1 for text, is_name in held.items()
    )


def documents_dated(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """A day that stands behind another document there is not this one's."""
    signs = {t.text for t in claim if t.is_sign}
    if not signs:
        return SUPPORTED
    for token in claim:
        if not token.is_day:
            continue
        for n, other in enumerate(words):
            if other.text == token.text:
                before = [t.text for t in words[max(0, n - 6) : n] if t.is_sign]
                if before and before[-1] not in signs:
                    return Verdict(Fault.DAY, token.text)
    return SUPPORTED


def nothing_skipped(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """No other figure stands between a figure and what the sentence says of it.

    "104 người có uy tín, trong đó 27 là nữ" does not say that 104 are women.
    """
    here = texts_of(claim)
    figures = [n for n, t in enumerate(words) if t.is_number or t.is_day]
    foreign = [n for n in figures if words[n].text not in here]
    for stretch in stretches_of(claim):
        said = [t.text for t in stretch if says_something(t)]
        for token in stretch:
            own = [n for n in figures if words[n].text == token.text]
            if not own or not (token.is_number or token.is_day):
                continue
            for word in said:
                places = [n for n, t in enumerate(words) if t.text == word]
                paths = [(min(n, m), max(n, m)) for n in places for m in own]
                if paths and all(any(a < f < b for f in foreign) for a, b in paths):
                    return Verdict(Fault.NUMBER, token.text)
    return SUPPORTED


# Right before a figure these say how it is meant: "còn 19 điểm" is what is left.
_LEADS = frozenset("còn đạt tăng giảm xuống lên chỉ thêm bớt hơn gần dưới mới".split())
_REACH = 3


def neighbours_kept(claim: Sequence[Token], words: Sequence[Token]) -> Verdict:
    """The unit behind a figure, and the word before it, are not another figure's there."""
    figures = [n for n, t in enumerate(words) if t.is_number and not t.is_year]
    for place, token in enumerate(claim):
        own = [n for n in figures if words[n].text == token.text]
        others = [n for n in figures if n not in own]
        if not own or not token.is_number:
            continue
        unit = claim[place + 1] if place + 1 < len(claim) else None
        is_told = unit is not None and says_something(unit)
        if unit is not None and is_told and _only_behind(words, own, others, unit.text):
            return Verdict(Fault.NUMBER, token.text)
        lead = claim[place - 1].text if place else ""
        if lead in _LEADS and not _ahead(words, own, lead) and _ahead(words, others, lead):
            return Verdict(Fault.NUMBER, token.text)
    return SUPPORTED


def _only_behind(
    words: Sequence[Token], own: Sequence[int], others: Sequence[int], text: str
) -> bool:
    return not _behind(words, own, text) and _behind(words, others, text)


def _behind(words: Sequence[Token], figures: Sequence[int], text: str) -> bool:
    return any(text in [t.text for t in words[n + 1 : n + 1 + _REACH]] for n in figures)


def _ahead(words: Sequence[Token], figures: Sequence[int], text: str) -> bool:
    return any(text in [t.text for t in words[max(0, n - _REACH) : n]] for n in figures)
