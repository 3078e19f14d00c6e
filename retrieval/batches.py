"""Many values, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_Value = TypeVar("_Value")


def batches(values: Iterable[_Value], size: int) -> Iterator[list[_Value]]:
    """The values in lists of `size`, of which the last may be shorter."""
    remaining = iter(values)
    while batch := list(islice(remaining, size)):
        yield batch
