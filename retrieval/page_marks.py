"""The words that a newspaper's page puts around an article: sections, buttons, link blocks.

The lists are in `data/page_remnants.csv`. Only whole lines are ever compared with them, so
that a sentence about "Chia sẻ" is none of them. Words that a form or a table of the article
may have too (`Nội dung`, `Tổng cộng`) count only at the page's edge: above its first
sentence or below its last.
"""

from __future__ import annotations

import functools
import re

from retrieval.place_context import read_rows
from retrieval.text import canonical

# For character classes. A range such as À-Ỹ would take in small letters: "đ" lies within it.
CAPITALS = "A-Z" + "".join(
    c for c in map(chr, (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))) if c.isupper()
)


# A line is compared with several lists in a row, and buttons recur within a page.
@functools.lru_cache(maxsize=2048)
def line_key(line: str) -> str:
    """What two spellings of one mark share: small letters, words only, one tone placement."""
    return " ".join(re.findall(r"[^\W_]+", canonical(line)))


def _read_rules() -> dict[str, frozenset[str]]:
    rules: dict[str, set[str]] = {}
    for row in read_rows("page_remnants.csv"):
        rules.setdefault(row["rule"], set()).add(line_key(row["words"]))
    return {rule: frozenset(words) for rule, words in rules.items()}


# What each rule is for stands in data/README.md.
_RULES = _read_rules()
_SECTIONS = _RULES["section"]
_BUTTONS = _RULES["button"]
_EDGE_BUTTONS = _RULES["edge_button"]
_COUNTERS = _RULES["counter"]
_EDGE_COUNTERS = _RULES["edge_counter"]
_LINK_BLOCKS = _RULES["link_block"]
_EDGE_LINK_BLOCKS = _RULES["edge_link_block"]
_LETTERHEAD = _RULES["letterhead"]
_HOME = frozenset({"trang chủ", "home", "trang nhất"})
_JOINERS = frozenset({"và", "hoặc", "qua", "trên", "lên", "trong", "với", "bởi", "lần", "lượt"})
_NUMBER = re.compile(r"\d+k?")


def _openings() -> dict[str, list[tuple[str, ...]]]:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _RULES["opening"]:
        words = tuple(phrase.split())
        by_first.setdefault(words[0], []).append(words)
    return by_first


_OPENINGS = _openings()
_ALL_PHRASES = _BUTTONS | _EDGE_BUTTONS | _COUNTERS | _EDGE_COUNTERS
_LONGEST_PHRASE = max(len(phrase.split()) for phrase in _ALL_PHRASES)
_LONGEST_MARK = 200
_LONGEST_ROW = 160
_LONGEST_NOTICE = 30  # words

_TAGS = re.compile(
    r"(?:từ khóa|từ khoá|tags?|chủ đề|thẻ|keywords?|chuyên đề|hashtag|topic|sự kiện)s?\s*[:：]",
    re.IGNORECASE,
)
_TAG_ROW = re.compile(r"(?:#[\w.-]{2,40}[\s,;|]*)+")
_SECTION_LABEL = re.compile(r"(?:chuyên mục|chuyên trang|mục|danh mục|thư mục)\s*[:：]?\s+", re.I)
_SECTION_JOINT = re.compile(r"\s*[-–—|/,&+]\s*|\s+và\s+")

