"""Articles and passages of a snapshot, in one SQLite file that is only read once written."""

from __future__ import annotations

import datetime
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from retrieval.damage import damaged, reading
from retrieval.duplicates import Sketch, read_sketch
from retrieval.gazetteer import load
from retrieval.schema import Article, Filters, Passage
from retrieval.text import Span

_SCHEMA = """
create table article (
    number integer primary key, id text not null unique, title text not null,
    text text not null, source text, province text, date text, path text not null);
create table passage (
    row integer primary key, article integer not null references article (number),
    start integer not null, "end" integer not null, digest text not null, sketch blob not null,
    words text not null);
create index passage_of_article on passage (article);
create table sentence (
    row integer primary key, passage integer not null references passage (row),
    start integer not null, "end" integer not null, digest text not null);
create index sentence_of_passage on sentence (passage);
"""
_COLUMNS = "id, title, text, source, province, date, path"
_KEPT_ARTICLES = 1_000
_NAME = "records.sqlite"

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as it is stored, with its article and its sentences.

    Attributes:
        digest: of the text that was embedded for the passage.
        sketch: of the passage, to find what repeats it.
        words: of the passage as they are written, a space between them, a sentence a line.
        sentences: each with the digest of its text.
    """

    article: Article
    passage: Passage
    digest: str
    sketch: bytes
    words: str
    sentences: tuple[tuple[Span, str], ...] = ()


class Origin(NamedTuple):
    """Where and when a passage's article was published."""

    province: str | None
    date: datetime.date | None


