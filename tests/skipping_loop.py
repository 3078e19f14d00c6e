"""An event loop that never waits: where nothing is left to do, its clock goes on at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Clock:
    """Seconds since the test began; stands in for the module `time` too."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class _Skipping(selectors.SelectSelector):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Blocks only where no timer is set: then a thread is waited for."""
        if timeout is None:
            return super().select(None)
        self._clock.now += max(timeout, 0.0)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: Clock) -> None:
        super().__init__(_Skipping(clock))
        self._skipped = clock

    def time(self) -> float:
        return self._skipped.now


def run_skipping(clock: Clock, work: Coroutine[Any, Any, _Result]) -> _Result:
    """`asyncio.run` by a clock on which waiting takes no time."""
    with asyncio.Runner(loop_factory=lambda: _Loop(clock)) as runner:
        return runner.run(work)
