"""The periods of time that a question names, typed with or without diacritics.

Choices where Vietnamese leaves one:

- A period without a year takes the year of another period in the question, the nearest
  one after it first; else it is the latest that has begun (`tháng 7`, `23/7`, `cuối năm`), and
  that of any other year is as good (`Period.recurs`).
- `đầu năm` is January to April, `giữa năm` May to August, `cuối năm` September to December;
  of a month they are days 1-10, 11-20 and 21 to the end.
- `tuần qua`, `tháng qua`, `năm qua` are the calendar unit before this one; `3 ngày qua` are
  today and as many days before it. `mấy` and `vài` are three, of days seven.
- `nửa năm qua` is six months, `nửa tháng qua` 15 days. `thập niên 90` is 1990 to 1999,
  `thế kỷ 20` 1901 to 2000.
- What follows `so với`, `hơn`, `cùng kỳ` is a base: shown, but it asks for nothing. `năm trước`
  beside another year is the year before that one.
- `đến 31/12/2023` is any time up to that day; `đến năm 2030` is that year.
- `từ năm 2020` and `sau năm 2020` end today, or never if they begin later.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from retrieval.gazetteer import load
from retrieval.period_calendar import Extent
from retrieval.period_comparisons import Reading, can_lend, counted_from_main, with_bases
from retrieval.period_forms import FORMS
from retrieval.period_guards import ANNIVERSARY
from retrieval.period_patterns import TO, pattern
from retrieval.period_readers import read_latest
from retrieval.schema import Period
from retrieval.text import canonical, fold


def today_in_vietnam(now: datetime.datetime | None = None) -> datetime.date:
    """The day in Asia/Ho_Chi_Minh at `now` (without a zone: UTC), by default at this moment."""
    now = now or datetime.datetime.now(datetime.UTC)
    if now.tzinfo is None:
        now = now.replace(tzinfo=datetime.UTC)
    zone: datetime.tzinfo
    try:
        zone = ZoneInfo("Asia/Ho_Chi_Minh")
    except (ZoneInfoNotFoundError, OSError):
        zone = datetime.timezone(datetime.timedelta(hours=7))  # all year, since 1975
    return now.astimezone(zone).date()


_OPENS = r"(?P<since>(?:kể )?từ(?: sau)?)|(?P<before>trước(?: ngày)?)|(?P<after>sau(?: ngày)?)"
# `toi` without its mark is the evening too; after "từ" it ends what began there.
_UNTIL = r"(?P<until>(?:đến|(?:tính|cho|kéo dài) (?:đến|tới))(?: hết)?)"
_BEGUN = r"(?<!\w)từ [^.,;?!]*$"
_UNTIL_NOW = r"(?: cho)?(?: (?:đến|tới) (?:hiện )?nay| trở lại đây| trở đi)(?!\w)"
_AND_BEFORE = r" trở về trước(?!\w)"
_ANNOUNCES_ARTICLES = (
    r"(?<!\w)(?:(?<!thông\s)(?<!niềm\s)(?<!lòng\s)(?<!tự\s)(?<!uy\s)tin(?: tức| bài| báo)?"
    r"|(?<!thất\s)bài(?: báo| viết)?|phóng sự|(?:tờ|các|trên) báo)"
    r"(?: (?:của |ở |tại |từ |về |tỉnh )*(?:PROVINCES))?"
    r"(?: nào)?(?:(?: được)? (?:đăng(?: tải)?|phát hành|xuất bản|đưa))?"
)
# `dang` without its mark is more often the Party, and `bao` a storm.
_MARKED_ANNOUNCEMENT = (
    r"(?<!\w)(?:(?<!hải\s)đăng(?: tải)?|đưa tin"
    r"|(?<!cảnh\s)(?<!thông\s)(?<!dự\s)báo (?:tỉnh )?(?:PROVINCES))"
)
# "hôm qua có tin gì", "tháng 7/2024 có những bài nào"
_ANNOUNCED_AFTER = (
    r",?(?: (?:báo|các báo|kho))? (?:có|đăng)(?: những| các| bao nhiêu)?"
    r" (?:tin(?: tức)?|bài(?: báo| viết)?)(?: (?:gì|nào|mới|về)|$)"
)
_TO_PERIOD = r"(?:\s+(?:trong|vào|từ|của|hồi|ngày))*\s+$"


def find_periods(text: str, today: datetime.date) -> list[Period]:
    """The periods of an NFC question, in order and without overlap; the longest form wins."""
    plain = canonical(text).translate(_DASHES)
    marked = text != fold(text)
    readings = with_bases(plain, marked, _readings(plain, marked, today))
    readings = [_with_year(reading, readings, today) for reading in readings]
    readings = counted_from_main(readings, today)
    periods: list[Period] = []
    position = 0
    while position < len(readings):
        reading = readings[position]
        start, end, extent, used = _widest(plain, marked, readings[position:], today)
        if periods and start < periods[-1].end:
            # "quý trước 1/1": the word before it belongs to the period before it.
            start, end, used = reading.start, reading.end, 1
            extent = reading.extent(reading.year or today.year)
        if extent:
            is_base = reading.is_base
            of_articles = not is_base and _is_of_articles(plain, marked, start, end)
            told = (of_articles, reading.is_latest, is_base, reading.recurs)
            periods.append(Period(start, end, text[start:end], *extent, *told))
        position += used
    return periods


_DASHES = str.maketrans("–—−‑", "----")


def _readings(plain: str, marked: bool, today: datetime.date) -> list[Reading]:
    """What the forms find, the longest where several overlap, in order."""
    folded = fold(plain)
    found = []
    for form in FORMS:
        for match in pattern(form.pattern, marked).finditer(plain):
            if _is_inside_word(plain, match):
                continue
            read = form.read(match, today) if form.accepts(folded, match, today) else None
            if read:
                is_latest = form.read is read_latest
                found.append(Reading(match.start(), match.end(), *read, is_latest))
    anniversaries = [match.span("years") for match in ANNIVERSARY.finditer(folded)]
    kept: list[Reading] = []
    for reading in sorted(found, key=lambda r: (r.start - r.end, r.start)):
        taken = [*anniversaries, *((r.start, r.end) for r in kept)]
        if all(reading.end <= start or end <= reading.start for start, end in taken):
            kept.append(reading)
    return sorted(kept, key=lambda reading: reading.start)


def _is_inside_word(plain: str, match: re.Match[str]) -> bool:
    """`nhom nay`; where a number follows, a space was left out (`chínhquý IV/2025`)."""
    start = match.start()
    joined = start > 0 and plain[start - 1].isalpha() and plain[start].isalpha()
    return joined and not any(character.isdigit() for character in match[0])


def _with_year(reading: Reading, readings: list[Reading], today: datetime.date) -> Reading:
    """A period without a year gets that of another one, or else the latest that has begun."""
    if reading.year is not None:
        return reading
    years = [other for other in readings if can_lend(other)]
    after = [other.year for other in years if other.start > reading.start]
    before = [other.year for other in years if other.start < reading.start]
    if after or before:
        return replace(reading, year=after[0] if after else before[-1])
    begun = (
        year
        for year in range(today.year, max(0, today.year - _LEAP_CYCLE), -1)
        if (extent := reading.extent(year)) and extent[0] <= today
    )
    return replace(reading, year=next(begun, today.year), recurs=True)


_LEAP_CYCLE = 9


def _widest(
    plain: str, marked: bool, readings: list[Reading], today: datetime.date
) -> tuple[int, int, Extent | None, int]:
    """The first reading with what opens or ends it: start, end, days, how many readings."""
    first = readings[0]
    extent = first.extent(first.year or today.year)
    if extent is None or first.is_latest:
        return first.start, first.end, extent, 1
    start, before = _opened(plain, marked, first.start, extent[0] == extent[1])
    if len(readings) > 1:
        second = readings[1]
        between = pattern(TO, marked).fullmatch(plain, first.end, second.start)
        until = second.extent(second.year or today.year)
        if between and until and extent[0] <= until[1] and before in ("", "since"):
            return start, second.end, (extent[0], until[1]), 2
    if past := pattern(_AND_BEFORE, marked).match(plain, first.end):
        return first.start, past.end(), (datetime.date.min, extent[1]), 1
    now = pattern(_UNTIL_NOW, marked).match(plain, first.end)
    end = now.end() if now else first.end
    if before == "since" or now:
        last = today if extent[0] <= today else datetime.date.max
        return start, end, (extent[0], last), 1
    if before == "before":
        if extent[0] == datetime.date.min:
            return first.start, first.end, extent, 1
        return start, end, (datetime.date.min, extent[0] - datetime.timedelta(days=1)), 1
    if before == "until":
        return start, end, (datetime.date.min, extent[1]), 1
    if before == "after":
        next_day = extent[1] + datetime.timedelta(days=1)
        return start, end, (next_day, max(today, next_day)), 1
    return first.start, first.end, extent, 1


def _opened(plain: str, marked: bool, start: int, is_day: bool) -> tuple[int, str]:
    """Where `từ`, `trước`, `sau` or, of a day, `đến` stands, and which it is; else ""."""
    opens = f"{_OPENS}|{_UNTIL}" if is_day else _OPENS
    match = pattern(rf"(?<!\w)(?:{opens}) $", marked).search(plain[:start])
    if match is None:
        return start, ""
    opened = next(name for name, group in match.groupdict().items() if group)
    if opened == "until" and pattern(_BEGUN, marked).search(plain[: match.start()]):
        return start, ""
    return match.start(), opened


def _is_of_articles(plain: str, marked: bool, start: int, end: int) -> bool:
    announced_after = pattern(_ANNOUNCED_AFTER, marked).match(plain, end)
    return bool(announced_after or _announcement(marked).search(plain[:start]))


@cache
def _announcement(marked: bool) -> re.Pattern[str]:
    """What says before a period that it is the articles' (`tin Bắc Kạn tháng 7`)."""
    spelled = str if marked else fold
    provinces = "|".join(re.escape(spelled(canonical(p.name))) for p in load().provinces)
    source = f"(?:{_ANNOUNCES_ARTICLES}|{_MARKED_ANNOUNCEMENT})" if marked else _ANNOUNCES_ARTICLES
    spoken = pattern(f"{source}{_TO_PERIOD}", marked).pattern
    return re.compile(spoken.replace("PROVINCES", provinces))
