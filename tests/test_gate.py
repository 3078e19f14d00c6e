from __future__ import annotations

import asyncio

import pytest

from bot import wording
from bot.answering import Asked
from bot.gate import Busy, Gate
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once
from retrieval.search import Retriever

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"


def test_turns_are_taken_in_the_order_of_coming() -> None:
    """One at once, three in the queue, a fifth is turned away."""
    order: list[int] = []

    async def question(gate: Gate, number: int) -> None:
        async with gate.turn():
            order.append(number)
            await asyncio.sleep(0)

    async def run() -> tuple[int, list[BaseException | None]]:
        gate = Gate(waiting=3, at_once=1)
        asked = [asyncio.create_task(question(gate, number)) for number in range(5)]
        await asyncio.sleep(0)
        waiting = gate.waiting
        return waiting, await asyncio.gather(*asked, return_exceptions=True)

    waiting, ended = asyncio.run(run())

    assert waiting == 3
    assert order == [0, 1, 2, 3]
    assert ended[:4] == [None] * 4
    assert isinstance(ended[4], Busy)


def test_who_watches_is_told_how_many_wait() -> None:
    """Whenever one comes, is let in or gives up."""
    told: list[int] = []

    async def run() -> None:
        gate = Gate(at_once=1)
        gate.on_change = told.append
        async with gate.turn():
            impatient = asyncio.create_task(gate.turn().__aenter__())
            patient = asyncio.create_task(gate.turn().__aenter__())
            await asyncio.sleep(0)
            impatient.cancel()
            await asyncio.gather(impatient, return_exceptions=True)
        await patient

    asyncio.run(run())

    assert told == [1, 2, 1, 0]


@pytest.mark.parametrize("lets_in_first", [False, True])
def test_who_gives_up_keeps_nobody_waiting(lets_in_first: bool) -> None:
    """Neither from within the queue, nor at the moment in which the turn comes."""

    async def run() -> tuple[int, str]:
        gate = Gate(waiting=2, at_once=1)
        leave = asyncio.Event()

        async def first() -> None:
            async with gate.turn():
                await leave.wait()
            if lets_in_first:
                impatient.cancel()

        async def other() -> str:
            async with gate.turn():
                return "came in"

        holding = asyncio.create_task(first())
        await asyncio.sleep(0)
        impatient, patient = asyncio.create_task(other()), asyncio.create_task(other())
        await asyncio.sleep(0)
        if not lets_in_first:
            impatient.cancel()
            await asyncio.gather(impatient, return_exceptions=True)
        waiting = gate.waiting
        leave.set()
        await holding
        return waiting, await asyncio.wait_for(patient, 1)

    waiting, patient = asyncio.run(run())

    assert waiting == (2 if lets_in_first else 1)
    assert patient == "came in"


def test_a_question_too_many_is_told_so(
    retriever: Retriever, caplog: pytest.LogCaptureFixture
) -> None:
    """One answer, one in the queue, one `busy`; the log has no word of the question."""

    async def run() -> list[Answer]:
        service = Service(retriever, gate=Gate(waiting=1, at_once=1))
        return await asyncio.gather(*(ask_once(service, Asked(QUESTION)) for _ in range(3)))

    answers = asyncio.run(run())

    assert [shown.outcome for shown in answers] == [
        Outcome.ANSWERED,
        Outcome.ANSWERED,
        Outcome.BUSY,
    ]
    assert answers[2].text == wording.BUSY
    assert answers[2].citations == ()
    assert "turned away" in caplog.text
    assert "hài lòng" not in caplog.text
