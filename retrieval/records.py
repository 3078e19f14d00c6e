"""Articles and passages of a snapshot, in one SQLite file that is only read once written."""

from __future__ import annotations

import datetime
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar
from weakref import finalize

import numpy as np

from retrieval.damage import damaged, reading
from retrieval.duplicates import Sketch, read_sketch
from retrieval.gazetteer import load
from retrieval.kept import kept
from retrieval.origins import Origin, Origins, Stated
from retrieval.rows import Rows, as_rows, bounds_of, ranges
from retrieval.schema import NO_FILTERS, Article, Filters, Passage
from retrieval.text import Span

_COLUMNS = "id, title, text, source, province, date, path"
_KEPT_ARTICLES = 1_000
# SQLite's older versions take no more parameters than 999.
_ASKED = 900
_NAME = "records.sqlite"

Kind = Literal["passage", "sentence"]
_Value = TypeVar("_Value")


class StoredSentence(NamedTuple):
    """Of which passage (its row), where it begins in the article, and the digest of its text."""

    passage: int
    start: int
    digest: bytes


class Records:
    """Read access; rows are the passages' numbers in the dense and the sparse index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # A connection refers to itself: left alone it stays open till garbage is collected.
        finalize(self, connection.close)
        # An article of many passages is read once a question, not once a passage.
        self._article = kept(_KEPT_ARTICLES, self._read_article)

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
                f'select row, article, start, "end" from passage where row in ({marks})',  # nosec B608
                rows,
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
        query = f"select {_COLUMNS} from article order by date is null, date desc, id limit ?"  # nosec B608
        return [_article(values) for values in self._rows(query, (limit,))]

    def articles_of(self, province: str | None, limit: int, offset: int = 0) -> list[Article]:
        """The articles of a province, or of no known one, in the same order."""
        query = (
            f"select {_COLUMNS} from article where province is ? "  # nosec B608
            "order by date is null, date desc, id limit ? offset ?"
        )
        with reading(_NAME):
            rows = self._connection.execute(query, (province, limit, offset)).fetchall()
        return [_article(values) for values in rows]

    def articles_passing(self, filters: Filters) -> Rows:
        """Numbers of the articles that pass, ascending; all of them for empty filters."""
        return self._origins.passing(filters)

    def passages_of(self, articles: Rows) -> Rows:
        """Rows of their passages, in the order of articles."""
        return ranges(self._passage_bounds, articles)

    def origins_passing(self, filters: Filters = NO_FILTERS) -> dict[int, Origin]:
        """Number of each article that passes -> its province and day; all for empty filters."""
        return self._origins.by_number(self._origins.passing(filters))

    def article(self, number: int) -> Article:
        """The article of a row of the index of articles."""
        return self._article(number)

    @cached_property
    def _origins(self) -> Origins:
        """Read whole, once: a filter asks them of every article."""
        query = "select province, source, date from article order by number"
        return Origins.of(Stated(p, source, _day(date)) for p, source, date in self._stream(query))

    @cached_property
    def _passage_bounds(self) -> Rows:
        """`(articles + 1,)`: the passages of article `a` are the rows from `[a]` to `[a + 1]`."""
        query = "select count(*) from passage group by article order by article"
        return bounds_of([count for (count,) in self._rows(query)])

    @cached_property
    def sentence_bounds(self) -> Rows:
        """`(passages + 1,)`: the sentences of passage `p` are the rows from `[p]` to `[p + 1]`.

        Read whole, once: every question asks for the sentences of hundreds of passages.
        """
        query = (
            "select count(sentence.row) from passage "
            "left join sentence on sentence.passage = passage.row "
            "group by passage.row order by passage.row"
        )
        return bounds_of([count for (count,) in self._rows(query)])

    def articles_of_passages(self, rows: Sequence[int]) -> dict[int, int]:
        """Passage row -> number of its article."""
        wanted, bounds = as_rows(rows), self._passage_bounds
        if len(wanted) and not 0 <= wanted.min() <= wanted.max() < bounds[-1]:
            raise damaged(_NAME)
        numbers = np.searchsorted(bounds, wanted, side="right") - 1
        return dict(zip(rows, numbers.tolist(), strict=True))

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

    def passage_digests(self, rows: Sequence[int]) -> list[bytes]:
        """Of the texts that were embedded for the passages of these rows, in the order given."""
        found: dict[int, bytes] = _each(
            rows, self._select("select row, digest from passage where row in", rows)
        )
        return [found[row] for row in rows]

    def sentences(self, rows: Sequence[int]) -> list[StoredSentence]:
        """The sentences of these rows, which number sentences, in the order given."""
        query = "select row, passage, start, digest from sentence where row in"
        selected = [(row, StoredSentence(*rest)) for row, *rest in self._select(query, rows)]
        found = _each(rows, selected)
        return [found[row] for row in rows]

    def sketches(self, rows: Sequence[int]) -> list[Sketch]:
        """Of the passages of these rows, in the order given."""
        query = "select row, sketch from passage where row in"
        found: dict[int, bytes] = _each(rows, self._select(query, rows))
        with reading(_NAME, TypeError):
            return [read_sketch(found[row]) for row in rows]

    def every_sketch(self) -> Iterator[tuple[int, Sketch]]:
        """Of each passage, with the number of its article, in the order of rows."""
        query = "select article, sketch from passage order by row"
        return ((number, read_sketch(stored)) for number, stored in self._stream(query))

    def tellings(self, numbers: Sequence[int]) -> dict[int, list[int]]:
        """Number of an article -> the others that tell its story, in the order of numbers."""
        known = self._select("select article, first from retelling where article in", numbers)
        first = {number: number for number in numbers} | dict(known)
        stories = {one: {one} for one in first.values()}
        query = "select first, article from retelling where first in"
        for one, telling in self._select(query, list(stories)):
            stories[one].add(telling)
        return {number: sorted(stories[first[number]] - {number}) for number in first}

    def first_passage(self, number: int) -> int:
        """Row of an article's first passage."""
        return int(self._passage_bounds[number])

    def origins_of_passages(self, rows: Sequence[int]) -> dict[int, Origin]:
        """Passage row -> province and day of its article."""
        owners = self.articles_of_passages(rows)
        origins = self._origins.by_number(as_rows({*owners.values()}))
        return {row: origins[number] for row, number in owners.items()}

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

    def _select(self, query: str, rows: Sequence[int] | Sequence[bytes]) -> list[tuple[Any, ...]]:
        return self._rows(f"{query} ({','.join('?' * len(rows))})", rows)

    def _rows(
        self, query: str, values: Sequence[str | int] | Sequence[bytes] = ()
    ) -> list[tuple[Any, ...]]:
        with reading(_NAME):
            return self._connection.execute(query, tuple(values)).fetchall()

    def every_article(self) -> Iterator[Article]:
        """In the order of their numbers, read as they are needed."""
        query = f"select {_COLUMNS} from article order by number"  # nosec B608
        return map(_article, self._stream(query))

    def every_passage(self) -> Iterator[tuple[Article, Passage]]:
        """In the order of their rows, read as they are needed."""
        query = 'select article, start, "end" from passage order by row'
        for number, start, end in self._stream(query):
            article = self._article(number)
            yield article, Passage(article.id, start, end, article.text[start:end])

    def every_sentence(self) -> Iterator[str]:
        """The texts, in the order of their rows, read as they are needed."""
        query = (
            'select article, sentence.start, sentence."end" from sentence '
            "join passage on passage.row = sentence.passage order by sentence.row"
        )
        for number, start, end in self._stream(query):
            yield self._article(number).text[start:end]

    def every_owner(self, kind: Kind) -> Iterator[int]:
        """The number of the article of each, in the order of rows, read as they are needed."""
        joined = "" if kind == "passage" else "join passage on passage.row = sentence.passage"
        query = f"select article from {kind} {joined} order by {kind}.row"  # nosec B608
        return (number for (number,) in self._stream(query))

    def every_digest(self, kind: Kind) -> Iterator[bytes]:
        """Of what was embedded, in the order of rows, read as they are needed."""
        query = f"select digest from {kind} order by row"  # nosec B608
        return (digest for (digest,) in self._stream(query))

    def count(self, kind: Kind) -> int:
        ((count,),) = self._rows(f"select count(*) from {kind}")  # nosec B608
        return int(count)

    def rows_of_digests(self, kind: Kind, digests: Sequence[bytes]) -> dict[bytes, int]:
        """Of the digests that are there, a row that holds the vector."""
        found: dict[bytes, int] = {}
        for start in range(0, len(digests), _ASKED):
            some = digests[start : start + _ASKED]
            query = f"select digest, row from {kind} where digest in"  # nosec B608
            found.update(self._select(query, some))
        return found

    def _stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        with reading(_NAME):
            # `yield from` would close the cursor, which a closed database refuses.
            for row in self._connection.execute(query):  # noqa: UP028
                yield row

    def close(self) -> None:
        self._connection.close()

    def _read_article(self, number: int) -> Article:
        query = f"select {_COLUMNS} from article where number = ?"  # nosec B608
        (values,) = self._rows(query, (number,))
        return _article(values)


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
