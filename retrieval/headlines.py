"""What the first and last lines of a cleaned article are: headline, date, place, body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from retrieval.cleaning import is_name_line, is_sentence
from retrieval.datelines import Origin, read_dateline
from retrieval.dates import PageDate, Role, read_page_dates
from retrieval.gazetteer import Gazetteer
from retrieval.letterheads import (
    DOCUMENT_KIND,
    Letterhead,
    is_any_office,
    is_office_name,
    is_title_length,
    read_letterhead,
)
from retrieval.page_marks import is_section_name, line_key
from retrieval.sources import page_mark_origins, whole_line_origin
from retrieval.text import sentences

# A page may put its date below a summary of up to two paragraphs, not deeper.
_REPORT_LINES_BEFORE_DATE = 2
_LONGEST_TITLE = 40
_LONGEST_FALLBACK = 300
_SHORTEST_TITLE = 5  # words; below a lead, where a byline or a place may stand too
_MOST_LEAD_SENTENCES = 2  # a longer opening is the report, and what follows a heading within
_SUBHEADING = re.compile(r"(?:\d{1,2}|[IVX]{1,4}|[a-d])[.)/]\s|phần\s|bài \d", re.IGNORECASE)

_CAPTION = re.compile(
    r"(?:quang cảnh|toàn cảnh|các đại biểu|đại biểu|đồng chí|đ/c|ông|bà|ảnh|một góc"
    r"|hình ảnh|cảnh|lễ ký kết giữa)\b"
    r"|.*(?:\(ảnh|ảnh:|\(video|ảnh minh họa)",
    re.IGNORECASE,
)
_KICKER = re.compile(
    r"(?:kỷ niệm|hướng tới|chào mừng|nhân (?:dịp |kỷ niệm )?ngày|tiến tới|mừng (?:đảng"
    r"|xuân)|kỳ họp thứ|hội nghị .{0,60}lần thứ"
    r"|đại hội .{0,60}(?:lần thứ|nhiệm kỳ)|đưa nghị quyết|học tập và làm theo|cuộc thi"
    r"|bầu cử|phòng,? chống dịch|góc nhìn|diễn đàn"
    r"|thực hiện (?:nghị quyết|chỉ thị|kết luận)|chuyên đề|loạt bài|sự kiện và bình luận)\b",
    re.IGNORECASE,
)
# A section of an office's site, which no list has: "Tin hoạt động Huyện ủy".
_OWN_SECTION = re.compile(
    r"(?:tin|tin tức|thông tin|hoạt động|tin hoạt động|tin từ|chuyên mục|chuyên trang|bản tin"
    r"|trang)\s(?!.*[.:!?\d“\"])",
    re.IGNORECASE,
)
_LONGEST_SECTION = 6  # words
_PAGE_HEADER = re.compile(
    r"(?:cổng (?:thông tin|ttđt)|trang (?:thông tin|tin|ttđt)|báo điện tử|website"
    r"|cơ quan (?:ngôn luận|của)|tiếng nói của|tạp chí điện tử)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Layout:
    """An article's parts; filled line by line by `lay_out`."""

    title: str | None = None
    body: list[str] = field(default_factory=list)
    dates: list[tuple[PageDate, bool]] = field(default_factory=list)  # with: near the head
    places: list[str] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    # Lines that may be the headline: (place in body, line, stands before the first date)
    candidates: list[tuple[int, str, bool]] = field(default_factory=list)


def lay_out(gazetteer: Gazetteer, lines: list[str], stated_title: str | None) -> Layout:
    """Sorts cleaned lines. `layout.title` stays None where the lines hold no headline."""
    layout = Layout()
    stated_title = stated_title if stated_title and is_title_length(stated_title) else None
    letterhead = read_letterhead(lines)
    if letterhead:
        if not stated_title or DOCUMENT_KIND.fullmatch(stated_title.upper()):
            stated_title = layout.title = letterhead.title
            lines = [line for i, line in enumerate(lines) if i not in letterhead.title_lines]
        layout.origins += _issuer(gazetteer, letterhead)
    reports = [index for index, line in enumerate(lines) if _is_report(gazetteer, line)]
    first = reports[0] if reports else len(lines)
    last = reports[-1] if reports else -1
    # A headline that ends with a full stop looks like a report; its date follows it.
    closed = first == 0 and len(lines) > 1 and layout.title is None
    if closed and _is_closed_title(lines[0]) and read_page_dates(lines[1]):
        layout.title = lines[0]
        lines = lines[1:]
        reports = [index - 1 for index in reports[1:]]
        first, last = (reports[0], reports[-1]) if reports else (len(lines), -1)
    date_end = (
        reports[_REPORT_LINES_BEFORE_DATE]
        if len(reports) > _REPORT_LINES_BEFORE_DATE
        else first + 3
    )
    head = lines[:first]
    for index, line in enumerate(lines):
        near_head = index < date_end
        if (near_head or index > last) and _take_date(gazetteer, layout, line, near_head):
            continue
        if index < first:
            _take_head_line(gazetteer, layout, head, index)
        elif index <= last or not _is_foot_mark(gazetteer, layout, line):
            layout.body.append(line)
    if layout.title is None:
        _take_title(layout, stated_title)
    if layout.title is None:
        _take_title_below_lead(gazetteer, layout)
    key = line_key(stated_title or layout.title or "")
    if key:
        layout.body = [line for line in layout.body if line_key(line) != key]
    return layout


