"""One process at a time uses a file of conversations; by a clock on which waiting takes no time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.telegram.single import alone
from retrieval.errors import SettingsError
from tests.skipping_loop import Clock, run_skipping


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """In a folder that is not there yet."""
    return tmp_path / "state" / "c.sqlite"


async def enter(path: Path, log: list[str], name: str, until: asyncio.Event) -> None:
    """A process that uses the file until it is told to end."""
    async with alone(path, asyncio.Event()):
        log.append(f"{name} begins")
        await until.wait()
        log.append(f"{name} ends")


def test_the_second_waits_until_the_first_has_ended(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so once, however long that is; another file's process does not wait."""
    log: list[str] = []
    clock = Clock()

    async def run() -> float:
        end = asyncio.Event()
        end_of_others = asyncio.Event()
        end_of_others.set()
        first = asyncio.create_task(enter(path, log, "first", end))
        await asyncio.sleep(0.5)
        second = asyncio.create_task(enter(path, log, "second", end_of_others))
        other = path.with_name("other.sqlite")
        await enter(other, log, "elsewhere", end_of_others)
        await asyncio.sleep(30)
        end.set()
        await first
        ended = clock.now
        await second
        return clock.now - ended

    took = run_skipping(clock, run())

    assert log == [
        "first begins",
        "elsewhere begins",
        "elsewhere ends",
        "first ends",
        "second begins",
        "second ends",
    ]
    assert took <= 1.0
    assert caplog.text.count("another bot uses this CONVERSATIONS_DB") == 1


def test_it_does_not_wait_for_ever(path: Path) -> None:
    """After a minute it is two bots, not one that ends; the first is not disturbed."""
    clock = Clock()

    async def run() -> float:
        async with alone(path, asyncio.Event()):
            began = clock.now
            with pytest.raises(SettingsError, match="CONVERSATIONS_DB"):
                await enter(path, [], "second", asyncio.Event())
            took = clock.now - began
            with pytest.raises(SettingsError):
                await enter(path, [], "third", asyncio.Event())
            return took

    assert 60.0 <= run_skipping(clock, run()) <= 62.0


def test_who_is_told_to_end_does_not_wait(path: Path) -> None:
    """It ends at once; what it was to do, it is not to begin."""
    clock = Clock()

    async def run() -> tuple[float, bool]:
        stop = asyncio.Event()
        async with alone(path, asyncio.Event()):

            async def second() -> bool:
                async with alone(path, stop):
                    return stop.is_set()

            waiting = asyncio.create_task(second())
            await asyncio.sleep(5.5)
            stop.set()
            return clock.now, await waiting

    stopped_at, knew = run_skipping(clock, run())

    assert knew
    assert clock.now == stopped_at


def test_a_process_that_failed_leaves_room(path: Path) -> None:
    """Whatever it ended with; the lock is the file's, not its being there."""

    async def run() -> None:
        for _ in range(2):
            with pytest.raises(KeyError):
                async with alone(path, asyncio.Event()):
                    raise KeyError

    run_skipping(Clock(), run())

    assert [one.name for one in path.parent.iterdir()] == ["c.sqlite.telegram-lock"]


def test_the_lock_is_the_owner_s(path: Path) -> None:
    """As the file beside it is: nobody else can keep the bot from starting."""

    async def run() -> list[int]:
        async with alone(path, asyncio.Event()):
            lock = path.with_name("c.sqlite.telegram-lock")
            return [one.stat().st_mode & 0o777 for one in (lock, path.parent)]

    assert run_skipping(Clock(), run()) == [0o600, 0o700]
