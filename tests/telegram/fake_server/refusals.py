"""The answers that are not `ok`."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A call that Telegram refuses.

    Attributes:
        mistake: whether only a faulty bot gets this; else it may happen to any bot (a race, a
            blocked bot, a limit), and is no violation.
    """

    def __init__(
        self, code: int, description: str, *, mistake: bool = False, retry_after: int | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.mistake = mistake
        self.retry_after = retry_after

    def payload(self) -> dict[str, Any]:
        """The reply's body."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def mistake(description: str) -> Refused:
    """A bad request that a correct bot never makes."""
    return Refused(400, f"Bad Request: {description}", mistake=True)


def bad_request(description: str) -> Refused:
    """A bad request that any bot can run into."""
    return Refused(400, f"Bad Request: {description}")


def forbidden(description: str) -> Refused:
    return Refused(403, f"Forbidden: {description}")


def too_many(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
