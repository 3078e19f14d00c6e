"""The forms in which Vietnamese names a stretch of time, each with the days it means.

Patterns are written with their marks. Each word also matches without them, but for `năm`
and `tháng`: where marks were typed, `nam` is the south and `thang` a scale. `periods` puts
together what these find.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from retrieval.dates import make_date
from retrieval.text import fold

Extent = tuple[datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Reading:
    """Words that name a period of some year; `extent` is None where it has no such day."""

    start: int
    end: int
    extent: Callable[[int], Extent | None]
    year: int | None
    lends_year: bool = False
    is_latest: bool = False


# ---- calendar


def _months(year: int, first: int, last: int) -> Extent:
    return (
        datetime.date(year, first, 1),
        datetime.date(year, last, monthrange(year, last)[1]),
    )


def _unit_ago(today: datetime.date, count: int, unit: str) -> Extent:
    """The calendar day, week (from Monday), month or year so many units before today's."""
    day = _earlier(today, count, unit)
    if unit == "tuan":
        monday = day - datetime.timedelta(days=min(day.weekday(), day.toordinal() - 1))
        return monday, monday + datetime.timedelta(days=6)
    if unit == "thang":
        return _months(day.year, day.month, day.month)
    return _months(day.year, 1, 12) if unit == "nam" else (day, day)


def _earlier(day: datetime.date, count: int, unit: str) -> datetime.date:
    """The same day so many units earlier, or the last of a month that is shorter."""
    if unit in ("ngay", "tuan"):
        days = count * (7 if unit == "tuan" else 1)
        return datetime.date.fromordinal(max(1, day.toordinal() - days))
    months = max(12, day.year * 12 + day.month - 1 - count * (12 if unit == "nam" else 1))
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# ---- patterns

