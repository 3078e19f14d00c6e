"""Times and numbers of an English question in their Vietnamese form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
).split("|")
_SHORT = "jan feb mar apr jun jul aug sept sep oct nov dec".split()
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3} | {
    "4th": 4
}
_M = rf"(?P<m>{'|'.join([*_MONTHS, *_SHORT])})\b\.?"
_Y = r"(?P<y>(?:19|20)\d\d)(?![\d/]|-[A-Za-z]|[.,]\d)"
_D = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_OF = r"(?:,? (?:of |in )?(?:the year )?)"
# A preposition and an article in front of a time have no word of their own.
_LEAD = r"(?:(?:in|on|during|throughout|at|of|for|over|within) )?(?:the )?"
_UNITS = {"day": "ngày", "week": "tuần", "month": "tháng", "quarter": "quý", "year": "năm"}
_UNIT = r"(?P<unit>day|week|month|quarter|year)"


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(name[:3].lower()))


def _number(word: str) -> str:
    return str(_NUMBERS.get(word.lower(), word))


def _day(match: re.Match[str]) -> str:
    year = match.groupdict().get("y")
    return f"ngày {int(match['d'])}/{_month(match['m'])}" + (f"/{year}" if year else "")


def _of_year(match: re.Match[str]) -> str:
    year = match.groupdict().get("y")
    return f"năm {year}" if year else {"last": "năm ngoái"}.get(match["which"] or "", "năm nay")


def _part(match: re.Match[str]) -> str:
    count = _number(match["n"]) if match.groupdict().get("n") else "6"
    is_first = match["part"].lower() in ("first", "opening", "1st")
    return f"{count} tháng {'đầu' if is_first else 'cuối'} {_of_year(match)}"


def _edge(match: re.Match[str]) -> str:
    said = match["edge"].lower()
    part = "đầu" if said[:5] in ("early", "begin", "start") else "giữa" if said[:3] == "mid" else ""
    return f"{part or 'cuối'} {_of_year(match)}"


def _relative(match: re.Match[str]) -> str:
    unit, which = _UNITS[match["unit"].lower()], match["which"].lower()
    if unit == "năm":
        return {"this": "năm nay", "last": "năm ngoái", "previous": "năm trước"}.get(
            which, "năm tới"
        )
    return f"{unit} {({'this': 'này', 'last': 'trước', 'previous': 'trước'}).get(which, 'tới')}"


_YEAR_OR = rf"(?:{_OF}{_Y}| of (?P<which>this|last) year| this year|(?P<none>))"


# What may stand in a time or an amount, besides words of the lexicon.
TIME_WORDS = frozenset(
    "half ago today yesterday tomorrow percent million billion trillion thousand dong early mid "
    "late beginning since until".split()
).union(_MONTHS, _NUMBERS, _ORDINALS, _UNITS, (f"{unit}s" for unit in _UNITS))


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str]


def _form(pattern: str, write: Callable[[re.Match[str]], str]) -> _Form:
    return _Form(re.compile(rf"{pattern}(?!\w)", re.IGNORECASE), write)


_NAMED = {
    "today": "hôm nay", "yesterday": "hôm qua", "tomorrow": "ngày mai", "this morning": "sáng nay",
    "this afternoon": "chiều nay", "last night": "tối qua", "the day before yesterday": "hôm kia",
}  # fmt: skip
_FORMS = (
    _form(rf"{_LEAD}{_D} (?:of )?{_M}(?:{_OF}{_Y})?", _day),
    _form(rf"{_LEAD}{_M} {_D}(?!\d)(?:{_OF}{_Y})?", _day),
    _form(rf"{_LEAD}(?P<part>first|last|final|opening|closing) {_N} months{_YEAR_OR}", _part),
    _form(rf"{_LEAD}(?P<part>first|second|last|1st|2nd) half{_YEAR_OR}", _part),
    _form(
        rf"{_LEAD}(?P<q>first|second|third|fourth|1st|2nd|3rd|4th) quarter(?:{_OF}{_Y})?",
        lambda m: f"quý {_ORDINALS[m['q'].lower()]}" + (f"/{m['y']}" if m["y"] else ""),
    ),
    _form(
        rf"{_LEAD}q(?P<q>[1-4])(?:[ /]{_Y})?",
        lambda m: f"quý {m['q']}" + (f"/{m['y']}" if m["y"] else ""),
    ),
    _form(
        rf"{_LEAD}(?P<edge>early|mid|late|(?:beginning|start|middle|end) of)[ -](?:the year )?"
        rf"(?:{_Y}|(?P<which>this|last) year)",
        _edge,
    ),
    _form(
        rf"{_LEAD}{_M}(?:{_OF}{_Y}| (?P<which>this|last) year)",
        lambda m: f"tháng {_month(m['m'])}" + (f"/{m['y']}" if m["y"] else f" {_of_year(m)}"),
    ),
    _form(
        rf"(?:(?:from|between|{_LEAD}period(?: from)?|{_LEAD}) )?(?P<y1>(?:19|20)\d\d)"
        rf" ?(?:-|–|to|and|until) ?{_Y}(?: (?:period|term))?",
        lambda m: f"giai đoạn {m['y1']}-{m['y']}",
    ),
    _form(rf"since (?:the year )?{_Y}", lambda m: f"từ năm {m['y']}"),
    _form(rf"(?:by|until|up to|through) (?:the end of )?{_Y}", lambda m: f"đến năm {m['y']}"),
    _form(rf"(?:before) {_Y}", lambda m: f"trước năm {m['y']}"),
    _form(rf"(?:after) {_Y}", lambda m: f"sau năm {m['y']}"),
    _form(rf"{_LEAD}(?P<y>(?:19|20)\d0)s", lambda m: f"những năm {m['y']}"),
    _form(rf"{_LEAD}(?:year )?{_Y}", lambda m: f"năm {m['y']}"),
    # "may" and "march" are months only where something leads to them as to a month.
    _form(
        rf"(?:in|during|since|last|this) (?P<m>{'|'.join(_MONTHS)})",
        lambda m: f"tháng {_month(m['m'])}",
    ),
    _form(
        rf"(?:in|over|during|for|within) (?:the )?(?:last|past) {_N} {_UNIT}s",
        lambda m: f"{_number(m['n'])} {_UNITS[m['unit'].lower()]} qua",
    ),
    _form(rf"{_N} {_UNIT}s? ago", lambda m: f"{_number(m['n'])} {_UNITS[m['unit'].lower()]} trước"),
    _form(rf"{_LEAD}(?P<which>this|last|previous|next) {_UNIT}", _relative),
    _form(
        rf"(?:on )?(?P<named>{'|'.join(sorted(_NAMED, key=len, reverse=True))})",
        lambda m: _NAMED[m["named"].lower()],
    ),
    _form(
        r"(?:on )?(?P<d>[0-3]?\d)[/.-](?P<mm>[01]?\d)[/.-](?P<yy>(?:19|20)\d\d)",
        lambda m: f"ngày {int(m['d'])}/{int(m['mm'])}/{m['yy']}",
    ),
)

_SCALES = {"thousand": "nghìn", "million": "triệu", "billion": "tỷ", "trillion": "nghìn tỷ"}
_CURRENCIES = {"dong": "đồng", "vnd": "đồng", "dollars": "USD", "usd": "USD"}
_UNITS_OF_MEASURE = {
    "hectares": "ha", "hectare": "ha", "tons": "tấn", "tonnes": "tấn", "kilometers": "km",
    "kilometres": "km", "percent": "%", "per cent": "%",
}  # fmt: skip
_AMOUNT = re.compile(
    rf"(?P<n>\d[\d.,]*\d|\d|(?:{'|'.join(_NUMBERS)})\b)(?![\d/]|-\w)"
    rf"(?: ?(?P<scale>{'|'.join(_SCALES)}))?(?: ?(?P<unit>%|(?:{'|'.join(_UNITS_OF_MEASURE)})\b))?"
    rf"(?: ?(?P<money>(?:{'|'.join(_CURRENCIES)})\b))?",
    re.IGNORECASE,
)
# A thousand is `1,000` in English and `1.000` in Vietnamese; `91.3` is `91,3`.
_SWAPPED = str.maketrans(".,", ",.")


def time_at(text: str, start: int) -> tuple[int, str] | None:
    """Where the time that begins at `start` ends, and the time in Vietnamese."""
    found = [(m.end(), form) for form in _FORMS if (m := form.pattern.match(text, start))]
    if not found:
        return None
    end, form = max(found, key=lambda pair: pair[0])
    match = form.pattern.match(text, start)
    assert match is not None
    return end, form.write(match)


def amount_at(text: str, start: int) -> tuple[int, str] | None:
    """The same of a number with its unit: `1,000 billion dong` is `1.000 tỷ đồng`."""
    match = _AMOUNT.match(text, start)
    if match is None:
        return None
    number = _number(match["n"])
    # What was typed the Vietnamese way (`91,3`) stays.
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d{1,2}", number):
        number = number.translate(_SWAPPED)
    unit = _UNITS_OF_MEASURE.get((match["unit"] or "").lower(), match["unit"] or "")
    words = [
        number + ("%" if unit == "%" else ""),
        _SCALES.get((match["scale"] or "").lower(), ""),
        "" if unit == "%" else unit,
        _CURRENCIES.get((match["money"] or "").lower(), ""),
    ]
    return match.end(), " ".join(filter(None, words))