def _take_head_line(gazetteer: Gazetteer, layout: Layout, head: list[str], index: int) -> None:
    """One of the lines above the report that is no date."""
    line = head[index]
    if _take_mark(gazetteer, layout, line) or _take_office(gazetteer, layout, head, index):
        return
    if _may_be_title(line):
        layout.candidates.append((len(layout.body), line, not layout.dates))
    layout.body.append(line)


def _issuer(gazetteer: Gazetteer, letterhead: Letterhead) -> list[Origin]:
    """The issuing office, of the province that it or an office above it names."""
    mentions = [
        mention
        for office in letterhead.offices
        for mention in gazetteer.find_places(office.title())
    ]
    places = {name for mention in mentions for name in mention.names}
    named = [office for office in letterhead.offices if not is_any_office(office)]
    provinces = tuple(places) if len(places) == 1 else ()
    return [Origin(named[-1], provinces, known=False)] if named else []


def _is_report(gazetteer: Gazetteer, line: str) -> bool:
    """Running text: headlines may be long, but they do not end with a full stop."""
    if len(line) > 400:
        return True
    if not is_sentence(line):
        # "BÁO TRÀ VINH - Thứ Năm, ngày 23 tháng 8 năm 2018" opens like a dateline.
        long = len(line.split()) > 7 and not read_page_dates(line)
        return long and read_dateline(gazetteer, line) is not None
    if line.rstrip("”\"’'»)]").endswith((".", ";")) or len(line.split()) > _LONGEST_TITLE:
        return True
    if _CAPTION.match(line):
        return False
    return len(sentences(line)) > 1 or read_dateline(gazetteer, line) is not None


def _is_closed_title(line: str) -> bool:
    return len(line.split()) <= 30 and len(sentences(line)) == 1


def _take_date(gazetteer: Gazetteer, layout: Layout, line: str, near_head: bool) -> bool:
    dates = read_page_dates(line)
    if not dates:
        return False
    layout.dates += [(date, near_head) for date in dates]
    rest = dates[0].rest
    if not rest or is_section_name(rest):
        return True
    province = gazetteer.province(rest)
    origin = whole_line_origin(gazetteer, rest)
    if province:
        layout.places.append(province.name)
    elif origin:
        layout.origins.append(origin)
    elif is_name_line(rest):
        layout.body.append(rest)
    return True


def _take_mark(gazetteer: Gazetteer, layout: Layout, line: str) -> bool:
    """A line above the report that names its section, place or paper and says no more."""
    if len(line) > 90:
        return False
    if is_section_name(line) and not DOCUMENT_KIND.fullmatch(line):
        return True
    if _PAGE_HEADER.match(line) and len(line.split()) <= 14:
        layout.origins += page_mark_origins(gazetteer, line)
        return True
    bare = line.strip(" .:-–()")
    dateline = read_dateline(gazetteer, line + " X")
    if len(bare.split()) <= 5 and (province := gazetteer.province(bare)):
        layout.places.append(province.name)
        return True
    if dateline and dateline.end >= len(line):
        layout.places += [dateline.place] if dateline.place else []
        layout.origins += [dateline.origin] if dateline.origin else []
        return True
    origin = whole_line_origin(gazetteer, line)
    if origin:
        layout.origins.append(replace(origin, of_page=True))
    return origin is not None


def _take_office(gazetteer: Gazetteer, layout: Layout, head: list[str], index: int) -> bool:
    """An office whose site this is, named above the headline: no headline itself."""
    line = head[index]
    if not is_office_name(line):
        return False
    below = head[index + 1 :]
    if not any(map(_may_be_title, below)) or below[0][0].islower():
        return False
    places = {name for mention in gazetteer.find_places(line) for name in mention.names}
    provinces = tuple(places) if len(places) == 1 else ()
    layout.origins.append(Origin(line, provinces, known=False, of_page=True))
    return True