_NUMBERS = "một hai ba bốn năm sáu bảy tám chín mười"
_NUMBER = r"[0-9]{1,3}|" + _NUMBERS.replace(" ", "|")
_MONTH_WORDS = {
    "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:19|20)[0-9]{2}"
# A number ends here: no digit, decree or telephone number goes on.
_STOP = r"(?!\w|[/.,][0-9]|/\w|-\w)"
_STOP_OR_RANGE = r"(?!\w|[/.,][0-9]|/\w|-(?![0-9]{1,2}/[0-9]{1,2}(?![0-9]))\w)"
_BEGIN = r"(?<!\w)(?:(?<![/.,-])|(?<=/[0-9]-)|(?<=/[0-9]{2}-)|(?<=/[0-9]{4}-))"
_OF_YEAR = (
    rf"(?:(?: ?[/.-] ?|,? (?:của )?năm | )(?P<y>{_YEAR}){_STOP}"
    r"|,? (?:của )?năm (?P<ry>nay|ngoái|trước|qua)(?! đó))"
)
TO = r"(?: ?- ?| (?:đến|tới) (?:hết )?)"
_MONTH = "0?[1-9]|1[0-2]"
_MONTH_NAME = "giêng|hai|ba|tư|sáu|bảy|tám|chín|mười một|mười hai|mười"
_DAY = "0?[1-9]|[12][0-9]|3[01]"

# Without diacritics `nam` ends these names. "tuyen quang nam 2023", "bai viet nam 2023" do not.
_PLACES_NAM = (
    r"(?<!(?<!\bbai\s)\bviet\s)(?<!(?<!tuyen\s)\bquang\s)"
    r"(?<!\bha\s)(?<!\bmien\s)(?<!\bphia\s)"
)
_YEAR_UNMARKED = rf"{_PLACES_NAM}nam"
_YEAR_MARKED = (
    r"(?:năm|(?:(?<=[0-9]\s)|(?<=\bdau\s)|(?<=\bgiua\s)|(?<=\bcuoi\s))nam|nam(?=\sngoai))"
)
_MONTH_MARKED = r"(?:tháng|thang(?=\s*[0-9]{1,2}\s*(?:[/-]|n[aă]m\s)|\s(?:đầu|dau|cuối|cuoi)\s))"
_MARKED_WORD = re.compile(r"[a-zà-ỹđ]*[à-ỹđ][a-zà-ỹđ]*")


@cache
def pattern(source: str, marked: bool) -> re.Pattern[str]:
    """The pattern for texts with marks or without; ` ?` is room for spaces, ` ` some."""

    def word(match: re.Match[str]) -> str:
        if match[0] == "năm":
            return _YEAR_MARKED if marked else _YEAR_UNMARKED
        if match[0] == "tháng" and marked:
            return _MONTH_MARKED
        return f"(?:{match[0]}|{fold(match[0])})"

    spaced = source.replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(_MARKED_WORD.sub(word, spaced))


# ---- forms: each reads its match as (extent by year, year or None, whether it lends its year)

_Read = tuple[Callable[[int], Extent | None], int | None, bool]


def _year_of(match: re.Match[str], today: datetime.date) -> int | None:
    groups = match.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    relative = groups.get("ry")
    if not relative:
        return None
    return today.year if relative == "nay" else max(1, today.year - 1)


def _fixed(first: datetime.date, last: datetime.date) -> _Read:
    return (lambda year: (first, last)), first.year, False


def _read_years(match: re.Match[str], today: datetime.date) -> _Read | None:
    first, last = int(match["y1"]), int(match["y2"])
    if first >= last:
        return None
    return _fixed(datetime.date(first, 1, 1), datetime.date(last, 12, 31))


def _read_year(match: re.Match[str], today: datetime.date) -> _Read | None:
    return (lambda year: _months(year, 1, 12)), _year_of(match, today), True


def _read_part_of_year(match: re.Match[str], today: datetime.date) -> _Read | None:
    part = fold(match["part"])
    if match["half"]:
        months = {"dau": (1, 6), "cuoi": (7, 12)}.get(part)
    else:
        months = {"dau": (1, 4), "giua": (5, 8), "cuoi": (9, 12)}[part]
    if months is None:
        return None
    return (lambda year: _months(year, *months)), _year_of(match, today), True


def _read_months_of_year(match: re.Match[str], today: datetime.date) -> _Read | None:
    count = _number(match["n"])
    year = _year_of(match, today)
    if not 1 <= count <= 11 or (year is None and not match["part"]):
        return None
    months = (13 - count, 12) if match["part"] and fold(match["part"]) == "cuoi" else (1, count)
    return (lambda year: _months(year, *months)), year, True


def _read_quarter(match: re.Match[str], today: datetime.date) -> _Read | None:
    quarter = _QUARTERS.get(match["q"]) or int(match["q"])
    return (
        (lambda year: _months(year, 3 * quarter - 2, 3 * quarter)),
        _year_of(match, today),
        True,
    )


def _read_month(match: re.Match[str], today: datetime.date) -> _Read | None:
    word = match["m"] or " ".join(fold(match["w"]).split())
    month = int(word) if word.isdigit() else _MONTH_WORDS[word]
    part = fold(match["part"] or "")

    def extent(year: int) -> Extent:
        return _part_of_month(_months(year, month, month), part)

    return extent, _year_of(match, today), True


def _part_of_month(month: Extent, part: str) -> Extent:
    first, last = month
    if part == "dau":
        return first, first.replace(day=10)
    if part == "giua":
        return first.replace(day=11), first.replace(day=20)
    return (first.replace(day=21), last) if part == "cuoi" else month


def _read_month_range(match: re.Match[str], today: datetime.date) -> _Read | None:
    first, last = int(match["m"]), int(match["m2"])

    def extent(year: int) -> Extent:
        start_year = year if first <= last else year - 1
        return _months(start_year, first, first)[0], _months(year, last, last)[1]

    return extent, _year_of(match, today), True


def _read_day(match: re.Match[str], today: datetime.date) -> _Read | None:
    groups = match.groupdict()
    day, month = int(match["d"]), int(match["m"])
    first_day = int(groups.get("d1") or day)

    def extent(year: int) -> Extent | None:
        first, last = make_date(year, month, first_day), make_date(year, month, day)
        return (first, last) if first and last and first <= last else None

    short = groups.get("short")
    if short and "/" not in match["sep"]:
        return None
    year = 2000 + int(short) if short else _year_of(match, today)
    if extent(2024 if year is None else year) is None:  # a leap year
        return None
    return extent, year, True


def _read_named_day(match: re.Match[str], today: datetime.date) -> _Read | None:
    ago = {"nay": 0, "qua": 1, "kia": 2}[match["which"]]
    return _fixed(*_unit_ago(today, ago, "ngay"))


def _read_unit(match: re.Match[str], today: datetime.date) -> _Read | None:
    ago = 0 if fold(match["which"]) == "nay" else 1
    unit = fold(match["unit"])
    extent = _unit_ago(today, ago, unit)
    return _fixed(*_part_of_month(extent, fold(match["part"] or "") if unit == "thang" else ""))


def _read_past(match: re.Match[str], today: datetime.date) -> _Read | None:
    unit = fold(match["unit"])
    vague = 7 if unit == "ngay" else 3
    count = _number(match["n"]) or vague
    return _fixed(_earlier(today, count, unit), today)


def _read_ago(match: re.Match[str], today: datetime.date) -> _Read | None:
    return _fixed(*_unit_ago(today, _number(match["n"]), fold(match["unit"])))


def read_latest(match: re.Match[str], today: datetime.date) -> _Read | None:
    return _fixed(datetime.date.min, today)


def _number(word: str) -> int:
    """A number in digits or as a word; 0 for `mấy`."""
    words = fold(_NUMBERS).split()
    if word.isdigit():
        return int(word)
    return words.index(fold(word)) + 1 if fold(word) in words else 0


# ---- what makes a bare number a period, and what a period of another kind

_FOLLOWERS = frozenset(
    "o tai cua la co nhu the ra dat va voi so gi tren cho do duoc da ve thi den toi nay bao khong "
    "trong tu nao hay hoac ai dau".split()
)
_NOT_YEAR_AFTER = frozenset(
    "so dieu khoan muc trang chuong lop to doi phong duong lo xe ma hotline hon gan khoang duoi "
    "con tong doan nhin thu luat truoc-nam".split()
)
_QUANTIFIERS = frozenset(["nhieu", "cac", "nhung", "hang", "may", "vai", *fold(_NUMBERS).split()])
_DAY_PARTS = frozenset("ngay sang trua chieu dem hom".split())
_BEFORE_DAY = frozenset("tu den toi truoc sau vao tin dang va".split())
_DOCUMENT = re.compile(
    r"\b(?:so|chi thi|nghi quyet|quyet dinh|nghi dinh|thong tu|ke hoach|cong van|ket luan"
    r"|quy dinh|de an|huong dan|bao cao|to trinh|thong bao|dieu|khoan|muc|ty le|luat)\s+$"
)
_LAW = re.compile(r"(?<!ky )(?<!phap )\b(?:luat|hien phap|phap lenh)(?: \w+){0,5} $")
_OCCASION = re.compile(r"\b(?:ky niem|truyen thong|dip|le|mung)\b[^.?!]{0,12}$")
_RANGE_FOLLOWS = re.compile(r"\s*(?:-|den|toi)\s*(?:ngay\s*)?[0-9]{1,2}/[0-9]")
_DATE = r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}"
# "90 năm Ngày thành lập (1930-2020)": the years of an anniversary.
ANNIVERSARY = re.compile(
    r"\b(?:ky niem|[0-9] nam (?:ngay|thanh lap)|ngay (?:sinh|thanh lap|truyen thong)|tai lap)\b"
    rf"[^.?!;()]{{0,80}}?(?P<years>\([^()]*\)|[0-9]{{4}} ?- ?[0-9]{{4}}|{_DATE} ?- ?{_DATE})"
)


