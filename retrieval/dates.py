"""Calendar dates as newspapers write them, and the lines of a page that state its own date.

A page's date stands on a line of its own, among nothing but decoration: weekday, hour,
time zone, labels, counters, a byline. A date inside a sentence is never the page's.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import Enum

from retrieval.page_marks import CAPITALS, is_section_name
from retrieval.text import canonical

# Vietnam keeps UTC+7 all year, and has since before there was a web.
_VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
# Newspapers online cite nothing older as their own day; anything else is a misread number.
_YEARS = range(1945, 2101)

_MONTH_WORDS = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_ENGLISH_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTH_NAME = "mười một|mười hai|mười|" + "|".join(k for k in _MONTH_WORDS if "mười" not in k)
_ENGLISH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?"
# Each form names its groups d, m, y; together they read a text once, left to right.
_FORMS = (
    rf"(?P<y1>\d{{4}})-(?P<m1>\d{{1,2}})-(?P<d1>\d{{1,2}})"
    rf"(?:[t ](?P<clock>{_CLOCK})\s?(?P<zone>z|utc|[+-]\d{{2}}:?\d{{2}})?)?",
    r"(?P<d2>\d{1,2})\s?(?P<separator>[/.\-–])\s?(?P<m2>\d{1,2})\s?(?P=separator)\s?"
    r"(?P<y2>\d{4}|\d{2})",
    r"(?P<y3>\d{4})\s?(?P<separator3>[/.])\s?(?P<m3>\d{1,2})\s?(?P=separator3)\s?(?P<d3>\d{1,2})",
    r"(?P<d4>\d{1,2})\s?,?\s?tháng\s?(?P<m4>\d{1,2})\s?(?:,|/|-)?\s?(?:năm\s?)?(?P<y4>\d{4})",
    rf"(?P<d5>\d{{1,2}})\s?,?\s?tháng\s(?P<w5>{_MONTH_NAME}),?\s(?:năm\s)?(?P<y5>\d{{4}})",
    rf"tháng\s(?P<w6>{_MONTH_NAME}|\d{{1,2}})\s(?P<d6>\d{{1,2}}),?\s(?P<y6>\d{{4}})",
    r"(?P<d7>\d{1,2})[\s\-/]?(?:thg|th)[\s.]?(?P<m7>\d{1,2})[\s,\-/]{1,2}(?P<y7>\d{4})",
    r"(?:thg|th)[\s.]?(?P<m8>\d{1,2})\s(?P<d8>\d{1,2}),?\s(?P<y8>\d{4})",
    rf"(?P<e9>{_ENGLISH})\.?\s(?P<d9>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y9>\d{{4}})",
    rf"(?P<d10>\d{{1,2}})[\s\-](?P<e10>{_ENGLISH})\.?,?[\s\-](?P<y10>\d{{4}})"
    rf"(?:\s(?P<clock10>{_CLOCK})\s(?P<zone10>[+-]\d{{4}}|gmt|utc)(?!\s?[+-]))?",
)
_DATE = re.compile(
    r"(?<![\d/\w])(?<!\d[.\-])(?:" + "|".join(_FORMS) + r")(?!\d|[/\-]\d|\.\d)", re.IGNORECASE
)

_FOUR_DIGITS_OR_CLOCK = re.compile(r"[0-9]{4}|[0-9][/.\-–][0-9]")  # cheaper than the forms


@dataclass(frozen=True, slots=True)
class DateMention:
    """A full, possible date and where it stands in the text (characters)."""

    day: datetime.date
    start: int
    end: int
    short_year: bool = False


def make_date(year: int, month: int, day: int) -> datetime.date | None:
    """The date, or None when the calendar has no such day or no newspaper such a year."""
    if year not in _YEARS:
        return None
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def find_dates(text: str) -> list[DateMention]:
    """Every full date of an NFC text, in order; impossible ones (`31/02/2020`) are left out."""
    mentions: list[DateMention] = []
    if not _FOUR_DIGITS_OR_CLOCK.search(text):
        return mentions
    for match in _DATE.finditer(canonical(text)):
        found = {
            key.rstrip("0123456789"): value for key, value in match.groupdict().items() if value
        }
        day = _read_match(found)
        if day:
            short = len(found["y"]) == 2
            mentions.append(DateMention(day, match.start(), match.end(), short))
    return mentions


def _read_match(found: dict[str, str]) -> datetime.date | None:
    if "w" in found:
        word = found["w"]
        month = int(word) if word.isdigit() else _MONTH_WORDS[word]
    elif "e" in found:
        month = _ENGLISH_MONTHS[found["e"][:3]]
    else:
        month = int(found["m"])
    year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
    day = make_date(year, month, int(found["d"]))
    if day and found.get("zone") and found.get("clock"):
        return _in_vietnam(day, found["clock"], found["zone"])
    return day


def _in_vietnam(day: datetime.date, clock: str, zone: str) -> datetime.date | None:
    hours, minutes = (int(part) for part in clock.split(":")[:2])
    if hours > 23 or minutes > 59:
        return day
    offset = datetime.timedelta()
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        offset = -offset if zone[0] == "-" else offset
    moment = datetime.datetime(day.year, day.month, day.day, hours, minutes)
    local = moment - offset + datetime.timedelta(hours=7)
    return local.date()


def read_date(value: str) -> datetime.date | None:
    """The one date that a metadata value or an override states, in any known form."""
    mentions = find_dates(value.strip())
    return mentions[0].day if mentions else None


class Role(Enum):
    """What a page says its date is."""

    PUBLISHED = "published"
    STATED = "stated"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date on a line of its own.

    Attributes:
        timed: an hour stands with it, as content systems write and authors do not.
        rest: what else the line says, such as a byline, a place or the paper's name.
    """

    day: datetime.date
    role: Role
    timed: bool
    rest: str


