"""How updates go through the inbox: written down first, ticked off last."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, Update

from bot.conversations import Conversations
from bot.telegram.inbox import Inbox, State
from bot.telegram.updates import RecordedQueue, RecordedUpdates, is_fleeting, read_update
from retrieval.database import Database
from retrieval.errors import StoreUnavailable

SECRET = "Ai đã nhận phong bì của giám đốc sở?"
BOT = Bot("1:a")


def update(number: int, text: str = "Gì?") -> Update:
    chat = {"id": 7, "type": "private"}
    message = {"message_id": number, "date": 1, "chat": chat, "text": text}
    return Update.de_json({"update_id": number, "message": message}, BOT)


def inline(number: int) -> Update:
    person = {"id": 7, "is_bot": False, "first_name": "An"}
    query = {"id": "1", "from": person, "query": "Gì?", "offset": ""}
    return Update.de_json({"update_id": number, "inline_query": query}, BOT)


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations(Database.open(tmp_path / "c.sqlite"), 90)


@pytest.fixture
def inbox(conversations: Conversations) -> Inbox:
    return Inbox(conversations.database)


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


async def nothing() -> None:
    """A handler that has nothing to do."""


async def failing(error: BaseException) -> None:
    raise error


def numbers(inbox: Inbox) -> list[int]:
    return [one.update_id for one in inbox.unfinished()]


def processed(inbox: Inbox, item: object, work: Awaitable[Any]) -> RecordedUpdates:
    """What deals with updates, after it dealt with one."""
    updates = RecordedUpdates(inbox)
    asyncio.run(updates.do_process_update(item, work))
    return updates


def test_an_update_is_ticked_off_when_it_was_dealt_with(inbox: Inbox) -> None:
    """Not before; it is among what is running until then."""
    inbox.receive(1, "{}")
    inbox.receive(2, "{}")

    async def run() -> tuple[list[int], int, int]:
        updates, end = RecordedUpdates(inbox), asyncio.Event()
        task = asyncio.create_task(updates.do_process_update(update(1), end.wait()))
        await asyncio.sleep(0.01)
        meanwhile, running = numbers(inbox), len(updates.running)
        assert updates.running == {task}
        end.set()
        await task
        return meanwhile, running, len(updates.running)

    assert asyncio.run(run()) == ([1, 2], 1, 0)
    assert numbers(inbox) == [2]


def test_what_ends_with_the_process_is_not_ticked_off(inbox: Inbox) -> None:
    """Nor what failed in a way that nobody foresaw: the next start takes it up."""
    for number in (1, 2):
        inbox.receive(number, "{}")

    async def run() -> int:
        updates = RecordedUpdates(inbox)
        task = asyncio.create_task(updates.do_process_update(update(1), asyncio.sleep(60)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        with pytest.raises(KeyError):
            await updates.do_process_update(update(2), failing(KeyError()))
        return len(updates.running)

    assert asyncio.run(run()) == 0
    assert numbers(inbox) == [1, 2]


def test_what_was_not_written_down_is_not_ticked_off(inbox: Inbox) -> None:
    """An inline question, and what is no update at all; the numbers are others' then."""
    inbox.receive(1, "{}")
    for item in (inline(1), object()):
        assert processed(inbox, item, nothing()).running == set()

    assert numbers(inbox) == [1]


def test_a_store_that_fails_ends_nothing(
    conversations: Conversations, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    """In the handler, or when it is ticked off; the log says so, without what was asked."""
    inbox.receive(1, SECRET)
    assert not processed(inbox, update(1, SECRET), failing(StoreUnavailable("a"))).running
    assert numbers(inbox) == [1]
    conversations.close()
    assert not processed(inbox, update(1, SECRET), nothing()).running

    assert len(caplog.records) == 2
    assert "phong bì" not in caplog.text


def test_thousands_of_updates_are_dealt_with_beside_each_other(inbox: Inbox) -> None:
    """Most of them wait for their conversation's turn, which must not keep out the others."""

    assert RecordedUpdates(inbox).max_concurrent_updates == 4_096
