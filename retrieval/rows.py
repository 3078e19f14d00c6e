"""Rows of an index as arrays: what passes a filter may be most of a million."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


def as_rows(rows: Collection[int]) -> Rows:
    """In the order given."""
    return np.fromiter(rows, np.int64, len(rows))


def ranges(bounds: Rows, numbers: Rows) -> Rows:
    """Every row from `bounds[n]` to `bounds[n + 1]`, for each number in turn."""
    counts = bounds[numbers + 1] - bounds[numbers]
    before = np.cumsum(counts) - counts
    result: Rows = np.repeat(bounds[numbers] - before, counts)
    result += np.arange(len(result))
    return result


def bounds_of(counts: Collection[int]) -> Rows:
    """`(len(counts) + 1,)`: where the rows of each begin, and where those of the last end."""
    return np.concatenate(([0], np.cumsum(as_rows(counts)))).astype(np.int64)
