"""A saved web page: the article by trafilatura, its data from the page's own mark-up."""

from __future__ import annotations

import datetime
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from retrieval.dates import read_date
from retrieval.errors import ArticleError
from retrieval.page_marks import is_section_name, line_key
from retrieval.text import normalise, squeeze

_ARTICLE_TYPES = frozenset(
    {"article", "newsarticle", "reportagenewsarticle", "blogposting", "report", "webpage"}
)
_PUBLISHED_KEYS = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.created",
    "article.published",
    "published_time",
)
_UPDATED_KEYS = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "select", "option", "button"}
)


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
    from lxml import html  # type: ignore[import-untyped]

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
    lines = [line for line in (_line(part) for part in (body or "").split("\n")) if line]
    lines = _with_lost_paragraphs(tree, lines) or page_lines
    facts = _Facts(tree)
    return Page(
        lines,
        page_lines,
        facts.title(),
        facts.published(),
        facts.updated(),
        facts.site(),
        facts.address(),
    )


def _line(text: str) -> str:
    return squeeze(normalise(text))


def _visible_lines(tree: Any) -> Iterator[str]:
    """Text by block element, in document order."""
    parts: list[str] = []
    for kind, value in _walk(tree):
        if kind == "text":
            parts.append(value)
            continue
        line = _line("".join(parts))
        parts = []
        if line:
            yield line
    line = _line("".join(parts))
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


class _Facts:
    """Reads a page's metadata: JSON-LD first, then meta elements, then its mark-up."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._meta: dict[str, str] = {}
        for element in tree.iter("meta"):
            key = element.get("property") or element.get("name") or element.get("itemprop")
            value = _line(element.get("content") or "")
            if key and value:
                self._meta.setdefault(key.strip().lower(), value)
        self._linked = list(self._read_linked_data())

    def _read_linked_data(self) -> Iterator[dict[str, Any]]:
        for script in self._tree.iter("script"):
            if "ld+json" not in (script.get("type") or "").lower():
                continue
            try:
                data = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue
            queue = [data]
            while queue:
                item = queue.pop(0)
                if isinstance(item, list):
                    queue.extend(item[:50])
                elif isinstance(item, dict):
                    graph = item.get("@graph")
                    queue.extend(graph[:50] if isinstance(graph, list) else [])
                    if self._is_article(item):
                        yield item

    @staticmethod
    def _is_article(item: dict[str, Any]) -> bool:
        kinds = item.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        return any(str(kind).lower() in _ARTICLE_TYPES for kind in kinds)

    def title(self) -> str | None:
        """The headline; the site's name after a bar or dash is cut off."""
        headings = [
            title
            for element in self._tree.iter("h1")
            if (title := _line(element.text_content())) and not is_section_name(title)
        ]
        stated = self._meta.get("og:title") or self._linked_text("headline")
        if stated:
            stated = self._without_site(_unescape(stated))
            same = [title for title in headings if line_key(title) == line_key(stated)]
            if same:
                return same[0]
            # The heading that readers see, when the stated one is a shorter variant of it.
            for title in headings:
                if line_key(stated) in line_key(title) and len(title) < 300:
                    return title
            if stated and not is_section_name(stated) and not self._is_site_name(stated):
                return stated
        if headings and not self._is_site_name(headings[0]):
            return headings[0]
        if len(headings) > 1:
            return headings[1]
        element = next(self._tree.iter("title"), None)
        title = self._without_site(_line(element.text_content())) if element is not None else ""
        return title if len(title.split()) > 3 else None

    def _is_site_name(self, title: str) -> bool:
        site = self.site()
        return len(title.split()) < 4 or (site is not None and line_key(site) == line_key(title))

    def _without_site(self, title: str) -> str:
        head, separator, tail = _last_split(title)
        site = line_key(self.site() or "")
        if not separator or len(head.split()) < 3:
            return title
        key = line_key(tail)
        named = re.search(r"\b(?:báo|online|điện tử|cổng|đài|news|vn|com|trang|tạp chí|\+)\b", key)
        if (
            (site and (site in key or key in site))
            or (named and len(key.split()) <= 10)
            or "|" in separator
        ):
            return self._without_site(head)
        return title

    def _linked_text(self, key: str) -> str | None:
        for item in self._linked:
            value = item.get(key)
            if isinstance(value, str) and _line(value):
                return _line(value)
        return None

    def published(self) -> datetime.date | None:
        """In the time of Vietnam, as `read_date` converts it."""
        stated = [self._linked_text("datePublished")]
        stated += [self._meta.get(key) for key in _PUBLISHED_KEYS]
        return _first_date(stated) or self._marked_time()

    def updated(self) -> datetime.date | None:
        stated = [self._linked_text("dateModified")]
        return _first_date(stated + [self._meta.get(key) for key in _UPDATED_KEYS])

    def _marked_time(self) -> datetime.date | None:
        """`<time datetime>` of the article: the first after the headline that is not of a link."""
        seen_heading = not any(True for _ in self._tree.iter("h1"))
        for element in self._tree.iter("h1", "time"):
            if element.tag == "h1":
                seen_heading = True
            elif seen_heading and not element.xpath(
                "ancestor::*[self::a or self::li or self::aside or self::footer]"
            ):
                stated = [element.get("datetime"), _line(element.text_content())]
                return _first_date(stated)
        return None

    def site(self) -> str | None:
        name = self._meta.get("og:site_name")
        if name:
            return _unescape(name)
        for item in self._linked:
            publisher = item.get("publisher")
            if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
                return _line(publisher["name"]) or None
        return None

    def address(self) -> str | None:
        for element in self._tree.iter("link"):
            if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
                return _line(element.get("href"))
        for element in self._tree.iter("base"):
            if element.get("href"):
                return _line(element.get("href"))
        return self._meta.get("og:url")


def _first_date(values: list[str | None]) -> datetime.date | None:
    for value in values:
        day = read_date(value) if value and len(value) < 100 else None
        if day:
            return day
    return None


def _unescape(text: str) -> str:
    import html

    return _line(html.unescape(text))


def _last_split(title: str) -> tuple[str, str, str]:
    separators = list(re.finditer(r"\s+[|–—-]\s+|\s*\|\s*", title))
    if not separators:
        return title, "", ""
    last = separators[-1]
    return title[: last.start()], last[0], title[last.end() :]
