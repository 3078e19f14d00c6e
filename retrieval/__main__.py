"""The command line of retrieval: `python -m retrieval COMMAND`.

Exit status: 0 done, 1 a file was rejected or there is no index, 2 wrong arguments or question.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from retrieval import evaluate_command
from retrieval.articles import read_article
from retrieval.batch import BatchError, BatchQuestion, read_batch
from retrieval.chunking import split_article
from retrieval.console import as_typed, prepare_console, run
from retrieval.errors import ArticleError, PassageUnknown, QuestionError, ServiceError
from retrieval.evaluation_sets import SetError
from retrieval.filters import add_filter_options, given_filters, read_filters
from retrieval.schema import Filters, Hit
from retrieval.search import TOP_K, Retriever, open_retriever
from retrieval.search_json import result_json
from retrieval.settings import Settings, read_settings
from retrieval.traces import Trace, Traces, is_trace_id

DONE, FAILED, WRONG = 0, 1, 2
_CANDIDATES = 5


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    prepare_console()
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (QuestionError, SetError) as error:
        print(f"retrieval: {error}", file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        raise
    except (ServiceError, OSError) as error:
        print(f"retrieval: {error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m retrieval", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    inspect = commands.add_parser("inspect", help="show what is read from article files")
    inspect.add_argument("files", nargs="+", type=Path, metavar="FILE")
    inspect.add_argument("--json", action="store_true", help="one JSON object a file and line")
    inspect.set_defaults(command=_inspect)

    search = commands.add_parser("search", help="find the passages for a question")
    search.add_argument("question", nargs="?", type=as_typed, metavar="QUESTION")
    search.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="many questions")
    search.add_argument("--top-k", type=_positive, default=TOP_K, metavar="N", help="hits wanted")
    search.add_argument("--json", action="store_true", help="print JSON (always with --batch)")
    add_filter_options(search)
    search.set_defaults(command=_search)

    why = commands.add_parser("explain", help="show why passages were found or not")
    why.add_argument("question", type=as_typed, metavar="QUESTION", help="or the id of an answer")
    why.add_argument("--passage", type=as_typed, metavar="ARTICLE:START", help="why not this one")
    why.add_argument("--history", action="append", type=as_typed, default=[], metavar="QUESTION")
    why.add_argument("--top-k", type=_positive, metavar="N",
                     help="candidates shown (5; of a recorded answer all)")  # fmt: skip
    why.add_argument("--json", action="store_true", help="print JSON")
    add_filter_options(why)
    why.set_defaults(command=_explain)

    evaluate_command.add_parser(commands)

    doctor = commands.add_parser("doctor", help="check settings, index, model and endpoints")
    doctor.set_defaults(command=_doctor)
    return parser


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 1_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return number


def _inspect(options: argparse.Namespace) -> int:
    status = DONE
    for path in options.files:
        record: dict[str, Any]
        try:
            article = read_article(path)
        except ArticleError as error:
            record = {"path": str(path), "rejected": str(error)}
            status = FAILED
        else:
            record = {
                "path": str(path),
                "title": article.title,
                "source": article.source,
                "province": article.province,
                "date": article.date.isoformat() if article.date else None,
                "label": article.label,
                "passages": len(split_article(article)),
            }
        _print_record(record, as_json=options.json)
    return status


def _print_record(record: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(record, ensure_ascii=False))
        return
    width = max(map(len, record))
    for name, value in record.items():
        print(f"{name:{width}}  {'—' if value is None else value}")
    print()


def _search(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        print("retrieval: give a QUESTION or --batch FILE.jsonl", file=sys.stderr)
        return WRONG
    try:
        lines = read_batch(options.batch) if options.batch else None
    except OSError as error:
        return _unreadable(options.batch, error)
    retriever = open_retriever(read_settings())
    filters = read_filters(given_filters(options), retriever.index.records.sources())
    if lines is not None:
        try:
            return _search_batch(retriever, lines, options.top_k, filters)
        except BrokenPipeError:
            raise
        except OSError as error:
            return _unreadable(options.batch, error)
    result = retriever.search(options.question, options.top_k, filters=filters)
    if options.json:
        print(json.dumps(result_json(result), ensure_ascii=False))
    else:
        _print_hits(result.hits)
    return DONE


def _unreadable(path: Path, error: OSError) -> int:
    print(f"retrieval: {path} can not be read: {error.strerror}", file=sys.stderr)
    return WRONG


def _search_batch(
    retriever: Retriever,
    lines: Iterable[BatchQuestion | BatchError],
    top_k: int,
    filters: Filters,
) -> int:
    """One JSON line a line; one that is no question gets its fault, so none is lost."""
    status = DONE
    for line in lines:
        record: dict[str, Any]
        try:
            if isinstance(line, BatchError):
                raise line
            result = retriever.search(line.question, top_k, line.history, filters)
        except (QuestionError, BatchError) as error:
            kind = error.kind if isinstance(error, QuestionError) else "line"
            record = {"error": kind, "message": str(error)}
            print(f"retrieval: {line.id}: {error}", file=sys.stderr)
            status = WRONG
        else:
            record = result_json(result)
        print(json.dumps({"id": line.id, **record}, ensure_ascii=False))
    return status


def _explain(options: argparse.Namespace) -> int:
    # rich takes a while to import, and only this command needs it.
    from retrieval.explain import explain
    from retrieval.explain_command import explanation_json, print_explanation

    settings = read_settings()
    if trace := _recorded(options.question, settings):
        return _explain_trace(trace, options, settings)
    retriever = open_retriever(settings)
    filters = read_filters(given_filters(options), retriever.index.records.sources())
    top_k = options.top_k or _CANDIDATES
    try:
        explanation = explain(
            retriever, options.question, top_k, options.history, filters, options.passage
        )
    except PassageUnknown as error:
        print(f"retrieval: {error}", file=sys.stderr)
        return WRONG
    if options.json:
        print(explanation_json(explanation))
    else:
        print_explanation(explanation)
    return DONE


def _recorded(question: str, settings: Settings) -> Trace | None:
    """The answer of that id, where the question is one."""
    if not is_trace_id(question):
        return None
    path = settings.conversations_db
    if path.exists():
        traces = Traces.open(path)
        trace = traces.get(question)
        traces.close()
        if trace:
            return trace
    print(f"retrieval: no answer {question} is recorded; taken as a question", file=sys.stderr)
    return None


def _explain_trace(trace: Trace, options: argparse.Namespace, settings: Settings) -> int:
    from retrieval.trace_command import show_trace

    if options.passage or options.history or any(given_filters(options)):
        print("retrieval: a recorded answer takes only --top-k and --json", file=sys.stderr)
        return WRONG
    show_trace(trace, settings, options.top_k, as_json=options.json)
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    from retrieval.doctor import print_checks

    return DONE if print_checks(print) else FAILED


def _print_hits(hits: Iterable[Hit]) -> None:
    for number, hit in enumerate(hits, 1):
        ranks = f"dense {hit.dense_rank or '—'}, BM25 {hit.sparse_rank or '—'}"
        print(f"{number:2}. {hit.score:.3f} ({ranks})  [{hit.article.label}] {hit.article.title}")
        for article in hit.also:
            print(f"    also [{article.label}] {article.title}")
        print(f"    {' '.join(hit.passage.text.split())}\n")


if __name__ == "__main__":
    run(main)
