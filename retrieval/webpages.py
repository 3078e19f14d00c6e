"""A saved web page: the article by trafilatura, its data from the page's own mark-up."""

from __future__ import annotations

import datetime
import logging
import re
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
        body = trafilatura.extract(
            text,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            favor_recall=True,
        )
    # Broken mark-up makes the libraries raise errors of many kinds.
    except Exception as error:
        raise ArticleError(f"not a readable HTML page ({type(error).__name__})") from None
    page_lines = list(_visible_lines(tree))
    lines = [line for line in (one_line(part) for part in (body or "").split("\n")) if line]
    lines = _with_lost_paragraphs(tree, lines) or page_lines
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


# Each paragraph is looked up in the whole text.
_MOST_TO_COMPARE = 200_000
_LINKED_PARTS = "ancestor::*[self::nav or self::aside or self::footer or self::header or self::li]"


def _with_lost_paragraphs(tree: Any, lines: list[str]) -> list[str]:
    """The extractor's lines, and sentences of the same containers that it passed over."""
    known = " ".join(line_key(line) for line in lines)
    if len(known) > _MOST_TO_COMPARE:
        return lines
    containers = [
        paragraph.getparent()
        for paragraph in tree.iter("p")
        if (key := line_key(paragraph.text_content())) and len(key) > 60 and key in known
    ]
    if not containers:
        return lines
    container = max(set(containers), key=containers.count)
    lost = {
        line
        for part in container.iter("p", "figcaption")
        if not part.xpath(_LINKED_PARTS) and not _is_link(part)
        for line in _visible_lines(part)
        if (key := line_key(line)) and len(key.split()) > 3 and key not in known
    }
    return _merge(container, lines, lost) if lost else lines


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
