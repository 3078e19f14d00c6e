"""Stretches of days: a month, a quarter, the week before the last one, half a year back."""

from __future__ import annotations

import datetime
from calendar import monthrange

Extent = tuple[datetime.date, datetime.date]

_MONTHS_OF = {"thang": 1, "quy": 3, "nam": 12}
_FIRST_MONTH, _LAST_MONTH = 12, 9999 * 12 + 11  # of the years 1 to 9999, counted from year 0


def months(year: int, first: int, last: int) -> Extent:
    """From the first day of one month to the last day of another of that year."""
    return (
        datetime.date(year, first, 1),
        datetime.date(year, last, monthrange(year, last)[1]),
    )


def unit_ago(today: datetime.date, count: int, unit: str) -> Extent:
    """The calendar day, week (from Monday), month, quarter or year so many units before today's.

    Args:
        count: negative for units to come.
        unit: `ngay`, `tuan`, `thang`, `quy` or `nam`.
    """
    day = earlier(today, count, unit)
    if unit == "tuan":
        monday = _day(day.toordinal() - day.weekday())
        return monday, _day(monday.toordinal() + 6)
    if unit == "quy":
        first = (day.month - 1) // 3 * 3 + 1
        return months(day.year, first, first + 2)
    if unit == "thang":
        return months(day.year, day.month, day.month)
    return months(day.year, 1, 12) if unit == "nam" else (day, day)


def earlier(day: datetime.date, count: int, unit: str) -> datetime.date:
    """The same day so many units earlier, or the last of a month that is shorter."""
    if unit in ("ngay", "tuan"):
        return _day(day.toordinal() - count * (7 if unit == "tuan" else 1))
    counted = day.year * 12 + day.month - 1 - count * _MONTHS_OF[unit]
    year, month = divmod(min(max(_FIRST_MONTH, counted), _LAST_MONTH), 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(ordinal: int) -> datetime.date:
    """The day of that number, or the first or last that there is."""
    return datetime.date.fromordinal(min(max(1, ordinal), datetime.date.max.toordinal()))


def part_of_month(month: Extent, part: str) -> Extent:
    """Its days 1-10 (`dau`), 11-20 (`giua`), 21 to the end (`cuoi`), or all of them."""
    first, last = month
    if part == "dau":
        return first, first.replace(day=10)
    if part == "giua":
        return first.replace(day=11), first.replace(day=20)
    return (first.replace(day=21), last) if part == "cuoi" else month
