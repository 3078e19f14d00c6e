"""Files of five formats to one form: lines of text and what the file says of itself."""

from __future__ import annotations

import datetime
import errno
import html
import io
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.cleaning import is_sentence
from retrieval.dates import read_page_dates
from retrieval.encodings import decode
from retrieval.errors import ArticleError
from retrieval.text import normalise, squeeze
from retrieval.wrapping import join_wrapped

if TYPE_CHECKING:
    from docx.table import Table

MAX_BYTES = 20 * 1024 * 1024
# A page of text deflates some tenfold; what grows more is an attack or no text.
_MAX_UNPACKED_BYTES = 200 * 1024 * 1024

CHANGING = "was changed while it was read; the next ingest reads it again"
_READINGS = 3


@dataclass(frozen=True, slots=True)
class Document:
    """The lines of a file, squeezed, none empty, and its own statements.

    Attributes:
        lines: the article with such remnants of its page as the format could not tell.
        page_lines: all lines of the page around it, where a date or an imprint may stand.
        title: stated by mark-up, not guessed from the lines.
        site: name of the site or publisher.
        address: URL of the page, or None.
        header: a Markdown front matter between its `---` lines, or None.
    """

    lines: list[str]
    page_lines: list[str] = field(default_factory=list)
    title: str | None = None
    published: datetime.date | None = None
    updated: datetime.date | None = None
    site: str | None = None
    address: str | None = None
    header: str | None = None


def read_document(path: Path) -> Document:
    """Raises ArticleError when the file is of no known format or can not be read."""
    suffix = path.suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        if os.path.isdir(path):  # noqa: PTH112 (Path's raises in a folder that is closed)
            raise ArticleError(_folder_fault(path))
        raise ArticleError(f"unsupported format: {suffix or 'no suffix'}")
    check_is_file(path)
    return reader(_read_bytes(path))


