"""What was asked before, and what people thought of the answers.

A conversation is an opaque text: for Telegram the chat and its topic. Its turns, the traces of
its answers and the feedback on them are in one file, so that all of it can be deleted at once.

CONVERSATIONS_DB is neither in `vectors/`, which may be deleted and built again, nor in a
snapshot, which is replaced. With CONVERSATION_DAYS=0 nothing reaches the disk: follow-ups and
feedback work within the running process, for a day at most.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from retrieval.database import Database, storable
from retrieval.settings import Settings
from retrieval.traces import Traces, utc

_SCHEMA = (
    """
    create table if not exists turn (
        number integer primary key, conversation text not null, asked_at text not null,
        question text not null, trace_id text not null, is_past integer not null default 0)
    """,
    "create index if not exists turn_of_conversation on turn (conversation, number)",
    "create index if not exists turn_asked_at on turn (asked_at)",
    """
    create table if not exists feedback (
        trace_id text not null references trace (trace_id) on delete cascade,
        person text not null, rating text not null, reason text, given_at text not null,
        primary key (trace_id, person))
    """,
)

# Characters; a reason is a remark, and anybody may send one.
_LONGEST_REASON = 1_000
_DAYS_IN_MEMORY = 1


class Rating(StrEnum):
    """What a person thought of an answer: 👍 or 👎."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One person's opinion of one answer.

    Attributes:
        person: an opaque text; never exported.
        given_at: with a zone.
    """

    trace_id: str
    person: str
    rating: Rating
    reason: str | None
    given_at: datetime.datetime


class Conversations:
    """The conversations in a file. Safe between threads and processes.

    Every method raises `StoreUnavailable` where the file can not be used; an answer should
    reach its reader nevertheless. `forget` and `expire` may take seconds in a large file (0.2 s
    for each 1,000 traces that stay), the others less than a millisecond.

    Attributes:
        traces: of the same file; record each answer there.
        database: the file, for stores that belong to an adapter.
    """

    def __init__(self, database: Database, days: int) -> None:
        """
        Args:
            days: after which `expire` deletes.
        """
        self.traces = Traces(database)
        self.database = database
        self._kept = datetime.timedelta(days=days)
        with database.transaction() as connection:
            for statement in _SCHEMA:
                connection.execute(statement)

    def history(self, conversation: str, limit: int) -> tuple[str, ...]:
        """The last questions since `start_anew`, at most `limit`, oldest first."""
        rows = self.database.read(
            "select question from turn where conversation = ? and not is_past "
            "order by number desc limit ?",
            (conversation, limit),
        )
        return tuple(question for (question,) in reversed(rows))

    def remember(
        self,
        conversation: str,
        question: str,
        trace_id: str,
        asked_at: datetime.datetime | None = None,
    ) -> None:
        """Add a turn.

        Before its trace is recorded or after; before is better: if the process ends in
        between, no trace is left that `forget` would not find.
        """
        with self.database.transaction() as connection:
            connection.execute(
                "insert into turn (conversation, asked_at, question, trace_id) values (?, ?, ?, ?)",
                (conversation, utc(asked_at or _now()), storable(question), trace_id),
            )

    def start_anew(self, conversation: str) -> None:
        """`/moi`: no later question continues an earlier one. Nothing is deleted."""
        with self.database.transaction() as connection:
            connection.execute(
                "update turn set is_past = 1 where conversation = ? and not is_past",
                (conversation,),
            )

    def forget(self, conversation: str) -> int:
        """Delete its turns, their traces and the feedback on these; how many turns there were.

        Afterwards the bytes of the file hold nothing of it either.
        """
        with self.database.transaction() as connection:
            turns = connection.execute(
                "delete from turn where conversation = ? returning trace_id", (conversation,)
            ).fetchall()
            self.traces.forget([trace_id for (trace_id,) in turns])
        if turns:
            self.database.wipe()
        return len(turns)

    def expire(self, now: datetime.datetime | None = None) -> int:
        """Delete turns and traces (feedback too) older than the days kept; how many.

        For a service to call once a day; `open_conversations` does so at the start.
        """
        before = (now or _now()) - self._kept
        with self.database.transaction() as connection:
            expired = connection.execute(
                "delete from turn where asked_at < ?", (utc(before),)
            ).rowcount
            expired += self.traces.expire(before)
        if expired:
            self.database.wipe()
        return expired

    def give_feedback(
        self,
        trace_id: str,
        person: str,
        rating: Rating,
        reason: str | None = None,
        given_at: datetime.datetime | None = None,
    ) -> bool:
        """A person's opinion, in place of an earlier one with its reason; False: no such trace."""
        kept = storable(reason.strip()[:_LONGEST_REASON]) if reason else ""
        with self.database.transaction() as connection:
            if not self.traces.has(trace_id):
                return False
            connection.execute(
                "insert or replace into feedback (trace_id, person, rating, reason, given_at) "
                "values (?, ?, ?, ?, ?)",
                (trace_id, person, rating.value, kept or None, utc(given_at or _now())),
            )
        return True

    def feedback(self) -> Iterator[Feedback]:
        """All there is, the first given first."""
        rows = self.database.read(
            "select trace_id, person, rating, reason, given_at from feedback "
            "order by given_at, trace_id, person"
        )
        for trace_id, person, rating, reason, given_at in rows:
            day = datetime.datetime.fromisoformat(given_at)
            yield Feedback(trace_id, person, Rating(rating), reason, day)

    def close(self) -> None:
        self.database.close()


def open_conversations(settings: Settings, now: datetime.datetime | None = None) -> Conversations:
    """The conversations of a service, without what is too old at `now`.

    With CONVERSATION_DAYS=0 in memory; what a file still holds from before is deleted then.

    Raises:
        StoreUnavailable: CONVERSATIONS_DB can not be used.
    """
    days, path = settings.conversation_days, settings.conversations_db
    if days == 0:
        _empty(path, now)
        return Conversations(Database.open(None), _DAYS_IN_MEMORY)
    conversations = Conversations(Database.open(path), days)
    conversations.expire(now)
    return conversations


def _empty(path: Path, now: datetime.datetime | None) -> None:
    if path.exists():
        earlier = Conversations(Database.open(path), 0)
        earlier.expire(now)
        earlier.close()


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
