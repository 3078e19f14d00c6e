"""A question that leans on the one before it is made whole, by rules over place, period, topic.

Dân vận ở Bắc Kạn còn hạn chế gì?  + Còn ở Quảng Ninh thì sao?
    -> Dân vận ở Quảng Ninh còn hạn chế gì?
Hội nghị dân vận diễn ra khi nào?  + Ai chủ trì?
    -> Hội nghị dân vận diễn ra, ai chủ trì?
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrieval.text import canonical, fold, squeeze, syllables


@dataclass(frozen=True, slots=True)
class Slot:
    """A place or period of a question: where it stands, and how to name it elsewhere."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Slots:
    """What a question names that the next one may replace by others."""

    places: tuple[Slot, ...]
    periods: tuple[Slot, ...]


# Patterns are written without diacritics and applied to the folded text, but for the words
# whose folded form is another common word: those are looked up as they are typed.
_OPENING = re.compile(r"^(?:the |vay |roi )*(?:con|the|vay|hay)\b(?: (?:con|doi voi|ve|ben|nhu))*")
_CLOSING = re.compile(
    r"(?<!\btai)(?<!\bvi)(?<!\btai )(?<!\bvi )"
    r"\b(?:thi|la|ma)? ?(?:sao|the nao|nhu the nao|ra sao|thi the nao)(?: (?:vay|a|nhi|ha))?\W*$"
)
_JOINTS = frozenset(
    "o tai cua trong vao thi tinh thanh pho tp huyen ben va vay con the con nam thang a nhi".split()
)
# What points back to the earlier question.
_POINTS_BACK = re.compile(
    r"\b(?:o|tai|luc|khi|nam|ngay|thang|hom|trong so) (?:do|ay)\b"
    r"|\b(?:tinh|huyen|xa|noi|hoi nghi|buoi|cuoc hop|buoi lam viec|chuong trinh|van de|viec|doan"
    r"|mo hinh|phong trao|bai|su kien|cong tac|ong|ba|dong chi|nguoi|don vi|co quan|so|con so"
    r"|ket qua|nhiem vu|dieu)(?: \w+)? (?:nay|do|ay|tren)\b|\b(?:neu|ke) tren\b|^ho\b"
)
# Of these a question with a topic of its own takes only the place or the time.
_THERE = re.compile(
    r"\b(?P<lead>(?:o|tai|cua) )?(?:(?<=o )(?:do|day|ay)|(?<=tai )(?:do|day|ay)"
    r"|(?:tinh|huyen|dia phuong|thanh pho|noi) (?:nay|do|ay))\b"
)
_THEN = re.compile(r"\b(?P<lead>(?:trong|vao|cua) )?(?:nam|thang|quy) (?:do|ay)\b")
# `quý IV` after `quý III/2024` is of that year; `tháng trước` is not.
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_RELATIVE = re.compile(r"\b(?:truoc|qua|nay|sau|toi|hom|vua|gan|moi|mai)\b")
# What is asked of nearly any event or programme; a question of these alone has no topic.
_GENERIC = frozenset(
    "ai gi nao dau bao nhieu may khi ngay thang nam gio luc thoi gian tai sao vi the la co khong "
    "duoc da dang se nhung cac mot va cua o trong cho ve voi den tu bang nhu ra lam viec do boi "
    "hoi nghi buoi cuoc hop le dai hoi chu tri tham du tham gia phat bieu chi dao du dien "
    "to chuc dai bieu nguoi dong chi ong ba lanh dao ket qua nguyen nhan giai phap han che kho "
    "khan uu diem ton tai muc tieu nhiem vu noi dung dia diem kinh phi so luong tong cong con "
    "them nua khac tiep theo sau truoc cu vay thi a nhi ha thuoc gom bi quan de tren chinh thanh "
    "phan lan dat danh gia muc xep thu kinh nghiem bai hoc cu the chi tiet".split()
)
_SHORT = 4
_ASKS_ONLY = re.compile(r"^(?:ai|khi nao|bao gio|o dau|vi sao|tai sao)\b")

# What an earlier question asked for, which the new one asks for anew.
_ASKED = (
    r"(?:còn )?(?:có |là |gồm |được )?(?:bao nhiêu|những gì|gì mới|gì|như thế nào|thế nào|ra sao"
    r"|khi nào|lúc nào|ngày nào|năm nào|tháng nào|bao giờ|ở đâu|tại đâu|nơi nào|ai|mấy|nào)"
    r"|tại sao|vì sao|có phải|hay không|không"
)
_ASKED_MARKED = re.compile(rf"\b(?:{_ASKED})(?!\w)")
_ASKED_FOLDED = re.compile(rf"\b(?:{fold(_ASKED)})(?!\w)")