def _is_foot_mark(gazetteer: Gazetteer, layout: Layout, line: str) -> bool:
    """`(backan.gov.vn)` and a section's name below the report."""
    if is_section_name(line):
        return True
    bare = line.strip("()[] ")
    if " " in bare or "." not in bare:
        return False
    origin = whole_line_origin(gazetteer, line)
    if origin:
        layout.origins.append(origin)
    return origin is not None


def _may_be_title(line: str) -> bool:
    words = line.split()
    if DOCUMENT_KIND.fullmatch(line.strip(" :")):
        return True
    if not 2 <= len(words) <= _LONGEST_TITLE or len(line) > 350:
        return False
    if is_name_line(line) and not (line.isupper() and len(words) > 3):
        return False
    if re.search(r"ảnh\s*:", line, re.IGNORECASE) or not any(c.isalpha() for c in line):
        return False
    return not re.match(r"số\s*:|kính gửi|[-–+]\s", line, re.IGNORECASE)


def _take_title(layout: Layout, stated: str | None) -> None:
    """The headline among the candidates; it leaves the body, a kicker stays in it."""
    if stated:
        layout.title = stated
        return
    pool = [(at, line) for at, line, before_date in layout.candidates if before_date]
    after = [(at, line) for at, line, before_date in layout.candidates if not before_date]
    opens = after and (len(after[0][1].split()) > 4 or DOCUMENT_KIND.match(after[0][1]))
    if opens and all(len(line.split()) <= 4 for _, line in pool):
        pool = after
    pool = pool or after
    if not pool:
        return
    place, title = pool[0]
    if len(pool) > 1:
        at, following = pool[1]
        if DOCUMENT_KIND.fullmatch(title.strip(" :")):
            layout.title = f"{title.strip(' :')} {following}"
            layout.body = [line for i, line in enumerate(layout.body) if i not in (place, at)]
            return
        if _is_kicker(title, following):
            place, title = at, following
    if _CAPTION.match(title) and len(pool) == 1 and title.endswith("."):
        return
    layout.title = title
    del layout.body[place]


def _take_title_below_lead(gazetteer: Gazetteer, layout: Layout) -> None:
    """The headline that a page without one above has below its signed lead."""
    reports = [i for i, line in enumerate(layout.body[:8]) if _is_report(gazetteer, line)]
    if len(reports) < 2 or reports[1] != reports[0] + 2:
        return
    lead, line = layout.body[reports[0]], layout.body[reports[0] + 1]
    signed = read_dateline(gazetteer, lead)
    sole = len(sentences(lead)) <= _MOST_LEAD_SENTENCES
    other = _CAPTION.match(line) or _SUBHEADING.match(line) or line.endswith((":", ";"))
    long = len(line.split()) >= _SHORTEST_TITLE
    if signed and sole and long and not other and _may_be_title(line):
        layout.title = line
        del layout.body[reports[0] + 1]


def _is_kicker(line: str, following: str) -> bool:
    """The line above a headline that names the occasion: `Kỷ niệm 87 năm Ngày …`."""
    if _CAPTION.match(following) and not following.isupper():
        return False
    words, next_words = len(line.split()), len(following.split())
    if line.endswith((":", "…", "...")) and words <= 15:
        return True
    if words <= 4 and next_words >= 6:
        return True
    if _OWN_SECTION.match(line) and words <= _LONGEST_SECTION and next_words >= words + 2:
        return True
    return _KICKER.match(line) is not None and (next_words >= 5 or following[:1] in '"“')


def first_sentence(gazetteer: Gazetteer, body: list[str]) -> str:
    """Stands in for a headline; without the dateline before it."""
    line = next((line for line in body if is_sentence(line)), body[0])[:2000]
    dateline = read_dateline(gazetteer, line)
    start = dateline.end if dateline else 0
    span = next(iter(sentences(line, start)), None)
    sentence = line[span.start : span.end] if span else line
    if len(sentence) <= _LONGEST_FALLBACK:
        return sentence
    return sentence[:_LONGEST_FALLBACK].rsplit(" ", 1)[0] + "…"


def choose_date(layout: Layout) -> PageDate | None:
    """The publication before a bare date before an update; near the head before the foot."""
    if not layout.dates:
        return None
    heads = [date for date, near_head in layout.dates if near_head]
    feet = [date for date, near_head in layout.dates if not near_head]
    if not heads and len({date.day for date in feet}) > 1:
        # Several dates below an article are those of a list of links, unless labelled.
        feet = [date for date in feet if date.role is Role.PUBLISHED]
    rank = {Role.PUBLISHED: 4, Role.STATED: 2, Role.UPDATED: 0}
    found = [
        (rank[date.role] + (3 if near else 0) + date.timed, date)
        for near, dates in ((True, heads), (False, feet))
        for date in dates
    ]
    return max(found, key=lambda item: item[0])[1] if found else None
