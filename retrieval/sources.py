"""Which newspaper, agency or site an article is from, by its own words and its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from retrieval.cleaning import is_sentence
from retrieval.datelines import (
    DOMAIN,
    Origin,
    may_be_bare_code,
    origin_of_address,
    origin_of_papers,
    read_dateline,
    spelled_as_code,
)
from retrieval.gazetteer import Gazetteer
from retrieval.imprints import is_imprint
from retrieval.page_marks import CAPITALS, line_key


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
        return Origin(name, (province,) if province else (), known, of_page=True)
    if by_address:
        return Origin(by_address[0], (province,) if province else (), of_page=True)
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
    if DOMAIN.fullmatch(bare) and " " not in bare:
        return origin_of_address(gazetteer, bare)
    paper = gazetteer.newspaper_by_name(bare) if may_be_bare_code(line) else None
    if paper and (bare[:1].isupper() and len(bare.split()) <= 8):
        papers = gazetteer.newspapers_by_code(bare)
        if papers and line_key(paper.name) != line_key(bare):
            return origin_of_papers(bare, papers)
        return origin_of_papers(paper.name, (paper,))
    return None


def origins_in_text(gazetteer: Gazetteer, title: str, body: list[str]) -> Iterator[Origin]:
    """Origins that the article's own words name, the surest first."""
    yield from _signed(gazetteer, body)
    for line in (*body[:4], *body[-_FOOT_LINES:]):
        origin = whole_line_origin(gazetteer, line) if len(line) <= 60 else None
        if origin:
            yield origin
    yield from _reporters(gazetteer, [title, *body[:4]])
    for line in reversed(body[-_FOOT_LINES:]):
        yield from _foot_origins(gazetteer, line)


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
                yield origin_of_papers(shown, found)
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
    tail = line[-60:]
    match = _CLOSING_MARK.search(tail)
    known = _known_credit(gazetteer, match[1]) if match else None
    if match and known:
        local = bool(known.provinces) and match[1].isupper()
        if not local or _stands_apart(tail, match.start()):
            yield known


def _stands_apart(text: str, start: int) -> bool:
    """Whether a bracket follows a whole sentence, or says what it is: `(Theo BBK)`.

    Many a body has three letters: `Văn phòng Ngân sách Quốc hội (CBO).`
    """
    before = text[:start].rstrip()
    said = re.match(r"\((?:theo|nguồn)\b", text[start:], re.IGNORECASE) is not None
    return said or not before or before.endswith((".", "!", "?", "…", "”", '"', "/"))


def _is_proper(name: str) -> bool:
    words = name.split()
    return len(words) <= 7 and name[:1].isupper() and "[" not in name


def _known_credit(gazetteer: Gazetteer, text: str) -> Origin | None:
    text = text.strip(" .-–")
    if DOMAIN.fullmatch(text):
        return origin_of_address(gazetteer, text)
    for part in [text, *re.split(r"\s*[/,(]\s*|\s[-–]\s", text)]:
        part = part.strip(" )")
        if not may_be_bare_code(part):
            continue
        papers = gazetteer.newspapers_by_code(part)
        if papers and part[:1].isupper() and spelled_as_code(papers, part):
            return origin_of_papers(part, papers)
        paper = gazetteer.newspaper_by_name(part) if len(part) > 3 else None
        if paper and part[:1].isupper():
            return origin_of_papers(paper.name, (paper,))
    return None


_IMPRINT = re.compile(
    r"(?:©|\(c\)|copyright|bản quyền|cơ quan(?: chủ quản| ngôn luận)?|tổng biên tập"
    r"|giấy phép|ghi rõ nguồn|tòa soạn|toà soạn|trên (?:google|facebook|zalo|youtube|tiktok)"
    r"|fanpage)",
    re.IGNORECASE,
)
_IMPRINT_NAME = re.compile(
    rf"(?:[Bb]áo|BÁO)(?:\s(?:[Đđ]iện tử|ĐIỆN TỬ))?((?:\s[{CAPITALS}]\w*){{1,4}})"
)
_HEAD_LINES = 12
_LAST_LINES = 30
_LONGEST_PAGE_MARK = 120
_MARK_JOINT = re.compile(r"\s+[-–—|•·]\s+|\s*[|,:]\s+|\s*\|\s*")


