"""Bring the index up to date with the articles: `python ingest.py [--seeds DIR] [--vectors DIR]`.

Exit status: 0 every file was read, 1 some were skipped, 2 nothing usable.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from retrieval.console import prepare_console, run
from retrieval.embedded import Progress
from retrieval.encoders import open_encoder
from retrieval.errors import ServiceError, SettingsError
from retrieval.index import Report, build
from retrieval.settings import read_settings
from retrieval.snapshot import models_folder
from retrieval.text import printable

ALL_READ, SOME_SKIPPED, NOTHING_USABLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="ingest.py",
        description="Read the articles, embed their passages, write the index.",
        epilog="Exit status: 0 all files read, 1 some skipped, 2 nothing usable.",
    )
    parser.add_argument("--seeds", type=_folder, metavar="DIR", help="folder of the articles")
    parser.add_argument("--vectors", type=_folder, metavar="DIR", help="folder of the index")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument("--quiet", action="store_true", help="say only what was skipped")
    options = parser.parse_args(arguments)
    prepare_console()
    try:
        settings = read_settings()
        seeds = options.seeds or settings.seeds_dir
        vectors = options.vectors or settings.vectors_dir
        if not seeds.is_dir():
            there_is = "is no folder" if seeds.exists() else "does not exist"
            raise SettingsError(f"{seeds} {there_is}: give --seeds, or set SEEDS_DIR")
        encoder = open_encoder(settings.embedding_model, models_folder(vectors))
        with _progress_bar(hidden=options.json) as progress:
            report = build(seeds, vectors, encoder, progress)
    except BrokenPipeError:
        raise
    except (ServiceError, OSError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        return NOTHING_USABLE
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print_summary(report, quiet=options.quiet)
    if report.read == 0:
        print(f"ingest: no article could be read in {seeds}", file=sys.stderr)
        return NOTHING_USABLE
    return SOME_SKIPPED if report.skipped else ALL_READ


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty")
    return Path(text)


@contextmanager
def _progress_bar(*, hidden: bool) -> Iterator[Progress | None]:
    """A bar on a terminal; nothing where the output goes to a file or a program."""
    if hidden or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (
        *Progress.get_default_columns()[:2],
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def show(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"Embedding {what}", completed=done, total=total)

        yield show


def _print_summary(report: Report, *, quiet: bool) -> None:
    for skipped in report.skipped:
        print(f"skipped {printable(skipped.path)}: {skipped.reason}", file=sys.stderr)
    if quiet:
        return
    state = " (up to date, nothing to do)" if report.unchanged else ""
    print(
        f"{report.read} read, {len(report.skipped)} skipped, {report.passages} passages, "
        f"{report.seconds:.1f} s{state}"
    )


if __name__ == "__main__":
    run(main)
