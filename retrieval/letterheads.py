"""The head of an office's letter or report: issuing office, number, motto, kind, subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.page_marks import CAPITALS, is_letterhead
from retrieval.text import sentences

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
# Bodies that every place has: only with its name do they say whose letter it is.
_ANY_OFFICE = re.compile(
    r"(?:(?:ỦY BAN|UỶ BAN|HỘI ĐỒNG) NHÂN DÂN|UBND|HĐND|ĐẢNG (?:ỦY|UỶ)|ĐẢNG BỘ|BAN CHẤP HÀNH"
    r"(?: ĐẢNG BỘ)?|BAN THƯỜNG VỤ|BCH|BTV|(?:ỦY BAN |UỶ BAN |UB)?(?:MẶT TRẬN TỔ QUỐC|MTTQ)"
    r"(?: VIỆT NAM)?|CÔNG AN|BAN CHỈ ĐẠO|(?:HUYỆN|THỊ|QUẬN|TỈNH|THÀNH) (?:ỦY|UỶ)|TRUNG TÂM Y TẾ)"
)
_PLACE_BELOW = re.compile(
    r"(?:TỈNH|THÀNH PHỐ|TP\.?|HUYỆN|THỊ XÃ|TX\.?|QUẬN|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s"
    r"[^\d.:;,()]{2,40}"
)
_NAME = rf"[{CAPITALS}]\w*(?:\s(?:-\s)?[{CAPITALS}]\w*){{0,4}}"
_LEVEL = r"(?:tỉnh|thành phố|TP\.?|huyện|thị xã|TX\.?|quận|xã|phường|thị trấn|đặc khu)"
# An office that is named in small letters, as on the page of its own site.
_OFFICE_NAME = re.compile(
    r"(?:(?:Ủy|Uỷ) ban nhân dân|UBND|(?:Hội đồng nhân dân|HĐND)|(?:Ban|Sở|Phòng|Văn phòng|Thanh tra"
    rf"|Chi cục|Cục)\s[{CAPITALS}]\w*(?:,?\s(?!{_LEVEL}\s)[\w-]+){{0,6}}?"
    r"|(?:(?:Ủy|Uỷ) ban |UB)?(?:Mặt trận Tổ quốc|MTTQ)(?: Việt Nam)?|Liên đoàn Lao động"
    r"|Hội (?:Nông dân|Cựu chiến binh|Liên hiệp Phụ nữ|LHPN|Chữ thập đỏ|Khuyến học)(?: Việt Nam)?"
    r"|Tỉnh đoàn|(?:Tỉnh|Thành|Huyện|Thị|Quận|Đảng) (?:ủy|uỷ)|Đảng bộ|Công an"
    r"|Bộ Chỉ huy [Qq]uân sự|Trung tâm \w+(?: \w+){0,6}?)"
    rf"\s(?:(?:Tỉnh|Thành|Huyện|Thị) (?:ủy|uỷ)\s)?(?:{_LEVEL}\s)?{_NAME}"
)
# A headline that names an office says what it did: "Sở Y tế kiểm tra …".
_DOES = re.compile(
    r"(?<!\w)(?:tổ chức|kiểm tra|thăm|làm việc|họp|trao|tặng|phát động|khai mạc|sơ kết|tổng kết"
    r"|tiếp|triển khai|ra quân|giám sát|công bố|đẩy mạnh|tăng cường|gặp mặt|chúc|hỗ trợ|bàn giao"
    r"|bắt|xử lý|khởi tố|đón|nhận|ban hành|thông báo|phối hợp|về|với|cho|tại|được|bị)(?!\w)"
)
_HEAD_LINES = 15
_MOST_SUBJECT_LINES = 4
_LONGEST_OFFICE = 16  # words
_LONGEST_SUBJECT = 60  # words
_LONGEST_TITLE = 40  # words; a subject that is one sentence may be longer


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


def is_office_name(line: str) -> bool:
    """`Ban Dân tộc tỉnh Bình Phước`: the name of an office with its place, and no more."""
    short = len(line.split()) <= _LONGEST_OFFICE and not line.isupper()
    return short and _OFFICE_NAME.fullmatch(line) is not None and not _DOES.search(line)


def is_any_office(line: str) -> bool:
    """`ỦY BAN NHÂN DÂN` without its place: of which there are thousands."""
    return _ANY_OFFICE.fullmatch(line.strip()) is not None


def is_title_length(text: str) -> bool:
    """Whether a text may be a title; what is longer, or runs over sentences, is the body's."""
    words = len(text.split())
    return words <= _LONGEST_TITLE or (words <= _LONGEST_SUBJECT and len(sentences(text)) < 2)


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
    names = {index: _whole_name(head, index) for index in offices}
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
        subject = " ".join(lines[place] for place in [*places, places[-1] + 1])
        if not is_title_length(subject):
            break
        places.append(places[-1] + 1)
    above = tuple(names[index] for index in offices if index < start)
    return Letterhead(" ".join(lines[i].strip(" :") for i in places), tuple(places), above)


def _whole_name(head: list[str], index: int) -> str:
    """`ỦY BAN NHÂN DÂN` / `HUYỆN HÀM YÊN` are one office on two lines."""
    line, below = head[index], head[index + 1] if index + 1 < len(head) else ""
    goes_on = is_any_office(line) and below.isupper() and _PLACE_BELOW.fullmatch(below)
    return f"{line} {below}" if goes_on else line


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
        and len(sentences(line)) < 2
        and not line.endswith((".", ":", ";"))
        and not is_letterhead(line)
        and not re.match(r"kính gửi|căn cứ", line, re.IGNORECASE)
    )
