"""What the bot may log before the judges."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Neither has people to let in, nor the methods that set the menu.
_FORESEEN = (
    "TELEGRAM_ALLOWED_CHATS is empty",
    "TELEGRAM_ADMINS is empty",
    "the menu of commands was not set",
)
_FAULT = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|Traceback|Error\b")


def unforeseen(lines: Iterable[str]) -> list[str]:
    """The warnings, errors and tracebacks among the lines of a log that are not foreseen."""
    return [
        line
        for line in lines
        if _FAULT.search(line) and not any(words in line for words in _FORESEEN)
    ]
