"""The pieces that patterns of periods are made of.

Patterns are written with their marks. Each word also matches without them, but for `năm`
and `tháng`: where marks were typed, `nam` is the south and `thang` a scale.
"""

from __future__ import annotations

import re
from functools import cache

from retrieval.text import fold

NUMBERS = "một hai ba bốn năm sáu bảy tám chín mười"
NUMBER = r"[0-9]{1,3}|" + NUMBERS.replace(" ", "|")
YEAR = r"(?:19|20)[0-9]{2}"
# A number ends here: no digit, decree or telephone number goes on.
STOP = r"(?!\w|[/.,][0-9]|/\w|-\w)"
STOP_OR_RANGE = r"(?!\w|[/.,][0-9]|/\w|-(?![0-9]{1,2}/[0-9]{1,2}(?![0-9]))\w)"
BEGIN = r"(?<!\w)(?:(?<![/.,-])|(?<=/[0-9]-)|(?<=/[0-9]{2}-)|(?<=/[0-9]{4}-))"
RELATIVE_YEAR = r"nay|ngoái|trước|qua|kia|tới(?! nay)"
OF_YEAR = (
    rf"(?:(?: ?[/.-] ?|,? (?:của )?năm | )(?P<y>{YEAR}){STOP}"
    rf"|,? (?:của )?năm (?P<ry>{RELATIVE_YEAR})(?! đó))"
)
TO = r"(?: ?- ?| (?:đến|tới) (?:hết )?)"
MONTH = "0?[1-9]|1[0-2]"
MONTH_NAME = "giêng|hai|ba|tư|sáu|bảy|tám|chín|mười một|mười hai|mười"
DAY = "0?[1-9]|[12][0-9]|3[01]"

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
