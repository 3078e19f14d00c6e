"""What people sent, kept until it is dealt with: nothing is lost, nothing is done twice.

Telegram hands an update over once it was fetched, or its webhook was answered, so it is written
down before that. What was not dealt with when the process ended is taken up at the next start:

    waiting    nothing was sent for it yet: it is dealt with as if it had just come
    sending    an answer may have been delivered, or not: the person is told so, with a button
               that shows the answer; sending it again might say it twice

The text of an update is deleted when it is dealt with; its number stays for two days, so that
the same one is known should Telegram bring it again (it keeps them for one).
"""

from __future__ import annotations

import datetime
import hashlib
import logging
from dataclasses import dataclass
from enum import StrEnum

from retrieval.database import Database, storable
from retrieval.traces import utc

_log = logging.getLogger(__name__)

_SCHEMA = (
    """
    create table if not exists telegram_update (
        update_id integer primary key, received_at text not null, state text not null,
        body text, trace_id text, preview integer)
    """,
    """
    create table if not exists telegram_message (
        chat integer not null, message integer not null,
        trace_id text not null references trace (trace_id) on delete cascade,
        primary key (chat, message))
    """,
    "create table if not exists telegram_text (key text primary key, text text not null)",
)

_KEPT = datetime.timedelta(days=2)


class State(StrEnum):
    """How far an update has come."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An update that the last process did not get done.

    Attributes:
        trace_id: of the answer that was being sent.
        preview: a message that shows the answer's beginning and is to become it.
    """

    update_id: int
    state: State
    body: str
    trace_id: str | None
    preview: int | None


class Inbox:
    """The updates in a file, and which message shows which answer. Safe between threads.

    Every method raises `StoreUnavailable` where the file can not be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            for statement in _SCHEMA:
                connection.execute(statement)

    def receive(self, update_id: int, body: str) -> bool:
        """Write an update down; False where it came before."""
        with self._database.transaction() as connection:
            added = connection.execute(
                "insert or ignore into telegram_update (update_id, received_at, state, body) "
                "values (?, ?, ?, ?)",
                (update_id, utc(_now()), State.WAITING, storable(body)),
            ).rowcount
        return bool(added)

    def unfinished(self) -> list[Unfinished]:
        """What was not done, the first received first."""
        rows = self._database.read(
            "select update_id, state, body, trace_id, preview from telegram_update "
            "where state != ? order by update_id",
            (State.DONE,),
        )
        return [Unfinished(number, State(state), *rest) for number, state, *rest in rows]

    def preview_sent(self, update_id: int, message: int) -> None:
        self._set(update_id, "preview = ?", message)

    def sending(self, update_id: int, trace_id: str | None) -> None:
        """To be called just before the first message of the answer leaves."""
        self._set(update_id, "state = ?, trace_id = ?", State.SENDING, trace_id)

    def waiting(self, update_id: int) -> None:
        """Nothing has left after all."""
        self._set(update_id, "state = ?", State.WAITING)

    def done(self, update_id: int) -> None:
        self._set(update_id, "state = ?, body = null, trace_id = null", State.DONE)

    def _set(self, update_id: int, what: str, *values: object) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                f"update telegram_update set {what} where update_id = ?",  # nosec B608
                (*values, update_id),
            )

    def expire(self, now: datetime.datetime | None = None) -> None:
        """Forget what was done days ago."""
        with self._database.transaction() as connection:
            connection.execute(
                "delete from telegram_update where state = ? and received_at < ?",
                (State.DONE, utc((now or _now()) - _KEPT)),
            )

    def shows(self, chat: int, message: int, trace_id: str) -> None:
        """Remember that a message shows an answer; for reactions to it."""
        with self._database.transaction() as connection:
            connection.execute(
                "insert or replace into telegram_message "
                "select ?, ?, trace_id from trace where trace_id = ?",
                (chat, message, trace_id),
            )

    def shown_by(self, chat: int, message: int) -> str | None:
        """The trace of the answer that a message shows."""
        rows = self._database.read(
            "select trace_id from telegram_message where chat = ? and message = ?", (chat, message)
        )
        return rows[0][0] if rows else None

    def key_of(self, text: str) -> str:
        """A short name for a text that is too long for a button."""
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        with self._database.transaction() as connection:
            connection.execute(
                "insert or ignore into telegram_text (key, text) values (?, ?)", (key, text)
            )
        return key

    def text_of(self, key: str) -> str | None:
        """What `key_of` named."""
        rows = self._database.read("select text from telegram_text where key = ?", (key,))
        return rows[0][0] if rows else None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