_WEEKDAY = (
    r"(?:thứ\s?(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s?nhật|th?\.?\s?[2-7]|cn"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
_HOUR = r"\d{1,2}\s?(?::\s?\d{1,2}(?:\s?:\s?\d{2})?|h\s?\d{2}|h|giờ(?:\s?\d{1,2}(?:\s?phút)?)?)"
_TIME = re.compile(rf"(?<![\d\w]){_HOUR}(?![\d\w])(?:\s?(?:am|pm|sa|ch)\b)?", re.IGNORECASE)
_ZONE = r"[\[(]?\s?(?:gmt|utc)\s?(?:[+-]\s?\d{1,2}(?::?\d{2})?)?\s?[\])]?"
_UPDATE_LABEL = (
    r"(?:ngày|lần|thời gian)?\s?(?:cập nhật|chỉnh sửa|sửa đổi|sửa|last updated|updated|modified)"
    r"(?:\s(?:lần cuối|mới nhất|cuối))?"
)
_PUBLICATION_LABEL = (
    r"(?:(?:ngày|thời gian|giờ)\s(?:giờ\s)?(?:đăng(?:\stin|\sbài|\stải)?|xuất bản"
    r"|phát hành|viết|tạo|đưa tin)"
    r"|đã đăng|được đăng|đăng tải|đăng bài|đăng tin|đăng bởi|đăng|xuất bản|phát hành"
    r"|ra ngày|post(?:ed)?(?: on)?"
    r"|published(?: on| at)?|publish date|date)"
)
_LABEL = re.compile(
    rf"(?<!\w)(?:(?P<updated>{_UPDATE_LABEL})|(?P<published>{_PUBLICATION_LABEL}))(?!\w)",
    re.IGNORECASE,
)
_DECORATION = re.compile(
    rf"(?<!\w)(?:{_WEEKDAY}|{_ZONE}|(?:vào\s)?(?:lúc|ngày|hồi|date|time|at|on)|ngày giờ"
    rf"|thời gian|(?:số(?:\s(?:báo|ra))?\s)[\d.]+|ra(?=\s(?:thứ|chủ|ngày))"
    r"|(?:số\s)?(?:(?:lượt|lần)\s(?:xem|đọc|truy cập)|lượt|xem|views?|đã xem|đọc|bình luận|phản hồi"
    r"|comments?|likes?|chia sẻ|thích)\s?[:(]?\s?[\d.,]*k?\s?\)?"
    r"|\d[\d.,]*k?\s(?:lượt\s(?:xem|đọc|truy cập)|lượt|bình luận|phản hồi|views?"
    r"|comments?|phút đọc|likes?)"
    r"|trang\s\d{1,3}(?:\s?/\s?\d{1,3})?"
    r"|(?:viết\s)?(?:bởi|by)\s(?:super\suser|administrator|admin|quantri|ban biên tập|bbt|pv)"
    r"|(?-i:by\s[a-z][a-z0-9._-]{2,30})"  # an account of the site, as WordPress writes it
    r"|admin|quản trị(?: viên)?"
    r"|ban biên tập|bbt|pv"
    r"|(?:tác giả|người đăng|biên tập|tin bài|bài viết|nguồn tin|nguồn|chuyên mục|mục"
    r"|bởi|by|author|in ấn|in|cỡ chữ|a[+-]?|font)\b:?"
    r")(?!\w)|(?<!\w)gmt\s?[+]?\s?7|[\[\]()|•·●▪–—\-,;:/*#>»_~'’″\"]|\.(?!\w)|\ba[+\-]",
    re.IGNORECASE,
)
_LONGEST_DATE_LINE = 160
_TODAY = re.compile(r"hôm nay|bây giờ|today|âm lịch", re.IGNORECASE)
_NAME_WORD = re.compile(rf"[{CAPITALS}][\w.'’]*")
_LIST_WORDS = frozenset({"và", "of", "the"})


_DESK = re.compile(
    rf"(?:Ban|Phòng|Tổ|Nhóm) [{CAPITALS}]\w*(?: \w+){{0,3}}\s[-–|]\s"
    rf"(?=(?:{_WEEKDAY}|{_UPDATE_LABEL}|{_PUBLICATION_LABEL})\b)",
    re.IGNORECASE,
)


def read_page_dates(line: str) -> list[PageDate]:
    """The dates of a line that says nothing besides; empty for any other line.

    `Nguyễn Hoàng | Thứ Sáu, 03/11/2017, 14:44 [GMT+7]` is such a line, `Chỉ thị số
    16/CT-TTg ngày 16/5/2016` is none, and neither is a clock (`Hôm nay: 20/11/2023`).
    """
    if len(line) > _LONGEST_DATE_LINE or not any(c.isdigit() for c in line):
        return []
    mentions = find_dates(line)
    if not mentions or len(mentions) > 3 or _TODAY.search(line):
        return []
    # "Ban Thời sự - Cập nhật 14:35 ngày 30/11/2022": a desk before a labelled date.
    desk = _DESK.match(line)
    if desk:
        line = line[desk.end() :]
        mentions = find_dates(line)
    rest, timed = _without_decoration(line, mentions)
    if rest is None:
        return []
    dates = []
    position = 0
    for mention in mentions:
        # A mark may also follow its date: "03/11/2017 (cập nhật)".
        label = _last_label(line[position : mention.start])
        if mention.short_year and not timed and label is Role.STATED:
            # "12/5/20" alone may be a score or a part of a number.
            return []
        dates.append(PageDate(mention.day, label, timed, rest))
        position = mention.end
    if len(dates) > 1 and all(date.role is Role.STATED for date in dates):
        # Two bare dates on one line are a period, not a day.
        return []
    return dates


def _last_label(text: str) -> Role:
    role = Role.STATED
    for match in _LABEL.finditer(canonical(text)):
        role = Role.UPDATED if match["updated"] else Role.PUBLISHED
    return role


def _without_decoration(line: str, mentions: list[DateMention]) -> tuple[str | None, bool]:
    """What is left of a date line and whether it has an hour; None when a sentence is left."""
    characters = list(line)
    spans = [(mention.start, mention.end) for mention in mentions]
    # An impossible date says nothing, and does not spoil the one beside it.
    spans += [match.span() for match in _DATE.finditer(canonical(line))]
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    bare = "".join(characters)
    # Case tells a byline from a sentence, so patterns ignore case but what is left keeps it.
    timed = _TIME.search(bare) is not None or re.search(_CLOCK, line) is not None
    bare = _TIME.sub(" ", bare)
    bare = _DECORATION.sub(" ", _LABEL.sub(" ", bare))
    words = bare.split()
    if not words:
        return "", timed
    if len(words) == 1 and not (len(words[0]) > 2 and words[0].isupper()):
        return (words[0], timed) if _is_single_mark(words[0], line) else (None, timed)
    if len(words) > 7 or not all(
        _NAME_WORD.fullmatch(word) or word in _LIST_WORDS for word in words
    ):
        return (None, timed) if not is_section_name(" ".join(words)) else (" ".join(words), timed)
    return " ".join(words), timed


def _is_single_mark(word: str, line: str) -> bool:
    """`Huế, ngày 3/2/2020` and `VnExpress 3/2/2020`, not `Sinh ngày 3/2/1950`."""
    if not word[:1].isupper():
        return False
    return re.search(rf"{re.escape(word)}\s*[,|•·\-–:)]", line) is not None or any(
        c.isupper() for c in word[1:]
    )
