"""The questions of a conversation that are not answered yet: one after the other, in order.

Who asks again does not want to wait for what a language model is still writing: the earlier
question is then answered in quotes, at once. `/dung` gives it up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


class Turn:
    """One question's way through the conversation."""

    def __init__(self, person: int) -> None:
        self.person = person
        self.is_urgent = False
        self.is_stopped = False
        self._changed = asyncio.Event()

    def hurry(self) -> None:
        if not self.is_urgent:
            self.is_urgent = True
            self._changed.set()

    def stop(self) -> None:
        self.is_stopped = True
        self._changed.set()

    def next_change(self) -> Coroutine[Any, Any, object]:
        """To be awaited until somebody hurries or stops it, from this call on."""
        self._changed.clear()
        return self._changed.wait()


class Talks:
    """Every conversation in which something is unanswered. For one event loop."""

    def __init__(self) -> None:
        self._turns: dict[str, list[Turn]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def turn(self, conversation: str, person: int) -> AsyncIterator[Turn]:
        """Waits until the earlier questions of the conversation are answered.

        The same person's earlier ones are hurried.
        """
        turns = self._turns.setdefault(conversation, [])
        for earlier in turns:
            if earlier.person == person:
                earlier.hurry()
        mine = Turn(person)
        turns.append(mine)
        try:
            async with self._locks.setdefault(conversation, asyncio.Lock()):
                yield mine
        finally:
            turns.remove(mine)
            if not turns:
                del self._turns[conversation], self._locks[conversation]

    def stop(self, conversation: str, person: int) -> int:
        """Give up what a person has asked; how many questions that were."""
        turns = [
            turn
            for turn in self._turns.get(conversation, [])
            if turn.person == person and not turn.is_stopped
        ]
        for turn in turns:
            turn.stop()
        return len(turns)
