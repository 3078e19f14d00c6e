"""Questions of a conversation: one after the other; hurried by who asks again, or stopped."""

from __future__ import annotations

import asyncio

from bot.telegram.talk import Talks, Turn

AN, BINH = 1, 2


async def ask(
    talks: Talks,
    log: list[str],
    name: str,
    person: int = AN,
    conversation: str = "a",
    end: asyncio.Event | None = None,
) -> Turn:
    """A question that is answered when it is its turn, and `end` is set."""
    async with talks.turn(conversation, person) as turn:
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


def test_a_change_is_told_once() -> None:
    """To whoever waits for it; hurrying what is urgent is none, stopping it is one."""

    async def run() -> list[bool]:
        turn = Turn(AN)
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
        turn = Turn(AN)
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
