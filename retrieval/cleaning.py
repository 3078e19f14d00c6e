"""Takes an article out of the remnants of its page, line by line, losing no sentence."""

from __future__ import annotations

import re

from retrieval.dates import find_dates, read_page_dates
from retrieval.page_marks import (
    is_boilerplate,
    is_navigation,
    is_related_heading,
    is_section_name,
    is_tag_line,
    line_key,
)
from retrieval.text import sentences

_CLOSERS = "”\"’'»)]"
_NAME = re.compile(
    r"(?:(?:bài|ảnh|bài,? ảnh|bài và ảnh|tin,? ảnh|tin|thực hiện|theo|tác giả|pv|nhóm pv)\s*:?\s*)?"
    r"(?:[A-ZÀ-ỸĐ][\w.’']*)(?:\s+(?:[-–,&/]\s*|và\s+)?[A-ZÀ-ỸĐ][\w.’']*){0,6}"
    r"(?:\s*\([^()]{2,30}\))?",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?<!\w)(?:ảnh|video|nguồn ảnh|đồ họa|clip)\s*:|\((?:ảnh|nguồn|video)", re.IGNORECASE
)
_LINK_MARK = re.compile(r"(?:>>+|»|►|▶|→|⇒|➤|\+\+)\s*\S")
_INLINE_RELATED = re.compile(
    r"(?:xem thêm|đọc thêm|tin liên quan|bài liên quan|xem tiếp|đọc tiếp|mời xem thêm"
    r"|xem chi tiết|xem ngay)"
    r"\s*(?:[:»>]|>>)+\s*",
    re.IGNORECASE,
)
_NUMBERED_PICTURE = re.compile(r"(?<=\S)\s*[-–(\[]?\s*ảnh\s\d{1,3}\s*[)\]]?\s*$", re.IGNORECASE)
_INTERVIEW_TURN = re.compile(r"(?:[-–+•*]\s|(?:PV|P\.V|Phóng viên|Hỏi|Đáp|Trả lời)\s*[:.])")
_COMMENTS_HEADING = re.compile(
    r"(?:ý kiến bạn đọc|bình luận|phản hồi|comments?)\s*\(?\s*[1-9]\d*\s*\)?"
    r"|[1-9]\d*\s(?:bình luận|phản hồi|ý kiến)",
    re.IGNORECASE,
)
_COMMENT_SIGN = re.compile(
    r"(?:trả lời|thích|reply|like)(?:\s*\(?\d*\)?)|\d+\s(?:phút|giờ|ngày|tháng) trước",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"^\(?\d{1,2}[.)/]\s+")
# A headline in a block of links has at most some 20 words; a longer line is the article.
_LONGEST_HEADLINE = 24
_LONGEST_LINK_BLOCK = 30


def is_sentence(line: str) -> bool:
    """Whether a line reads as running text rather than as a label or a headline."""
    line = _LIST_NUMBER.sub("", line)
    words = line.split(maxsplit=_LONGEST_HEADLINE + 1)
    if len(words) > _LONGEST_HEADLINE:
        return any(word[:1].islower() for word in words)
    ended = line.rstrip(_CLOSERS).endswith((".", "…", ";")) or len(sentences(line)) > 1
    return len(words) >= 4 and ended


def is_name_line(line: str) -> bool:
    """A byline: `Nguyễn Hoàng`, `Bài, ảnh: Hồng Thái - Thu Hà`, `Nguyễn Dung (Thực hiện)`."""
    if len(line) > 80 or any(c.isdigit() for c in line):
        return False
    match = _NAME.fullmatch(line)
    # The pattern ignores case for its labels; a name shows capitals throughout.
    plain = re.sub(r"\([^()]*\)|^[^:]{0,20}:", " ", line)
    words = [word for word in plain.split() if word not in {"-", "–", "&", "/", "và", ","}]
    return match is not None and 1 < len(words) <= 9 and all(w[0].isupper() for w in words)


