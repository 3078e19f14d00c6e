"""What people sent, kept until it is dealt with: nothing lost, nothing done twice."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest

from bot.conversations import Conversations
from bot.telegram.inbox import Inbox, State, Unfinished
from retrieval.database import Database
from retrieval.traces import Trace, Versions, utc

SECRET = "Ai đã nhận phong bì của giám đốc sở?"
NOON = datetime.datetime(2024, 7, 23, 12, tzinfo=datetime.UTC)
NOW = datetime.datetime.now(datetime.UTC)


def trace(trace_id: str) -> Trace:
    versions = Versions("2024", "aa", "e5", "0.1.0")
    return Trace(trace_id, NOON, "Gì?", NOON.date(), None, (), {}, versions)


def bytes_of(path: Path) -> bytes:
    """The file with its companions."""
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


def received(path: Path, number: int, when: datetime.datetime) -> None:
    """Write down that an update came at another time."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "update telegram_update set received_at = ? where update_id = ?", (utc(when), number)
        )
    connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.sqlite"


@pytest.fixture
def conversations(path: Path) -> Conversations:
    return Conversations(Database.open(path), 90)


@pytest.fixture
def inbox(conversations: Conversations) -> Inbox:
    return Inbox(conversations.database)


def reopened(path: Path, conversations: Conversations) -> Inbox:
    """As the next process finds it."""
    conversations.close()
    return Inbox(Conversations(Database.open(path), 90).database)


def test_what_is_not_done_is_there_after_a_restart(
    path: Path, conversations: Conversations, inbox: Inbox
) -> None:
    """How far each came, the first one first; what was done is not."""
    for number in (15, 11, 12, 13, 14):
        assert inbox.receive(number, f"body {number}")
    inbox.preview_sent(12, 70)
    inbox.sending(12, "trace-12")
    inbox.sending(13, "trace-13")
    inbox.waiting(13)
    inbox.sending(14, "trace-14")
    inbox.done(14)
    inbox.sending(15, None)

    assert reopened(path, conversations).unfinished() == [
        Unfinished(11, State.WAITING, "body 11", None, None),
        Unfinished(12, State.SENDING, "body 12", "trace-12", 70),
        Unfinished(13, State.WAITING, "body 13", "trace-13", None),
        Unfinished(15, State.SENDING, "body 15", None, None),
    ]


def test_the_same_update_is_known(path: Path, conversations: Conversations, inbox: Inbox) -> None:
    """While it waits, when it is done, and after a restart; the first one's text stays."""
    assert inbox.receive(1, "first")
    assert not inbox.receive(1, "second")
    assert inbox.receive(2, "other")
    inbox.done(2)
    assert not inbox.receive(2, "other")
    again = reopened(path, conversations)

    assert not again.receive(1, "third")
    assert not again.receive(2, "other")
    assert [(one.update_id, one.body) for one in again.unfinished()] == [(1, "first")]


def test_half_a_character_can_be_written_down(inbox: Inbox) -> None:
    """A question mark stands for it."""
    inbox.receive(1, "a\ud83db")

    assert inbox.unfinished()[0].body == "a?b"


@pytest.mark.parametrize("count", [1, 60, 3_000])
def test_the_text_of_what_is_done_is_gone(
    path: Path, conversations: Conversations, inbox: Inbox, count: int
) -> None:
    """From the bytes too, once the file was closed; short and over several pages."""
    for number in range(1, 20):
        inbox.receive(number, SECRET * count if number % 2 else "câu hỏi khác")
    conversations.database.read("pragma wal_checkpoint(full)")
    assert SECRET.encode() in path.read_bytes()
    for number in range(1, 20, 2):
        inbox.sending(number, "trace")
        inbox.done(number)
    conversations.close()

    assert SECRET.encode() not in bytes_of(path)
    assert "câu hỏi khác".encode() in bytes_of(path)


