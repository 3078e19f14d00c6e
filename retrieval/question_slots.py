"""The places, newspapers and periods of a question, and the same question about others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.text import canonical, fold, squeeze


@dataclass(frozen=True, slots=True)
class Slot:
    """A place, newspaper or period of a question: where it stands, how to name it elsewhere."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Slots:
    """What a question names that the next one may replace by others, each in reading order."""

    places: tuple[Slot, ...]
    periods: tuple[Slot, ...]
    papers: tuple[Slot, ...] = ()

    @property
    def all(self) -> tuple[Slot, ...]:
        return (*self.places, *self.periods, *self.papers)


# Patterns are applied to the folded text.
# `các tỉnh khác` names no place and yet takes the place of one.
_ELSEWHERE = re.compile(
    r"\b(?:(?:cac|nhung|mot so) )?(?:(?:tinh thanh|tinh|thanh pho|dia phuong|huyen|noi)(?: thanh)?"
    r"|cho|vung) khac\b"
)
_OTHER_TIMES = re.compile(r"\b(?:(?:cac|nhung|may) )?(?:nam|thang|quy) khac\b")
# `quý IV` after `quý III/2024` is of that year; `tháng trước` and `năm ngoái` are not.
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_RELATIVE = re.compile(
    r"\b(?:truoc|qua|nay|sau|toi|hom|vua|gan|moi|mai|ngoai|roi|kia|khac|lai day|hien)\b"
)
# "Bắc Kạn và Quảng Ninh", "năm 2017 so với năm 2016": one group, replaced as one.
_JOINT = re.compile(
    r"\s*(?:[,–/-]|\b(?:va|voi|hay|hoac|cung|den|so voi)\b)?\s*"
    r"(?:\b(?:cua|o|tai|trong|tinh|thanh pho|tp\.?)\b\s*)*"
)
# Kinds of places that do not suit the name put after them ("thành phố Bắc Kạn").
_TOWN = re.compile(r"\b(?:thanh pho|tp\.?) $")
_KIND = re.compile(r"\b(?:tinh|thanh pho|tp\.?) $")


def with_elsewhere(text: str, slots: Slots) -> Slots:
    """The slots with `các tỉnh khác` among the places and `năm khác` among the periods."""
    plain = fold(canonical(text))
    return Slots(
        (*slots.places, *_found(_ELSEWHERE, text, plain)),
        (*slots.periods, *_found(_OTHER_TIMES, text, plain)),
        slots.papers,
    )


def _found(pattern: re.Pattern[str], text: str, plain: str) -> list[Slot]:
    return [
        Slot(*match.span(), uncapitalised(text[match.start() : match.end()]))
        for match in pattern.finditer(plain)
    ]


def with_slots(earlier: str, new: Slots, old: Slots, *, added: bool = True) -> str:
    """The earlier question about the places, papers and periods of the new one.

    Args:
        added: those of which the earlier one has none are put at its end.
    """
    changes = [
        (old.places, [slot.text for slot in new.places], " ở "),
        (old.papers, [slot.text for slot in new.papers], " trên "),
        (old.periods, [_of_year(slot.text, old.periods) for slot in new.periods], " "),
    ]
    # The last in the text first, so that the places of the others still hold.
    changes.sort(key=lambda change: -change[0][0].start if change[0] else -len(earlier))
    for before, after, joint in changes:
        if after and (before or added):
            earlier = _replaced(earlier, before, after, joint)
    return earlier


def _of_year(period: str, old: Sequence[Slot]) -> str:
    """A period with the year that it takes from the earlier question's, where it has none."""
    years = [match[0] for slot in old if (match := _YEAR.search(slot.text))]
    plain = fold(canonical(period))
    if not years or _YEAR.search(plain) or _RELATIVE.search(plain):
        return period
    return f"{period} {years[-1]}" if plain.endswith("nam") else f"{period} năm {years[-1]}"


def _replaced(text: str, old: Sequence[Slot], new: Sequence[str], joint: str) -> str:
    """The text with the first old span, and those joined to it, replaced by all new ones."""
    words = " và ".join(new)
    if not old:
        body = text.rstrip("?!. ")
        return f"{body}{joint}{words}{text[len(body) :]}"
    plain = fold(canonical(text))
    start, end = old[0].start, old[0].end
    for slot in old[1:]:
        if _JOINT.fullmatch(plain, end, slot.start):
            end = slot.end
    kind = _KIND if _ELSEWHERE.search(fold(canonical(words))) else _TOWN
    if led := kind.search(plain[:start]):
        start = led.start()
    words = capitalised(words) if start == 0 else words
    return squeeze(f"{text[:start]}{words}{text[end:]}")


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """The text with a small first letter, unless it opens with a name or an abbreviation."""
    first, _, rest = text.partition(" ")
    is_name = any(map(str.isupper, first[1:])) or rest[:1].isupper()
    return text if is_name else text[:1].lower() + text[1:]
