"""How each answer came about, so that it can be shown again: `python -m retrieval explain ID`.

A trace holds the numbers of the hits, not their texts: those are the archive's. The digest of
a text tells whether the archive still has it as it was.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from retrieval.database import Database, storable
from retrieval.errors import StoreUnavailable
from retrieval.schema import NO_FILTERS, Dimension, Filters, Hit, Query
from retrieval.search import Retriever

_SCHEMA = """
create table if not exists trace (
    trace_id text primary key, asked_at text not null, question text not null,
    history text not null, filters text not null, widened text not null, today text not null,
    query text, hits text not null, dense_weight real not null, answer text not null,
    versions text not null, timings_ms text not null)
"""
_INDEX = "create index if not exists trace_asked_at on trace (asked_at)"
_COLUMNS = (
    "trace_id, asked_at, question, history, filters, widened, today, query, hits, dense_weight, "
    "answer, versions, timings_ms"
)

# As many as an answer reads. What comes behind decided nothing.
_KEPT_HITS = 30

# Digits and small letters without i, l, o and u, which are misread: 5 bits each, so that 16 of
# them can not be guessed, and are short enough for a button of Telegram (64 bytes).
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 16
_ID = re.compile(f"[{_LETTERS}]{{{_ID_LENGTH}}}")

_DISTRIBUTION = "dan-van-qa"

_Record = TypeVar("_Record", Query, Filters, "TracedHit")


@dataclass(frozen=True, slots=True)
class Versions:
    """What gave an answer.

    Attributes:
        snapshot: when the index was built, ISO time with zone.
        corpus: digest of its files and of the code that read them.
        model: fingerprint of the embedding model.
        project: version of this project.
        llm: name of the language model; None where the answer quotes.
    """

    snapshot: str
    corpus: str
    model: str
    project: str
    llm: str | None = None

    @classmethod
    def of(cls, retriever: Retriever, llm: str | None = None) -> Versions:
        manifest = retriever.index.manifest
        return cls(manifest.created, manifest.corpus, manifest.fingerprint, project_version(), llm)


@dataclass(frozen=True, slots=True)
class TracedHit:
    """A hit as it was ranked; see `retrieval.schema.Hit`.

    Attributes:
        article: id of the article; its `text[start:end]` is the passage.
        digest: of the passage's text.
        also: labels of other articles that hold nearly the same passage.
    """

    article: str
    start: int
    end: int
    label: str
    title: str
    digest: str
    dense_rank: int | None
    dense_score: float
    sparse_rank: int | None
    sparse_score: float
    fused: float
    bonuses: dict[str, float]
    score: float
    also: tuple[str, ...] = ()
    reranked: float | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One answer, and all that led to it.

    Attributes:
        trace_id: from `new_trace_id`.
        asked_at: with a zone.
        history: the earlier questions that were handed over, oldest first.
        filters: the given ones; those of the question's own words are in `query`.
        today: what `hôm qua` was counted from.
        query: None where the question could not be asked.
        hits: best first, from `traced`.
        answer: what the reader got, as JSON has it; nothing here reads it.
    """

    trace_id: str
    asked_at: datetime.datetime
    question: str
    today: datetime.date
    query: Query | None
    hits: tuple[TracedHit, ...]
    answer: Mapping[str, Any]
    versions: Versions
    history: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    widened: tuple[Dimension, ...] = ()
    dense_weight: float = 0.0
    timings_ms: Mapping[str, float] | None = None


