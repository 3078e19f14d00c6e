"""The forms in which Vietnamese names a stretch of time.

Each has its pattern (`period_patterns`), what it means (`period_readers`) and what it must not
be taken for (`period_guards`). `periods` puts together what these find.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import NamedTuple

from retrieval.period_guards import (
    always,
    bare_day,
    bare_month,
    bare_year,
    day_of_month,
    decade,
    part_of_day,
    quarter,
    single_unit,
)
from retrieval.period_patterns import (
    BEGIN,
    DAY,
    MONTH,
    MONTH_NAME,
    NUMBER,
    OF_YEAR,
    RELATIVE_YEAR,
    STOP,
    STOP_OR_RANGE,
    TO,
    YEAR,
)
from retrieval.period_readers import (
    Read,
    read_ago,
    read_century,
    read_day,
    read_day_of_month,
    read_decade,
    read_latest,
    read_month,
    read_month_range,
    read_months_of_year,
    read_named_day,
    read_part_of_year,
    read_past,
    read_past_half,
    read_quarter,
    read_quarters_of_year,
    read_unit,
    read_weekday,
    read_year,
    read_years,
)


class _Form(NamedTuple):
    pattern: str
    read: Callable[[re.Match[str], datetime.date], Read | None]
    accepts: Callable[[str, re.Match[str], datetime.date], bool] = always


_PART_BEFORE = (  # "hàng đầu năm 2023", "phấn đấu năm 2023": no beginning of the year
    r"(?<!hàng\s)(?<!ban\s)(?<!bắt\s)(?<!đứng\s)(?<!lần\s)(?<!bước\s)(?<!dẫn\s)(?<!phan\s)"
    r"(?<!chien\s)(?<!thi\s)(?<!xang\s)"
)
_PART = rf"{_PART_BEFORE}(?P<part>đầu|giữa(?![^?.!;]{{0,25}} và (?:năm |tháng )?[0-9])|cuối)"
_UNIT = "(?P<unit>ngày|tuần|tháng|năm)"
FORMS = (
    _Form(
        r"(?:(?:giai đoạn|nhiệm kỳ|niên khóa|từ|giữa) )?(?:(?:(?:các|những) )?năm (?:học )?)?"
        rf"(?<![/.,-])(?P<y1>{YEAR}){TO}(?:năm )?(?P<y2>{YEAR}){STOP}",
        read_years,
    ),
    _Form(rf"giữa (?:năm )?(?P<y1>{YEAR}) và (?:năm )?(?P<y2>{YEAR}){STOP}", read_years),
    _Form(rf"năm (?P<y>{YEAR}){STOP}", read_year),
    _Form(rf"(?<![/.,-])(?P<y>{YEAR}){STOP}", read_year, bare_year),
    _Form(rf"năm (?P<ry>{RELATIVE_YEAR})(?! đó| đây| khi)", read_year, single_unit),
    _Form(
        r"(?:những năm|(?:thập niên|thập kỷ)(?: những)?(?: năm)?) (?P<century>19|20)?"
        rf"(?P<decade>[0-9]0){STOP}(?: (?:của )?thế kỷ (?:trước|20|xx){STOP})?",
        read_decade,
        decade,
    ),
    _Form(rf"thế kỷ (?:thứ )?(?P<century>[0-9]{{1,2}}|[ivx]+){STOP}", read_century),
    _Form(rf"(?:(?P<half>nửa) )?{_PART}(?:{OF_YEAR}| năm(?! học| [0-9]))", read_part_of_year),
    _Form(
        rf"(?P<n>{NUMBER}) tháng(?: (?P<part>đầu|cuối))?(?:{OF_YEAR}| năm(?! [0-9]))",
        read_months_of_year,
    ),
    _Form(
        rf"(?P<n>{NUMBER}) quý (?P<part>đầu|cuối)(?:{OF_YEAR}| năm(?! học| [0-9]))",
        read_quarters_of_year,
    ),
    _Form(
        r"quý ?(?P<q>[1-4]|i{1,3}|iv|(?<=\s)(?:một|nhất|hai|ba|bốn|tư))"
        rf"(?:{OF_YEAR})?{STOP}",
        read_quarter,
        quarter,
    ),
    _Form(rf"(?<![\w/.-])(?P<part>)(?P<w>)t\.? ?(?P<m>{MONTH}){OF_YEAR}{STOP}", read_month),
    _Form(
        rf"(?:{_PART} )?(?<![0-9]\s)tháng ?(?:(?P<m>{MONTH})|(?P<w>{MONTH_NAME}))"
        rf"(?:{OF_YEAR})?{STOP}(?! ngày)",
        read_month,
    ),
    _Form(rf"{BEGIN}(?P<part>)(?P<w>)(?P<m>{MONTH}) ?[/.-] ?(?P<y>{YEAR}){STOP}",
     read_month, bare_month),
    _Form(
        rf"(?:từ )?tháng ?(?P<m>{MONTH}){TO}(?:tháng ?)?(?P<m2>{MONTH})(?:{OF_YEAR})?{STOP}",
        read_month_range,
    ),
    _Form(
        rf"(?:(?:từ )?ngày |từ )?{BEGIN}(?<!tháng\s)(?P<d1>{DAY}){TO}(?:ngày )?"
        rf"(?P<d>{DAY})(?: ?/ ?| tháng )(?P<m>{MONTH}){OF_YEAR}{STOP}",
        read_day,
    ),
    _Form(
        rf"(?:từ )?ngày (?P<d1>{DAY}){TO}(?:ngày )?"
        rf"(?P<d>{DAY})(?: ?/ ?| tháng )(?P<m>{MONTH}){STOP}",
        read_day,
    ),
    _Form(
        rf"(?:ngày )?{BEGIN}(?P<d>{DAY})(?P<sep> ?[/.-] ?)(?P<m>{MONTH})"
        rf"(?:(?P=sep)(?P<y>{YEAR})|(?P=sep)(?P<short>[0-9]{{2}}))(?!%){STOP_OR_RANGE}",
        read_day,
    ),
    _Form(
        rf"(?:ngày )?{BEGIN}(?P<y>{YEAR})(?P<sep>[/-])(?P<m>{MONTH})(?P=sep)(?P<d>{DAY}){STOP}",
        read_day,
    ),
    _Form(
        rf"(?:ngày )?{BEGIN}(?P<d>{DAY}) ?/ ?(?P<m>{MONTH}),? năm "
        rf"(?:(?P<y>{YEAR})|(?P<ry>nay|ngoái|trước)){STOP}",
        read_day,
    ),
    _Form(rf"(?:ngày )?{BEGIN}(?P<d>{DAY}) tháng (?P<m>{MONTH}){OF_YEAR}", read_day),
    _Form(rf"ngày (?P<d>{DAY}) tháng (?P<m>{MONTH}){STOP}", read_day),
    _Form(rf"(?:ngày )?{BEGIN}(?P<d>{DAY})/(?P<m>{MONTH})(?!%){STOP_OR_RANGE}",
     read_day, bare_day),
    _Form(
        r"(?:(?:ngày|sáng|trưa|chiều|tối|đêm) )?hôm (?P<which>nay|qua|kia)", read_named_day
    ),
    _Form(
        r"(?:sáng|trưa|chiều|tối|đêm) (?P<which>nay|qua)(?!\w)", read_named_day, part_of_day
    ),
    _Form(
        r"(?:(?<!lần\s)(?<!xếp\s)(?<!đứng\s)(?<!hạng\s)"
        r"thứ (?P<weekday>hai|ba|tư|năm|nam|sáu|bảy|[2-7])|chủ nhật)"
        r"(?:(?: của)? tuần (?:vừa )?(?P<which>này|nay|trước|qua|rồi|tới|sau)(?! đó| khi)"
        r"| vừa (?:qua|rồi))",
        read_weekday,
    ),
    _Form(
        rf"(?:(?P<said>ngày|hôm|mùng|mồng) )?{BEGIN}(?P<d>{DAY}) (?:tháng|thang) "
        r"(?:vừa )?(?P<which>này|nay|trước|qua|rồi|tới)(?! đó)",
        read_day_of_month,
        day_of_month,
    ),
    _Form(
        rf"(?:{_PART} )?(?P<unit>tuần|tháng|quý) (?:vừa )?"
        r"(?P<which>này|nay|trước|qua|rồi|tới)(?! đó| đây| khi)(?!\w)",
        read_unit,
        single_unit,
    ),
    _Form(
        r"nửa (?P<unit>tháng|năm|nam) (?:(?:vừa )?qua|gần đây|trở lại đây|nay)(?!\w)",
        read_past_half,
    ),
    _Form(
        rf"(?P<n>{NUMBER}|mấy|vài|những) {_UNIT} (?:(?:vừa )?qua|gần đây|trở lại đây|nay)",
        read_past,
    ),
    _Form(rf"(?:cách đây )?(?P<n>{NUMBER}) {_UNIT} trước(?! đó| đây| khi)", read_ago),
    _Form(rf"cách đây (?P<n>{NUMBER}) {_UNIT}", read_ago),
    _Form(r"(?:mới|gần đây) nhất", read_latest),
)  # fmt: skip