def origins_of_page(gazetteer: Gazetteer, page_lines: list[str]) -> Iterator[Origin]:
    """The paper that a page's first and last lines name as its own."""
    head = page_lines[:_HEAD_LINES]
    report = next((index for index, line in enumerate(head) if is_sentence(line)), len(head))
    foot = page_lines[max(report, len(page_lines) - _LAST_LINES) :]
    # "Báo Nghệ An" alone below an article may be where it was taken from.
    marks = [
        line for line in foot if is_imprint(line) or " - " in line or "điện tử" in line.lower()
    ]
    for line in (*head[:report], *(foot if any(map(is_imprint, foot)) else marks)):
        if len(line) <= _LONGEST_PAGE_MARK:
            yield from page_mark_origins(gazetteer, line)
    for line in foot:
        if len(line) <= 2 * _LONGEST_PAGE_MARK and _IMPRINT.search(line):
            yield from _imprint(gazetteer, line)


def page_mark_origins(gazetteer: Gazetteer, line: str) -> Iterator[Origin]:
    """`BÁO SƠN LA ĐIỆN TỬ - baosonla.vn`, `Cơ quan của Đảng bộ tỉnh Sơn La`."""
    parts = [part.strip("() .") for part in _MARK_JOINT.split(line)]
    publishers = [part for part in parts if _PUBLISHER_WORD.match(part)]
    for part in publishers:
        paper = gazetteer.newspaper_by_name(_BESIDE_NAME.sub("", part))
        if paper:
            yield replace(origin_of_papers(paper.name, (paper,)), of_page=True)
        elif portal := _portal(gazetteer, part):
            yield portal
    if publishers or len(parts) == 1:
        for part in parts:
            if DOMAIN.fullmatch(part) and gazetteer.by_domain(part):
                origin = origin_of_address(gazetteer, part)
                if origin:
                    yield replace(origin, of_page=True)
    organ = _PARTY_ORGAN.match(line)
    place = _named_province(gazetteer, line.title() if line.isupper() else line) if organ else None
    if place and (paper := gazetteer.newspaper_by_name(f"Báo {place}")):
        yield replace(origin_of_papers(paper.name, (paper,)), of_page=True)


_PUBLISHER_WORD = re.compile(
    r"(?:báo|tạp chí|đài|cổng|trang (?:tin|thông tin|ttđt|thành phần)|website|bản quyền thuộc"
    r"|trung tâm truyền thông)\b",
    re.IGNORECASE,
)
_BESIDE_NAME = re.compile(r"\s*(?:\(.*\)|phiên bản .*|bản điện tử)$", re.IGNORECASE)
_PARTY_ORGAN = re.compile(
    r"(?:báo .{0,30}[-–,]\s*)?(?:cơ quan (?:ngôn luận )?của|tiếng nói của)\s.{0,20}"
    r"(?:đảng bộ|tỉnh ủy|tỉnh uỷ|ban chấp hành đảng bộ|đảng cộng sản việt nam tỉnh)",
    re.IGNORECASE,
)
_PORTAL_LINE = re.compile(
    r"(?:cổng|trang|website)\s(?:(?:giao tiếp|thông tin|tin|ttđt|thành phần|điện tử|tttđt)\s?)*"
    r"(?:của\s)?(?P<body>.{0,60})",
    re.IGNORECASE,
)


def _portal(gazetteer: Gazetteer, part: str) -> Origin | None:
    """`CỔNG THÔNG TIN ĐIỆN TỬ TỈNH VĨNH PHÚC`, `Trang thông tin điện tử huyện Ba Bể`."""
    match = _PORTAL_LINE.fullmatch(part)
    if match is None or len(part.split()) < 5:
        return None
    spelled = part.title() if part.isupper() else part
    province = _named_province(gazetteer, spelled)
    if province is None:
        return None
    return Origin(_portal_name(gazetteer, part, province), (province,), of_page=True)


def _portal_name(gazetteer: Gazetteer, part: str, province: str) -> str:
    """A province's own portal as the gazetteer writes it, any other as its page does."""
    row = gazetteer.province(province)
    name = f"Cổng thông tin điện tử {row.kind} {row.name}" if row else part
    return name if line_key(name) == line_key(part) else part


def _imprint(gazetteer: Gazetteer, line: str) -> Iterator[Origin]:
    for match in _IMPRINT_NAME.finditer(line):
        words = match[1].split()
        for size in range(len(words), 0, -1):
            paper = gazetteer.newspaper_by_name("Báo " + " ".join(words[:size]))
            if paper:
                yield replace(origin_of_papers(paper.name, (paper,)), of_page=True)
                break
    for domain in DOMAIN.finditer(line):
        if gazetteer.by_domain(domain[1]):
            origin = origin_of_address(gazetteer, domain[1])
            if origin:
                yield replace(origin, of_page=True)