def test_the_text_is_gone_with_what_is_forgotten(
    path: Path, conversations: Conversations, inbox: Inbox
) -> None:
    """From the log of writes of a running service too, as soon as its chat is forgotten."""
    inbox.receive(1, SECRET)
    conversations.remember("telegram:7:0", "Gì?", "trace")
    inbox.done(1)
    conversations.forget("telegram:7:0")

    assert SECRET.encode() not in bytes_of(path)


def test_what_stayed_waits_and_leaves_again(inbox: Inbox) -> None:
    """As often as it takes; its text and its preview stay."""
    inbox.receive(1, "body")
    inbox.preview_sent(1, 70)
    states = []
    for _ in range(2):
        inbox.sending(1, "trace")
        states.append(inbox.unfinished()[0].state)
        inbox.waiting(1)
        states.append(inbox.unfinished()[0].state)

    assert states == [State.SENDING, State.WAITING] * 2
    assert inbox.unfinished() == [Unfinished(1, State.WAITING, "body", "trace", 70)]


def test_what_was_done_is_forgotten_after_two_days(path: Path, inbox: Inbox) -> None:
    """What was not is owed to somebody, however long the service was away."""
    for number in (1, 2, 3, 4, 5):
        inbox.receive(number, f"body {number}")
    inbox.sending(5, "trace")
    inbox.done(2)
    inbox.done(3)
    for number, hours in ((1, 4_900), (2, 49), (3, 47), (4, 47), (5, 49)):
        received(path, number, NOON - datetime.timedelta(hours=hours))
    inbox.expire(NOON)

    assert [one.update_id for one in inbox.unfinished()] == [1, 4, 5]
    assert [inbox.receive(number, "again") for number in (1, 2, 3, 4, 5)] == [
        *(False, True, False, False, False)
    ]


def test_what_has_just_been_done_is_not_too_old(inbox: Inbox) -> None:
    """By the clock of the system."""
    inbox.receive(1, "a")
    inbox.done(1)
    inbox.expire()
    assert not inbox.receive(1, "a")
    inbox.expire(NOW + datetime.timedelta(days=3))

    assert inbox.receive(1, "a")


def test_a_message_names_the_answer_it_shows(conversations: Conversations, inbox: Inbox) -> None:
    """By its chat and its number, which another chat may have too; a later answer counts."""
    for trace_id in ("a", "b"):
        conversations.traces.record(trace(trace_id))
    inbox.shows(7, 1, "a")
    inbox.shows(-100, 1, "b")
    inbox.shows(7, 2, "a")
    inbox.shows(7, 2, "b")

    assert [inbox.shown_by(7, 1), inbox.shown_by(-100, 1), inbox.shown_by(7, 2)] == ["a", "b", "b"]
    assert inbox.shown_by(7, 3) is None


def test_messages_of_a_forgotten_answer_are_unknown(
    conversations: Conversations, inbox: Inbox
) -> None:
    """They go with their trace; one without a trace is not written down."""
    for trace_id in ("a", "b"):
        conversations.remember(f"telegram:{trace_id}", "Gì?", trace_id)
        conversations.traces.record(trace(trace_id))
        inbox.shows(7, ord(trace_id), trace_id)
    inbox.shows(7, 1, "unknown")
    conversations.forget("telegram:a")

    assert inbox.shown_by(7, ord("a")) is None
    assert inbox.shown_by(7, ord("b")) == "b"
    assert inbox.shown_by(7, 1) is None


def test_a_text_has_a_short_name(path: Path, conversations: Conversations, inbox: Inbox) -> None:
    """The same at every time, also after a restart; the first 16 digits of its sha256."""
    key = inbox.key_of("abc")
    again = reopened(path, conversations)

    assert key == again.key_of("abc") == "ba7816bf8f01cfea"
    assert again.key_of("abd") != key
    assert again.text_of(key) == "abc"
    assert again.text_of("0000000000000000") is None
