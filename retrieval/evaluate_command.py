"""`python -m retrieval evaluate`: figures of the real path over sets of questions."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess  # nosec B404
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from retrieval.encoders import open_encoder
from retrieval.evaluation import (
    MEASURES,
    MODES,
    Asked,
    Mode,
    ask_all,
    difference,
    figures,
    milliseconds,
    open_archive,
)
from retrieval.evaluation_sets import VARIANTS, Question, read_distractors, read_set, sample
from retrieval.remembering import RememberingEncoder
from retrieval.search import FEATURES, Retriever
from retrieval.settings import PROJECT, read_settings
from retrieval.snapshot import models_folder

# Typed in these, a question must find the same articles in the same order.
_SAME_LISTS = ("nfd", "old-tone")
_WORDS = ("set", "variant", "mode")
_WIDTH = 120
_RESULTS = PROJECT / "benchmarks" / "results"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("evaluate", help="measure retrieval on sets of questions")
    parser.add_argument("--set", action="append", type=Path, required=True, metavar="PATH")
    parser.add_argument("--variant", action="append", choices=[*VARIANTS], metavar="VARIANT",
                        help=f"how the questions are typed: {', '.join(VARIANTS)}")  # fmt: skip
    parser.add_argument("--mode", action="append", choices=MODES, metavar="MODE",
                        help="dense, sparse or hybrid; all three if not given")  # fmt: skip
    parser.add_argument("--distractors", type=Path, metavar="FILE.jsonl.gz", help="more articles")
    parser.add_argument("--distractor-count", type=_positive, default=5_000, metavar="N")
    parser.add_argument(
        "--questions", type=_positive, metavar="N", help="only about N, drawn by article"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the draw and the intervals")
    parser.add_argument("--without", action="append", choices=[*FEATURES], default=[],
                        metavar="FEATURE", help=f"switch off: {', '.join(FEATURES)}")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON, an object a run")
    parser.add_argument("--results", type=Path, default=_RESULTS, metavar="FOLDER")
    parser.set_defaults(command=evaluate)


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def evaluate(options: argparse.Namespace) -> int:
    if find_spec("ir_measures") is None:
        print("retrieval: evaluate needs ir-measures: pip install '.[evaluate]'", file=sys.stderr)
        return 1
    commit = _commit()  # now, for the files may be edited while it runs
    settings = read_settings()
    encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    remembering = RememberingEncoder(
        encoder, settings.vectors_dir / "evaluation" / "vectors.sqlite"
    )
    runs = []
    for path in options.set:
        questions = read_set(path)
        articles = questions.articles
        if options.distractors:
            articles = articles + read_distractors(
                options.distractors, options.distractor_count, articles
            )
        asked = questions.questions
        if options.questions:
            asked = sample(asked, options.questions, options.seed)
        with open_archive(articles, remembering) as index:
            retriever = Retriever(index, remembering, frozenset(options.without))
            timed = milliseconds(Retriever(index, encoder, frozenset(options.without)), asked)
            for run in _runs(retriever, asked, options):
                runs.append(
                    {
                        "set": questions.name,
                        "articles": len(articles),
                        "passages": index.passages.count,
                        "questions": len(asked),
                        "without": options.without,
                        "distractors": options.distractors.name if options.distractors else None,
                        "median_ms": round(timed[0], 1),
                        "p95_ms": round(timed[1], 1),
                        **run,
                    }
                )
                if options.json:
                    print(json.dumps(runs[-1], ensure_ascii=False), flush=True)
    if not options.json:
        _print(runs)
    written = _write(options.results / f"{commit}.json", runs)
    print(f"written to {written}", file=sys.stderr)
    return 0


def _runs(
    retriever: Retriever, questions: list[Question], options: argparse.Namespace
) -> list[dict[str, Any]]:
    """One record a variant and mode."""
    modes = options.mode or MODES
    variants = options.variant or ["plain"]
    plain: dict[Mode, list[Asked]] = {}
    if variants != ["plain"]:
        plain = ask_all(retriever, questions, str, modes)
    runs = []
    for variant in variants:
        is_plain = variant == "plain" and plain
        all_asked = plain if is_plain else ask_all(retriever, questions, VARIANTS[variant], modes)
        for mode, asked in all_asked.items():
            run: dict[str, Any] = {
                "variant": variant,
                "mode": mode,
                "figures": {
                    name: asdict(figure) for name, figure in figures(asked, options.seed).items()
                },
            }
            if variant != "plain":
                above = difference(asked, plain[mode], options.seed)
                run["against_plain"] = {name: asdict(figure) for name, figure in above.items()}
                pairs = zip(asked, plain[mode], strict=True)
                run["same_lists"] = sum(one.found == other.found for one, other in pairs)
            runs.append(run)
    return runs


def _print(runs: list[dict[str, Any]]) -> None:
    # rich takes a while to import, and the other commands share this module's parser.
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("set", "variant", "mode", *MEASURES, "same lists", "ms"):
        justify: Literal["left", "right"] = "left" if name in _WORDS else "right"
        table.add_column(name, justify=justify, no_wrap=True)
    for run in runs:
        same = f"{run['same_lists']}/{run['questions']}" if "same_lists" in run else ""
        cells = [
            f"{figure['mean']:.3f}\n[dim]{figure['low']:.3f}-{figure['high']:.3f}[/]"
            for figure in run["figures"].values()
        ]
        spent = f"{run['median_ms']}"
        table.add_row(run["set"], run["variant"], run["mode"], *cells, same, spent)
    # A narrow terminal had better wrap the lines than lose the figures.
    console.print(table, width=max(console.width, _WIDTH), crop=False, soft_wrap=True)
    for run in runs:
        if run["variant"] in _SAME_LISTS and run["same_lists"] != run["questions"]:
            print(f"{run['variant']} changes {run['questions'] - run['same_lists']} lists")


def _write(path: Path, runs: list[dict[str, Any]]) -> Path:
    """Add the runs to those of the same commit; one with the same settings takes its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    known = {_settings(run) for run in runs}
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    kept = [run for run in kept if _settings(run) not in known]
    kept += [{**run, "date": day} for run in runs]
    unfinished = path.with_suffix(".writing")
    unfinished.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(unfinished, path)
    return path


def _settings(run: dict[str, Any]) -> str:
    names = ("set", "articles", "questions", "without", "distractors", "variant", "mode")
    return json.dumps([run[name] for name in names])


def _commit() -> str:
    """The commit of the code, `-dirty` where files differ from it, or `unknown`."""
    try:
        return subprocess.run(  # nosec B603, B607
            ["git", "describe", "--always", "--dirty", "--exclude", "*"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
