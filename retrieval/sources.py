"""Which newspaper, agency or site an article is from, by its own words and its page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.datelines import (
    DOMAIN,
    Origin,
    origin_of_address,
    origin_of_papers,
    read_dateline,
    spelled_as_code,
)
from retrieval.gazetteer import Gazetteer
from retrieval.page_marks import line_key


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
    if DOMAIN.fullmatch(bare) and " " not in bare:
        return origin_of_address(gazetteer, bare)
    paper = gazetteer.newspaper_by_name(bare)
    if paper and (bare[:1].isupper() and len(bare.split()) <= 8):
        papers = gazetteer.newspapers_by_code(bare)
        if papers and line_key(paper.name) != line_key(bare):
            return origin_of_papers(bare, papers)
        return origin_of_papers(paper.name, (paper,))
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
    match = _CLOSING_MARK.search(line[-60:])
    known = _known_credit(gazetteer, match[1]) if match else None
    if known:
        yield known


def _is_proper(name: str) -> bool:
    words = name.split()
    return len(words) <= 7 and name[:1].isupper() and "[" not in name


def _known_credit(gazetteer: Gazetteer, text: str) -> Origin | None:
    text = text.strip(" .-–")
    if DOMAIN.fullmatch(text):
        return origin_of_address(gazetteer, text)
    for part in [text, *re.split(r"\s*[/,(]\s*|\s[-–]\s", text)]:
        part = part.strip(" )")
        papers = gazetteer.newspapers_by_code(part)
        if papers and part[:1].isupper() and spelled_as_code(papers, part):
            return origin_of_papers(part, papers)
        paper = gazetteer.newspaper_by_name(part) if len(part) > 3 else None
        if paper and part[:1].isupper():
            return origin_of_papers(paper.name, (paper,))
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
                    yield origin_of_papers(paper.name, (paper,))
                    break
        for domain in DOMAIN.finditer(line):
            if gazetteer.by_domain(domain[1]):
                origin = origin_of_address(gazetteer, domain[1])
                if origin:
                    yield origin
