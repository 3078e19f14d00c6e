"""A file to an article: cleaned text, headline, source, place and day.

read_document   file -> lines and the file's own statements
clean_lines     lines of the page -> lines of the article
lay_out         headline, dates, places and marks -> apart from the body
then            source, day and province are weighed, and overrides applied
"""

from __future__ import annotations

import datetime
import os
import unicodedata
from pathlib import Path

from retrieval import gazetteer as gazetteers
from retrieval.cleaning import clean_lines, is_sentence
from retrieval.datelines import Origin, read_dateline
from retrieval.dates import Role, read_page_dates
from retrieval.documents import ARTICLE_SUFFIXES, Document, read_document
from retrieval.errors import ArticleError
from retrieval.event_dates import event_date
from retrieval.gazetteer import Gazetteer
from retrieval.headlines import Layout, choose_date, first_sentence, lay_out
from retrieval.letterheads import split_columns
from retrieval.overrides import Overrides, read_overrides, sidecar_path
from retrieval.page_marks import line_key
from retrieval.places import Evidence, choose_province
from retrieval.schema import Article
from retrieval.sources import origin_of_site, origins_in_text, origins_of_page
from retrieval.text import normalise, squeeze

__all__ = ["ARTICLE_SUFFIXES", "article_paths", "read_article"]

# A thousand pages; reading that many takes some seconds.
_MOST_LINES = 50_000


def read_article(path: Path, root: Path | None = None) -> Article:
    """The article of a file; its id is the path below `root`, or the file's name.

    Raises ArticleError, whose text is the reason, for a file that holds no article.
    """
    document = read_document(path)
    if not any(c.isalnum() for line in document.lines for c in line):
        raise ArticleError("the file is empty: it has no text")
    if len(document.lines) > _MOST_LINES:
        raise ArticleError(f"more than {_MOST_LINES:,} lines: it is no single article")
    overrides = read_overrides(path, document.header, gazetteers.load())
    return article_of(document, overrides, article_id(path, root), os.fspath(path))


def article_of(document: Document, overrides: Overrides, name: str, path: str) -> Article:
    """What a document says, and what of it was stated otherwise.

    Args:
        name, path: the article's id, and where it was read from.

    Raises:
        ArticleError: it holds no article.
    """
    gazetteer = gazetteers.load()
    lines = clean_lines(split_columns(document.lines))
    layout = lay_out(gazetteer, lines, _plain(document.title))
    if overrides.title:
        key = line_key(overrides.title)
        layout.body = [line for line in layout.body if line_key(line) != key]
    if not _is_article(layout.body):
        raise ArticleError("no sentence of an article (navigation only?)")
    title = layout.title or first_sentence(gazetteer, layout.body)
    origins = _origins(gazetteer, document, layout, title)
    day = _day(gazetteer, document, layout, title)
    if "date" in overrides.stated:
        day = overrides.date
    source = origins[0].name if origins else None
    # A sentence that stands in for the headline is weighed once, as text.
    evidence = Evidence(
        layout.title or "", _reports(gazetteer, layout.body), _places(gazetteer, layout), origins
    )
    province = choose_province(gazetteer, evidence, day)
    return Article(
        id=name,
        title=overrides.title or title,
        text="\n".join(layout.body),
        source=overrides.source if "source" in overrides.stated else source,
        province=overrides.province if "province" in overrides.stated else province,
        date=day,
        path=path,
    )


def _plain(title: str | None) -> str | None:
    return squeeze(normalise(title)) if title else None


def article_id(path: Path, root: Path | None) -> str:
    """The path below `root`, or the name. Raises ArticleError for one that is not below it."""
    name = path.name
    if root is not None:
        try:
            name = path.relative_to(root).as_posix()
        except ValueError:
            try:
                name = path.resolve().relative_to(root.resolve()).as_posix()
            except ValueError:
                raise ArticleError(f"is not below {root}") from None
    return unicodedata.normalize("NFC", name)


