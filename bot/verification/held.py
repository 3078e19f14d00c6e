"""Whether what a sentence names is there: figures, days, names, words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.verification.claim_words import HARMLESS
from bot.verification.claims import Token
from bot.verification.window import (
    SUPPORTED,
    Fault,
    Verdict,
    Window,
    contains,
    leans,
    name_runs,
    texts_of,
)


def numbers_held(claim: Sequence[Token], words: Sequence[Token], known: Sequence[Token]) -> Verdict:
    """Every figure and every document is there; a year may come from the label."""
    held = texts_of(words)
    # A year of its own that the source states is not to be replaced by the label's.
    years = {t.text for t in known if t.is_year and not any(w.is_year for w in words)}
    here = texts_of(claim)
    for place, token in enumerate(claim):
        if not token.is_number or token.text in held or token.text in years:
            continue
        following = claim[place + 1].text if place + 1 < len(claim) else ""
        if not _is_spelled(token.text, following, words) and not _is_share(token.text, here, held):
            return Verdict(Fault.NUMBER, token.text)
    return SUPPORTED


# These stay words in a source, being an article and a year more often.
_SPELLED = {"1": "một", "5": "năm"}


def _is_spelled(figure: str, following: str, words: Sequence[Token]) -> bool:
    word = _SPELLED.get(figure)
    return any(a.text == word and b.text == following for a, b in pairwise(words))


def _is_share(figure: str, here: set[str], held: set[str]) -> bool:
    """Whether it is half of a share (`57/63`) whose other half is in the sentence too."""
    shares = [text.split("/") for text in held if "/" in text and text[0].isdigit()]
    return any(figure in share and set(share) <= here for share in shares)


def days_held(claim: Sequence[Token], words: Sequence[Token], known: Sequence[Token]) -> Verdict:
    """Every day is there, a missing year being the label's."""
    days = [t.text[1:].split("/") for t in words if t.is_day]
    # The label's day is the event's only where the source states none.
    days = days or [t.text[1:].split("/") for t in known if t.is_day]
    label_years = {t.text for t in known if t.is_number and len(t.text) == 4}
    label_years |= {parts[-1] for parts in days if len(parts[-1]) == 4}
    for token in claim:
        if not token.is_day:
            continue
        asked = token.text[1:].split("/")
        if not any(_same_day(asked, day, label_years) for day in days):
            return Verdict(Fault.DAY, token.text)
    return SUPPORTED


def _same_day(asked: list[str], held: list[str], label_years: set[str]) -> bool:
    if asked == held:
        return True
    if len(asked) == 3 and len(held) == 2:
        return asked[:2] == held and asked[2] in label_years
    if len(asked) == 2 and len(held) == 3:
        # "26/12" of 26/12/2022, or "7/2024" of 23/7/2024
        return asked in (held[:2], held[1:])
    return False


def names_held(
    claim: Sequence[Token],
    words: Sequence[Token],
    known: Sequence[Token],
    windows: Sequence[Window],
) -> Verdict:
    """Every name is there as it is written: its words beside each other.

    From the sentence before only a person may be taken, whom "ông" in this one means.
    """
    sources = [[t.text for t in words], [t.text for t in known]]
    before = [[t.text for t in window.before] for window in windows if leans(window)]
    for run, is_addressed in name_runs(claim):
        held = any(contains(source, run) for source in sources)
        if not held and not (is_addressed and any(contains(source, run) for source in before)):
            return Verdict(Fault.NAME, " ".join(run))
    return SUPPORTED


def words_held(
    claim: Sequence[Token],
    words: Sequence[Token],
    known: Sequence[Token],
    windows: Sequence[Window],
) -> Verdict:
    """Every word that says something is there."""
    held = texts_of(words) | texts_of(known)
    persons = {t.text for window in windows if leans(window) for t in window.before if t.is_name}
    for token in claim:
        if not token.is_content or token.is_number or token.is_day or token.text in HARMLESS:
            continue
        if token.text not in held and not (token.is_name and token.text in persons):
            return Verdict(Fault.WORD, token.text)
    return SUPPORTED
