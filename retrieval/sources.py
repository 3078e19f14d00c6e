"""Which newspaper, agency or site an article is from, and the place its dateline names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.gazetteer import Gazetteer, Newspaper
from retrieval.page_marks import line_key
from retrieval.text import squeeze

# Abbreviations that open sentences and sign no article.
_NOT_CODES = frozenset(
    [
        "UBND",
        "HĐND",
        "MTTQ",
        "UBMTTQ",
        "TP",
        "TX",
        "TT",
        "TW",
        "BCH",
        "BTV",
        "BCĐ",
        "CT",
        "PCT",
        "BT",
        "PBT",
        "NQ",
        "CĐ",
        "KH",
        "QĐ",
        "NĐ",
        "HTX",
        "GPMB",
        "THPT",
        "THCS",
        "ĐH",
        "CĐSP",
        "TNHH",
        "CP",
        "CSGT",
        "CAND",
        "LĐLĐ",
        "ĐVTN",
        "HLHPN",
        "CCB",
        "XHCN",
        "KT",
        "VH",
        "TDTT",
        "ATGT",
        "PCCC",
        "BHXH",
        "BHYT",
        "NTM",
        "OCOP",
        "COVID",
        "GDP",
        "FDI",
        "PCI",
        "PAPI",
        "ASEAN",
        "APEC",
        "WHO",
        "UNESCO",
        "VN",
        "EU",
        "USD",
        "VND",
        "PV",
        "BTC",
        "BGK",
        "HLV",
        "CLB",
        "HCM",
    ]
)
_PARENTHESISED = re.compile(r"\(\s*([^()]{2,45}?)\s*\)\s*(?P<dash>[-–—:.]*)\s*(?=\S)")
_PLACE_AND_CODE = re.compile(
    r"(?P<place>[^()–—:.!?\d]{2,40}?)(?:,?\s(?:ngày\s)?[\d/.\-]{3,10})?\s*"
    r"\((?P<code>[^()]{2,45}?)\)\s*(?P<dash>[-–—:.]*)\s*(?=\S)"
)
_DASH = re.compile(r"\s+[-–—]\s*(?=\S)|\s*[–—]\s*(?=\S)|(?<=[A-ZĐ])-\s(?=\S)")
_DAY_TAIL = re.compile(r",?\s*(?:ngày\s)?\d{1,2}(?:[/.\-]\d{1,2}){1,2}$")
_LONGEST_DATELINE = 70
_DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,6})(?:/\S{0,300})?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who published an article.

    Attributes:
        name: as it is to be shown.
        provinces: whose paper it is; several when a code is shared, none when national.
        known: whether the gazetteer has it; of an unknown code it is open whose it is.
    """

    name: str
    provinces: tuple[str, ...] = ()
    known: bool = True


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
    return _read_dashed(gazetteer, head)


def _read_dashed(gazetteer: Gazetteer, head: str) -> Dateline | None:
    """The longest opening before a dash that is a code or a place: `BÀ RỊA - VŨNG TÀU - …`."""
    dashes = [match for match in _DASH.finditer(head) if match.start() <= _LONGEST_DATELINE]
    for dash in reversed(dashes[:4]):
        opening = head[: dash.start()].strip()
        following = head[dash.end() : dash.end() + 1]
        if not opening or following.islower():
            continue
        place = _place(gazetteer, _DAY_TAIL.sub("", opening))
        if place:
            return Dateline(dash.end(), None, place)
        if not any(c.islower() for c in re.sub(r"(?i)online|vietnam|\.vn|plus", "", opening)):
            origin = _origin_of_code(gazetteer, opening, signed=" " not in opening)
            if origin:
                return Dateline(dash.end(), origin, None)
    return None


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
    domain = _DOMAIN.fullmatch(text)
    if domain and "." in text:
        return origin_of_address(gazetteer, text)
    for part in [text, *re.split(r"\s*/\s*", text)]:
        papers = gazetteer.newspapers_by_code(part)
        if papers and _spelled_as_code(papers, part):
            return _origin_of_papers(part, papers)
        paper = gazetteer.newspaper_by_name(part)
        if paper and part[:1].isupper() and len(part) > 3:
            return _origin_of_papers(part, (paper,))
    if signed and _looks_like_code(text) and gazetteer.province(text) is None:
        return Origin(text, known=False)
    return None


