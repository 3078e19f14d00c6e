"""A saved web page: the article by trafilatura, its data from the page's own mark-up."""

from __future__ import annotations

import datetime
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from retrieval.errors import ArticleError
from retrieval.page_facts import PageFacts, one_line
from retrieval.page_marks import line_key

_BLOCKS_TAGS = """
    address article aside blockquote br center dd div dl dt figcaption figure footer form h1
    h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td th thead time tr ul
"""
_BLOCKS = frozenset(_BLOCKS_TAGS.split())
_SILENT_TAGS = """
    script style noscript template svg select option button
"""
_SILENT = frozenset(_SILENT_TAGS.split())


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says; `page_lines` are all its lines, `lines` those of the article."""

    lines: list[str]
    page_lines: list[str]
    title: str | None
    published: datetime.date | None
    updated: datetime.date | None
    site: str | None
    address: str | None


def read_page(text: str) -> Page:
    """Raises ArticleError when the mark-up can not be read or holds no text."""
    import trafilatura
    from lxml import html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # lxml refuses a text that declares an encoding, and characters that XML has not.
    text = re.sub(r"^\s*<\?xml[^>]{0,200}>", "", text)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    try:
        tree = html.fromstring(text)
        unwrap_layout_tables(tree)
        body = trafilatura.extract(
            html.tostring(tree, encoding="unicode"),
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            favor_recall=True,
        )
    # Broken mark-up makes the libraries raise errors of many kinds.
    except Exception as error:
        raise ArticleError(f"not a readable HTML page ({type(error).__name__})") from None
    page_lines = list(_visible_lines(tree))
    lines = [line for part in (body or "").split("\n") if (line := _table_row(one_line(part)))]
    lines = _with_lost_paragraphs(tree, lines) or page_lines
    links = _linked_lines(tree)
    lines = [line for line in lines if line not in links] or lines
    facts = PageFacts(tree)
    return Page(
        lines,
        page_lines,
        facts.title(),
        facts.published(),
        facts.updated(),
        facts.site(),
        facts.address(),
    )


def _visible_lines(tree: Any) -> Iterator[str]:
    """Text by block element, in document order."""
    parts: list[str] = []
    for kind, value in _walk(tree):
        if kind == "text":
            parts.append(value)
            continue
        line = one_line("".join(parts))
        parts = []
        if line:
            yield line
    line = one_line("".join(parts))
    if line:
        yield line


def _walk(tree: Any) -> Iterator[tuple[str, str]]:
    """Texts and block ends, without recursion: mark-up can nest deeply."""
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if leaving:
            if tag in _BLOCKS:
                yield "end", ""
            if element.tail and element is not tree:
                yield "text", element.tail
            continue
        stack.append((element, True))
        if not tag or tag in _SILENT or tag in {"head", "title"}:
            continue
        if tag in _BLOCKS:
            yield "end", ""
        if element.text:
            yield "text", element.text
        stack.extend((child, False) for child in reversed(element))


def _table_row(line: str) -> str:
    """`| Lúa | 12 ha |`, as the extractor writes a row, without its outer bars."""
    if set(line) <= set("|-: "):
        return ""
    return line.strip("| ").replace("\\|", "|") if line.startswith("|") else line


# Each paragraph is looked up in the whole text.
_MOST_TO_COMPARE = 200_000
_LINKED_PARTS = "ancestor::*[self::nav or self::aside or self::footer or self::header or self::li]"
_TEXT_PARTS = ("p", "figcaption", "caption", "td", "div", "blockquote", "h2", "h3", "h4", "center")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:\?|$)", re.IGNORECASE)
_BESIDE_LINK = re.compile(r"[\s\d/.,:;()\[\]|*>»+-]*")
_LONGEST_LINK = 32  # words


def _with_lost_paragraphs(tree: Any, lines: list[str]) -> list[str]:
    """The extractor's lines, and those of the same container that it passed over.

    It drops bylines, captions and at times whole paragraphs; what of this is a remnant
    of the page is judged later, as in any other format.
    """
    known = f" {' '.join(line_key(line) for line in lines)} "
    if len(known) > _MOST_TO_COMPARE:
        return lines
    containers = [
        paragraph.getparent()
        for paragraph in tree.iter("p", "div")
        if _is_leaf(paragraph)
        and (key := line_key(paragraph.text_content()))
        and len(key) > 60
        and key in known
    ]
    if not containers:
        return lines
    container = Counter(containers).most_common(1)[0][0]
    lost = {
        line
        for part in container.iter(*_TEXT_PARTS)
        if _is_leaf(part) and not part.xpath(_LINKED_PARTS) and not _is_link(part)
        for line in _visible_lines(part)
        if (key := line_key(line)) and f" {key} " not in known
    }
    return _merge(container, lines, lost) if lost else lines


def _is_leaf(element: Any) -> bool:
    """Whether no block stands within: a paragraph, or a division used as one."""
    return not any(
        child is not element and child.tag in _BLOCKS and child.tag not in {"br", "center"}
        for child in element.iter()
    )


def _linked_lines(tree: Any) -> frozenset[str]:
    """Lines that are a link to another page and at most its date."""
    found = set()
    for part in tree.iter("p", "li", "div", "td"):
        if not _is_leaf(part):
            continue
        anchors = [a for a in part.iter("a") if not _PICTURE.search(a.get("href") or "")]
        if not anchors:
            continue
        line = one_line(part.text_content())
        rest = line
        for anchor in anchors:
            rest = rest.replace(one_line(anchor.text_content()), " ", 1)
        words = len(line.split())
        if words <= _LONGEST_LINK and not line.endswith(".") and _BESIDE_LINK.fullmatch(rest):
            found.add(line)
    return frozenset(found)


def unwrap_layout_tables(tree: Any) -> None:
    """Makes divisions of tables that lay out a page, as pages did before 2010.

    A table of figures has short cells in several columns; the extractor keeps its rows.
    """
    for table in list(tree.iter("table")):
        cells = list(table.iter("td", "th"))
        columns = max(
            (len(row.findall("td") + row.findall("th")) for row in table.iter("tr")), default=0
        )
        if columns > 1 and not any(map(_holds_blocks, cells)):
            continue
        for part in [table, *table.iter("thead", "tbody", "tfoot", "tr", "td", "th")]:
            if part.tag in {"td", "th"} or part is table:
                part.tag = "div"
            elif part.tag != "div":
                part.tag = "section"


def _holds_blocks(cell: Any) -> bool:
    paragraphs = sum(1 for _ in cell.iter("p", "h1", "h2", "h3", "div", "table"))
    return paragraphs > 1 or any(True for _ in cell.iter("h1", "h2", "table"))


def _is_link(element: Any) -> bool:
    """Whether all the words of an element are those of a link to another page."""
    linked = " ".join(anchor.text_content() for anchor in element.iter("a"))
    return line_key(linked) == line_key(element.text_content())


def _merge(container: Any, lines: list[str], lost: set[str]) -> list[str]:
    """Puts lost lines after the line that precedes them on the page."""
    positions = {line_key(line): index for index, line in enumerate(lines)}
    merged: dict[int, list[str]] = {}
    last = -1
    for line in _visible_lines(container):
        if line in lost:
            merged.setdefault(last, []).append(line)
        else:
            last = positions.get(line_key(line), last)
    result = list(merged.get(-1, []))
    for index, line in enumerate(lines):
        result += [line, *merged.get(index, [])]
    return result
