"""Many articles in one file: JSON lines, plain or gzip.

A line is an object with `text`, and maybe `id`, `title`, `source`, `date`, `province` and `url`.
What it states counts; what it does not is read from the text, as of any other file.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from retrieval import gazetteer as gazetteers
from retrieval.articles import article_id, article_of
from retrieval.documents import CHANGING, Document, check_is_file, has_changed
from retrieval.errors import ArticleError
from retrieval.overrides import FIELDS, overrides_of
from retrieval.schema import Article
from retrieval.text import normalise, squeeze

SUFFIXES = (".jsonl", ".jsonl.gz")

# A line that is longer is no article; it is passed over in pieces, so that it fills no memory.
_MOST_BYTES = 20 * 1024 * 1024
# Bytes that are fetched at once: an endless line of 2 GB takes 1.2 s, with the usual 8 kB 6.0.
_FETCHED = 128 * 1024
_ACCEPTED = "each line is an object with text, and maybe id, title, source, date, province, url"


def is_bulk(path: Path) -> bool:
    """Whether a file holds an article a line."""
    return path.name.lower().endswith(SUFFIXES)


def read_lines(path: Path, root: Path | None = None) -> Iterator[Article | tuple[int, str]]:
    """Its articles, or of a line that holds none its number, from 1, and the reason.

    An article's id is the file's with the line's own `id`, or the line's number, behind a `/`.

    Raises:
        ArticleError: it is no file, or not below `root`.
    """
    name = article_id(path, root)
    check_is_file(path)
    number = 0
    try:
        with path.open("rb", _FETCHED) as stored, _unpacked(stored, path) as file:
            before = os.fstat(stored.fileno())
            for number, line in enumerate(_bounded(file), 1):
                if line is None:
                    yield number, "longer than 20 MB"
                elif line.strip():
                    yield _read(line, name, path, number)
            if has_changed(before, stored.fileno()):
                yield number, CHANGING
    except (OSError, EOFError, zlib.error) as error:
        # What came before it counts.
        yield number + 1, f"can not be read from here on ({type(error).__name__})"


def _unpacked(stored: IO[bytes], path: Path) -> IO[bytes]:
    return gzip.open(stored) if path.name.lower().endswith(".gz") else stored  # type: ignore[return-value]


def _bounded(file: IO[bytes]) -> Iterator[bytes | None]:
    while line := file.readline(_MOST_BYTES):
        if len(line) < _MOST_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while (rest := file.readline(_MOST_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def _read(line: bytes, name: str, path: Path, number: int) -> Article | tuple[int, str]:
    try:
        return _article(_record(line), name, path, number)
    except ArticleError as error:
        return number, str(error)


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
        json.dumps(record, ensure_ascii=False).encode()  # no half of a surrogate pair
    except (ValueError, RecursionError):
        raise ArticleError(f"is no JSON in UTF-8; {_ACCEPTED}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ArticleError(f"has no text; {_ACCEPTED}")
    return record


def _article(record: dict[str, Any], name: str, path: Path, number: int) -> Article:
    lines = [squeeze(line) for line in normalise(record["text"]).splitlines()]
    url = record.get("url")
    document = Document(
        lines=[line for line in lines if line],
        title=record["title"] if isinstance(record.get("title"), str) else None,
        address=url if isinstance(url, str) else None,
    )
    stated = {key: (record[key], "the line") for key in FIELDS if record.get(key) is not None}
    own = record.get("id")
    key = squeeze(normalise(str(own))) if isinstance(own, str | int) else ""
    where = f"{os.fspath(path)}:{number}"
    overrides = overrides_of(stated, gazetteers.load())
    return article_of(document, overrides, f"{name}/{key or number}", where)