def _spelled_as_code(papers: tuple[Newspaper, ...], text: str) -> bool:
    return (
        text.isupper() or any(text in (*paper.codes, paper.name) for paper in papers) or "." in text
    )


def _looks_like_code(text: str) -> bool:
    first = text.split(" ")[0].split("/")[0]
    capitals = sum(c.isupper() for c in first)
    acronym = capitals >= 2 and capitals >= len(first) - 2 and 2 < len(first) <= 10
    words = text.split()
    return acronym and first not in _NOT_CODES and len(words) <= 2 and not first[0].isdigit()


def _origin_of_papers(text: str, papers: tuple[Newspaper, ...]) -> Origin:
    provinces = tuple(dict.fromkeys(paper.province for paper in papers if paper.province))
    if any(paper.province is None for paper in papers) and len(papers) == 1:
        provinces = ()
    return Origin(text, provinces)


def origin_of_address(gazetteer: Gazetteer, address: str) -> Origin | None:
    """A portal or site as the article writes it: `backan.gov.vn`."""
    match = _DOMAIN.match(address.strip("() "))
    if match is None:
        return None
    domain = match[1]
    found = gazetteer.by_domain(domain)
    if found is None and not domain.lower().endswith((".vn", ".com", ".net", ".org")):
        return None
    return Origin(domain, (found[1],) if found and found[1] else (), known=found is not None)


def origin_of_site(gazetteer: Gazetteer, site: str | None, address: str | None) -> Origin | None:
    """What a page's metadata says: the site's name, and by its address whose it is."""
    by_address = gazetteer.by_domain(address) if address else None
    province = by_address[1] if by_address else None
    if site:
        paper = gazetteer.newspaper_by_name(site)
        by_name = gazetteer.by_domain(site) if "." in site and " " not in site else None
        name = paper.name if paper else by_name[0] if by_name else site
        province = (paper.province if paper else by_name[1] if by_name else None) or province
        if not paper and province is None:
            province = _named_province(gazetteer, site)
        known = bool(paper or by_name or by_address)
        return Origin(name, (province,) if province else (), known)
    if by_address:
        return Origin(by_address[0], (province,) if province else ())
    return None


def _named_province(gazetteer: Gazetteer, site: str) -> str | None:
    """`Cổng thông tin điện tử tỉnh Hà Giang` is of the place that its name ends with."""
    names = {name for mention in gazetteer.find_places(site) for name in mention.names}
    return names.pop() if len(names) == 1 else None


_REPORTER = re.compile(
    r"(?:[Pp]hóng viên|PV|P\.V)\s+(?:của\s+)?((?:[Bb]áo|[Đđ]ài|[Tt]ạp chí|TTXVN"
    r"|[Tt]hông tấn xã)[^,.;:()\-–]{0,60})"
)
_FOOT_CREDIT = re.compile(
    r"\(?(?:theo|nguồn(?: tin)?)\s*[:：]?\s*(?P<name>[^.:;()]{2,60}|\S+)\)?\.?", re.IGNORECASE
)
_CLOSING_MARK = re.compile(r"\((?:[Tt]heo\s+|[Nn]guồn\s*:?\s*)?([^()]{2,45})\)\s*[./]*\s*$")
_FOOT_LINES = 8


def whole_line_origin(gazetteer: Gazetteer, line: str) -> Origin | None:
    """A line that is only the mark of a source: `(backan.gov.vn)`, `BÁO QUẢNG NINH ĐIỆN TỬ`."""
    if len(line) > 60:
        return None
    bare = line.strip("()[] .-–|")
    if _DOMAIN.fullmatch(bare) and " " not in bare:
        return origin_of_address(gazetteer, bare)
    paper = gazetteer.newspaper_by_name(bare)
    if paper and (bare[:1].isupper() and len(bare.split()) <= 8):
        papers = gazetteer.newspapers_by_code(bare)
        if papers and line_key(paper.name) != line_key(bare):
            return _origin_of_papers(bare, papers)
        return _origin_of_papers(paper.name, (paper,))
    return None


def origins_in_text(
    gazetteer: Gazetteer, title: str, body: list[str], page_lines: list[str]
) -> Iterator[Origin]:
    """Origins that the article's own words name, the surest first."""
    yield from _signed(gazetteer, body)
    for line in (*body[:4], *body[-_FOOT_LINES:]):
        origin = whole_line_origin(gazetteer, line) if len(line) <= 60 else None
        if origin:
            yield origin
    yield from _reporters(gazetteer, [title, *body[:4]])
    for line in reversed(body[-_FOOT_LINES:]):
        yield from _foot_origins(gazetteer, line)
    yield from _imprint(gazetteer, page_lines)


