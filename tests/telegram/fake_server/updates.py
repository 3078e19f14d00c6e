"""The queue of updates: kept until a poll with a higher offset, or a webhook, confirms them."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.refusals import Refused, bad_request, mistake
from tests.telegram.fake_server.schema import UPDATE_KINDS, check_update

ONLY_WHEN_ASKED = ("chat_member", "message_reaction", "message_reaction_count")
DEFAULT_KINDS = frozenset(UPDATE_KINDS) - set(ONLY_WHEN_ASKED)
TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
HAS_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@dataclass
class Updates:
    """What the bot has still to get.

    Attributes:
        handed_out: the highest id that the bot was given.
    """

    allowed: frozenset[str] = DEFAULT_KINDS
    queue: list[Json] = field(default_factory=list)
    handed_out: int = 0
    _next_id: int = 700_000_001
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: asyncio.Future[None] | None = None
    _waiting: int = 0

    def add(self, kind: str, content: Json) -> int | None:
        """The update's id; nothing where the bot did not ask for this kind."""
        update: Json = {"update_id": self._next_id, kind: copy.deepcopy(content)}
        check_update(update)
        if kind not in self.allowed:
            return None
        self._next_id += 1
        self.queue.append(update)
        self._changed.set()
        return int(update["update_id"])

    def add_raw(self, update: Json) -> int:
        """An update that a test made up; it gets an id of its own."""
        update = {**update, "update_id": self._next_id}
        check_update(update)
        self._next_id += 1
        self.queue.append(update)
        self._changed.set()
        return int(update["update_id"])

    def allow(self, kinds: list[str] | None) -> None:
        """Choose the kinds; nothing named keeps the choice, an empty list means the default."""
        if kinds is None:
            return
        if unknown := set(kinds) - set(UPDATE_KINDS):
            raise mistake(f"unknown update kinds: {', '.join(sorted(unknown))}")
        self.allowed = frozenset(kinds) or DEFAULT_KINDS

    def confirm(self, offset: int) -> None:
        """Forget what is below the offset; a negative one counts from the end."""
        if offset < 0:
            self.queue = self.queue[offset:]
        elif offset > 0:
            self.queue = [update for update in self.queue if update["update_id"] >= offset]

    def drop(self) -> None:
        self.queue.clear()

    async def changed(self) -> None:
        """Wait for the next new update."""
        self._changed.clear()
        await self._changed.wait()

    @property
    def polling(self) -> bool:
        """Whether a bot waits for updates at this moment."""
        return self._waiting > 0

    def end_poll(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    async def poll(self, parameters: Json) -> list[Json]:
        """One getUpdates; a later one ends it with a conflict."""
        self.end_poll()
        ended = self._poll = asyncio.get_running_loop().create_future()
        self.allow(parameters.get("allowed_updates"))
        self.confirm(parameters.get("offset") or 0)
        limit = parameters.get("limit", 100)
        timeout = parameters.get("timeout") or 0
        if not 1 <= limit <= 100:
            limit = 100
        if timeout < 0:
            raise bad_request("timeout must be non-negative")
        deadline = asyncio.get_running_loop().time() + min(timeout, 50)
        while not self.queue:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return []
            await self._wait(ended, left)
        batch = self.queue[:limit]
        self.handed_out = max(self.handed_out, batch[-1]["update_id"])
        return batch

    async def _wait(self, ended: asyncio.Future[None], seconds: float) -> None:
        new: asyncio.Task[Any] = asyncio.ensure_future(self.changed())
        self._waiting += 1
        try:
            await asyncio.wait({new, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            new.cancel()
            self._waiting -= 1
        if ended.done():
            raise Refused(409, TERMINATED)
