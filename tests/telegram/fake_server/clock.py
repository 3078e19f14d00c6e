"""The server's time, which tests can put forward."""

from __future__ import annotations

import time


class Clock:
    """Wall-clock time, plus what the tests added."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def date(self) -> int:
        return int(self.now())

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
