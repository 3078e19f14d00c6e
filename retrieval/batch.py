"""Questions in bulk: JSON lines with `id`, `question` and, optionally, `history`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import ServiceError


class BatchError(ServiceError):
    """A line that is no question; the message names the line and what is accepted."""


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line. `history` holds the earlier questions of the conversation, oldest first."""

    id: str
    question: str
    history: tuple[str, ...] = ()


def read_batch(path: Path) -> Iterator[BatchQuestion | BatchError]:
    """The lines of the file in order; a broken one comes as an error in its place.

    A line without `id` gets its number. A turn in `history` is a string or an object
    with a `question`.
    """
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield _parse(line, number)
                except (ValueError, TypeError, KeyError) as error:
                    reason = str(error) if type(error) is ValueError else type(error).__name__
                    yield BatchError(
                        f"{path.name}, line {number}: {reason}; each line is an object with "
                        "id, question and, optionally, history (a list of earlier questions)"
                    )


def _parse(line: str, number: int) -> BatchQuestion:
    content: Any = json.loads(line)
    if not isinstance(content, dict) or not isinstance(content.get("question"), str):
        raise ValueError("no question")
    turns = content.get("history") or []
    if not isinstance(turns, list):
        raise ValueError("history is no list")
    history = tuple(turn if isinstance(turn, str) else str(turn["question"]) for turn in turns)
    return BatchQuestion(str(content.get("id", number)), content["question"], history)
