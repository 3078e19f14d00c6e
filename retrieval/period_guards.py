"""What makes a bare number or word a period, and what a period of another kind.

Each guard gets the folded question, the match in the question, and today.
"""

from __future__ import annotations

import datetime
import re

from retrieval.period_patterns import NUMBERS
from retrieval.text import fold

_FOLLOWERS = frozenset(
    "o tai cua la co nhu the ra dat va voi so gi tren cho do duoc da ve thi den toi nay bao khong "
    "trong tu nao hay hoac ai dau".split()
)
_NOT_YEAR_AFTER = frozenset(
    "so dieu khoan muc trang chuong lop to doi phong duong lo xe ma hotline hon gan khoang duoi "
    "con tong doan nhin thu luat truoc-nam".split()
)
_QUANTIFIERS = frozenset(
    [
        "nhieu",
        "chuc",
        "tram",
        "nghin",
        "ngan",
        "van",
        "trieu",
        "ty",
        "cac",
        "nhung",
        "hang",
        "may",
        "vai",
        *fold(NUMBERS).split(),
    ]
)
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


def always(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    return True


def bare_year(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """A year closes its clause or stands before a word that counts nothing (`2017 ở`)."""
    before = plain[: match.start()]
    if not 1945 <= int(match[0]) <= today.year + 10 or _LAW.search(before):
        return False
    after = _word_after(plain, match.end())
    return _word_before(plain, match.start()) not in _NOT_YEAR_AFTER and (
        not after or after in _FOLLOWERS
    )


def bare_month(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    return not _DOCUMENT.search(plain[: match.start()])


def bare_day(plain: str, match: re.Match[str], today: datetime.date) -> bool:
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


def single_unit(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """Not the end of `nhiều năm qua`, `3 tháng tới`; nor is `nam qua` without its mark a year.

    Nor is `kim loại quý này`, `quý rồi` a quarter.
    """
    words = match[0].split()
    before = _word_before(plain, match.start())
    if fold(words[0]) == "quy" and (before in _PRECIOUS or fold(" ".join(words[1:])) in _QUY_VERBS):
        return False
    is_counted = before in _QUANTIFIERS or (before.isdecimal() and len(before) < 3)
    return not is_counted and words != ["nam", "qua"]


_PRECIOUS = frozenset("loai da vat cao ngoc go cay".split())
_QUY_VERBS = frozenset(["roi", "qua"])
# "kính thưa quý ba cụ": a polite address counts people.
_ADDRESSED = frozenset("ong ba cu vi ban anh chi co thay khach".split())
_ADDRESSES = re.compile(r"\b(?:thua|kinh|quy \w+,?)\s+$")
_QUARTER_BEFORE = frozenset("trong cuoi dau giua het cua den tu".split())


def quarter(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """`quý ba năm 2024`, `quý 1`; a quarter in words without a year closes its clause.

    `quy tu` without marks is also `quy tụ`, unless something leads to it (`trong quy tu`).
    """
    if match["q"].isascii() and (match["q"][0] in "i1234"):
        return True
    if match["y"] or match["ry"]:
        return True
    after = _word_after(plain, match.end())
    is_address = after in _ADDRESSED or bool(_ADDRESSES.search(plain[: match.start()]))
    if is_address or (after and after not in _FOLLOWERS):
        return False
    is_doubtful = match[0].split() == ["quy", "tu"]
    return not is_doubtful or _word_before(plain, match.start()) in _QUARTER_BEFORE


def day_of_month(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """`ngày 5 tháng này`; a bare number only where it can count no months.

    Months are counted up to a year (`3 thang nay`); beyond that it is a day (`20 thang nay`).
    """
    return bool(match["said"]) or (int(match["d"]) > 12 and fold(match["which"]) == "nay")


# "từ trước tới nay", "từ năm 2020 tới nay" without marks.
_UNTIL_NOW = frozenset("truoc lau cho tinh tu nam do day gio xua ngoai".split())


def part_of_day(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """Not `sang qua` (over to), `chiều qua lại`, nor `toi nay` where it is `tới nay`."""
    goes_on = _word_after(plain, match.end()) in ("lai", "khoi", "do")
    before = _word_before(plain, match.start())
    is_until_now = match[0].split() == ["toi", "nay"] and (
        before in _UNTIL_NOW or before.isdecimal()
    )
    return match[0].split() != ["sang", "qua"] and not (goes_on or is_until_now)


def decade(plain: str, match: re.Match[str], today: datetime.date) -> bool:
    """Not the first of several years: `những năm 2020, 2021`."""
    return not re.match(r"\s*(?:,|-|va|den|toi|hay)\s*(?:nam\s*)?[0-9]", plain[match.end() :])
