"""Which periods are only compared with: `so với năm trước`, `cao hơn quý II`.

What is said is not said of these, so they ask for nothing and date nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from retrieval.period_calendar import Extent, unit_ago
from retrieval.period_patterns import pattern
from retrieval.text import fold


@dataclass(frozen=True, slots=True)
class Reading:
    """Words that name a period of some year.

    Attributes:
        start, end: where they stand.
        extent: its days in a year; None where that year has no such day.
        year: the one it names, or None.
        lends_year: to periods beside it that name none.
        steps_back: the unit before another (`năm trước`, `quý trước`), folded; else "".
        is_latest: `mới nhất`.
        is_base: only compared with.
        recurs: neither it nor another period beside it names a year.
    """

    start: int
    end: int
    extent: Callable[[int], Extent | None]
    year: int | None
    lends_year: bool = False
    steps_back: str = ""
    is_latest: bool = False
    is_base: bool = False
    recurs: bool = False


# What may stand between "so với" and its period; of a plan, a sum or a target the period
# is the one that is spoken of ("đạt 105% so với kế hoạch năm 2023").
_FILLER = (
    r"(?: (?:với|của|mức|con số|kết quả|số liệu|thời điểm|thời kỳ|thời gian|giai đoạn|cùng kỳ|trong"
    r"|vào|hồi|các|những|cả|bình quân|trung bình|từ|trước|sau|đến|ngày)"
    r"|,? (?:mức )?[0-9][0-9.,]* ?%?(?: \w+){0,3} (?:của|trong|vào|hồi))*\s+$"
)
_COMPARES = r"(?<!\w)(?:so|đối chiếu) với"
# "so" alone is `số` without its mark, unless a change or a figure stands before it.
_COMPARES_SHORTLY = (
    r"(?:%|(?<!\w)(?:nhiêu|tăng|giảm|lên|xuống|cao|thấp|lần|đồng|gì|nào|ra sao|hơn|kém))"
    r"(?: người)? so"
)
# These stand right before it: "gấp đôi vào năm 2029", "nhiều hơn trong năm 2022" say when.
_DIRECTLY = r"(?: (?:cả|mức|của|cùng kỳ))*\s+$"
_EQUALS = r"(?<!\w)(?:gấp (?:đôi|[0-9.,]+ lần)|kém|vượt|bằng(?: [0-9.,]+ ?%)?)"
# "hơn 5 năm qua" is how long, "hơn năm 2022" how much more; `ket hon` is a wedding.
_MORE = r"(?<!\w)(?<!ket\s)(?<!ly\s)(?<!linh\s)hơn"
# "Cùng kỳ năm 2021 đạt 5 tỷ" is said of that year.
_SAME_TIME = r"(?<=[\w)%])\s+cùng kỳ"
_JOINED = r"(?: | ?, ?)(?:và|hoặc|lẫn)(?: với)?(?: cùng kỳ)?(?: của)? "
_SPELL_BACK = re.compile(r"^(?:.*\s)?(?:qua|nay|gan day|tro lai day)$")


def with_bases(plain: str, marked: bool, readings: list[Reading]) -> list[Reading]:
    """The readings, with `is_base` for those that are only compared with."""
    known: list[Reading] = []
    for reading in readings:
        joined = bool(
            known
            and known[-1].is_base
            and pattern(_JOINED, marked).fullmatch(plain, known[-1].end, reading.start)
        )
        is_base = joined or _is_compared(plain, marked, reading)
        # "năm ngoái" is last year whatever year stands beside it, unless compared with that.
        is_last_year = fold(plain[reading.start : reading.end]).endswith("ngoai") and not is_base
        steps_back = "" if is_last_year else reading.steps_back
        known.append(replace(reading, is_base=is_base, steps_back=steps_back))
    return known


def _is_compared(plain: str, marked: bool, reading: Reading) -> bool:
    before = plain[: reading.start]
    compares = [f"{words}{_FILLER}" for words in (_COMPARES, _COMPARES_SHORTLY, _SAME_TIME)]
    said = fold(plain[reading.start : reading.end])
    is_length = _SPELL_BACK.match(said) or re.match(r"[0-9]+ ", said)
    compares += [f"{words}{_DIRECTLY}" for words in ((_EQUALS,) if is_length else (_EQUALS, _MORE))]
    return any(pattern(words, marked).search(before) for words in compares)


def can_lend(reading: Reading) -> bool:
    """Whether a period beside it may be of its year; a whole year compared with is another."""
    if reading.year is None or not reading.lends_year:
        return False
    return not (reading.is_base and _is_year(reading))


def _is_year(reading: Reading) -> bool:
    extent = reading.extent(reading.year or 1)
    return extent is not None and (extent[1] - extent[0]).days > 360


def counted_from_main(readings: list[Reading], today: datetime.date) -> list[Reading]:
    """`năm trước`, `quý trước` beside a period that names its year are the ones before it."""
    return [_counted_from(reading, readings, today) for reading in readings]


def _counted_from(reading: Reading, readings: list[Reading], today: datetime.date) -> Reading:
    if not reading.steps_back or not (reading.is_base or reading.steps_back == "nam"):
        return reading
    mains = [
        other
        for other in readings
        if other is not reading and not (other.is_base or other.is_latest or other.steps_back)
    ]
    if reading.is_base and not mains:
        mains = [r for r in readings if r.steps_back and not r.is_base and r.start < reading.start]
    before = [main for main in mains if main.start < reading.start]
    if not reading.is_base:  # "kế hoạch năm 2023 và kết quả năm trước"
        mains = before = [main for main in before if _is_year(main)]
    if not mains:
        return reading
    main = before[-1] if before else mains[0]
    extent = main.extent(today.year if main.year is None else main.year)
    if extent is None or extent[0] == datetime.date.min:
        return reading
    earlier = unit_ago(extent[0], 1, reading.steps_back)
    if reading.steps_back == "nam":
        return replace(reading, year=earlier[0].year)
    return replace(reading, extent=lambda year: earlier, year=earlier[0].year)