# What varies within a line: names, numbers, hours.
_PATTERNS = re.compile(
    r"""(?:
    (?:hãy\ )?(?:theo\ dõi|kết\ nối|đồng\ hành|like|thích|quan\ tâm|tham\ gia|đón\ đọc
        |đón\ xem|cập\ nhật|ủng\ hộ)\b(?:[^.]|\.\S){0,80}?\b(?:trên|tại|qua|với|trong|on)\s
        (?:kênh\s|trang\s|mạng\sxã\shội\s|ứng\sdụng\s)?
        (?:google|facebook|fanpage|zalo|youtube|tiktok|instagram|telegram|twitter|viber|lotus|x\b)
        [^.,]{0,30}[.!]?$
    |(?:follow|like)\ .{0,60}\bon\s(?:google|facebook|zalo|youtube|tiktok|instagram|twitter)
    |(?:fanpage|kênh\s(?:youtube|tiktok|zalo)|trang\sfacebook|zalo\soa|facebook|youtube|zalo)
        \s?(?:của\s)?[:|-]?\s?(?:báo|đài|cổng|tạp\ chí|trang)\b.{0,50}$
    |(?:hôm\ nay|bây\ giờ)\s*[:,]?\s*(?:là\s)?(?:thứ|chủ\ nhật|ngày\ \d|\d)[^.]{0,50}$
    |(?:thứ\ \w+|chủ\ nhật|ngày\ \d)[^.]{0,50}\bâm\ lịch\b[^.]{0,30}$
    |(?:like|thích|theo\ dõi|quan\ tâm)\s(?:fanpage|trang\sfacebook|kênh|zalo|facebook)\b[^.]{0,80}$
    |nguồn\s*:\s*\[link\ nguồn\]
    |(?:nghe|đọc)\ (?:đọc\ )?(?:bài|tin|nội\ dung)\b.{0,30}\d{1,2}:\d{2}\s*$
    |(?:kích\ thước|cỡ)\ chữ\b.{0,20}$
    |404\b.{0,40}$
    |(?:lưu|tải|in|gửi)\ (?:bài|tin|trang)(?:\s(?:viết|này|báo)){0,2}\s?[!:»>.]*$
    |chia\ sẻ\s(?:facebook|zalo|twitter|lên|qua|bài|trên|tới|cho|với\ bạn|link|liên\ kết)
        [^.]{0,40}$
    |\d{1,2}(?:\s?[.,]\s?\d)?\s?/\s?(?:5|10)\s?(?:sao|điểm|★+)?\s?[-–(]?\s?(?:trong|trên|của)?\s?
        \(?\s?[\d.]*\s?(?:lượt\ |phiếu\ )?(?:đánh\ giá|bình\ chọn|phiếu|votes?|lượt)\b[^.]{0,15}$
    |(?:bạn\ còn|còn)\s(?:lại\s)?[\d/.]+\ský\ tự.{0,30}$
    |(?:xem|hiện)\sthêm\s\d+\s(?:bình\ luận|ý\ kiến|phản\ hồi|trả\ lời|ảnh)$
    |\d+\s?/\s?\d+\s(?:ảnh|hình)$
    |(?:trang|page)\s\d{1,3}(?:\s?/\s?\d{1,3})?$
    |(?:lần\ )?xuất\ bản\ lúc$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# "Báo Bình Định trên Zalo": the capital tells it from "Báo động lừa đảo trên Facebook".
_PAPER_ON_MEDIA = re.compile(
    rf"(?:Báo|BÁO|Đài|Tạp chí|Cổng|Trang)(?: điện tử| ĐIỆN TỬ)?\s[{CAPITALS}][^.:;,]{{1,40}}?"
    r"\s(?:trên|tại|qua|on)\s(?:[Gg]oogle|[Ff]acebook|[Zz]alo|[Yy]ou[Tt]ube|[Tt]ik[Tt]ok|mạng xã"
    rf"|[Ii]nstagram|[Tt]elegram|[Tt]witter|các nền tảng)\b[^.]{{0,30}}"
)
_PLAYER = re.compile(
    r"(?:[-–]?\d{1,2}:\d{2}(?::\d{2})?)(?:\s*/\s*[-–]?\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:current time|duration|remaining time|loaded|progress|stream type)\b.{0,40}",
    re.IGNORECASE,
)
# Names of icons and style classes that a page's font or a failed picture leaves behind.
_ICON = re.compile(
    r"(?:(?:ic|icons?|btn|fa[bsrl]?|glyphicon|logo|img|avatar|svg|bi|mdi)[-_][a-z0-9][\w-]*"
    r"|[a-z0-9]+(?:_[a-z0-9]+)+|(?:arrow|chevron|keyboard|expand|share|print|mail|more|menu|close"
    r"|search|play|volume)(?:_[a-z]+)*)(?:\.(?:png|svg|gif|jpe?g|webp))?",
)
_BACK_TO_SECTION = re.compile(
    r"(?:trở lại|quay lại)\s(?:chuyên mục\s|mục\s|trang\s)?(?P<section>.+)", re.IGNORECASE
)
_STARS = re.compile(r"[★☆⭐✩✭*\s]{2,}")


def is_section_name(line: str) -> bool:
    """`Xã hội`, `Chính trị - Xây dựng Đảng`, `Chuyên mục: Kinh tế`."""
    if len(line) >= 60:
        return False
    line = _SECTION_LABEL.sub("", line, count=1) if _SECTION_LABEL.match(line) else line
    if line_key(line) in _SECTIONS:
        return True
    parts = [part for part in _SECTION_JOINT.split(line.strip(" >|»-–/")) if part]
    return len(parts) > 1 and all(line_key(part) in _SECTIONS for part in parts)


def is_related_heading(line: str, at_edge: bool = False) -> bool:
    """`Tin liên quan`, `Xem thêm >>`: links to other articles follow."""
    if len(line) >= 60:
        return False
    key = line_key(line)
    return key in _LINK_BLOCKS or (at_edge and key in _EDGE_LINK_BLOCKS)


def is_tag_line(line: str) -> bool:
    """`Từ khóa: dân vận, Bắc Kạn`, also with nothing after the colon."""
    return _TAGS.match(line) is not None or _TAG_ROW.fullmatch(line) is not None


def is_letterhead(line: str) -> bool:
    """The state's or the Party's name and motto above an office's letter."""
    return line_key(line) in _LETTERHEAD


def is_boilerplate(line: str, at_edge: bool = False) -> bool:
    """Buttons, players, counters and the marks of a form: never part of an article."""
    if len(line) > _LONGEST_MARK:
        return False
    key = line_key(line)
    return (
        not key
        or key in _BUTTONS
        or key in _LETTERHEAD
        or (at_edge and key in _EDGE_BUTTONS)
        or _PLAYER.fullmatch(line) is not None
        or all(map(_ICON.fullmatch, line.split()))
        or _begins_as_notice(key)
        or _PATTERNS.match(line) is not None
        or _PAPER_ON_MEDIA.fullmatch(line) is not None
        or _leads_back(line)
        or _is_button_row(line, at_edge)
    )


def _leads_back(line: str) -> bool:
    """`Trở lại Thời sự`."""
    match = _BACK_TO_SECTION.fullmatch(line)
    return match is not None and is_section_name(match["section"])


def _begins_as_notice(key: str) -> bool:
    """`Vui lòng đăng nhập để …`, `Mời quý độc giả …`."""
    words = tuple(key.split())
    if len(words) > _LONGEST_NOTICE:
        return False
    return any(words[: len(phrase)] == phrase for phrase in _OPENINGS.get(words[0], ()))


def _is_button_row(line: str, at_edge: bool) -> bool:
    """Nothing but buttons and counters: `Facebook | Zalo`, `Thích 12`, `Đã xem: 508`."""
    if len(line) > _LONGEST_ROW:
        return False
    phrases = _phrases(line_key(_STARS.sub(" ", line)), _ALL_PHRASES)
    if phrases is None:
        return False
    numbers = any(map(_NUMBER.fullmatch, phrases))
    sure = [phrase for phrase in phrases if phrase in _BUTTONS or phrase in _COUNTERS]
    if any(len(phrase) > 1 for phrase in sure):
        # A counter's label without its number may be a heading: "Đang xem".
        return numbers or any(phrase in _BUTTONS for phrase in sure)
    if not at_edge:
        return False
    weak = [phrase for phrase in phrases if phrase in _EDGE_COUNTERS or phrase in _EDGE_BUTTONS]
    return len(weak) > 1 or (numbers and any(phrase in _EDGE_COUNTERS for phrase in weak))


def _phrases(key: str, known: frozenset[str]) -> list[str] | None:
    """The known phrases and numbers that make up a key; None when a word is left over."""
    words = key.split()
    phrases = []
    position = 0
    while position < len(words):
        for size in range(min(_LONGEST_PHRASE, len(words) - position), 0, -1):
            phrase = " ".join(words[position : position + size])
            if phrase in known or (size == 1 and (_NUMBER.fullmatch(phrase) or phrase in _JOINERS)):
                phrases.append(phrase)
                position += size
                break
        else:
            return None
    return phrases


_CRUMB = re.compile(r"\s*(?:>+|»|›|→|❯|▸|►|\||•|·|::|\\)\s*|\s+/\s+")
_ARROWS = (">", "»", "›", "→", "❯", "▸", "►")


def is_navigation(line: str, at_edge: bool = False) -> bool:
    """Breadcrumbs and menus: `Trang chủ > Tin tức > Xã hội`, `Thời sự | Kinh tế | Văn hóa`."""
    if len(line) > _LONGEST_MARK or line.endswith((".", "!", "?", ";")):
        return False
    parts = [part for part in _CRUMB.split(line) if part]
    if len(parts) < 2:
        return _is_menu_row(line_key(line)) or _is_dashed_crumb(line)
    known = sum(is_section_name(part) or line_key(part) in _BUTTONS for part in parts)
    arrows = any(mark in line for mark in _ARROWS)
    # A row of a table has its numbers.
    plain = arrows or not any(c.isdigit() for c in line)
    if line_key(parts[0]) in _HOME or (plain and 2 * known > len(parts)):
        return True
    short = all(len(part.split()) <= 6 for part in parts)
    if arrows and short and (known > 0 or at_edge):
        return True
    # A menu of sections that are this paper's own.
    return at_edge and plain and short and len(parts) > 2 and known > 0


def _is_dashed_crumb(line: str) -> bool:
    """`Trang chủ - Tin tức - Trong tỉnh`."""
    parts = re.split(r"\s+[-–]\s+|\s*/\s*", line)
    return len(parts) > 1 and line_key(parts[0]) in _HOME and len(line.split()) < 20


def _is_menu_row(key: str) -> bool:
    """`Trang chủ Thời sự Chính trị Xã hội`: three section names or more and no other word."""
    phrases = _phrases(key, _SECTIONS)
    return (
        phrases is not None and len(phrases) > 2 and all(phrase in _SECTIONS for phrase in phrases)
    )
