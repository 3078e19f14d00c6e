"""Takes an article out of the remnants of its page, line by line, losing no sentence."""

from __future__ import annotations

import re

from retrieval.comments import starts_comments
from retrieval.dates import find_dates, read_page_dates
from retrieval.imprints import foot_start, is_imprint
from retrieval.page_marks import (
    CAPITALS,
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
    rf"(?:[{CAPITALS}][\w.’']*)(?:\s+(?:[-–,&/]\s*|và\s+)?[{CAPITALS}][\w.’']*){{0,6}}"
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
_LIST_NUMBER = re.compile(r"^\(?\d{1,2}[.)/]\s+")
# A headline in a block of links has at most some 20 words; a longer line is the article.
_LONGEST_HEADLINE = 24
_LONGEST_LINK_BLOCK = 30
_MASTHEAD = re.compile(r"(?:Báo|Tạp chí|Đài|Cổng thông tin)\b[^.:;!?0-9]{3,50}", re.IGNORECASE)
_SHORTEST_PROSE = 8  # words


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
    prose = [_is_prose(line) for line in lines]
    end = foot_start(lines, prose)
    end = next((i for i in range(end) if starts_comments(lines, prose, i)), end)
    lines, prose = lines[:end], prose[:end]
    first = prose.index(True) if any(prose) else len(lines)
    last = len(prose) - prose[::-1].index(True) - 1 if any(prose) else -1
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        at_edge = not first < position < last
        if is_related_heading(line, at_edge=position > last):
            position = _skip_links(lines, position + 1, in_head=position < first)
            continue
        if is_tag_line(line) and not is_sentence(line):
            position = _skip_tags(lines, position)
            continue
        if line and (not _is_remnant(line, at_edge) or read_page_dates(line)):
            kept.append(_NUMBERED_PICTURE.sub("", line) or line)
        elif line:
            kept += _dates_of_crumbs(line)
        position += 1
    return _collapse_duplicates(kept)


def _is_prose(line: str) -> bool:
    """A sentence of some length that is no notice of the page."""
    return (
        len(line.split()) >= _SHORTEST_PROSE
        and is_sentence(line)
        and not is_boilerplate(line)
        and not is_imprint(line)
    )


def _is_remnant(line: str, at_edge: bool) -> bool:
    if is_boilerplate(line, at_edge) or is_navigation(line, at_edge):
        return True
    if is_imprint(line) and (at_edge or line[:1] in "©®" or not is_sentence(line)):
        return True
    inline = _INLINE_RELATED.match(line)
    if inline:
        return not is_sentence(line[inline.end() :])
    return _LINK_MARK.match(line) is not None and not is_sentence(line)


def _dates_of_crumbs(line: str) -> list[str]:
    """The date that some pages put at the end of their breadcrumbs."""
    parts = re.split(r"\s*[>»›|]+\s*", line)
    return [part for part in parts[1:] if read_page_dates(part)]


def _skip_links(lines: list[str], position: int, *, in_head: bool) -> int:
    """The first line after a block of links to other articles.

    Such a block ends where the article goes on: at a sentence, a caption with its
    credit, a turn of an interview, a byline. Dates within the block are of the links.
    Above the article the paper's name, headline and page date follow it, so there the name
    ends it too.
    """
    limit = min(len(lines), position + _LONGEST_LINK_BLOCK)
    while position < limit and not _goes_on(lines, position):
        if in_head and _MASTHEAD.fullmatch(lines[position]):
            return position
        position += 1
    return position


def _goes_on(lines: list[str], position: int) -> bool:
    line = lines[position]
    if not line or _is_remnant(line, True) or is_related_heading(line) or is_tag_line(line):
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
