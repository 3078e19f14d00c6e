"""Articles, passages and sentences -> the one SQLite file that `Records` reads."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retrieval.schema import Article, Passage
from retrieval.text import Span

_TABLES = """
create table article (
    number integer primary key, id text not null unique, title text not null,
    text text not null, source text, province text, date text, path text not null);
create table passage (
    row integer primary key, article integer not null references article (number),
    start integer not null, "end" integer not null, digest blob not null, sketch blob not null,
    words text not null);
create table sentence (
    row integer primary key, passage integer not null references passage (row),
    start integer not null, "end" integer not null, digest blob not null);
create table retelling (
    article integer primary key references article (number),
    first integer not null references article (number));
"""
# Made when the rows are there: digests come in no order, and each would be put in its place alone.
_INDEXES = """
create index passage_of_article on passage (article);
create index passage_of_digest on passage (digest);
create index sentence_of_passage on sentence (passage);
create index sentence_of_digest on sentence (digest);
create index retelling_of_first on retelling (first);
"""
_COLUMNS = "number, id, title, text, source, province, date, path"
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as it is stored, with its article and its sentences.

    Attributes:
        digest: of the text that was embedded for the passage, see `text_digest`.
        sketch: of the passage, to find what repeats it.
        words: of the passage as they are written, a space between them, a sentence a line.
        sentences: each with the digest of its text.
    """

    article: Article
    passage: Passage
    digest: bytes
    sketch: bytes
    words: str
    sentences: tuple[tuple[Span, bytes], ...] = ()


def text_digest(text: str) -> bytes:
    """What tells whether a text was embedded before; 16 bytes."""
    return hashlib.sha256(text.encode()).digest()[:_DIGEST_BYTES]


def write_records(path: Path, entries: Iterable[Entry]) -> None:
    """Rows are numbered from 0 in the order given; an article's entries are neighbours."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        numbers: dict[str, int] = {}
        sentence_row = 0
        for row, entry in enumerate(entries):
            article = entry.article
            if article.id not in numbers:
                numbers[article.id] = len(numbers)
                _insert_article(connection, numbers[article.id], article)
            passage = entry.passage
            connection.execute(
                "insert into passage values (?, ?, ?, ?, ?, ?, ?)",
                (
                    row,
                    numbers[article.id],
                    passage.start,
                    passage.end,
                    entry.digest,
                    entry.sketch,
                    entry.words,
                ),
            )
            for span, digest in entry.sentences:
                connection.execute(
                    "insert into sentence values (?, ?, ?, ?, ?)",
                    (sentence_row, row, span.start, span.end, digest),
                )
                sentence_row += 1
        connection.executescript(_INDEXES)


def write_retellings(path: Path, first: Mapping[int, int]) -> None:
    """
    Args:
        first: number of an article -> number of the first one that told its story.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("insert into retelling values (?, ?)", sorted(first.items()))


def _insert_article(connection: sqlite3.Connection, number: int, article: Article) -> None:
    connection.execute(
        f"insert into article ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)",  # nosec B608
        (
            number,
            article.id,
            article.title,
            article.text,
            article.source,
            article.province,
            article.date.isoformat() if article.date else None,
            article.path,
        ),
    )
