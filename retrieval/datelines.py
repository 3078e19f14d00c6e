"""How a report opens, `(QBĐT) - ` or `HẢI DƯƠNG - `: who signs it and what place it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.gazetteer import Gazetteer, Newspaper
from retrieval.page_marks import CAPITALS
from retrieval.text import squeeze

# Abbreviations that open sentences and sign no article.
_ABBREVIATIONS = """
    UBND HĐND MTTQ UBMTTQ TP TX TT TW BCH BTV BCĐ CT PCT BT PBT NQ CĐ KH QĐ NĐ HTX GPMB THPT
    THCS ĐH CĐSP TNHH CP CSGT CAND LĐLĐ ĐVTN HLHPN CCB XHCN KT VH TDTT ATGT PCCC BHXH BHYT
    NTM OCOP COVID GDP FDI PCI PAPI ASEAN APEC WHO UNESCO VN EU USD VND PV BTC BGK HLV CLB
    HCM
"""
_NOT_CODES = frozenset(_ABBREVIATIONS.split())
# "P.V", "B.T.": the initials of a person, not the code of a paper.
_INITIALS = re.compile(rf"(?:[{CAPITALS}]\.\s?){{1,4}}[{CAPITALS}]?\.?")
# Two letters are a paper's code where a report opens, `(QT) - `; elsewhere they are any word's.
_SHORTEST_BARE_CODE = 3
# Without brackets the report must follow: "KT - XH", "PT - TH" are halves of one abbreviation.
_NOT_BARE = _NOT_CODES - {"BT", "CT"}  # Bình Thuận's and Cần Thơ's papers print theirs bare
_PARENTHESISED = re.compile(r"\(\s*([^()]{2,45}?)\s*\)\s*(?P<dash>[-–—:.]*)\s*(?=\S)")
_PLACE_AND_CODE = re.compile(
    r"(?P<place>[^()–—:.!?\d]{2,40}?)(?:,?\s(?:ngày\s)?[\d/.\-]{3,10})?\s*"
    r"\((?P<code>[^()]{2,45}?)\)\s*(?P<dash>[-–—:.]*)\s*(?=\S)"
)
_DASH = re.compile(
    r"\s+[-–—]\s*(?=\S)|\s*[–—]\s*(?=\S)|(?<=[A-ZĐ])-\s(?=\S)"
    rf"|(?<=[A-ZĐ]{{2}})-(?=[{CAPITALS}][^\W\d{CAPITALS}])"
)
_DAY_TAIL = re.compile(r",?\s*(?:ngày\s)?\d{1,2}(?:[/.\-]\d{1,2}){1,2}$")
_LONGEST_DATELINE = 70
_LONGEST_HEADLINE = 250
_CLOSERS = "”\"’'»)]"
DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,6})(?:/\S{0,300})?", re.IGNORECASE
)


# "baophutho.vn Ngày 18/8, …": the address stands for a code, with or without a dash.
_ADDRESS_OPENING = re.compile(
    rf"((?i:{DOMAIN.pattern}))\s*(?P<dash>[-–—:|]*)\s+(?=[{CAPITALS}“\"‘'])"
)
_PUBLISHER = re.compile(
    r"(?:Báo|BÁO|Đài|ĐÀI|Tạp chí|TẠP CHÍ|Cổng|CỔNG|Trang|TRANG|Thông tấn|THÔNG TẤN)\s"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who published an article.

    Attributes:
        name: as it is to be shown.
        provinces: whose paper it is; several when a code is shared, none when national.
        known: whether the gazetteer has it; of an unknown code it is open whose it is.
        of_page: whether the page itself names it (its head, foot or metadata), so that
            the page is its own even where an agency signed the text.
        shared: whether a paper of the whole country signs with the same code.
    """

    name: str
    provinces: tuple[str, ...] = ()
    known: bool = True
    of_page: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of a report: `(QBĐT) - `, `HẢI DƯƠNG - `, `Hà Nội (TTXVN) - `.

    Attributes:
        end: where the report's first sentence starts (characters).
    """

    end: int
    origin: Origin | None
    place: str | None


def read_dateline(gazetteer: Gazetteer, line: str) -> Dateline | None:
    """The dateline that a paragraph opens with, or None."""
    head = line[: _LONGEST_DATELINE + 30]
    match = _ADDRESS_OPENING.match(head)
    if match:
        origin = origin_of_address(gazetteer, match[1])
        if origin and (origin.known or match["dash"]):
            return Dateline(match.end(), origin, None)
    match = _PARENTHESISED.match(head)
    if match:
        origin = _origin_of_code(gazetteer, match[1], signed=bool(match["dash"]))
        place = _place(gazetteer, _DAY_TAIL.sub("", match[1])) if origin is None else None
        if origin or (place and match["dash"]):
            return Dateline(match.end(), origin, place)
        return None
    match = _PLACE_AND_CODE.match(head)
    if match:
        origin = _origin_of_code(gazetteer, match["code"], signed=bool(match["dash"]))
        place = _place(gazetteer, match["place"])
        if origin and (place or match["dash"]):
            return Dateline(match.end(), origin, place)
    # "Báo Nghệ An - 60 năm đồng hành" is a headline: only a report has its full stop.
    is_report = len(line) > _LONGEST_HEADLINE or line.rstrip(_CLOSERS).endswith((".", "…"))
    return _read_dashed(gazetteer, head, is_report)


def _read_dashed(gazetteer: Gazetteer, head: str, is_report: bool) -> Dateline | None:
    """The longest opening before a dash that is a code or a place: `BÀ RỊA - VŨNG TÀU - …`."""
    dashes = [match for match in _DASH.finditer(head) if match.start() <= _LONGEST_DATELINE]
    for dash in reversed(dashes[:4]):
        opening = head[: dash.start()].strip()
        following = head[dash.end() : dash.end() + 1]
        if not opening or following.islower():
            continue
        # A code may also be a province's ("TTH - "): then its newspaper signs.
        code = _DAY_TAIL.sub("", opening)
        if code.isupper() and not may_be_bare_code(code):
            word = head[dash.end() :].split(maxsplit=1)[0]
            if code in _NOT_BARE or word.isupper():
                continue
        if papers := _papers_of_code(gazetteer, code):
            return Dateline(dash.end(), origin_of_papers(code, papers), None)
        place = _place(gazetteer, code)
        if place:
            return Dateline(dash.end(), None, place)
        if is_report and (paper := _paper_in_full(gazetteer, code)):
            return Dateline(dash.end(), origin_of_papers(paper.name, (paper,)), None)
        if not any(c.islower() for c in re.sub(r"(?i)online|vietnam|\.vn|plus", "", opening)):
            origin = _origin_of_code(gazetteer, opening, signed=" " not in opening)
            if origin:
                return Dateline(dash.end(), origin, None)
    return None


def _papers_of_code(gazetteer: Gazetteer, text: str) -> tuple[Newspaper, ...]:
    """The newspapers that sign with exactly this code: `TTH`, but not the words "Thanh niên"."""
    if not text.isupper() or len(text.split()) > 2 or text in _NOT_CODES:
        return ()
    papers = gazetteer.newspapers_by_code(text)
    return tuple(paper for paper in papers if text in paper.codes)


def may_be_bare_code(text: str) -> bool:
    """Whether a text without brackets about it may be a code: no initials, not two letters."""
    letters = sum(c.isalpha() for c in text)
    return letters >= _SHORTEST_BARE_CODE and _INITIALS.fullmatch(text) is None


def _paper_in_full(gazetteer: Gazetteer, text: str) -> Newspaper | None:
    """`Báo Khánh Hoà - …`, `Tuổi Trẻ - …`: a name that is no ordinary word."""
    paper = gazetteer.newspaper_by_name(text) if len(text) > 3 else None
    if paper is None:
        return None
    words = text.split()
    titled = len(words) > 1 and all(word[:1].isupper() for word in words) and text == paper.name
    return paper if _PUBLISHER.match(text) or titled else None


def _place(gazetteer: Gazetteer, text: str) -> str | None:
    """The province of a text that is nothing but a place, be it one of its districts."""
    text = text.strip(" ,.-–")
    if not text or len(text) > 40 or not text[:1].isupper():
        return None
    province = gazetteer.province(text)
    if province:
        return province.name
    for spelling in (text, text.title()):
        mentions = gazetteer.find_places(spelling)
        if len(mentions) != 1 or len(mentions[0].names) != 1:
            continue
        if mentions[0].start == 0 and mentions[0].end >= len(spelling) - 1:
            return mentions[0].names[0]
    return None


def _origin_of_code(gazetteer: Gazetteer, text: str, signed: bool) -> Origin | None:
    """The newspaper of a code; an unknown code counts where it stands as one (`signed`)."""
    text = squeeze(_DAY_TAIL.sub("", text)).strip(" -–:,.")
    text = re.sub(r"^(?:theo|nguồn\s*:?|tin)\s+", "", text, flags=re.IGNORECASE)
    if _INITIALS.fullmatch(text):
        return None
    domain = DOMAIN.fullmatch(text)
    if domain and "." in text:
        return origin_of_address(gazetteer, text)
    # "TTXVN/Vietnam+" is the agency on its own site; a code with a slash of its own is last.
    for part in [*re.split(r"\s*/\s*", text), text]:
        papers = gazetteer.newspapers_by_code(part)
        if papers and spelled_as_code(papers, part):
            return origin_of_papers(part, papers)
        paper = gazetteer.newspaper_by_name(part)
        if paper and part[:1].isupper() and len(part) > 3:
            return origin_of_papers(part, (paper,))
    if signed and _looks_like_code(text) and gazetteer.province(text) is None:
        return Origin(text, known=False)
    return None


def spelled_as_code(papers: tuple[Newspaper, ...], text: str) -> bool:
    """Whether a text found among the codes is written as one: "Thanh niên" is only a word."""
    return (
        text.isupper() or any(text in (*paper.codes, paper.name) for paper in papers) or "." in text
    )


def _looks_like_code(text: str) -> bool:
    first = text.split(" ")[0].split("/")[0]
    capitals = sum(c.isupper() for c in first)
    acronym = capitals >= 2 and capitals >= len(first) - 2 and 2 < len(first) <= 10
    words = text.split()
    return acronym and first not in _NOT_CODES and len(words) <= 2 and not first[0].isdigit()


def origin_of_papers(text: str, papers: tuple[Newspaper, ...]) -> Origin:
    """The origin shown as `text`; the provinces are those of all papers with its code."""
    provinces = tuple(dict.fromkeys(paper.province for paper in papers if paper.province))
    return Origin(text, provinces, shared=any(paper.province is None for paper in papers))


def origin_of_address(gazetteer: Gazetteer, address: str) -> Origin | None:
    """A portal or site as the article writes it: `backan.gov.vn`."""
    match = DOMAIN.match(address.strip("() "))
    if match is None:
        return None
    domain = match[1]
    found = gazetteer.by_domain(domain)
    if found is None and not domain.lower().endswith((".vn", ".com", ".net", ".org")):
        return None
    return Origin(domain, (found[1],) if found and found[1] else (), known=found is not None)
