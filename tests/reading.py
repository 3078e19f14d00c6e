"""All that files hold, at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retrieval.corpus import read_articles
from retrieval.schema import Article
from retrieval.snapshot import Skipped


def read_all(paths: Sequence[Path], root: Path) -> tuple[list[Article], list[Skipped]]:
    found = list(read_articles(paths, root))
    articles = [one for one in found if isinstance(one, Article)]
    return articles, [one for one in found if isinstance(one, Skipped)]
