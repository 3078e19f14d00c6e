"""The files below a folder of articles: all of them read, and a digest of what was read by what."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from retrieval.articles import read_article
from retrieval.documents import MAX_BYTES
from retrieval.errors import ArticleError
from retrieval.schema import Article
from retrieval.snapshot import Skipped


def read_articles(paths: Sequence[Path], seeds: Path) -> tuple[list[Article], list[Skipped]]:
    """Every article that can be read, and every file that can not with its reason."""
    articles: dict[str, Article] = {}
    skipped = []
    for path in paths:
        try:
            article = read_article(path, seeds)
            article.id.encode()
        except ArticleError as error:
            skipped.append(Skipped(_shown(path), str(error)))
        except UnicodeEncodeError:
            skipped.append(Skipped(_shown(path), "its name is no valid UTF-8; rename it"))
        else:
            # One name, once composed and once decomposed, as a copy from a Mac leaves it.
            if other := articles.get(article.id):
                skipped.append(Skipped(_shown(path), f"has the same name as {other.path}"))
            else:
                articles[article.id] = article
    return list(articles.values()), skipped


def corpus_digest(seeds: Path, paths: Sequence[Path]) -> str:
    """Digest of the files (sidecars too) and of this package's code and data.

    The code is part of it because a corrected reader must not leave old labels behind.
    """
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for folder, files in (
        (package, sorted([*package.glob("*.py"), *package.glob("data/*.*")])),
        (seeds, sorted({*paths, *seeds.rglob("*.json")})),
    ):
        for path in files:
            digest.update(os.fsencode(path.relative_to(folder)) + b"\0" + _file_digest(path))
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    """Of the content; of what is no article anyway (a pipe, a huge file) only the outside."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return f"{status.st_mode} {status.st_size} {status.st_mtime_ns}".encode()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        return type(error).__name__.encode()


def _shown(path: Path) -> str:
    """A path that can be printed and stored, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
