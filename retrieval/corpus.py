"""The files below a folder of articles: all of them read, and a digest of what was read by what."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.articles import read_article
from retrieval.changes import Outside, changed, files_behind
from retrieval.documents import MAX_BYTES
from retrieval.errors import ArticleError
from retrieval.jsonl import is_bulk, read_lines
from retrieval.schema import Article
from retrieval.snapshot import Skipped


def read_articles(paths: Sequence[Path], seeds: Path) -> Iterator[Article | Skipped]:
    """Every article that can be read, and every file that can not with its reason."""
    names: dict[str, str] = {}
    for path in paths:
        for found in _read(path, seeds):
            # One name, once composed and once decomposed, as a copy from a Mac leaves it.
            if isinstance(found, Article) and found.id in names:
                yield Skipped(found.path, f"has the same name as {names[found.id]}")
                continue
            if isinstance(found, Article):
                names[found.id] = found.path
            yield found


def _read(path: Path, seeds: Path) -> Iterator[Article | Skipped]:
    """The article of a file, or those of its lines, and what is none."""
    try:
        if not is_bulk(path):
            article = read_article(path, seeds)
            _check_name(article)
            yield article
            return
        # One that was named beside the folder is known by its name.
        below = seeds if seeds in path.parents else None
        for found in read_lines(path, below):
            if isinstance(found, Article):
                _check_name(found)
                yield found
            else:
                yield Skipped(f"{_shown(path)}:{found[0]}", _shown(found[1]))
    except ArticleError as error:
        yield Skipped(_shown(path), _shown(str(error)))
    except UnicodeEncodeError:
        yield Skipped(_shown(path), "its name is no valid UTF-8; rename it")


def changed_since(paths: Sequence[Path], before: Outside) -> list[Skipped]:
    """The files that may not have been read as they were digested."""
    reason = "was changed during the ingest; the next one reads it again"
    return [Skipped(_shown(path), reason) for path in changed(paths, before)]


def _check_name(article: Article) -> None:
    """Raises UnicodeEncodeError where the index can not hold where an article is from."""
    article.id.encode()
    article.path.encode()


def corpus_digest(seeds: Path, paths: Sequence[Path]) -> str:
    """Digest of the files (with their sidecars) and of this package's code and data.

    The code is part of it because a corrected reader must not leave old labels behind.
    """
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for folder, files in (
        (package, sorted([*package.glob("*.py"), *package.glob("data/*.*")])),
        (seeds, files_behind(paths)),
    ):
        for path in files:
            name = path.relative_to(folder) if folder in path.parents else path.absolute()
            digest.update(os.fsencode(name) + b"\0" + _file_digest(path))
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    """Of the content; of what is no article (a pipe) or would take long only the outside."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            times = f"{status.st_mtime_ns} {status.st_ctime_ns}"
            return f"{status.st_mode} {status.st_size} {times}".encode()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        return type(error).__name__.encode()


def _shown(path: Path | str) -> str:
    """A path, or a reason that names one, fit to be printed and stored whatever bytes it has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
