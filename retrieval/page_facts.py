"""What a web page states of itself in JSON-LD, meta elements and mark-up."""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Iterator
from typing import Any

from retrieval.dates import read_date
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
_SITE_KEYS = ("application-name", "dc.publisher", "publisher", "copyright")
# A title's last part may be a section too: only what calls itself a publisher is one.
_PUBLISHER = re.compile(
    r"(?:báo|đài|tạp chí|cổng|trang (?:thông tin|tin)|thông tấn xã)\b(?!.*[.!?])", re.IGNORECASE
)


def one_line(text: str) -> str:
    """Normalised text without line breaks."""
    return squeeze(normalise(text))


class PageFacts:
    """Reads a page's metadata: JSON-LD first, then meta elements, then its mark-up."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._meta: dict[str, str] = {}
        for element in tree.iter("meta"):
            key = element.get("property") or element.get("name") or element.get("itemprop")
            value = one_line(element.get("content") or "")
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
            if (title := one_line(element.text_content())) and not is_section_name(title)
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
        title = self._without_site(one_line(element.text_content())) if element is not None else ""
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
            if isinstance(value, str) and one_line(value):
                return one_line(value)
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
                stated = [element.get("datetime"), one_line(element.text_content())]
                return _first_date(stated)
        return None

    def site(self) -> str | None:
        name = self._meta.get("og:site_name")
        if name:
            return _unescape(name)
        for item in self._linked:
            publisher = item.get("publisher")
            if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
                return one_line(publisher["name"]) or None
        stated = [self._meta.get(key, "") for key in _SITE_KEYS]
        element = next(self._tree.iter("title"), None)
        if element is not None:
            stated.append(_last_split(one_line(element.text_content()))[2])
        return next((name for name in stated if _PUBLISHER.match(name)), None)

    def address(self) -> str | None:
        for element in self._tree.iter("link"):
            if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
                return one_line(element.get("href"))
        for element in self._tree.iter("base"):
            if element.get("href"):
                return one_line(element.get("href"))
        return self._meta.get("og:url")


def _first_date(values: list[str | None]) -> datetime.date | None:
    for value in values:
        day = read_date(value) if value and len(value) < 100 else None
        if day:
            return day
    return None


def _unescape(text: str) -> str:
    return one_line(html.unescape(text))


def _last_split(title: str) -> tuple[str, str, str]:
    separators = list(re.finditer(r"\s+[|–—-]\s+|\s*\|\s*", title))
    if not separators:
        return title, "", ""
    last = separators[-1]
    return title[: last.start()], last[0], title[last.end() :]