def make_whole(text: str, earlier: str, slots_of: Callable[[str], Slots]) -> str | None:
    """The question as it would stand alone; None where it already does.

    Args:
        text, earlier: in NFC, on one line; `earlier` is itself whole.
        slots_of: finds the places and periods of a text.
    """
    plain = fold(canonical(text))
    slots = slots_of(text)
    rest = _rest(plain, slots)
    if not rest and (slots.places or slots.periods):
        return _with_slots(earlier, slots, slots_of(earlier))
    if not rest:
        return earlier if _CLOSING.search(plain) else None
    if filled := _filled(text, slots_of(earlier)):
        return filled
    if not _has_no_topic(plain, rest, slots):
        return None
    topic = _topic(_with_slots(earlier, slots, slots_of(earlier)))
    asked = text[_opening_end(plain) :]
    return f"{topic}, {asked[:1].lower()}{asked[1:]}" if topic else None


def _filled(text: str, old: Slots) -> str | None:
    """A question of its own with `ở đó` and `năm đó` replaced by what they point to."""
    filled = text
    for pattern, slots in ((_THERE, old.places), (_THEN, old.periods)):
        match = pattern.search(fold(canonical(filled)))
        if match and slots:
            start = match.start() + len(match["lead"] or "")
            name = slots[-1].text if start else _capitalised(slots[-1].text)
            filled = f"{filled[:start]}{name}{filled[match.end() :]}"
    bare = _THEN.sub(" ", _THERE.sub(" ", fold(canonical(text))))
    own = {word.text for word in syllables(bare)} - _GENERIC - _JOINTS
    return filled if filled != text and own else None


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _opening_end(plain: str) -> int:
    match = _OPENING.match(plain)
    return len(plain) - len(plain[match.end() :].lstrip()) if match else 0


def _rest(plain: str, slots: Slots) -> list[str]:
    """The words of a folded question besides its places, periods and the frame around them."""
    for slot in (*slots.places, *slots.periods):
        plain = f"{plain[: slot.start]}{' ' * (slot.end - slot.start)}{plain[slot.end :]}"
    bare = _CLOSING.sub(" ", _OPENING.sub(" ", squeeze(plain)))
    words = [word.text for word in syllables(bare)]
    return words if set(words) - _JOINTS else []


def _has_no_topic(plain: str, rest: Sequence[str], slots: Slots) -> bool:
    if _POINTS_BACK.search(plain):
        return True
    if not set(rest) - _GENERIC - _JOINTS or _OPENING.match(plain):
        return True
    is_short = len(syllables(plain)) <= _SHORT and not slots.places and not slots.periods
    return is_short and bool(_ASKS_ONLY.match(plain))


def _with_slots(earlier: str, new: Slots, old: Slots) -> str:
    """The earlier question about the places and periods of the new one, where it has any."""
    # The later of the two first, so that the other's place in the text still holds.
    changes = [
        (old.places, [slot.text for slot in new.places], " ở "),
        (old.periods, [_of_year(slot.text, old.periods) for slot in new.periods], " "),
    ]
    changes.sort(key=lambda change: -change[0][0].start if change[0] else -len(earlier))
    for before, after, joint in changes:
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
    """The text with the first old span replaced by all of the new ones, or with them added."""
    if not new:
        return text
    words = " và ".join(new)
    if not old:
        body = text.rstrip("?!. ")
        return f"{body}{joint}{words}{text[len(body) :]}"
    for slot in reversed(old[1:]):
        text = f"{text[: slot.start]}{text[slot.end :]}"
    first = old[0]
    words = _capitalised(words) if first.start == 0 else words
    return squeeze(f"{text[: first.start]}{words}{text[first.end :]}")


def _topic(question: str) -> str:
    """What a question is about: itself without the words that ask."""
    pattern = _ASKED_FOLDED if question == fold(question) else _ASKED_MARKED
    kept, position = [], 0
    for match in pattern.finditer(canonical(question)):
        kept.append(question[position : match.start()])
        position = match.end()
    topic = squeeze(" ".join([*kept, question[position:]])).rstrip("?!., ")
    return re.sub(r"^(?:là|la) ", "", topic)
