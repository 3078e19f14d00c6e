"""What kind of thing a question asks for, and what holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from retrieval.text import canonical, fold, syllables


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question.

    Attributes:
        asked: how it is asked, in canonical spelling.
        held: what its answer holds.
        noun: what is counted (its first syllable), if that must stand near the number.
        is_count: a number is asked for.
        is_person: a person is asked for.
        is_role: what a person is, is asked for.
        is_list: every item is asked for.
        is_time: a day or year is asked for.
    """

    asked: str
    held: str
    noun: str | None = None
    is_count: bool = False
    is_person: bool = False
    is_role: bool = False
    is_list: bool = False
    is_time: bool = False

    def holds(self, sentence: str) -> bool:
        """Whether a sentence holds what is asked for."""
        if self.is_count:
            sentence = _NO_QUANTITY.sub(lambda match: " " * len(match[0]), sentence)
        if self.noun is None:
            return bool(re.search(self.held, canonical(sentence)))
        words = syllables(sentence)
        numbers = [n for n, word in enumerate(words) if re.search(self.held, word.text)]
        # `văn` is not `vận`, unless the question was typed without marks.
        spelled = fold if self.noun == fold(self.noun) else str
        nouns = [n for n, word in enumerate(words) if spelled(word.text) == self.noun]
        return any(
            noun - _WORDS_BEFORE <= number < noun
            or (
                noun < number <= noun + WORDS_AFTER
                and "," not in sentence[words[noun].start : words[number].start]
            )
            for noun in nouns
            for number in numbers
        )


# How far a number may stand from what it counts: "53 mô hình", "4 lượt tập thể",
# "tinh giản được biên chế (12,54%)".
_WORDS_BEFORE = 3


WORDS_AFTER = 4


# Digits and number words that count nothing: ordinals, days, signs of documents.
_NO_QUANTITY = re.compile(
    r"\b[Tt]hứ (?:hai|ba|tư|năm|sáu|bảy|tám|chín|mười|nhất|nhì|\d+)\b"
    r"|\b(?:ngày|sáng|trưa|chiều|tối|đêm|hôm|đến) \d{1,2}[/-]\d{1,2}\b"
    r"|\b[A-Z]{2,}-\d+\b|\b\d{1,2}[/-]\d{1,2}[/-]\d{4}\b|\b\d+(?:/\d{4})?[-/][A-ZĐ][\w/-]*"
)


_HOW_MANY = Kind(
    asked=r"\bbao nhiêu\b|\bmấy\b(?! (?:năm|ngày|hôm) (?:nay|qua))|\bbao lâu\b|\bbao xa\b",
    held=r"\d|\b(?:một|hai|ba|bốn|sáu|bảy|tám|chín|mười|nửa|trăm|nghìn)\b",
    is_count=True,
)


_KINDS = (
    _HOW_MANY,
    # in which office
    Kind(
        asked=r"\b(?:giữ|làm|đảm nhiệm|đảm nhận)? ?(?:chức vụ|chức danh|vị trí) (?:gì|nào)\b",
        held=r"\b(?:bí thư|chủ tịch|trưởng|phó|giám đốc|ủy viên|bộ trưởng|thứ trưởng|thủ tướng)\b",
        is_role=True,
    ),
    # when
    Kind(
        asked=r"\bkhi nào\b|\b(?:ngày|năm|tháng|thời gian|lúc|thời điểm) nào\b|\bbao giờ\b"
        r"|\b(?:ngày|tháng|năm|hôm) mấy\b",
        held=r"\d[/-]\d|\b(?:ngày|tháng|năm|tuần|giờ|sáng|chiều|tối|đêm|hôm|khi|sau|trước) \w"
        r"|\b(?:19|20)\d\d\b|\b\d+ (?:giờ|ngày|tháng|năm|tuần|tuổi)\b",
        is_time=True,
    ),
    # who
    Kind(
        asked=r"\bai\b|\b(?:người|đồng chí|ông|bà|lãnh đạo|bác sĩ|bí thư|chủ tịch|bộ trưởng"
        r"|thứ trưởng|thủ tướng|giám đốc|trưởng ban) nào\b|\btên (?:là )?gì\b",
        held=r"\b(?:đồng chí|ông|bà|anh|chị|bác sĩ|giáo sư|tiến sĩ|chủ tịch|bí thư|giám đốc)\b",
        is_person=True,
    ),
    # which ones, all of them
    Kind(
        asked=r"\b(?:những|các) .*\b(?:nào|gì)\b"
        r"|\b(?:hạn chế|nhiệm vụ|giải pháp|kết quả|khó khăn) .*\bgì\b"
        r"|^(?:những |các )?(?:hạn chế|nhiệm vụ|giải pháp|kết quả|khó khăn|phương hướng)\b"
        r"(?!.*\b(?:thế nào|ra sao|nào|gì|đâu)\b)",
        held=r";|,.*,|\bnhư:|\bgồm\b",
        is_list=True,
    ),
)


_LISTED = re.compile(r"\b(?:han che|nhiem vu|giai phap|ket qua|kho khan|phuong huong)\b")


def announces_list(question: str, sentence: str) -> bool:
    """Whether a sentence opens a list of what a question asks for (`những nhiệm vụ như: …`)."""
    asked = _LISTED.search(fold(canonical(question)))
    if asked is None:
        return False
    opening = rf"\b{asked[0]}\b(?:[^.;:]{{0,40}}\b(?:nhu|gom|la|sau|sau day|duoi day)\s*:|\W*$)"
    return bool(re.search(opening, fold(canonical(sentence))))


# Without diacritics "mấy" is also "máy" and "may", which stand before these.
_NO_COUNT = re.compile(r"\bmay (?:man|bay|tinh|moc|chup|phat|bom|do|quay|giat|lanh|tho)\b")


_COUNTED = r"(?:bao nhiêu|(?<!thứ )mấy) (?!phần trăm|là\b|thì\b|lần\b|so (?:với|cùng)\b)(\w+)"


_MONEY = frozenset({"dong", "ty", "trieu", "tien"})


_AMOUNT = r"\d[\d.,]*\s*(?:nghìn|ngàn|triệu|tỷ|tỉ|đồng|usd|đô la)"


# Measures and words for people are put in many ways ("kg" for "kí", "bệnh nhân" for "người"),
# so for them a number anywhere in the sentence will do.
_LOOSE_NOUNS = frozenset(
    "người ca con đứa lần tiếng giờ phút giây ngày tháng năm tuần lâu tuổi kg kí ký cân "
    "tấn đồng tiền tỷ triệu mét km ha phần điểm trong bệnh loại vụ trẻ thời vào khi sau "
    "để ở tại".split()
)


def question_kind(question: str) -> Kind | None:
    """The kind of a question in any spelling; None where its form does not tell."""
    plain = canonical(question)
    is_folded = question == fold(question)
    spelled = fold if is_folded else str
    if is_folded:
        plain = _NO_COUNT.sub(" ", plain)
    kind = next((kind for kind in _KINDS if re.search(spelled(kind.asked), plain)), None)
    counted = re.search(spelled(_COUNTED), plain) if kind is _HOW_MANY else None
    if kind and counted and fold(counted[1]) in _MONEY:
        return replace(kind, held=_AMOUNT)
    if kind and counted and counted[1] not in set(map(spelled, _LOOSE_NOUNS)):
        return replace(kind, noun=counted[1])
    return kind
