"""What people sent, kept until it is dealt with: nothing lost, nothing done twice."""

from __future__ import annotations

import asyncio
import datetime
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, Update

from bot.conversations import Conversations
from bot.telegram.inbox import (
    Inbox,
    RecordedQueue,
    State,
    Unfinished,
    is_fleeting,
    read_update,
)
from retrieval.database import Database
from retrieval.traces import Trace, Versions, utc

SECRET = "Ai đã nhận phong bì của giám đốc sở?"
NOON = datetime.datetime(2024, 7, 23, 12, tzinfo=datetime.UTC)
NOW = datetime.datetime.now(datetime.UTC)
BOT = Bot("1:a")


def update(number: int, text: str = "Gì?") -> Update:
    chat = {"id": 7, "type": "private"}
    message = {"message_id": number, "date": 1, "chat": chat, "text": text}
    return Update.de_json({"update_id": number, "message": message}, BOT)


def inline(number: int) -> Update:
    person = {"id": 7, "is_bot": False, "first_name": "An"}
    query = {"id": "1", "from": person, "query": "Gì?", "offset": ""}
    return Update.de_json({"update_id": number, "inline_query": query}, BOT)


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
    inbox.acknowledged(13)
    inbox.sending(14, "trace-14")
    inbox.done(14)
    inbox.sending(15, None)

    assert reopened(path, conversations).unfinished() == [
        Unfinished(11, State.WAITING, "body 11", None, None),
        Unfinished(12, State.SENDING, "body 12", "trace-12", 70),
        Unfinished(13, State.ACKNOWLEDGED, "body 13", "trace-13", None),
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


def test_updates_are_forgotten_after_two_days(path: Path, inbox: Inbox) -> None:
    """Done or not: nobody waits for an answer that long, and Telegram keeps them for one."""
    for number in (1, 2, 3, 4):
        inbox.receive(number, f"body {number}")
    inbox.done(2)
    inbox.done(3)
    for number, hours in ((1, 49), (2, 49), (3, 47), (4, 47)):
        received(path, number, NOON - datetime.timedelta(hours=hours))
    inbox.expire(NOON)

    assert [one.update_id for one in inbox.unfinished()] == [4]
    assert [inbox.receive(number, "again") for number in (1, 2, 3, 4)] == [True, True, False, False]


def test_what_has_just_come_is_not_too_old(inbox: Inbox) -> None:
    """By the clock of the system."""
    inbox.receive(1, "a")
    inbox.expire()
    assert len(inbox.unfinished()) == 1
    inbox.expire(NOW + datetime.timedelta(days=2, minutes=5))

    assert inbox.unfinished() == []


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


def test_an_update_is_read_as_it_came() -> None:
    """With everything that the library knows of it."""
    one = update(5, "Ai “chủ trì” 😀?")

    assert read_update(one.to_json(), BOT).to_dict() == one.to_dict()
    assert json.loads(one.to_json())["message"]["text"] == "Ai “chủ trì” 😀?"


def test_only_inline_questions_are_fleeting() -> None:
    """A person types on, and the next one comes."""

    assert [is_fleeting(inline(1)), is_fleeting(update(2))] == [True, False]


def queued(queue: RecordedQueue, *items: object) -> list[Any]:
    """What comes out of a queue for what is put in."""

    async def run() -> list[object]:
        for item in items:
            await queue.put(item)
        return [queue.get_nowait() for _ in range(queue.qsize())]

    return asyncio.run(run())


def test_an_update_is_written_down_before_it_is_handled(inbox: Inbox) -> None:
    """And comes out as it was put in."""
    first, second = update(1), update(2)

    assert queued(RecordedQueue(inbox), first, second) == [first, second]
    assert [(one.update_id, one.state) for one in inbox.unfinished()] == [
        (1, State.WAITING),
        (2, State.WAITING),
    ]
    assert read_update(inbox.unfinished()[0].body, BOT) == first


def test_a_known_update_is_dropped(inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    """From this run or an earlier one; the log has no word of it."""
    inbox.receive(1, "{}")
    inbox.done(1)
    caplog.set_level("INFO")
    out = queued(RecordedQueue(inbox), update(1, SECRET), update(2), update(2), update(3))

    assert [one.update_id for one in out] == [2, 3]
    assert "update 1 came before" in caplog.text
    assert "phong bì" not in caplog.text


def test_an_inline_question_is_not_written_down(inbox: Inbox) -> None:
    """It is let through as often as it comes; so is what is no update at all."""
    stop = object()
    out = queued(RecordedQueue(inbox), inline(1), inline(1), stop)

    assert [getattr(one, "update_id", one) for one in out] == [1, 1, stop]
    assert inbox.unfinished() == []


def test_what_is_taken_up_was_written_down_before(inbox: Inbox) -> None:
    """It is known, and put in nevertheless."""
    one = update(1)
    inbox.receive(1, one.to_json())

    async def run() -> object:
        queue = RecordedQueue(inbox)
        await queue.take_up(read_update(inbox.unfinished()[0].body, BOT))
        return queue.get_nowait()

    assert asyncio.run(run()) == one


def test_questions_are_answered_without_the_store(
    conversations: Conversations, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Where it can not be written, the log says so for each, without what was asked."""
    conversations.close()
    one, two = update(1, SECRET), update(2, SECRET)

    assert queued(RecordedQueue(inbox), one, two) == [one, two]
    assert caplog.text.count("can not be used") == 2
    assert "phong bì" not in caplog.text