def check_is_file(path: Path) -> None:
    """Raises ArticleError, which says why, for what is no file; a pipe would be waited for."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        is_absent = isinstance(error, OSError) and error.errno in (errno.ENOENT, errno.ELOOP)
        raise (ArticleError(_absence(path)) if is_absent else _unreadable(error)) from None
    if stat.S_ISDIR(mode):
        raise ArticleError(_folder_fault(path))
    if not stat.S_ISREG(mode):
        raise ArticleError("is not a regular file")


def _folder_fault(path: Path) -> str:
    try:
        os.scandir(path).close()
    except OSError as error:
        return f"is a folder that can not be read: {error.strerror}"
    return "is a folder, not a file"


def _read_bytes(path: Path) -> bytes:
    """All of a file as it was at one time, and never more than an article may have."""
    try:
        for _ in range(_READINGS):
            with path.open("rb") as file:
                before = os.fstat(file.fileno())
                if before.st_size > MAX_BYTES:
                    break
                data = file.read(MAX_BYTES + 1)
                if len(data) > MAX_BYTES:
                    break
                if not has_changed(before, file.fileno()) and len(data) == before.st_size:
                    return data
        else:
            raise ArticleError(CHANGING)
        raise ArticleError("larger than 20 MB")
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None


def has_changed(before: os.stat_result, descriptor: int) -> bool:
    """Whether an open file was written to since."""
    after = os.fstat(descriptor)
    return (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns)


def _unreadable(error: OSError | ValueError) -> ArticleError:
    return ArticleError(f"can not be read: {getattr(error, 'strerror', None) or error}")


def _absence(path: Path) -> str:
    if not path.is_symlink():
        return "does not exist"
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "is a link that leads back to itself"
    return f"is a link to {path.readlink()}, which does not exist"


_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,31}[0-9]{0,2}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_BREAK_TAG = re.compile(
    r"<\s*/?\s*(?:p|br|div|li|ul|ol|h[1-6]|tr|table)\b[^<>]{0,300}>", re.IGNORECASE
)
_INLINE_TAG = re.compile(
    r"<\s*/?\s*(?:a|b|i|u|em|strong|span|font|img|figure|figcaption|td|sup|sub"
    r"|small)\b[^<>]{0,600}>",
    re.IGNORECASE,
)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)


def split_lines(text: str) -> list[str]:
    """Normalised, squeezed lines; the empty ones are kept as `""`."""
    return [squeeze(line) for line in normalise(text).split("\n")]


def unescape(text: str) -> str:
    """HTML entities and stray tags of a text that was copied out of a page."""
    for _ in range(2):  # "&amp;nbsp;" was escaped twice
        if not _ENTITY.search(text):
            break
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text:
        text = _INLINE_TAG.sub("", _BREAK_TAG.sub("\n", text))
    return text


def _read_text(data: bytes) -> Document:
    text = decode(data)
    if _HTML_START.match(text):
        return _read_page(text)
    return Document(join_wrapped(split_lines(unescape(text))))


def _read_html(data: bytes) -> Document:
    return _read_page(decode(data))


def _read_page(text: str) -> Document:
    from retrieval.webpages import read_page

    page = read_page(text)
    return Document(
        page.lines,
        page.page_lines,
        page.title,
        page.published,
        page.updated,
        page.site,
        page.address,
    )


_HEADER = re.compile(r"\ufeff?\s*---[ \t]*\n(?P<header>(?:[^\n]*\n){0,100}?)---[ \t]*(?:\n|$)")
_MARKDOWN = (
    (re.compile(r"<!--.{0,2000}?-->", re.DOTALL), ""),
    (re.compile(r"!\[([^\[\]]{0,500})\]\([^()\s]{0,1000}(?:\s\"[^\"]{0,300}\")?\)"), r"\1"),
    (re.compile(r"\[([^\[\]]{1,500})\]\([^()\s]{0,1000}(?:\s\"[^\"]{0,300}\")?\)"), r"\1"),
    (re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[*+][ \t]+(?=\S)", re.MULTILINE), "- "),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]{1,2000}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^\n*]{1,1000})(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^\n_]{1,1000})(?<=[^\s_])_(?!\w)"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|])"), r"\1"),
)
# Its text up to the last character that is no mark: found from the line's end, in one go.
_HEADING = re.compile(r"^[ \t]{0,3}(#{1,6})[ \t]++([^\n]*[^ \t#\n])[ \t#]*$", re.MULTILINE)


def _read_markdown(data: bytes) -> Document:
    text = normalise(decode(data))
    header = None
    match = _HEADER.match(text)
    if match and re.match(r"(?:\s*#[^\n]*\n)*\s*[A-Za-z][\w-]*\s*:", match["header"]):
        header, text = match["header"], text[match.end() :]
    text = unescape(text)
    for pattern, replacement in _MARKDOWN:
        text = pattern.sub(replacement, text)
    heading = next((m for m in _HEADING.finditer(text) if len(m[1]) == 1), None)
    title = squeeze(heading[2]) if heading else None
    lines = split_lines(_HEADING.sub(r"\n\2\n", text))
    return Document(join_wrapped(lines), title=title, header=header)


def _read_docx(data: bytes) -> Document:
    import docx
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MAX_UNPACKED_BYTES:
                raise ArticleError("unpacks to more than 200 MB")
        lines: list[str] = []
        title = None
        for block in docx.Document(io.BytesIO(data)).iter_inner_content():
            if isinstance(block, Table):
                lines += _table_lines(block)
                continue
            found = [line for line in split_lines(unescape(block.text)) if line]
            style = (block.style.name if block.style else "") or ""
            if found and title is None and style.lower() in {"title", "heading 1", "tiêu đề"}:
                title = " ".join(found)
            lines += found
    except ArticleError:
        raise
    # A damaged archive or XML makes the library raise errors of many kinds.
    except Exception as error:
        raise ArticleError(f"not a readable .docx file ({type(error).__name__})") from None
    return Document(lines, title=title)


def _table_lines(table: Table) -> Iterator[str]:
    """A row of figures is one line; cells used for layout give their paragraphs."""
    for row in table.rows:
        cells = [
            [line for line in split_lines(cell.text) if line]
            for index, cell in enumerate(row.cells)
            if index == 0 or cell._tc is not row.cells[index - 1]._tc
        ]
        filled = [cell for cell in cells if cell]
        longest = max((len(line) for cell in filled for line in cell), default=0)
        if len(cells) > 2 and longest < 200:
            yield " | ".join(" ".join(cell) for cell in filled)
        elif len(cells) == 2 and longest < 200 and all(len(cell) == 1 for cell in filled):
            yield from _pair(filled)
        else:
            for cell in filled:
                yield from cell


def _pair(cells: list[list[str]]) -> Iterator[str]:
    texts = [cell[0] for cell in cells]
    if any(read_page_dates(text) or is_sentence(text) for text in texts):
        yield from texts
    elif texts:
        yield " | ".join(texts)


def _read_pdf(data: bytes) -> Document:
    import logging

    from pypdf import PdfReader

    from retrieval.pdf_pages import read_lines

    # It reports every oddity of a file; the reader of our summary wants only the outcome.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%PDF" not in data[:1024]:
        raise ArticleError("not a readable .pdf file (no PDF header)")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError("the .pdf file is encrypted")
        lines = read_lines(list(reader.pages))
    except ArticleError:
        raise
    # A damaged file makes the library raise errors of many kinds.
    except Exception as error:
        raise ArticleError(f"not a readable .pdf file ({type(error).__name__})") from None
    if sum(c.isalpha() for line in lines for c in line) < 20:
        raise ArticleError("the .pdf file has no text (scanned pages?)")
    return Document(join_wrapped(lines, always=True))


_READERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
    ".pdf": _read_pdf,
}
ARTICLE_SUFFIXES = frozenset(_READERS)