def clean_lines(lines: list[str]) -> list[str]:
    """The lines of the article itself, in order; date lines of the page are kept.

    `lines` are stripped; empty ones carry no meaning here. Headline, dates and section
    names are judged later, by where they stand.
    """
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if _starts_comments(lines, position, kept):
            break
        if is_related_heading(line):
            position = _skip_links(lines, position + 1)
            continue
        if is_tag_line(line) and not is_sentence(line):
            position = _skip_tags(lines, position)
            continue
        if line and not _is_remnant(line):
            kept.append(_NUMBERED_PICTURE.sub("", line) or line)
        position += 1
    return _collapse_duplicates(kept)


def _is_remnant(line: str) -> bool:
    if is_boilerplate(line) or is_navigation(line):
        return True
    inline = _INLINE_RELATED.match(line)
    if inline:
        return not is_sentence(line[inline.end() :])
    return _LINK_MARK.match(line) is not None and not is_sentence(line)


def _starts_comments(lines: list[str], position: int, kept: list[str]) -> bool:
    """Readers' comments are sentences too: they are known by the buttons between them."""
    line = lines[position]
    if len(line) > 40 or not _COMMENTS_HEADING.fullmatch(line):
        return False
    following = lines[position + 1 : position + 30]
    signs = any(len(other) < 40 and _COMMENT_SIGN.fullmatch(other) for other in following)
    return signs and any(map(is_sentence, kept[:100]))


def _skip_links(lines: list[str], position: int) -> int:
    """The first line after a block of links to other articles.

    Such a block ends where the article goes on: at a sentence, a caption with its
    credit, a turn of an interview, a byline. Dates within the block are of the links.
    """
    limit = min(len(lines), position + _LONGEST_LINK_BLOCK)
    while position < limit and not _goes_on(lines, position):
        position += 1
    return position


def _goes_on(lines: list[str], position: int) -> bool:
    line = lines[position]
    if not line or _is_remnant(line) or is_related_heading(line) or is_tag_line(line):
        return False
    if read_page_dates(line) or is_section_name(line):
        return False
    if _INTERVIEW_TURN.match(line) and len(line.split()) > 7 and line.endswith(("?", ".", ":")):
        return True
    if _CREDIT.search(line):
        return True
    if is_name_line(line):
        # A byline closes the article; a short headline has others or its date after it.
        following = next((other for other in lines[position + 1 : position + 4] if other), "")
        return not following or is_boilerplate(following) or is_sentence(following)
    return is_sentence(line) and not _is_link(line)


def _is_link(line: str) -> bool:
    """A linked headline with its date: `Lệ Thủy ra quân… (02/11/2017)`."""
    mentions = find_dates(line[-30:])
    return bool(mentions) and not line.endswith(".") and len(line.split()) <= _LONGEST_HEADLINE + 8


def _skip_tags(lines: list[str], position: int) -> int:
    """After a bare `Từ khóa:` the tags stand on lines of their own."""
    after = position + 1
    if line_key(lines[position].partition(":")[2]):
        return after
    while after < len(lines) and after < position + 15:
        line = lines[after]
        if line and (len(line.split()) > 6 or is_sentence(line) or is_related_heading(line)):
            break
        if is_name_line(line) or read_page_dates(line):
            break
        after += 1
    return after


def _collapse_duplicates(lines: list[str]) -> list[str]:
    """A caption that the page holds twice (as the picture's text and below it) stays once."""
    kept: list[str] = []
    for line in lines:
        key = line_key(line) if len(line) < 400 else line
        twins = [
            index
            for index in range(max(0, len(kept) - 2), len(kept))
            if key and (line_key(kept[index]) if len(kept[index]) < 400 else kept[index]) == key
        ]
        if twins and len(key.split()) > 3:
            kept[twins[0]] = max(kept[twins[0]], line, key=len)
        else:
            kept.append(line)
    return kept