def _is_article(body: list[str]) -> bool:
    if any(is_sentence(line) and len(line.split()) > 5 for line in body):
        return True
    # A note of a line or two may lack its full stop; a list of headlines is longer.
    return 0 < len(body) <= 3 and any(len(line.split()) >= 12 and "," in line for line in body)


def _origins(gazetteer: Gazetteer, document: Document, layout: Layout, title: str) -> list[Origin]:
    """Who published it, the surest first: signed, stated by the page, named in the text."""
    signed = [
        dateline.origin
        for line in layout.body[:8]
        if (dateline := read_dateline(gazetteer, line)) and dateline.origin
    ]
    site = origin_of_site(gazetteer, _plain(document.site), document.address)
    named = origins_in_text(gazetteer, title, layout.body)
    page = origins_of_page(gazetteer, document.page_lines or document.lines)
    return [*signed, *([site] if site else []), *layout.origins, *named, *page]


def _places(gazetteer: Gazetteer, layout: Layout) -> list[str]:
    datelines = [read_dateline(gazetteer, line) for line in layout.body[:8]]
    return [*layout.places, *(line.place for line in datelines if line and line.place)]


def _reports(gazetteer: Gazetteer, body: list[str]) -> list[str]:
    """The body without its datelines, whose place is weighed apart from the text's."""
    datelines = [read_dateline(gazetteer, line) for line in body[:8]]
    ends = [dateline.end if dateline else 0 for dateline in datelines]
    return [line[end:] for line, end in zip(body, ends, strict=False)] + body[8:]


def _day(
    gazetteer: Gazetteer, document: Document, layout: Layout, title: str
) -> datetime.date | None:
    """The page's publication day; else its update; else the day of the event reported."""
    if document.published:
        return document.published
    stated = choose_date(layout)
    if stated is None and document.page_lines:
        stated = choose_date(_page_head(gazetteer, document, title))
    if stated and stated.role is not Role.UPDATED:
        return stated.day
    if document.updated or stated:
        return document.updated or (stated.day if stated else None)
    opening = next(
        (i for i, line in enumerate(layout.body[:8]) if read_dateline(gazetteer, line)), 0
    )
    return event_date(layout.title, layout.body[opening:] + layout.body[:opening])


def _page_head(gazetteer: Gazetteer, document: Document, title: str) -> Layout:
    """The lines of a web page about its headline, where the extractor drops the date."""
    key = line_key(title)
    lines = document.page_lines
    places = [index for index, line in enumerate(lines) if line_key(line) == key]
    layout = Layout()
    for place in places[:2]:
        for line in lines[place + 1 : place + 10] + lines[max(0, place - 5) : place][::-1]:
            layout.dates += [(date, True) for date in read_page_dates(line)]
    return layout


def article_paths(folder: Path) -> list[Path]:
    """Every file below a folder that is meant as an article, sorted.

    Hidden files, lock files of office programs and sidecars are left out; files of other
    formats are not, so that reading them gives the reason why they are skipped; neither are
    folders that can not be read.
    """
    found: list[Path] = []
    seen: set[str] = set()

    def add_unreadable(error: OSError) -> None:
        found.append(Path(os.fsdecode(error.filename)))

    for current, folders, names in os.walk(folder, onerror=add_unreadable, followlinks=True):
        # Linked folders are entered once: a loop of links ends here.
        real = os.path.realpath(current)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        present = set(names)
        for name in names:
            if not name.startswith((".", "~$")) and not _is_sidecar(name, present):
                found.append(Path(current, name))
    return sorted(found, key=lambda path: path.as_posix())


def _is_sidecar(name: str, present: set[str]) -> bool:
    if not name.endswith(".json"):
        return False
    return any(
        other != name
        and Path(other).suffix.lower() in ARTICLE_SUFFIXES
        and sidecar_path(Path(other)).name == name
        for other in (present if len(present) < 50 else _namesakes(name, present))
    )


def _namesakes(name: str, present: set[str]) -> list[str]:
    stem = name.removesuffix(".json")
    variants = (suffix.upper() for suffix in ARTICLE_SUFFIXES)
    return [stem + suffix for suffix in (*ARTICLE_SUFFIXES, *variants) if stem + suffix in present]
