"""Faults on demand, and random ones from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

KINDS = ("flood", "error", "delay", "cut")
RANDOM: tuple[dict[str, Any], ...] = (
    {"kind": "flood", "retry_after": 1},
    {"kind": "error", "status": 500},
    {"kind": "error", "status": 502, "page": True},
    {"kind": "error", "status": 502, "after": True},
    {"kind": "delay", "seconds": 0.5},
    {"kind": "cut"},
    {"kind": "cut", "after": True},
)


@dataclass
class Fault:
    """What goes wrong with the next calls.

    Attributes:
        kind: `flood` (429), `error` (5xx), `delay`, or `cut` (the connection ends).
        method: of this method only, in lower case; empty for any.
        chat: in this chat only.
        times: how many calls it still meets.
        after: whether the call is carried out first.
        page: whether the body is a gateway's HTML page, not JSON.
    """

    kind: str
    method: str = ""
    chat: int | None = None
    times: int = 1
    after: bool = False
    retry_after: int = 1
    status: int = 500
    seconds: float = 1.0
    page: bool = False

    def meets(self, method: str, chat: int | None) -> bool:
        return self.times > 0 and self.method in ("", method) and self.chat in (None, chat)


@dataclass
class Faults:
    planned: list[Fault] = field(default_factory=list)
    rate: float = 0.0
    _random: random.Random = field(default_factory=lambda: random.Random(0))

    def plan(self, wanted: dict[str, Any]) -> None:
        fault = Fault(**wanted)
        if fault.kind not in KINDS:
            raise ValueError(f"{fault.kind} is none of {', '.join(KINDS)}")
        fault.method = fault.method.lower()
        self.planned.append(fault)

    def at_random(self, rate: float, seed: int) -> None:
        self.rate = rate
        self._random = random.Random(seed)

    def next(self, method: str, chat: int | None) -> Fault | None:
        """The fault of this call, if it has one."""
        for fault in self.planned:
            if fault.meets(method, chat):
                fault.times -= 1
                return fault
        if self.rate and self._random.random() < self.rate:
            return Fault(**self._random.choice(RANDOM))
        return None
