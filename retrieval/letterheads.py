"""The head of an office's letter or report: issuing office, number, motto, kind, subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.page_marks import CAPITALS, is_letterhead

DOCUMENT_KIND = re.compile(
    r"(?:BÁO CÁO|KẾ HOẠCH|THÔNG BÁO|CÔNG VĂN|NGHỊ QUYẾT|NGHỊ ĐỊNH|THÔNG TƯ|QUYẾT ĐỊNH|CHỈ THỊ"
    r"|TỜ TRÌNH|CÔNG ĐIỆN|HƯỚNG DẪN|KẾT LUẬN|CHƯƠNG TRÌNH|ĐỀ ÁN|BÀI PHÁT BIỂU|THÔNG CÁO BÁO CHÍ"
    r"|THÔNG CÁO|QUY CHẾ|QUY ĐỊNH|THÔNG TRI|THƯ KÊU GỌI|LỜI KÊU GỌI|THƯ NGỎ|THƯ CHÚC MỪNG|DIỄN VĂN"
    r"|BIÊN BẢN|GIẤY MỜI|ĐỀ CƯƠNG)"
)
_OFFICE = re.compile(
    r"(?:UBND|HĐND|UBMTTQ|MTTQ|ỦY BAN|UỶ BAN|HỘI ĐỒNG|(?:TỈNH|THÀNH|HUYỆN|THỊ|QUẬN|ĐẢNG) (?:ỦY|UỶ)"
    r"|ĐẢNG BỘ|CHI BỘ|BAN|SỞ|BỘ|(?:TỔNG |CHI )?CỤC|VỤ|VIỆN|PHÒNG|VĂN PHÒNG|HỘI|LIÊN ĐOÀN|LIÊN HIỆP"
    r"|ĐOÀN|TỈNH ĐOÀN|HUYỆN ĐOÀN|MẶT TRẬN|CÔNG AN|TRUNG TÂM|TRƯỜNG|TÒA ÁN|TOÀ ÁN|THANH TRA|KHO BẠC"
    r"|BỆNH VIỆN|CHÍNH PHỦ|QUỐC HỘI|THỦ TƯỚNG|BCH|BTV|BCĐ|TIỂU BAN|ĐẢNG ĐOÀN|BỘ CHỈ HUY|ĐÀI"
    r"|TỔ CÔNG TÁC)"
    r"(?!\w)"
)
_NUMBER = re.compile(r"Số\s?[:.]?\s*[\d.…_ ]*\s?[-/]\s?[\w.]{0,6}[A-ZĐ][\w\-/&.]*")
_NUMBER_AND_DAY = re.compile(
    rf"(?P<number>{_NUMBER.pattern})\s*\|?\s+(?P<day>[{CAPITALS}][^\d,]{{2,40}},\s+ngày\s.{{6,40}})"
)
_OFFICE_AND_MOTTO = re.compile(
    r"(?P<office>\S.*?)\s*\|?\s+(?P<motto>CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    r"|ĐẢNG CỘNG SẢN VIỆT NAM|Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc)"
)
_SUBJECT = re.compile(r"(?:V/v|Về việc|Về)\s*:?\s+\S", re.IGNORECASE)
_END_OF_SUBJECT = re.compile(
    r"kính gửi|căn cứ|thực hiện|[IVX]{1,4}[.)]\s|\d{1,2}[.)]\s|phần\s|[-–+]\s|điều \d",
    re.IGNORECASE,
)
_HEAD_LINES = 15
_MOST_SUBJECT_LINES = 4
_LONGEST_OFFICE = 16  # words
_LONGEST_SUBJECT = 60  # words


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the head of an office's document says.

    Attributes:
        title: kind and subject: `BÁO CÁO Kết quả công tác dân vận năm 2019`.
        title_lines: the places of the lines that make up the title.
        offices: the issuing office last, those that it is part of before it.
    """

    title: str
    title_lines: tuple[int, ...]
    offices: tuple[str, ...]


def is_office_line(line: str) -> bool:
    """`BAN DÂN VẬN`, `UBND TỈNH LẠNG SƠN`: an office's name in capitals."""
    return line.isupper() and len(line.split()) <= _LONGEST_OFFICE and bool(_OFFICE.match(line))


def split_columns(lines: list[str]) -> list[str]:
    """Parts the two columns of a letterhead where a format has put them on one line."""
    head: list[str] = []
    for line in lines[:_HEAD_LINES]:
        match = _NUMBER_AND_DAY.fullmatch(line)
        if match:
            head += [match["number"], match["day"]]
            continue
        match = _OFFICE_AND_MOTTO.fullmatch(line)
        if match and (is_office_line(match["office"]) or match["office"].isupper()):
            head += [match["office"], match["motto"]]
            continue
        head.append(line)
    return head + lines[_HEAD_LINES:]


def read_letterhead(lines: list[str]) -> Letterhead | None:
    """The letterhead that these lines open with; None when they open as an article does.

    It has an office's name and, below it, the letter's number or its kind.
    """
    head = lines[:_HEAD_LINES]
    offices = [index for index, line in enumerate(head) if is_office_line(line)]
    if not offices or offices[0] > 3:
        return None
    numbered = any(_NUMBER.match(line) for line in head[offices[0] :])
    start = next(
        (i for i in range(offices[0] + 1, len(head)) if _opens_subject(head[i], numbered)), None
    )
    if start is None:
        return None
    places = [start]
    while _goes_on(lines, places):
        places.append(places[-1] + 1)
    above = tuple(head[index] for index in offices if index < start)
    return Letterhead(" ".join(lines[i].strip(" :") for i in places), tuple(places), above)


def _opens_subject(line: str, numbered: bool) -> bool:
    kind = DOCUMENT_KIND.match(line)
    if kind is None:
        return numbered and _SUBJECT.match(line) is not None
    return kind.end() == len(line.rstrip(" :")) or (numbered and line.isupper())


def _goes_on(lines: list[str], places: list[int]) -> bool:
    """Whether the subject has a further line: after the bare kind, a comma, or in small letters."""
    at = places[-1] + 1
    if at >= len(lines) or len(places) > _MOST_SUBJECT_LINES:
        return False
    previous, line = lines[at - 1], lines[at]
    if _END_OF_SUBJECT.match(line) and not (len(places) == 1 and line[:1].islower()):
        return bool(DOCUMENT_KIND.fullmatch(previous.strip(" :"))) and _is_subject(line)
    if DOCUMENT_KIND.fullmatch(previous.strip(" :")):
        return _is_subject(line)
    return (line[:1].islower() or previous.endswith((",", "-", "–"))) and _is_subject(line)


def _is_subject(line: str) -> bool:
    return (
        len(line.split()) <= _LONGEST_SUBJECT
        and not line.endswith((".", ":", ";"))
        and not is_letterhead(line)
        and not re.match(r"kính gửi|căn cứ", line, re.IGNORECASE)
    )
