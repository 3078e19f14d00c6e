"""Whether figures and days stand beside what they stand beside in the source."""

from __future__ import annotations

from collections.abc import Sequence

from bot.demands import syllables_of_organisations
from bot.verification.claims import Token
from bot.verification.window import SUPPORTED, Fault, Verdict, says_something, stretches_of

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
