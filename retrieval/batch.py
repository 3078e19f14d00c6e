"""Questions in bulk: JSON lines with `id`, `question` and, optionally, `history`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from retrieval.errors import ServiceError

_ACCEPTED = "each line is an object with id, question and, optionally, history (earlier questions)"
# Of a line that breaks off, where the id stood first.
_OPENING_ID = re.compile(r'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+(?=\s*[,}]))')


class BatchError(ServiceError):
    """A line that is no question; the message names the line and what is accepted.

    Attributes:
        id: the line's own where one can be read, else its number in the file.
    """

    def __init__(self, id: str, message: str) -> None:
        super().__init__(message)
        self.id = id


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line. `history` holds the earlier questions of the conversation, oldest first."""

    id: str
    question: str
    history: tuple[str, ...] = ()


def read_batch(path: Path) -> Iterator[BatchQuestion | BatchError]:
    """The lines of the file in order; a broken one comes as an error in its place.

    A line without `id` gets its number in the file, from 1; empty lines count and give nothing.
    A turn in `history` is a string or an object with a `question`.

    Raises:
        OSError: the file can not be opened, at once and not only when the first line is wanted.
    """
    return _read_lines(path.open("rb"), path.name)


def _read_lines(file: BinaryIO, name: str) -> Iterator[BatchQuestion | BatchError]:
    with file:
        for number, line in enumerate(file, 1):
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape")
            if not text.strip():
                continue
            try:
                line.decode("utf-8")
                content = json.loads(text)
                yield _question(content, number)
            except (ValueError, RecursionError) as error:
                reason = "no UTF-8 text" if isinstance(error, UnicodeDecodeError) else error
                message = f"{name}, line {number}: {reason}; {_ACCEPTED}"
                yield BatchError(_readable_id(text, number), message)


def _question(content: Any, number: int) -> BatchQuestion:
    if not isinstance(content, dict) or not isinstance(content.get("question"), str):
        raise ValueError("no question")
    identifier = _id(content)
    if identifier is None and content.get("id") is not None:
        raise ValueError("the id is neither text nor a number")
    turns = content.get("history") or []
    if not isinstance(turns, list):
        raise ValueError("history is no list")
    return BatchQuestion(identifier or str(number), content["question"], tuple(map(_turn, turns)))


def _turn(turn: Any) -> str:
    question = turn.get("question") if isinstance(turn, dict) else turn
    if not isinstance(question, str):
        raise ValueError("history holds what is no question")
    return question


def _id(content: Any) -> str | None:
    identifier = content.get("id") if isinstance(content, dict) else None
    is_plain = isinstance(identifier, str | int | float) and not isinstance(identifier, bool)
    return str(identifier) if is_plain else None


def _readable_id(text: str, number: int) -> str:
    try:
        identifier = _id(json.loads(text))
    except (ValueError, RecursionError):
        match = _OPENING_ID.match(text)
        identifier = _id({"id": _json_or_none(match[1])}) if match else None
    return identifier or str(number)


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
