"""Results of a method that are kept for as long as its object lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast
from weakref import WeakMethod

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def kept(most: int, method: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """`method`, bound, with the last `most` of its results kept.

    `lru_cache` alone would hold the object, which holds it: a circle that only the garbage
    collector ends, at some time. Till then an index that is no longer in use keeps its files open.
    """
    of_object = WeakMethod(method)

    @lru_cache(most)
    def call(*values: _Given.args, **named: _Given.kwargs) -> _Result:
        bound = of_object()
        if bound is None:
            raise ReferenceError("asked after its object had gone")
        return bound(*values, **named)

    return cast(Callable[_Given, _Result], call)
