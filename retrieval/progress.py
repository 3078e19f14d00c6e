"""How far an ingest is: a bar for people, lines for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from retrieval.embedded import Progress

# Lines for programs come no closer to each other.
_SECONDS = 1.0


@contextmanager
def shown_progress(*, as_json: bool) -> Iterator[Progress | None]:
    """A bar on a terminal, JSON lines for programs, else nothing."""
    if as_json:
        yield _json_lines()
    elif sys.stderr.isatty():
        with _bar() as progress:
            yield progress
    else:
        yield None


def _json_lines() -> Progress:
    """Each has `embedding` (what), `done`, `total`, `per_second` and `seconds_left`."""
    began: dict[str, float] = {}
    told = 0.0

    def show(what: str, done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        spent = now - began.setdefault(what, now)
        if done < total and now - told < _SECONDS:
            return
        told = now
        rate = done / spent if spent else None
        line = {
            "embedding": what,
            "done": done,
            "total": total,
            "per_second": round(rate, 1) if rate else None,
            "seconds_left": round((total - done) / rate) if rate else None,
        }
        print(json.dumps(line), file=sys.stderr, flush=True)

    return show


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/s" if task.speed else "")

    columns = (
        *Bar.get_default_columns()[:2],
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {"": bar.add_task("Reading", total=None)}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                for task in tasks.values():
                    bar.remove_task(task)
                tasks.clear()
                tasks[what] = bar.add_task(f"Embedding {what}", total=total)
            bar.update(tasks[what], completed=done)

        yield show
