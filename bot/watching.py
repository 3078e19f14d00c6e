"""Who is told how the service fares: an adapter that publishes figures, or nobody."""

from __future__ import annotations

from typing import Protocol

from bot.conversations import Rating
from bot.llm_faults import Reason
from bot.schema import Answer


class Watcher(Protocol):
    """Is told what happened, never what was asked."""

    def answered(self, shown: Answer, seconds: float) -> None:
        """A question got its answer, or its refusal, so long after it was asked."""

    def llm_failed(self, reason: Reason) -> None:
        """The language model did not answer; the quotes did."""

    def rated(self, rating: Rating) -> None:
        """Somebody said what they think of an answer."""


class Nobody:
    """Watches nothing."""

    def answered(self, shown: Answer, seconds: float) -> None: ...

    def llm_failed(self, reason: Reason) -> None: ...

    def rated(self, rating: Rating) -> None: ...
