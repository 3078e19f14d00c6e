"""What a conversation has not been told yet: one thing after the other, in order.

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

    def __init__(self, person: int, is_question: bool) -> None:
        self.person = person
        self.is_question = is_question
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
    async def turn(
        self, conversation: str, person: int, *, is_question: bool = True
    ) -> AsyncIterator[Turn]:
        """Waits until what came earlier in the conversation is dealt with.

        The same person's earlier questions are hurried.
        """
        turns = self._turns.setdefault(conversation, [])
        for earlier in turns:
            if earlier.person == person:
                earlier.hurry()
        mine = Turn(person, is_question)
        turns.append(mine)
        try:
            async with self._locks.setdefault(conversation, asyncio.Lock()):
                yield mine
        finally:
            turns.remove(mine)
            if not turns:
                del self._turns[conversation], self._locks[conversation]

    def stop(self, conversation: str, person: int | None = None) -> int:
        """Give up what a person, or anybody, has asked; how many questions that were."""
        turns = [
            turn
            for turn in self._turns.get(conversation, [])
            if turn.is_question and not turn.is_stopped and person in (None, turn.person)
        ]
        for turn in turns:
            turn.stop()
        return len(turns)

    def hurry_all(self) -> None:
        """Whatever is unanswered is to be answered in quotes, at once."""
        for turns in self._turns.values():
            for turn in turns:
                turn.hurry()
