"""Readers' comments below an article: sentences too, known by who and when stands between them."""

from __future__ import annotations

import re

from retrieval.dates import find_dates

_HEADING = re.compile(
    r"(?:tất cả\s|xem\s|các\s|có\s)?(?P<before>\d+\s)?"
    r"(?:ý kiến(?: (?:của )?(?:bạn đọc|độc giả|bạn)| phản hồi| bình luận)?"
    r"|bình luận(?: (?:của )?(?:bạn đọc|độc giả|bạn)| mới nhất| gần đây| facebook| bài viết)?"
    r"|phản hồi(?: (?:của )?(?:bạn đọc|độc giả))?|thảo luận|trao đổi|comments?|đánh giá)"
    r"\s*[:(\[]?\s*(?P<after>\d+)?\s*[)\]:]?",
    re.IGNORECASE,
)
_AGO = (
    r"(?:vừa xong|(?:\d+|một|vài)\s(?:giây|phút|giờ|ngày|tuần|tháng|năm)\strước|just now|yesterday)"
)
_BUTTON = (
    r"(?:trả lời|phản hồi|thích|không thích|reply|like|dislike|báo xấu|báo vi phạm|chia sẻ"
    r"|vi phạm|xóa|sửa)(?:\s*\(?\d+\)?)?"
)
_SIGN = re.compile(
    rf"(?:(?:{_AGO}|{_BUTTON}|\d{{1,5}})\s*[|·•.,\-–]?\s*){{1,6}}",
    re.IGNORECASE,
)
_SURE_SIGN = re.compile(rf"{_AGO}|trả lời|reply|báo xấu|vi phạm", re.IGNORECASE)
_NAME_AND_AGO = re.compile(rf"[^.:;!?]{{2,40}}?[\s,|·•(–-]+{_AGO}\)?", re.IGNORECASE)
_HOUR = re.compile(r"\d{1,2}\s?(?::|h|giờ)\s?\d{2}", re.IGNORECASE)
# A first comment is a name, some lines of text, its time and its buttons.
_LINES_TO_FIRST_SIGN = 8
_SHORT_LINE = 70
_LONGEST_SIGNATURE = 10  # words


def starts_comments(lines: list[str], prose: list[bool], position: int) -> bool:
    """Whether the line heads a list of comments, to which all lines below belong.

    A button `Bình luận (5)` stands above many articles too: there is no prose before it
    then, or far more after it.
    """
    line = lines[position]
    if len(line) > 45 or not _HEADING.fullmatch(line):
        return False
    following = [other for other in lines[position + 1 : position + 30] if other]
    if not any(map(_is_sign, following[:_LINES_TO_FIRST_SIGN])):
        return False
    before = _prose_words(lines[:position], prose[:position])
    after = _prose_words(lines[position:], prose[position:])
    return before > 0 and (sum(prose[:position]) > 2 or after < 2 * before)


def _prose_words(lines: list[str], prose: list[bool]) -> int:
    return sum(len(line.split()) for line, is_prose in zip(lines, prose, strict=True) if is_prose)


def _is_sign(line: str) -> bool:
    if len(line) > _SHORT_LINE:
        return False
    if _SIGN.fullmatch(line):
        return _SURE_SIGN.search(line) is not None
    return _NAME_AND_AGO.fullmatch(line) is not None or _is_name_and_time(line)


def _is_name_and_time(line: str) -> bool:
    """`Trần Văn Bách - 09:15 18/11/2023`: who wrote a comment, and when."""
    mentions = find_dates(line)
    if len(mentions) != 1 or line.endswith((".", "!", "?")):
        return False
    rest = line[: mentions[0].start] + line[mentions[0].end :]
    return _HOUR.search(rest) is not None and len(rest.split()) <= _LONGEST_SIGNATURE