def _word_before(plain: str, end: int) -> str:
    found = re.search(r"(\w+)\s+$", plain[max(0, end - 30) : end])
    return found[1] if found else ""


def _word_after(plain: str, start: int) -> str:
    found = re.match(r"\s+(\w+)", plain[start : start + 30])
    return found[1] if found else ""


def _always(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    return True


def _bare_year(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """A year closes its clause or stands before a word that counts nothing (`2017 ở`)."""
    before = plain[: match.start()]
    if not 1945 <= int(match[0]) <= today.year + 10 or _LAW.search(before):
        return False
    after = _word_after(plain, match.end())
    return _word_before(plain, match.start()) not in _NOT_YEAR_AFTER and (
        not after or after in _FOLLOWERS
    )


def _bare_month(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    return not _DOCUMENT.search(plain[: match.start()])


def _bare_day(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """`ngày 23/7`, `đến 23/7`; no ratio (`2/3 số hộ`), decree, feast or `24/7`."""
    before = plain[: match.start()]
    if _OCCASION.search(before):
        return False
    spoken = match[0].startswith("ng") or _word_before(plain, match.start()) in _DAY_PARTS
    if spoken or _RANGE_FOLLOWS.match(plain, match.end()):
        return not re.search(r"\b(?:suot|ca)\s+$", before)
    if match[0] == "24/7" or _DOCUMENT.search(before):
        return False
    after = _word_after(plain, match.end())
    return _word_before(plain, match.start()) in _BEFORE_DAY and (not after or after in _FOLLOWERS)


def _single_unit(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """Not the end of `nhiều năm qua`; nor is `nam qua` without its mark a year."""
    words = match[0].split()
    return _word_before(plain, match.start()) not in _QUANTIFIERS and words != ["nam", "qua"]


# ---- forms


class _Form(NamedTuple):
    pattern: str
    read: Callable[[re.Match[str], datetime.date], _Read | None]
    accepts: Callable[[str, re.Match[str], datetime.date], bool] = _always


_PART_BEFORE = (  # "hàng đầu năm 2023", "phấn đấu năm 2023": no beginning of the year
    r"(?<!hàng\s)(?<!ban\s)(?<!bắt\s)(?<!đứng\s)(?<!lần\s)(?<!bước\s)(?<!dẫn\s)(?<!phan\s)"
    r"(?<!chien\s)(?<!thi\s)(?<!xang\s)"
)
_PART = rf"{_PART_BEFORE}(?P<part>đầu|giữa(?![^?.!;]{{0,25}} và (?:năm |tháng )?[0-9])|cuối)"
_UNIT = "(?P<unit>ngày|tuần|tháng|năm)"
FORMS = (
    _Form(
        r"(?:(?:giai đoạn|nhiệm kỳ|niên khóa|từ|giữa) )?(?:(?:các )?năm (?:học )?)?"
        rf"(?<![/.,-])(?P<y1>{_YEAR}){TO}(?:năm )?(?P<y2>{_YEAR}){_STOP}",
        _read_years,
    ),
    _Form(rf"giữa (?:năm )?(?P<y1>{_YEAR}) và (?:năm )?(?P<y2>{_YEAR}){_STOP}", _read_years),
    _Form(rf"năm (?P<y>{_YEAR}){_STOP}", _read_year),
    _Form(rf"(?<![/.,-])(?P<y>{_YEAR}){_STOP}", _read_year, _bare_year),
    _Form(r"năm (?P<ry>nay|ngoái|trước|qua)(?! đó| đây| khi)", _read_year, _single_unit),
    _Form(rf"(?:(?P<half>nửa) )?{_PART}(?:{_OF_YEAR}| năm(?! học| [0-9]))", _read_part_of_year),
    _Form(
        rf"(?P<n>{_NUMBER}) tháng(?: (?P<part>đầu|cuối))?(?:{_OF_YEAR}| năm(?! [0-9]))",
        _read_months_of_year,
    ),
    _Form(rf"quý ?(?P<q>[1-4]|i{{1,3}}|iv)(?:{_OF_YEAR})?{_STOP}", _read_quarter),
    _Form(
        rf"(?:{_PART} )?(?<![0-9]\s)tháng ?(?:(?P<m>{_MONTH})|(?P<w>{_MONTH_NAME}))"
        rf"(?:{_OF_YEAR})?{_STOP}(?! ngày)",
        _read_month,
    ),
    _Form(rf"{_BEGIN}(?P<part>)(?P<w>)(?P<m>{_MONTH}) ?[/.-] ?(?P<y>{_YEAR}){_STOP}",
     _read_month, _bare_month),
    _Form(
        rf"(?:từ )?tháng ?(?P<m>{_MONTH}){TO}(?:tháng ?)?(?P<m2>{_MONTH})(?:{_OF_YEAR})?{_STOP}",
        _read_month_range,
    ),
    _Form(
        rf"(?:(?:từ )?ngày |từ )?{_BEGIN}(?<!tháng\s)(?P<d1>{_DAY}){TO}(?:ngày )?"
        rf"(?P<d>{_DAY})(?: ?/ ?| tháng )(?P<m>{_MONTH}){_OF_YEAR}{_STOP}",
        _read_day,
    ),
    _Form(
        rf"(?:từ )?ngày (?P<d1>{_DAY}){TO}(?:ngày )?"
        rf"(?P<d>{_DAY})(?: ?/ ?| tháng )(?P<m>{_MONTH}){_STOP}",
        _read_day,
    ),
    _Form(
        rf"(?:ngày )?{_BEGIN}(?P<d>{_DAY})(?P<sep> ?[/.-] ?)(?P<m>{_MONTH})"
        rf"(?:(?P=sep)(?P<y>{_YEAR})|(?P=sep)(?P<short>[0-9]{{2}}))(?!%){_STOP_OR_RANGE}",
        _read_day,
    ),
    _Form(
        rf"(?:ngày )?{_BEGIN}(?P<d>{_DAY}) ?/ ?(?P<m>{_MONTH}),? năm "
        rf"(?:(?P<y>{_YEAR})|(?P<ry>nay|ngoái|trước)){_STOP}",
        _read_day,
    ),
    _Form(rf"(?:ngày )?{_BEGIN}(?P<d>{_DAY}) tháng (?P<m>{_MONTH}){_OF_YEAR}", _read_day),
    _Form(rf"ngày (?P<d>{_DAY}) tháng (?P<m>{_MONTH}){_STOP}", _read_day),
    _Form(rf"(?:ngày )?{_BEGIN}(?P<d>{_DAY})/(?P<m>{_MONTH})(?!%){_STOP_OR_RANGE}",
     _read_day, _bare_day),
    _Form(r"(?:ngày )?(?:hôm|sáng(?= nay)|chiều(?= nay)|đêm(?= qua)) (?P<which>nay|qua|kia)",
     _read_named_day),
    _Form(
        rf"(?:{_PART} )?(?P<unit>tuần|tháng) (?:vừa )?(?P<which>này|nay|trước|qua|rồi)"
        r"(?! đó| đây| khi)",
        _read_unit,
        _single_unit,
    ),
    _Form(
        rf"(?P<n>{_NUMBER}|mấy|vài|những) {_UNIT} (?:(?:vừa )?qua|gần đây|trở lại đây|nay)",
        _read_past,
    ),
    _Form(rf"(?:cách đây )?(?P<n>{_NUMBER}) {_UNIT} trước(?! đó| đây| khi)", _read_ago),
    _Form(rf"cách đây (?P<n>{_NUMBER}) {_UNIT}", _read_ago),
    _Form(r"(?:mới|gần đây) nhất", read_latest),
)  # fmt: skip
