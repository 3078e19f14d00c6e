"""How many questions are looked up at once, how many may wait, and whose turn it is."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


class Busy(Exception):
    """So many questions are waiting that another one would wait too long."""


class Gate:
    """Lets questions in one after the other, in the order in which they came.

    For one event loop. A search takes tens of milliseconds of a core, so that 100 waiting
    questions are a few seconds; what comes beyond them is told so at once.

    Args:
        waiting: questions that may wait.
        at_once: questions that are looked up at the same time; the cores where not given.

    Attributes:
        on_change: told how many are waiting, whenever that changes.
    """

    def __init__(self, waiting: int = 100, at_once: int | None = None) -> None:
        self.on_change: Callable[[int], None] = _nothing
        self._most = waiting
        self._free = at_once or os.cpu_count() or 1
        self._queue: deque[_Waiting] = deque()

    @property
    def waiting(self) -> int:
        """Questions that have not been let in yet."""
        return len(self._queue)

    @asynccontextmanager
    async def turn(self, on_place: Callable[[int], None] | None = None) -> AsyncIterator[None]:
        """
        Args:
            on_place: told the place in the queue, from 1, whenever it changes.

        Raises:
            Busy: the queue is full.
        """
        await self._enter(on_place)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, on_place: Callable[[int], None] | None) -> None:
        if self._free:
            self._free -= 1
            return
        if len(self._queue) >= self._most:
            raise Busy
        place = _Waiting(asyncio.get_running_loop().create_future(), on_place)
        self._queue.append(place)
        place.tell(len(self._queue))
        self.on_change(len(self._queue))
        try:
            await place.let_in
        except asyncio.CancelledError:
            # Who gives up leaves the queue, or hands on the turn that just came.
            if place.let_in.done() and not place.let_in.cancelled():
                self._leave()
            else:
                self._queue.remove(place)
                self._tell_places()
            raise

    def _leave(self) -> None:
        if self._queue:
            self._queue.popleft().let_in.set_result(None)
            self._tell_places()
        else:
            self._free += 1

    def _tell_places(self) -> None:
        self.on_change(len(self._queue))
        for number, place in enumerate(self._queue, 1):
            place.tell(number)


def _nothing(waiting: int) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """One that waits for its turn."""

    let_in: asyncio.Future[None]
    on_place: Callable[[int], None] | None

    def tell(self, place: int) -> None:
        if self.on_place:
            self.on_place(place)
