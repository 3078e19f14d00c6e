"""Telegram's limits, as far as they are known: token buckets per chat and for the bot.

Documented: no more than one message a second to a chat (short bursts pass), 20 a minute to a
group, about 30 a second overall. Edits and drafts have limits that nobody documents; here they
are freer in private chats, and an edit costs half a message of a group's minute.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tests.telegram.fake_server.clock import Clock


@dataclass(frozen=True)
class Rate:
    burst: float
    per_second: float


MESSAGES = Rate(3, 1)
EDITS = Rate(5, 1)
DRAFTS = Rate(10, 3)
GROUP_MINUTE = Rate(20, 20 / 60)
OVERALL = Rate(30, 30)


@dataclass
class Bucket:
    rate: Rate
    filled: float
    at: float

    def missing(self, cost: float, now: float) -> float:
        """Seconds until there is enough."""
        self.filled = min(self.rate.burst, self.filled + (now - self.at) * self.rate.per_second)
        self.at = now
        return max(0.0, (cost - self.filled) / self.rate.per_second)


@dataclass
class Limits:
    """What each chat, and the bot as a whole, may still send."""

    clock: Clock
    enabled: bool = True
    _buckets: dict[tuple[str, int], Bucket] = field(default_factory=dict)

    def wait(self, kind: str, chat: int) -> int:
        """Whole seconds to wait; 0 when the call may pass, which it then does."""
        if not self.enabled:
            return 0
        costs = self._costs(kind, chat)
        now = self.clock.now()
        missing = max(bucket.missing(cost, now) for bucket, cost in costs)
        if missing > 1e-9:
            return math.ceil(missing)
        for bucket, cost in costs:
            bucket.filled -= cost
        return 0

    def _costs(self, kind: str, chat: int) -> list[tuple[Bucket, float]]:
        costs = [(self._bucket("overall", 0, OVERALL), 1.0)]
        rate = {"message": MESSAGES, "edit": EDITS, "draft": DRAFTS}[kind]
        costs.append((self._bucket(kind, chat, rate), 1.0))
        if chat < 0:
            minute = self._bucket("minute", chat, GROUP_MINUTE)
            costs.append((minute, 1.0 if kind == "message" else 0.5))
        return costs

    def _bucket(self, name: str, chat: int, rate: Rate) -> Bucket:
        return self._buckets.setdefault((name, chat), Bucket(rate, rate.burst, self.clock.now()))