def _signed(gazetteer: Gazetteer, body: list[str]) -> Iterator[Origin]:
    for line in body[:8]:
        dateline = read_dateline(gazetteer, line)
        if dateline and dateline.origin:
            yield dateline.origin


def _reporters(gazetteer: Gazetteer, lines: list[str]) -> Iterator[Origin]:
    """`phóng viên Báo Quảng Ninh đã có cuộc trao đổi`: the words after "Báo" that name one."""
    for line in lines:
        match = _REPORTER.search(line[:3000])
        if match is None:
            continue
        words = match[1].split()
        for size in range(min(7, len(words)), 0, -1):
            name = " ".join(words[:size])
            papers = gazetteer.newspapers_by_code(name)
            paper = gazetteer.newspaper_by_name(name)
            if papers or paper:
                found = papers or ((paper,) if paper else ())
                shown = found[0].name if len(found) == 1 and paper else name
                yield _origin_of_papers(shown, found)
                break


def _foot_origins(gazetteer: Gazetteer, line: str) -> Iterator[Origin]:
    if len(line) < 90:
        match = _FOOT_CREDIT.fullmatch(line)
        if match:
            name = match["name"].strip()
            known = _known_credit(gazetteer, name)
            if known:
                yield known
            elif line.lower().lstrip("(").startswith("nguồn") and _is_proper(name):
                yield Origin(name.strip(" ."), known=False)
        elif not re.search(r"\d", line):
            # "Hồng Thái - TTXVN", "Minh Thu (TTXVN/Vietnam+)", "Hồng Thái/TTXVN".
            parts = re.split(r"\s*[-–/(),]\s*|\s{2,}", line)
            for part in parts[1:]:
                known = _known_credit(gazetteer, part) if part else None
                if known and len(line.split()) <= 9:
                    yield known
    match = _CLOSING_MARK.search(line[-60:])
    known = _known_credit(gazetteer, match[1]) if match else None
    if known:
        yield known


def _is_proper(name: str) -> bool:
    words = name.split()
    return len(words) <= 7 and name[:1].isupper() and "[" not in name


def _known_credit(gazetteer: Gazetteer, text: str) -> Origin | None:
    text = text.strip(" .-–")
    if _DOMAIN.fullmatch(text):
        return origin_of_address(gazetteer, text)
    for part in [text, *re.split(r"\s*[/,(]\s*|\s[-–]\s", text)]:
        part = part.strip(" )")
        papers = gazetteer.newspapers_by_code(part)
        if papers and part[:1].isupper() and _spelled_as_code(papers, part):
            return _origin_of_papers(part, papers)
        paper = gazetteer.newspaper_by_name(part) if len(part) > 3 else None
        if paper and part[:1].isupper():
            return _origin_of_papers(paper.name, (paper,))
    return None


_IMPRINT = re.compile(
    r"(?:©|\(c\)|copyright|bản quyền|cơ quan(?: chủ quản| ngôn luận)?|tổng biên tập"
    r"|giấy phép|trên google news|ghi rõ nguồn)",
    re.IGNORECASE,
)
_IMPRINT_NAME = re.compile(
    r"(?:[Bb]áo|BÁO)(?:\s(?:điện tử|ĐIỆN TỬ))?((?:\s[A-ZÀ-ỸĐ][\wÀ-ỹ]*){1,4})"
)


def _imprint(gazetteer: Gazetteer, page_lines: list[str]) -> Iterator[Origin]:
    """The paper that a page's last lines or its "Theo dõi … trên Google News" name."""
    for line in page_lines[-25:]:
        if len(line) > 250 or not _IMPRINT.search(line):
            continue
        for match in _IMPRINT_NAME.finditer(line):
            words = match[1].split()
            for size in range(len(words), 0, -1):
                paper = gazetteer.newspaper_by_name("Báo " + " ".join(words[:size]))
                if paper:
                    yield _origin_of_papers(paper.name, (paper,))
                    break
        for domain in _DOMAIN.finditer(line):
            if gazetteer.by_domain(domain[1]):
                origin = origin_of_address(gazetteer, domain[1])
                if origin:
                    yield origin
