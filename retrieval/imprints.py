"""The foot of a newspaper's page: who publishes it, by what licence, where to write to."""

from __future__ import annotations

import re

# Lines that are an imprint wherever they stand.
_IMPRINT = re.compile(
    r"""(?:
    (?:®|©|\(c\)|copyright\b|all\ rights\ reserved)
    |(?:\#\ ?)?bản\ quyền\ (?:thuộc|©|\d|của|nội\ dung|website|thông\ tin)
    |(?:giấy\ phép|gp|gpxb|gphđ|gp\ số)\b.{0,80}
        (?:/\s?gp|gp-|btttt|bvhtt|sttt|ttđt|ttdt|cbc\b|thông\ tin\ (?:và|&)\ truyền\ thông
        |cục\ báo\ chí|báo\ chí|báo\ điện\ tử|trang\ (?:tin|thông\ tin)|xuất\ bản|mạng)
    |số\ giấy\ phép\b
    |(?:q\.?\ |quyền\ |phụ\ trách\ )?(?:phó\ )?tổng\ biên\ tập(?:\ phụ\ trách)?\s*:
    |(?:phó\ )?(?:trưởng\ ban\ biên\ tập|tổng\ thư\ ký\ tòa\ soạn|giám\ đốc\ đài
        |thư\ ký\ tòa\ soạn)\s*:
    |(?:cơ\ quan\ chủ\ quản|đơn\ vị\ chủ\ quản|chủ\ quản|cơ\ quan\ quản\ lý)\s*:
    |(?:người\ )?chịu\ trách\ nhiệm\ (?:nội\ dung|chính|xuất\ bản|quản\ lý)\b.{0,60}$
    |(?:địa\ chỉ\ )?(?:tòa|toà)\ soạn(?:\ (?:báo|và\ trị\ sự|trị\ sự|chính))?\s*:
    |(?:báo|tạp\ chí|trang|cổng|đài)\b.{0,60}\bgiữ\ bản\ quyền
    |(?:đề\ nghị|vui\ lòng|yêu\ cầu|xin|phải|khi\ )?.{0,40}\bghi\ rõ\ nguồn\b.{0,80}$
    |(?:thiết\ kế|phát\ triển|xây\ dựng|vận\ hành)[^.:]{0,30}\s?
        (?:bởi\s|:\s?(?:công\ ty|vnpt|viettel|fpt|trung\ tâm|\S*(?:soft|tech|media|cms))).{0,50}$
    |(?:powered|designed|developed)\ by\b
    |(?:ban\ biên\ tập|thường\ trực\ ban\ biên\ tập|phòng\ (?:phát\ hành|quảng\ cáo|bạn\ đọc))\s*:
    |(?:cơ\ quan\ (?:ngôn\ luận\ )?(?:của|thuộc)|tiếng\ nói\ của)\ .{0,20}
        (?:đảng\ bộ|tỉnh\ ủy|thành\ ủy|ban\ chấp\ hành|trung\ ương|ubnd|ủy\ ban|uỷ\ ban|đảng)
        [^.]{0,80}$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# Lines of an imprint that an article may have too: "Mọi ủng hộ xin gửi về … Điện thoại: …".
_CONTACT = re.compile(
    r"""(?:
    (?:địa\ chỉ|trụ\ sở(?:\ chính)?|văn\ phòng|vpđd|điện\ thoại|số\ điện\ thoại|đt|đtdđ|tel
        |phone|hotline|đường\ dây\ nóng|fax|e-?mail|thư\ điện\ tử|hộp\ thư|website|web
        |liên\ hệ(?:\ quảng\ cáo|\ tòa\ soạn)?|quảng\ cáo|phát\ hành|trị\ sự|tài\ khoản)\s*[:：.]
    |\(?\+?84[\d.\s()-]{7,}|\(?0\d{2,4}\)?[\d.\s-]{6,}
    |[\w.+-]{2,40}@[\w.-]{3,40}\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKS_TO_WRITE = re.compile(r"(?::|(?:liên hệ|gửi về|ủng hộ|đăng ký|địa chỉ)[^.]{0,40}[.:]?)$")
_PAPER_LINE = re.compile(
    r"(?:báo|đài|cổng|trang|tạp chí|trung tâm truyền thông)\b[^.:;!?]{2,60}"
    r"(?:\s?[-–|]\s?(?:www\.)?[\w.-]+\.vn)?",
    re.IGNORECASE,
)
_LONGEST_IMPRINT = 400
_FOOT_LINES = 30
_MOST_IMPRINT_WORDS = 80
_LONGEST_PAPER_LINE = 12  # words


def is_imprint(line: str) -> bool:
    """`Giấy phép số 12/GP-BTTTT …`, `Tổng Biên tập: …`, `© 2017 Báo …`."""
    return len(line) <= _LONGEST_IMPRINT and _IMPRINT.match(line) is not None


def is_contact(line: str) -> bool:
    """`Điện thoại: …`, `Địa chỉ: …`: part of an imprint, or of an article that asks for help."""
    return len(line) <= _LONGEST_IMPRINT and _CONTACT.match(line) is not None


def foot_start(lines: list[str], prose: list[bool]) -> int:
    """Where the imprint below the article begins; `len(lines)` without one.

    `prose` tells which lines are sentences. Below an imprint none may follow, except in
    a cluster of its marks: some papers describe themselves in a sentence.
    """
    first = max(0, len(lines) - _FOOT_LINES)
    if not any(prose):
        return len(lines)
    after_prose = len(prose) - prose[::-1].index(True)
    start = next(
        (
            index
            for index in range(max(first, prose.index(True) + 1), len(lines))
            if is_imprint(lines[index])
            and (index >= after_prose or _is_cluster(lines, prose, index))
        ),
        None,
    )
    if start is None:
        start = next((i for i in range(after_prose, len(lines)) if is_contact(lines[i])), None)
        if start is None or _ASKS_TO_WRITE.search(lines[start - 1]):
            return len(lines)
    while start > after_prose and _belongs_above(lines[start - 1]):
        start -= 1
    return start


def _is_cluster(lines: list[str], prose: list[bool], index: int) -> bool:
    marks = sum(is_imprint(line) or is_contact(line) for line in lines[index : index + 5])
    words = sum(
        len(line.split())
        for line, is_prose in zip(lines[index:], prose[index:], strict=True)
        if is_prose
    )
    return marks > 2 and words < _MOST_IMPRINT_WORDS


def _belongs_above(line: str) -> bool:
    """Whether a line right above an imprint is of it: the paper's name, its telephone."""
    return is_contact(line) or (
        _PAPER_LINE.fullmatch(line) is not None and len(line.split()) <= _LONGEST_PAPER_LINE
    )
