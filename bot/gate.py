"""How many questions are looked up at once, how many may wait, and whose turn it is."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Busy(Exception):
    """So many questions are waiting that another one would wait too long."""


class Gate:
    """Lets questions in one after the other, in the order in which they came.

    For one event loop. A search takes tens of milliseconds of a core, so that 100 waiting
    questions are a few seconds; what comes beyond them is told so at once.

    Args:
        waiting: questions that may wait.
        at_once: questions that are looked up at the same time; the cores where not given.
    """

    def __init__(self, waiting: int = 100, at_once: int | None = None) -> None:
        self._most = waiting
        self._free = at_once or os.cpu_count() or 1
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """Questions that have not been let in yet."""
        return len(self._queue)

    @property
    def is_full(self) -> bool:
        """Whether the next question would have to wait."""
        return not self._free

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """
        Raises:
            Busy: the queue is full.
        """
        await self._enter()
        try:
            yield
        finally:
            self._leave()

    async def _enter(self) -> None:
        if self._free:
            self._free -= 1
            return
        if len(self._queue) >= self._most:
            raise Busy
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            # Who gives up leaves the queue, or hands on the turn that just came.
            if place.done() and not place.cancelled():
                self._leave()
            else:
                self._queue.remove(place)
            raise

    def _leave(self) -> None:
        if self._queue:
            self._queue.popleft().set_result(None)
        else:
            self._free += 1
