"""Bring the index up to date with the articles: `python ingest.py [--seeds DIR] [--vectors DIR]`.

Exit status: 0 every file was read, 1 some were skipped, 2 nothing usable.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from retrieval import snapshot
from retrieval.articles import article_paths
from retrieval.building import Publishing, Report, build
from retrieval.changes import Outside, outside
from retrieval.console import prepare_console, run
from retrieval.encoders import Encoder, open_encoder
from retrieval.errors import ServiceError, SettingsError
from retrieval.jsonl import is_bulk
from retrieval.progress import shown_progress
from retrieval.settings import read_settings
from retrieval.sharing import open_publishing
from retrieval.text import printable

ALL_READ, SOME_SKIPPED, NOTHING_USABLE = 0, 1, 2

# Between two looks at the folder; a file that is being written is taken up once it has stayed the
# same from one look to the next.
_WATCH_SECONDS = 2.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="ingest.py",
        description="Read the articles, embed their passages, write the index.",
        epilog="Exit status: 0 all files read, 1 some skipped, 2 nothing usable.",
    )
    parser.add_argument(
        "action",
        nargs="?",
        choices=["rollback"],
        help="rollback: take the index before the one in use, until the next ingest",
    )
    parser.add_argument("--seeds", type=_path, metavar="DIR", help="folder of the articles")
    parser.add_argument(
        "--jsonl",
        type=_path,
        metavar="FILE",
        action="append",
        help="a file with an article a line (.jsonl, .jsonl.gz), beside the folder; repeatable",
    )
    parser.add_argument("--vectors", type=_path, metavar="DIR", help="folder of the index")
    parser.add_argument(
        "--keep", type=_count, metavar="N", default=snapshot.KEPT, help="indexes that stay (2)"
    )
    parser.add_argument("--watch", action="store_true", help="go on, whenever a file changes")
    parser.add_argument(
        "--json", action="store_true", help="summary as JSON, progress as JSON lines on stderr"
    )
    parser.add_argument("--quiet", action="store_true", help="say only what was skipped")
    options = parser.parse_args(arguments)
    prepare_console()
    try:
        settings = read_settings()
        vectors = options.vectors or settings.vectors_dir
        if options.action == "rollback":
            return _roll_back(vectors)
        seeds = options.seeds or settings.seeds_dir
        bulk = options.jsonl or settings.bulk_files
        _check(seeds, bulk)
        encoder = open_encoder(settings.embedding_model, snapshot.models_folder(vectors))
        publishing = open_publishing(settings, encoder)

        def ingest() -> int:
            return _ingest(seeds, bulk, vectors, encoder, publishing, options)

        return _watch(seeds, bulk, ingest) if options.watch else ingest()
    except BrokenPipeError:
        raise
    except (ServiceError, OSError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        return NOTHING_USABLE


def _check(seeds: Path, bulk: Sequence[Path]) -> None:
    if not seeds.is_dir():
        there_is = "is no folder" if seeds.exists() else "does not exist"
        raise SettingsError(f"{seeds} {there_is}: give --seeds, or set SEEDS_DIR")
    for path in bulk:
        if not is_bulk(path) or not path.is_file():
            there_is = "is no .jsonl or .jsonl.gz" if path.exists() else "does not exist"
            raise SettingsError(f"{path} {there_is}: see --jsonl, or SEEDS_JSONL")


def _ingest(
    seeds: Path,
    bulk: Sequence[Path],
    vectors: Path,
    encoder: Encoder,
    publishing: Publishing | None,
    options: argparse.Namespace,
) -> int:
    with shown_progress(as_json=options.json) as progress:
        report = build(
            seeds,
            vectors,
            encoder,
            progress,
            bulk=bulk,
            keep=options.keep,
            publishing=publishing,
        )
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False), flush=True)
    else:
        _print_summary(report, quiet=options.quiet)
    if report.read == 0:
        print(f"ingest: no article could be read in {seeds}", file=sys.stderr)
        return NOTHING_USABLE
    return SOME_SKIPPED if report.skipped else ALL_READ


def _watch(seeds: Path, bulk: Sequence[Path], ingest: Callable[[], int]) -> int:
    """Until it is interrupted; what goes wrong is said, and tried again with the next change."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ingested, seen = None, _look(seeds, bulk)
    try:
        while True:
            if seen != ingested:
                try:
                    ingest()
                except (ServiceError, OSError) as error:
                    print(f"ingest: {error}", file=sys.stderr)
                ingested = seen
            before = seen
            time.sleep(_WATCH_SECONDS)
            seen = _look(seeds, bulk)
            while seen != before:
                before = seen
                time.sleep(_WATCH_SECONDS)
                seen = _look(seeds, bulk)
    except KeyboardInterrupt:
        return ALL_READ


def _look(seeds: Path, bulk: Sequence[Path]) -> Outside:
    return outside([*article_paths(seeds), *bulk])


def _roll_back(vectors: Path) -> int:
    with snapshot.writer_lock(vectors):
        folder = snapshot.roll_back(vectors)
    manifest = snapshot.read_manifest(folder)
    print(f"in use: the index of {manifest.created}, {manifest.articles} articles")
    return ALL_READ


def _path(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty")
    return Path(text)


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


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