def new_trace_id() -> str:
    """16 letters and digits that nobody can guess: who has one may see the answer."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))


def is_trace_id(text: str) -> bool:
    """Whether it has the form of one."""
    return _ID.fullmatch(text) is not None


def traced(hits: Iterable[Hit]) -> tuple[TracedHit, ...]:
    """What a trace keeps of the first 30 hits."""
    return tuple(
        TracedHit(
            article=hit.article.id,
            start=hit.passage.start,
            end=hit.passage.end,
            label=hit.article.label,
            title=hit.article.title,
            digest=text_digest(hit.passage.text),
            dense_rank=hit.dense_rank,
            dense_score=round(hit.dense_score, 6),
            sparse_rank=hit.sparse_rank,
            sparse_score=round(hit.sparse_score, 6),
            fused=round(hit.fused, 6),
            bonuses={name: round(value, 6) for name, value in hit.bonuses.items()},
            score=round(hit.score, 6),
            also=tuple(article.label for article in hit.also),
            reranked=None if hit.reranked is None else round(hit.reranked, 6),
        )
        for hit, _ in zip(hits, range(_KEPT_HITS), strict=False)
    )


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def project_version() -> str:
    """Of this project, as it is installed."""
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"


class Traces:
    """The traces in a file. Safe between threads and processes.

    Every method raises `StoreUnavailable` where the file can not be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            connection.execute(_SCHEMA)
            connection.execute(_INDEX)

    @classmethod
    def open(cls, path: Path) -> Traces:
        return cls(Database.open(path))

    def record(self, trace: Trace) -> None:
        """Keep a trace; it never changes: a second one of the same id is ignored.

        Takes about 1 ms for 30 hits.
        """
        values = (
            trace.trace_id,
            utc(trace.asked_at),
            storable(trace.question),
            _json(trace.history),
            _json(asdict(trace.filters)),
            _json(trace.widened),
            trace.today.isoformat(),
            _json(asdict(trace.query)) if trace.query else None,
            _json([asdict(hit) for hit in trace.hits[:_KEPT_HITS]]),
            trace.dense_weight,
            _json(trace.answer),
            _json(asdict(trace.versions)),
            _json(trace.timings_ms or {}),
        )
        marks = ", ".join("?" * len(values))
        with self._database.transaction() as connection:
            connection.execute(f"insert or ignore into trace ({_COLUMNS}) values ({marks})", values)

    def get(self, trace_id: str) -> Trace | None:
        """None where there is no such trace, or no longer."""
        rows = self._database.read(
            f"select {_COLUMNS} from trace where trace_id = ?",  # nosec B608
            (storable(trace_id),),
        )
        if not rows:
            return None
        try:
            return _trace(rows[0])
        except (ValueError, TypeError, KeyError) as error:
            raise StoreUnavailable(f"trace {trace_id} is damaged") from error

    def has(self, trace_id: str) -> bool:
        query = "select 1 from trace where trace_id = ?"
        return bool(self._database.read(query, (storable(trace_id),)))

    def forget(self, trace_ids: Sequence[str]) -> int:
        """Delete these, and what hangs on them; how many there were.

        Only `Database.wipe` takes the rest out of the bytes of the file.
        """
        with self._database.transaction() as connection:
            return sum(
                connection.execute("delete from trace where trace_id = ?", (trace_id,)).rowcount
                for trace_id in trace_ids
            )

    def expire(self, before: datetime.datetime) -> int:
        """Delete what was asked before that; how many there were. As `forget` for the rest."""
        with self._database.transaction() as connection:
            return connection.execute(
                "delete from trace where asked_at < ?", (utc(before),)
            ).rowcount

    def close(self) -> None:
        self._database.close()


def utc(moment: datetime.datetime) -> str:
    """ISO time in UTC, always of one length, so that texts are in the order of time."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds")


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return storable(text)


def _plain(value: object) -> str:
    """Days as ISO has them, which is their `str`; what else comes is not to be lost either."""
    return str(value)


def _trace(row: tuple[Any, ...]) -> Trace:
    """From the columns in the order of `_COLUMNS`."""
    (trace_id, asked_at, question, history, filters, widened) = row[:6]
    (today, query, hits, dense_weight, answer, versions, timings_ms) = row[6:]
    return Trace(
        trace_id=trace_id,
        asked_at=datetime.datetime.fromisoformat(asked_at),
        question=question,
        today=datetime.date.fromisoformat(today),
        query=_adapter(Query).validate_json(query) if query else None,
        hits=tuple(map(_adapter(TracedHit).validate_python, json.loads(hits))),
        answer=json.loads(answer),
        versions=Versions(**json.loads(versions)),
        history=tuple(json.loads(history)),
        filters=_adapter(Filters).validate_json(filters),
        widened=tuple(json.loads(widened)),
        dense_weight=dense_weight,
        timings_ms=json.loads(timings_ms),
    )


@cache
def _adapter(kind: type[_Record]) -> TypeAdapter[_Record]:
    return TypeAdapter(kind)