class Records:
    """Read access; rows are the passages' numbers in the dense and the sparse index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # An article of many passages is read once a question, not once a passage.
        self._article = lru_cache(_KEPT_ARTICLES)(self._read_article)

    @staticmethod
    def write(path: Path, entries: Iterable[Entry]) -> None:
        """Rows are numbered from 0 in the order given; an article's entries are neighbours."""
        with sqlite3.connect(path) as connection:
            connection.executescript(_SCHEMA)
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
        connection.close()

    @classmethod
    def open(cls, path: Path) -> Records:
        """
        Raises:
            IndexDamaged: it is no such file; what else reads it raises this too.
        """
        with reading(path.name):
            connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            connection.execute("select row from passage limit 1")
        return cls(connection)

    def passages(self, rows: Sequence[int]) -> list[tuple[Article, Passage]]:
        """The passages of these rows with their articles, in the order given."""
        marks = ",".join("?" * len(rows))
        found = {
            row: (number, start, end)
            for row, number, start, end in self._rows(
                f'select row, article, start, "end" from passage where row in ({marks})', rows
            )
        }
        result = []
        with reading(_NAME, KeyError):  # a row that the other indexes have is missing here
            for row in rows:
                number, start, end = found[row]
                article = self._article(number)
                result.append((article, Passage(article.id, start, end, article.text[start:end])))
        return result

    def articles(self, limit: int = 100) -> list[Article]:
        """The articles, newest first, undated ones last."""
        query = f"select {_COLUMNS} from article order by date is null, date desc, id limit ?"
        return [_article(values) for values in self._rows(query, (limit,))]

    def articles_of(self, province: str | None, limit: int, offset: int = 0) -> list[Article]:
        """The articles of a province, or of no known one, in the same order."""
        query = (
            f"select {_COLUMNS} from article where province is ? "
            "order by date is null, date desc, id limit ? offset ?"
        )
        with reading(_NAME):
            rows = self._connection.execute(query, (province, limit, offset)).fetchall()
        return [_article(values) for values in rows]

    def passages_passing(self, filters: Filters) -> frozenset[int]:
        """Rows of the passages whose article passes; all rows for empty filters."""
        conditions, values = self._conditions(filters)
        query = (
            "select passage.row from passage join article on article.number = passage.article "
            f"where {conditions}"
        )
        return frozenset(row for (row,) in self._rows(query, values))

    def origins_passing(self, filters: Filters) -> dict[int, Origin]:
        """Number of each article that passes -> its province and day; all for empty filters."""
        conditions, values = self._conditions(filters)
        query = f"select number, province, date from article where {conditions}"
        found = self._rows(query, values)
        return {number: Origin(province, _day(date)) for number, province, date in found}

    def article(self, number: int) -> Article:
        """The article of a row of the index of articles."""
        return self._article(number)

    def _conditions(self, filters: Filters) -> tuple[str, list[str]]:
        """SQL over `article`, and the values that it waits for."""
        conditions, values = ["1"], list[str]()
        if filters.provinces:
            of_place = [f"article.province in ({_marks(filters.provinces)})"]
            values += filters.provinces
            for succession in filters.successors:
                of_place.append("(article.province = ? and article.date >= ?)")
                values += [succession.name, succession.since.isoformat()]
            conditions.append(f"({' or '.join(of_place)})")
        if filters.sources:
            names = {load().source_name(name) for name in filters.sources}
            stated = [text for text, name in self._source_names.items() if name in names]
            conditions.append(f"article.source in ({_marks(stated)})")
            values += stated
        for sign, day in ((">=", filters.date_from), ("<=", filters.date_to)):
            if day:
                conditions.append(f"article.date {sign} ?")
                values.append(day.isoformat())
        return " and ".join(conditions), values

    @cached_property
    def sentence_bounds(self) -> npt.NDArray[np.int64]:
        """`(passages + 1,)`: the sentences of passage `p` are the rows from `[p]` to `[p + 1]`.

        Read whole, once: every question asks for the sentences of hundreds of passages.
        """
        query = (
            "select count(sentence.row) from passage "
            "left join sentence on sentence.passage = passage.row "
            "group by passage.row order by passage.row"
        )
        counts = [count for (count,) in self._rows(query)]
        return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))

    def articles_of_passages(self, rows: Sequence[int]) -> dict[int, int]:
        """Passage row -> number of its article."""
        return _each(rows, self._select("select row, article from passage where row in", rows))

    def words(self, rows: Sequence[int]) -> list[list[str]]:
        """Of the passages of these rows the words of each sentence, a space between them."""
        query = "select row, words from passage where row in"
        found: dict[int, str] = _each(rows, self._select(query, rows))
        with reading(_NAME, AttributeError):
            return [found[row].split("\n") for row in rows]

    def sentence_spans(self, rows: Sequence[int]) -> list[list[Span]]:
        """The sentences of the passages of these rows, in reading order; rows as given."""
        query = 'select passage, start, "end" from sentence where passage in'
        spans: dict[int, list[Span]] = {row: [] for row in rows}
        for row, start, end in sorted(self._select(query, list(spans))):
            spans[row].append(Span(start, end))
        return [spans[row] for row in rows]

    def sketches(self, rows: Sequence[int]) -> list[Sketch]:
        """Of the passages of these rows, in the order given."""
        query = "select row, sketch from passage where row in"
        found: dict[int, bytes] = _each(rows, self._select(query, rows))
        with reading(_NAME, TypeError):
            return [read_sketch(found[row]) for row in rows]

    def origins_of_passages(self, rows: Sequence[int]) -> dict[int, Origin]:
        """Passage row -> province and day of its article."""
        query = (
            "select passage.row, province, date from passage "
            "join article on article.number = passage.article where passage.row in"
        )
        found = self._select(query, rows)
        return _each(rows, [(row, Origin(province, _day(date))) for row, province, date in found])

    def passage_starts(self, article_id: str) -> dict[int, int]:
        """Start of each passage of an article -> its row; empty for an unknown article."""
        query = (
            "select start, row from passage join article on article.number = passage.article "
            "where article.id = ? order by start"
        )
        return dict(self._rows(query, (article_id,)))

    def provinces(self) -> tuple[str, ...]:
        """The provinces that the archive has articles of, in alphabetical order."""
        query = "select distinct province from article where province not null order by province"
        return tuple(province for (province,) in self._rows(query))

    def sources(self) -> tuple[str, ...]:
        """The newspapers, agencies and sites that it has articles of, in alphabetical order.

        Each under one name, however its articles state it.
        """
        return tuple(sorted(set(self._source_names.values())))

    def articles_by_source(self) -> dict[str, int]:
        """How many articles each of them has; those that state none are left out."""
        query = "select source, count(*) from article where source not null group by source"
        counts = Counter[str]()
        for text, count in self._rows(query):
            counts[self._source_names[text]] += count
        return dict(counts)

    @cached_property
    def _source_names(self) -> dict[str, str]:
        """As articles state a source -> its one name."""
        query = "select distinct source from article where source not null"
        return {text: load().source_name(text) for (text,) in self._rows(query)}

    def days(self) -> tuple[datetime.date, datetime.date] | None:
        """The first and the last day that it has articles of; None where no article has one."""
        ((first, last),) = self._rows("select min(date), max(date) from article")
        first, last = _day(first), _day(last)
        return (first, last) if first and last else None

    def _select(self, query: str, rows: Sequence[int]) -> list[tuple[Any, ...]]:
        return self._rows(f"{query} ({','.join('?' * len(rows))})", rows)

    def _rows(self, query: str, values: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
        with reading(_NAME):
            return self._connection.execute(query, tuple(values)).fetchall()

    def digests(self, table: Literal["passage", "sentence"]) -> dict[str, int]:
        """Digest of what was embedded -> a row that holds its vector."""
        return dict(self._rows(f"select digest, row from {table}"))

    def close(self) -> None:
        self._connection.close()

    def _read_article(self, number: int) -> Article:
        query = f"select {_COLUMNS} from article where number = ?"
        (values,) = self._rows(query, (number,))
        return _article(values)


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))


def _insert_article(connection: sqlite3.Connection, number: int, article: Article) -> None:
    connection.execute(
        f"insert into article (number, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)",
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


def _article(values: tuple[str, str, str, str | None, str | None, str | None, str]) -> Article:
    identifier, title, text, source, province, date, path = values
    return Article(identifier, title, text, source, province, _day(date), path)


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except (TypeError, ValueError) as error:
        raise damaged(_NAME) from error


def _each(rows: Sequence[int], found: Iterable[tuple[int, _Value]]) -> dict[int, _Value]:
    """What was found of every row."""
    result = dict(found)
    if len(result) < len(set(rows)):
        raise damaged(_NAME)
    return result
