"""What each form of a period means: from its match to days of some year."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

from retrieval.dates import make_date
from retrieval.period_calendar import Extent, earlier, months, part_of_month, unit_ago
from retrieval.period_patterns import NUMBERS
from retrieval.text import fold


class Read(NamedTuple):
    """What a match means.

    Attributes:
        extent: its days in a year; None where that year has no such day.
        year: the one it names, or None.
        lends_year: to periods beside it that name none.
        steps_back: the unit before another (`năm trước`, `quý trước`), folded; else "".
    """

    extent: Callable[[int], Extent | None]
    year: int | None
    lends_year: bool = False
    steps_back: str = ""


_MONTH_WORDS = {
    "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_QUARTERS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4,
    "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4,
}  # fmt: skip
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_UNITS_AGO = {"nay": 0, "ngoai": 1, "truoc": 1, "qua": 1, "roi": 1, "kia": 2, "toi": -1, "sau": -1}
_ROMAN = {"i": 1, "v": 5, "x": 10}
# Years before 1900 are not read, so nothing could be found to be of an earlier century.
_FIRST_CENTURY = 20
# "thập niên 80" is of the last century; the tens and twenties may be of this one.
_FIRST_SHORT_DECADE = 30


def _year_of(match: re.Match[str], today: datetime.date) -> int | None:
    groups = match.groupdict()
    if groups.get("y"):
        return int(groups["y"])
    relative = groups.get("ry")
    if not relative:
        return None
    return unit_ago(today, _UNITS_AGO[fold(relative)], "nam")[0].year


def _yearly(
    match: re.Match[str], today: datetime.date, extent: Callable[[int], Extent | None]
) -> Read:
    """What recurs each year, in the year that the match names, if it names one."""
    is_before = fold(match.groupdict().get("ry") or "") in ("truoc", "ngoai")
    return Read(extent, _year_of(match, today), True, "nam" if is_before else "")


def _fixed(first: datetime.date, last: datetime.date, steps_back: str = "") -> Read:
    return Read(lambda year: (first, last), first.year, steps_back=steps_back)


def read_years(match: re.Match[str], today: datetime.date) -> Read | None:
    first, last = int(match["y1"]), int(match["y2"])
    if first >= last:
        return None
    return _fixed(datetime.date(first, 1, 1), datetime.date(last, 12, 31))


def read_year(match: re.Match[str], today: datetime.date) -> Read | None:
    return _yearly(match, today, lambda year: months(year, 1, 12))


def read_decade(match: re.Match[str], today: datetime.date) -> Read | None:
    decade = int(match["decade"])
    if match["century"] is None and decade < _FIRST_SHORT_DECADE:
        return None
    first = int(match["century"] or "19") * 100 + decade
    return _fixed(datetime.date(first, 1, 1), datetime.date(first + 9, 12, 31))


def read_century(match: re.Match[str], today: datetime.date) -> Read | None:
    word = match["century"]
    if word.isdigit():
        century = int(word)
    else:
        digits = [_ROMAN[letter] for letter in word]
        century = sum(
            -one if one < after else one
            for one, after in zip(digits, [*digits[1:], 0], strict=True)
        )
    if not _FIRST_CENTURY <= century <= today.year // 100 + 1:
        return None
    return _fixed(datetime.date(century * 100 - 99, 1, 1), datetime.date(century * 100, 12, 31))


def read_part_of_year(match: re.Match[str], today: datetime.date) -> Read | None:
    part = fold(match["part"])
    if match["half"]:
        bounds = {"dau": (1, 6), "cuoi": (7, 12)}.get(part)
    else:
        bounds = {"dau": (1, 4), "giua": (5, 8), "cuoi": (9, 12)}[part]
    if bounds is None:
        return None
    return _yearly(match, today, lambda year: months(year, *bounds))


def read_months_of_year(match: re.Match[str], today: datetime.date) -> Read | None:
    count = _number(match["n"])
    year = _year_of(match, today)
    if not 1 <= count <= 11 or (year is None and not match["part"]):
        return None
    bounds = (13 - count, 12) if match["part"] and fold(match["part"]) == "cuoi" else (1, count)
    return _yearly(match, today, lambda year: months(year, *bounds))


def read_quarters_of_year(match: re.Match[str], today: datetime.date) -> Read | None:
    count = _number(match["n"])
    if not 1 <= count <= 3:
        return None
    bounds = (13 - 3 * count, 12) if fold(match["part"]) == "cuoi" else (1, 3 * count)
    return _yearly(match, today, lambda year: months(year, *bounds))


def read_quarter(match: re.Match[str], today: datetime.date) -> Read | None:
    quarter = _QUARTERS.get(fold(match["q"])) or int(match["q"])
    return _yearly(match, today, lambda year: months(year, 3 * quarter - 2, 3 * quarter))


def read_month(match: re.Match[str], today: datetime.date) -> Read | None:
    word = match["m"] or " ".join(fold(match["w"]).split())
    month = int(word) if word.isdigit() else _MONTH_WORDS[word]
    part = fold(match["part"] or "")
    return _yearly(match, today, lambda year: part_of_month(months(year, month, month), part))


def read_month_range(match: re.Match[str], today: datetime.date) -> Read | None:
    first, last = int(match["m"]), int(match["m2"])

    def extent(year: int) -> Extent:
        start_year = year if first <= last else year - 1
        return months(start_year, first, first)[0], months(year, last, last)[1]

    return _yearly(match, today, extent)


def read_day(match: re.Match[str], today: datetime.date) -> Read | None:
    groups = match.groupdict()
    day, month = int(match["d"]), int(match["m"])
    first_day = int(groups.get("d1") or day)

    def extent(year: int) -> Extent | None:
        first, last = make_date(year, month, first_day), make_date(year, month, day)
        return (first, last) if first and last and first <= last else None

    short = groups.get("short")
    if short and "/" not in match["sep"]:
        return None
    read = _yearly(match, today, extent)
    if short:
        read = read._replace(year=2000 + int(short))
    if extent(2024 if read.year is None else read.year) is None:  # a leap year
        return None
    return read


def read_named_day(match: re.Match[str], today: datetime.date) -> Read | None:
    return _fixed(*unit_ago(today, _UNITS_AGO[match["which"]], "ngay"))


def read_day_of_month(match: re.Match[str], today: datetime.date) -> Read | None:
    first, _ = unit_ago(today, _UNITS_AGO[fold(match["which"])], "thang")
    day = make_date(first.year, first.month, int(match["d"]))
    return _fixed(day, day) if day else None


def read_weekday(match: re.Match[str], today: datetime.date) -> Read | None:
    """A day of this, the last or the next week, or the latest of that name (`vừa qua`)."""
    word = fold(match["weekday"] or "")
    number = int(word) - 2 if word.isdigit() else _WEEKDAYS.get(word, 6)  # no word: Sunday
    if match["which"]:
        week, _ = unit_ago(today, _UNITS_AGO[fold(match["which"])], "tuan")
        return _fixed(*unit_ago(week, -number, "ngay"))
    return _fixed(*unit_ago(today, (today.weekday() - number - 1) % 7 + 1, "ngay"))


def read_unit(match: re.Match[str], today: datetime.date) -> Read | None:
    which, unit = fold(match["which"]), fold(match["unit"])
    extent = unit_ago(today, _UNITS_AGO[which], unit)
    part = fold(match["part"] or "") if unit == "thang" else ""
    return _fixed(*part_of_month(extent, part), unit if which == "truoc" and not part else "")


def read_past(match: re.Match[str], today: datetime.date) -> Read | None:
    unit = fold(match["unit"])
    vague = 7 if unit == "ngay" else 3
    return _fixed(earlier(today, _number(match["n"]) or vague, unit), today)


def read_past_half(match: re.Match[str], today: datetime.date) -> Read | None:
    count, unit = (6, "thang") if fold(match["unit"]) == "nam" else (15, "ngay")
    return _fixed(earlier(today, count, unit), today)


def read_ago(match: re.Match[str], today: datetime.date) -> Read | None:
    return _fixed(*unit_ago(today, _number(match["n"]), fold(match["unit"])))


def read_latest(match: re.Match[str], today: datetime.date) -> Read | None:
    return _fixed(datetime.date.min, today)


def _number(word: str) -> int:
    """A number in digits or as a word; 0 for `mấy`."""
    words = fold(NUMBERS).split()
    if word.isdigit():
        return int(word)
    return words.index(fold(word)) + 1 if fold(word) in words else 0
