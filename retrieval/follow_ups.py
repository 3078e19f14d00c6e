"""A question that leans on the one before it is made whole, by rules over place, period, topic.

Dân vận ở Bắc Kạn còn hạn chế gì?  + Còn ở Quảng Ninh thì sao?
    -> Dân vận ở Quảng Ninh còn hạn chế gì?
Hội nghị dân vận diễn ra khi nào?  + Ai chủ trì?
    -> Hội nghị dân vận diễn ra, ai chủ trì?

A question that may stand alone is left alone: a topic taken over wrongly misleads the search
more than one that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from retrieval.question_slots import (
    Slot,
    Slots,
    capitalised,
    uncapitalised,
    with_elsewhere,
    with_slots,
)
from retrieval.question_words import Words, read_words, without_asking
from retrieval.small_talk import small_talk_kind, without_small_talk
from retrieval.text import canonical, fold, squeeze, syllables

__all__ = ["Slot", "Slots", "make_whole"]

# Syllables of its own that a question may have and still lean on the earlier one.
_LONGEST_ASIDE = 4  # `Còn công tác cán bộ?`
_LONGEST_POINTING = 4  # beyond, `việc đó` is mostly something named in the same question
_LONGEST_COUNTED = 3  # `có bao nhiêu tình nguyện viên?`
_MOST_PHRASES = 6  # `ai đã đạt được kết quả cao nhất trong cuộc thi?` has nine
_LONGEST_NOUN = 2  # `vốn vay?`; of three on it is a topic as one types it into a search box
_LONGEST_VERB = 2  # `ai phát động?`; `ai phát minh ra bóng đèn?` has an object
_LONGEST_CLAIM = 4  # `có được nhân rộng không?` may be missed: `có nên mua vàng không?` is whole


def make_whole(
    text: str, earlier: str, slots_of: Callable[[str], Slots], shown: str | None = None
) -> str | None:
    """The question as it would stand alone; None where it already does, or asks nothing.

    Args:
        text, earlier: in NFC, on one line; `text` as typed, `earlier` itself whole.
        slots_of: finds the places, papers and periods of a text.
        shown: `text` with its marks, character for character, to be part of the whole.
    """
    if small_talk_kind(text):
        return None
    rest = without_small_talk(text)
    shown = (shown or text)[len(text) - len(rest) :]
    slots, old = with_elsewhere(rest, slots_of(rest)), with_elsewhere(earlier, slots_of(earlier))
    words = read_words(rest, slots.all)
    if old.papers and words.own and (named := _as_paper(rest, words, slots_of)):
        return with_slots(earlier, named, old)
    if filled := _filled(rest, shown, old, slots_of):
        return filled
    if _asks_the_same(rest, words, slots):
        return with_slots(earlier, slots, old)
    if not _leans(rest, words, slots):
        return None
    taken = Slots((), ()) if _compares(rest, slots) else slots
    topic = _topic(with_slots(earlier, taken, old, added=False))
    asked = shown[words.start : words.end].rstrip("?") + ("?" if text.endswith("?") else "")
    return f"{topic}, {_continued(asked, words.start, slots)}" if topic else None


def _as_paper(text: str, words: Words, slots_of: Callable[[str], Slots]) -> Slots | None:
    """`Còn Tuổi Trẻ thì sao?` after a question about a paper: names that are words as well."""
    if not (words.is_still or words.is_so_what):
        return None
    name = text[words.start : words.end].strip("?!. ")
    named = f"bao {name}" if name == fold(name) else f"báo {name}"
    slots = slots_of(named)
    covers = any((slot.start, slot.end) == (0, len(named)) for slot in slots.papers)
    return slots if covers else None


def _plain(text: str) -> str:
    return fold(canonical(text))


# `so với năm 2019`, `cao hơn Quảng Ninh`: another year or place beside the earlier one.
_COMPARES = re.compile(r"\b(?:so voi|so sanh|so sanh voi|hon|kem|bang)(?: (?:o|cua|tinh|nam))* $")


def _compares(text: str, slots: Slots) -> bool:
    plain = _plain(text)
    return any(_COMPARES.search(plain[: slot.start]) for slot in slots.all)


def _continued(asked: str, start: int, slots: Slots) -> str:
    """What is asked in the middle of a sentence; the first letter of a name stays large."""
    starts = {slot.start - start for slot in slots.all}
    if 0 in starts:
        return asked
    if asked.find(" ") + 1 in starts:  # "Ở Hậu Giang": the name only begins there
        return asked[:1].lower() + asked[1:]
    return uncapitalised(asked)


# ---- what a question is


def _asks_the_same(text: str, words: Words, slots: Slots) -> bool:
    """Only names another place or time, or only asks for more."""
    kinds = set(words.kinds)
    if words.own or kinds - {"how", "little", "more"} or _compares(text, slots):
        return False
    if slots.all or words.is_so_what or "more" in kinds:
        return True
    return kinds == {"how"} and not _counts(text)


def _counts(text: str) -> bool:
    """`bao nhiêu?`, `mấy cái?`"""
    return bool(re.search(r"\b(?:bao nhieu|may)\b", _plain(text)))


def _leans(text: str, words: Words, slots: Slots) -> bool:
    """Whether the question says too little to stand alone."""
    if _points_back(text, words):
        return True
    if _is_clause(text, words, slots):
        return False
    if not words.own:
        return len(words.kinds) <= _MOST_PHRASES and _lacks_topic(words, slots)
    plain = _plain(text)
    has_place = slots.places or slots.papers or _EVERYWHERE.search(plain)
    if has_place or len(words.own) > _LONGEST_ASIDE:
        return False
    if words.is_still:
        return _continues(text, words)
    if words.is_so_what:
        return not words.asks and not _CONDITION.match(plain)
    return not slots.periods and not _names(text) and _is_fragment(text, words)


# `Hậu Giang đạt những kết quả gì?`, `Tình hình ở Cà Mau?`; but `Hậu Giang có khó khăn gì?` leans.
_PREDICATE = re.compile(
    r"^ (?:(?:da|dang|se|van|hien|hien nay|nam nay) )*(?:con|co|dat|lam|gap|neu|de ra|gianh|rut ra)"
    r" (?:duoc )?(?:nhung|cac|mot so) \w+(?: \w+){0,3} (?:gi|nao)\b"
)
_STATE = re.compile(r"^(?:tinh hinh|thuc trang)\b")


def _is_clause(text: str, words: Words, slots: Slots) -> bool:
    """Whether a place has a predicate with its object, or the state of a place is asked for."""
    plain = _plain(text)
    if words.is_still or words.is_so_what or not slots.places:
        return False
    begins = {0, *(period.end + 1 for period in slots.periods if period.start == 0)}
    is_subject = any(
        slot.start in begins and _PREDICATE.search(plain[slot.end :]) for slot in slots.places
    )
    return is_subject or bool(_STATE.search(plain))


# Places that no slot stands for, since they restrict nothing.
_EVERYWHERE = re.compile(
    r"\b(?:viet ?nam|ca nuoc|toan quoc|nuoc ta|the gioi|chau a|chau au|asean)\b"
)


def _lacks_topic(words: Words, slots: Slots) -> bool:
    """Of a question that has no word of its own but for places and times."""
    kinds = set(words.kinds)
    if not kinds - {"little"}:
        return bool(slots.all) and bool(kinds)
    if not slots.all or words.is_still or words.is_so_what:
        return True
    if slots.places or slots.papers:
        return "matter" not in kinds and bool(kinds - {"little", "of_place"})
    # `Thế kỷ 21 bắt đầu từ năm nào?` asks a time about a time: that is its matter.
    return "of_time" not in kinds and bool(kinds - {"little", "of_place"})


_CONDITION = re.compile(r"^(?:neu|khi|luc|gia su)\b")
# `còn` as a verb: "there remain how many …".
_REMAINS = re.compile(r"^con (?:lai )?(?:bao|may|gi|nhung|ai|co|mot|nhieu|it|ton tai)\b")


def _continues(text: str, words: Words) -> bool:
    """Whether `còn` opens an aside; without its mark `con` is a word of the question."""
    if not words.asks:
        return True
    opening = text[: words.start]
    return opening != fold(opening) and not _REMAINS.match(_plain(text))


_SUBJECTLESS = re.compile(
    r"^(?:da |se |dang |thi )*(?:co (?:bao nhieu|may|nhung|khoang)|(?:bao )?gom"
    r"|duoc bao nhieu|moi \w+(?: duoc| la| nhan)? bao nhieu)\b"
)
# `Ai phát động?`, `Đơn vị nào thi công?`; but `Ai giàu nhất?` asks of everyone.
_WHO_DID = re.compile(r"^(?:ai|do ai|(?:don vi|co quan|nguoi) nao)\b(?! la\b)")
_CLAIM = re.compile(r"^(?:co|da|duoc|da duoc|co duoc)\b.* (?:khong|chua)(?: (?:a|vay|nhi|ha))?\W*$")

# `ở Ấn Độ`, `tại quần đảo`: a place that the gazetteer need not know.
_OWN_PLACE = re.compile(r"\b(?:o|tai) (?!dau\b|day\b|do\b)\w")


def _is_fragment(text: str, words: Words) -> bool:
    """A predicate without subject, or a noun that is only asked for by its question mark."""
    plain = _plain(text)
    if words.asks:
        is_claim = bool(_CLAIM.match(plain)) and len(syllables(plain)) <= _LONGEST_CLAIM
        who = _WHO_DID.match(plain)
        is_who = who is not None and len(syllables(plain[who.end() :])) <= _LONGEST_VERB
        is_who = is_who and "degree" not in words.kinds
        is_count = bool(_SUBJECTLESS.match(plain)) and len(words.own) <= _LONGEST_COUNTED
        return (is_count or is_claim or is_who) and not _OWN_PLACE.search(plain)
    return text.endswith("?") and len(syllables(text)) <= _LONGEST_NOUN


def _names(text: str) -> bool:
    """Whether a word after the first has a capital, or the first is an abbreviation."""
    return any(map(str.isupper, text[1:]))


# What points back to the earlier question. Without marks `do` is also "by", a measure or a
# country (`thang đo`, `Ấn Độ`), so there it stands right behind few of these words.
_THINGS = (
    "hội nghị|buổi|cuộc họp|buổi làm việc|chương trình|vấn đề|việc|đoàn|mô hình|phong trào|bài"
    "|sự kiện|công tác|ông|bà|đồng chí|đơn vị|cơ quan|con số|kết quả|nhiệm vụ|điều|dự án|hội chợ"
    "|buổi lễ|đề án|quyết định|nghị quyết"
)
_MIDDLE = r"(?: (?!\d|ngày|hiện|hôm|đến|lâu|từ|thời|sau|trước)\w+)?"
_ABOVE = r"trên(?=\W*$| (?:là|có|do|được|gì)\b)"
_BACK = rf"\b(?:nêu|kể) trên\b|^họ (?:nói|làm|là ai|đã|sẽ|được|cần|muốn)\b|\b(?:{_THINGS}) {_ABOVE}"
_BACK_MARKED = re.compile(
    r"\b(?:ở|tại|lúc|khi|năm|ngày|thời gian|thời điểm|tháng|hôm|trong số) (?:đó|ấy)(?!\w)"
    rf"|\b(?:{_THINGS}|tỉnh|huyện|xã|nơi|người|số|lễ|cái){_MIDDLE} (?:này|đó|ấy)(?!\w)"
    rf"|\b(?:{_THINGS}|người) do (?=ai\b)|{_BACK}"
)
_BACK_FOLDED = re.compile(
    fold(
        r"\b(?:ở|tại|lúc|khi|năm|ngày|thời gian|thời điểm|trong số) (?:đó|ấy)"
        r"(?=\W*$| (?:có|ai|đã|sẽ|được|là|còn)\b)"
        rf"|\b(?:{_THINGS}|tỉnh|huyện|người) đó(?=\W*$| (?:có|đã|sẽ|được|là|nói|diễn|còn|ở)\b)"
        rf"|\b(?:{_THINGS}|tỉnh|huyện|xã|người|lễ|cái){_MIDDLE} (?:này|ấy)\b|{_BACK}"
    )
)


def _points_back(text: str, words: Words) -> bool:
    spelled = canonical(text)
    pattern = _BACK_FOLDED if spelled == fold(spelled) else _BACK_MARKED
    match = pattern.search(spelled)
    # At the very start nothing in the question itself can be meant.
    return match is not None and (match.start() == 0 or len(words.own) <= _LONGEST_POINTING)


# ---- what it becomes

# Of these a question with a topic of its own takes only the place or the time. Without marks
# `o do` may be an age or a town (`ở độ tuổi`, `ở đô thị`), and `noi` is more often to say.
_GOES_ON = r"(?=\W*$| (?:có|ai|đã|sẽ|đang|được|gì|là|còn|năm đó|thế nào|như thế nào)\b)"
_THERE_MARKED = re.compile(
    r"\b(?P<lead>ở |tại |của )?(?:(?:(?<=\bở )|(?<=\btại ))(?:đó|đây|đấy|ấy)"
    r"|(?:tỉnh|huyện|địa phương|thành phố|nơi) (?:này|đó|ấy))(?!\w)"
)
_THERE_FOLDED = re.compile(
    fold(
        rf"\b(?P<lead>ở |tại |của )?(?:(?:(?<=\bở )|(?<=\btại ))(?:đó|đây|ấy){_GOES_ON}"
        r"|(?:tỉnh|huyện|địa phương|thành phố) (?:này|ấy)\b"
        rf"|(?:tỉnh|huyện|địa phương|thành phố) đó{_GOES_ON})"
    )
)
_THEN_MARKED = re.compile(r"\b(?P<lead>trong |vào |của )?(?:năm|tháng|quý) (?:đó|ấy)(?!\w)")
_THEN_FOLDED = re.compile(fold(_THEN_MARKED.pattern.replace("|tháng", "")))
_POINTERS = ((_THERE_MARKED, _THERE_FOLDED), (_THEN_MARKED, _THEN_FOLDED))
# Syllables of its own; a longer question names what `tại đây` means.
_LONGEST_FILLED = 8


def _filled(text: str, shown: str, old: Slots, slots_of: Callable[[str], Slots]) -> str | None:
    """A question of its own with `ở đó` and `năm đó` replaced by what they point to."""
    spelled = canonical(text)
    is_bare = spelled == fold(spelled)
    found = []
    for (marked, folded), slots in zip(_POINTERS, (old.places, old.periods), strict=True):
        match = (folded if is_bare else marked).search(spelled)
        if match and slots:
            found.append((match.start() + len(match["lead"] or ""), match.end(), slots[-1].text))
    if not found:
        return None
    filled, bare = shown, text
    for start, end, name in sorted(found, reverse=True):
        filled = f"{filled[:start]}{name if start else capitalised(name)}{filled[end:]}"
        bare = f"{bare[:start]}{bare[end:]}"
    bare = squeeze(bare)
    own = read_words(bare, slots_of(bare).all).own
    return filled if 0 < len(own) <= _LONGEST_FILLED else None


def _topic(question: str) -> str:
    """What a question is about: itself without the words that ask."""
    topic = squeeze(without_asking(question)).replace(" ,", ",").rstrip("?!., ")
    return re.sub(r"^(?:là|la) ", "", topic, flags=re.IGNORECASE)
