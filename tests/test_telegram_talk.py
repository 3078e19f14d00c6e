"""Questions of a conversation: one after the other; hurried by who asks again, or stopped."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.gate import Busy, Gate
from bot.telegram.talk import Talks, Turn

AN, BINH = 1, 2


async def ask(
    talks: Talks,
    log: list[str],
    name: str,
    person: int = AN,
    conversation: str = "a",
    end: asyncio.Event | None = None,
    is_question: bool = True,
) -> Turn:
    """A question that is answered when it is its turn, and `end` is set."""
    async with talks.turn(conversation, person, is_question=is_question) as turn:
        log.append(f"{name} begins")
        if end:
            await end.wait()
        log.append(f"{name} ends")
        return turn


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_conversation_is_answered_in_order() -> None:
    """The second begins when the first has ended; another conversation does not wait."""
    log: list[str] = []

    async def run() -> None:
        talks, end = Talks(), asyncio.Event()
        asked = [
            asyncio.create_task(ask(talks, log, "first", AN, end=end)),
            asyncio.create_task(ask(talks, log, "second", BINH)),
            asyncio.create_task(ask(talks, log, "third", AN)),
            asyncio.create_task(ask(talks, log, "elsewhere", AN, "b")),
        ]
        await settled()
        end.set()
        await asyncio.gather(*asked)

    asyncio.run(run())

    assert log == [
        "first begins",
        "elsewhere begins",
        "elsewhere ends",
        "first ends",
        "second begins",
        "second ends",
        "third begins",
        "third ends",
    ]


def test_who_asks_again_hurries_their_own_questions() -> None:
    """All earlier ones of the person in the conversation; nobody else's, and not the last."""

    async def run() -> list[bool]:
        talks, end = Talks(), asyncio.Event()
        asked = [
            asyncio.create_task(ask(talks, [], "", person, conversation, end))
            for person, conversation in (
                (AN, "a"),
                (BINH, "a"),
                (AN, "a"),
                (AN, "b"),
                (AN, "a"),
            )
        ]
        await settled()
        end.set()
        return [turn.is_urgent for turn in await asyncio.gather(*asked)]

    assert asyncio.run(run()) == [True, False, True, False, False]


def test_stop_gives_up_what_the_person_asked() -> None:
    """In this conversation; how many are counted once."""

    async def run() -> tuple[list[int], list[bool]]:
        talks, end = Talks(), asyncio.Event()
        asked = [
            asyncio.create_task(ask(talks, [], "", person, conversation, end))
            for person, conversation in ((AN, "a"), (BINH, "a"), (AN, "a"), (AN, "b"))
        ]
        await settled()
        counts = [
            talks.stop("a", AN),
            talks.stop("a", AN),
            talks.stop("a", 3),
            talks.stop("c", AN),
        ]
        end.set()
        return counts, [turn.is_stopped for turn in await asyncio.gather(*asked)]

    counts, stopped = asyncio.run(run())

    assert counts == [2, 0, 0, 0]
    assert stopped == [True, False, True, False]


@pytest.mark.parametrize(("person", "expected"), [(None, 3), (AN, 2), (BINH, 1), (3, 0)])
def test_stop_counts_questions_only(person: int | None, expected: int) -> None:
    """Of whom is named, or of anybody; a command in the queue is carried out all the same."""

    async def run() -> tuple[int, list[bool]]:
        talks, end = Talks(), asyncio.Event()
        asked = [
            asyncio.create_task(ask(talks, [], "", who, "a", end, is_question))
            for who, is_question in ((AN, True), (AN, False), (BINH, True), (AN, True))
        ]
        await settled()
        count = talks.stop("a", person)
        end.set()
        return count, [turn.is_stopped for turn in await asyncio.gather(*asked)]

    count, stopped = asyncio.run(run())

    assert count == expected
    assert sum(stopped) == expected
    assert not stopped[1]


def test_a_command_hurries_what_its_person_asked() -> None:
    """It waits for its turn, which ought to come soon."""

    async def run() -> list[tuple[bool, bool]]:
        talks, end = Talks(), asyncio.Event()
        asked = [
            asyncio.create_task(ask(talks, [], "", who, "a", end, is_question))
            for who, is_question in ((AN, True), (BINH, True), (AN, False))
        ]
        await settled()
        end.set()
        return [(one.is_urgent, one.is_question) for one in await asyncio.gather(*asked)]

    assert asyncio.run(run()) == [(True, True), (False, True), (False, False)]


def test_everything_is_hurried_at_the_end() -> None:
    """Of every person in every conversation; nothing is stopped."""

    async def run() -> list[tuple[bool, bool]]:
        talks, end = Talks(), asyncio.Event()
        asked = [
            asyncio.create_task(ask(talks, [], "", person, conversation, end))
            for person, conversation in ((AN, "a"), (BINH, "a"), (AN, "b"))
        ]
        await settled()
        talks.hurry_all()
        end.set()
        return [(one.is_urgent, one.is_stopped) for one in await asyncio.gather(*asked)]

    assert asyncio.run(run()) == [(True, False)] * 3


def test_a_change_is_told_once() -> None:
    """To whoever waits for it; hurrying what is urgent is none, stopping it is one."""

    async def run() -> list[bool]:
        turn = Turn(AN, True)
        told = []
        for change in (turn.hurry, turn.hurry, turn.stop):
            waiting = asyncio.create_task(turn.next_change())
            await settled()
            change()
            await settled()
            told.append(waiting.done())
            waiting.cancel()
        return told

    assert asyncio.run(run()) == [True, False, True]


def test_a_change_before_it_is_awaited_is_not_missed() -> None:
    """It counts from the call that asks for it."""

    async def run() -> None:
        turn = Turn(AN, True)
        change = turn.next_change()
        turn.stop()
        await asyncio.wait_for(change, 1)

    asyncio.run(run())


def test_nothing_is_left_of_a_conversation_that_ended() -> None:
    """Whether it was answered, failed, or was cancelled while it waited."""

    async def fail(talks: Talks, end: asyncio.Event) -> None:
        async with talks.turn("a", AN):
            await end.wait()
            raise KeyError

    async def run() -> tuple[int, int, list[str]]:
        talks, end, log = Talks(), asyncio.Event(), list[str]()
        failing = asyncio.create_task(fail(talks, end))
        await settled()
        impatient = asyncio.create_task(ask(talks, log, "impatient"))
        patient = asyncio.create_task(ask(talks, log, "patient"))
        await settled()
        impatient.cancel()
        end.set()
        await asyncio.gather(failing, impatient, patient, return_exceptions=True)
        return len(talks._turns), len(talks._locks), log

    assert asyncio.run(run()) == (0, 0, ["patient begins", "patient ends"])


def test_places_in_the_queue_are_told_as_they_change() -> None:
    """From 1; who is let in at once has none, and who gives up makes room."""
    told: list[tuple[str, int]] = []

    async def enter(gate: Gate, name: str, end: asyncio.Event) -> None:
        with suppress(Busy):
            async with gate.turn(lambda place: told.append((name, place))):
                await end.wait()

    async def run() -> None:
        gate, end = Gate(waiting=3, at_once=1), asyncio.Event()
        tasks = [asyncio.create_task(enter(gate, name, end)) for name in "abcde"]
        await settled()
        tasks[2].cancel()
        await settled()
        end.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())

    assert told == [
        *(("b", 1), ("c", 2), ("d", 3)),
        # `c` gives up; then `b` is let in.
        *(("b", 1), ("d", 2)),
        ("d", 1),
    ]
