"""The service from a terminal: `python -m bot ask QUESTION`, `telegram`, `http`, `serve`, ….

Exit status: 0 answered or honestly not found, 1 no index or wrong settings, 2 no question.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

from bot import feedback_command, wording
from bot.answering import Asked, refusal, unanswered
from bot.llm import OpenAIChat
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once, open_service
from bot.words import words_of
from retrieval.batch import BatchError, BatchQuestion, read_batch
from retrieval.console import as_typed, prepare_console, run
from retrieval.errors import IndexUnavailable, ServiceError
from retrieval.filters import add_filter_options, given_filters
from retrieval.search import open_retriever
from retrieval.settings import read_settings

_log = logging.getLogger("bot")

_STATUS = {
    Outcome.ANSWERED: 0,
    Outcome.PARTLY_ANSWERED: 0,
    Outcome.LLM_UNAVAILABLE: 0,
    Outcome.BUSY: 1,
    Outcome.NO_EVIDENCE: 0,
    Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD: 0,
    Outcome.SMALL_TALK: 0,
    Outcome.INDEX_MISSING: 1,
    Outcome.QUESTION_INVALID: 2,
}


_LASTING = {
    "telegram": "run the Telegram bot",
    "http": "run the HTTP service: page, API, OpenAI's protocol, MCP",
    "serve": "run both in one process",
    "mcp": "tools for a model, over stdin and stdout",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer a question from the articles")
    ask.add_argument("question", nargs="?", type=as_typed, metavar="QUESTION")
    ask.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="many questions")
    ask.add_argument("--json", action="store_true", help="print JSON (always with --batch)")
    ask.add_argument(
        "--widen",
        action="append",
        choices=["place", "period"],
        default=[],
        help="search everywhere, or at any time, whatever the question names",
    )
    ask.add_argument(
        "--conversation", metavar="NAME", help="go on from its earlier questions, and remember"
    )
    add_filter_options(ask)
    ask.set_defaults(command=_ask)
    for name, does in _LASTING.items():
        lasting = commands.add_parser(name, help=does)
        lasting.set_defaults(command=_run, name=name)
    key = commands.add_parser("key", help="make a key for HTTP_API_KEYS")
    key.add_argument("name", metavar="NAME", help="whose it is; no secret")
    key.add_argument("--admin", action="store_true", help="may add and delete articles too")
    key.set_defaults(command=_key)
    feedback_command.add_parser(commands)
    options = parser.parse_args(arguments)
    prepare_console()
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def _run(options: argparse.Namespace) -> int:
    from bot.adapters import run_http, run_mcp, run_serve, run_telegram

    running = {"telegram": run_telegram, "http": run_http, "serve": run_serve, "mcp": run_mcp}
    return running[options.name]()


def _key(options: argparse.Namespace) -> int:
    from bot.http.key_command import print_key

    return print_key(options.name, is_admin=options.admin)


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.batch is None):
        print("bot ask: give a QUESTION or --batch FILE.jsonl", file=sys.stderr)
        return 2
    try:
        lines = read_batch(options.batch) if options.batch else None
    except OSError as error:
        return _unreadable(options.batch, error)
    try:
        settings = read_settings()
        retriever = open_retriever(settings)
    except IndexUnavailable as error:
        _log.error("%s", error)
        given = [Asked(options.question)] if lines is None else map(_asked_in, lines)
        refusals = [unanswered(asked, Outcome.INDEX_MISSING) for asked in given]
        return max(
            (_show(shown, options.json or lines is not None) for shown in refusals), default=1
        )
    except ServiceError as error:
        _log.error("%s", error)
        print(wording.SETTINGS_WRONG, file=sys.stderr)
        return 1
    asked = Asked("", (), given_filters(options), tuple(options.widen))
    if lines is None:
        about = replace(asked, question=options.question, conversation=options.conversation)
        shown = asyncio.run(ask_once(open_service(settings, retriever), about))
        return _show(shown, options.json)
    try:
        # Many questions are a measurement or another program's; they leave no trace.
        service = Service(retriever, OpenAIChat.from_settings(settings))
        return asyncio.run(_ask_batch(service, lines, asked))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _unreadable(options.batch, error)


def _asked_in(line: BatchQuestion | BatchError) -> Asked:
    return Asked("" if isinstance(line, BatchError) else line.question, id=line.id)


def _unreadable(path: Path, error: OSError) -> int:
    print(f"bot ask: {path} can not be read: {error.strerror}", file=sys.stderr)
    return 2


async def _ask_batch(
    service: Service, lines: Iterable[BatchQuestion | BatchError], asked: Asked
) -> int:
    """One JSON line an answer; a line that is no question gets one too, so none is lost."""
    status = 0
    for line in lines:
        if isinstance(line, BatchError):
            _log.error("%s", line)
            shown = refusal(line.id, Outcome.QUESTION_INVALID, wording.BATCH_LINE)
        else:
            about = replace(asked, question=line.question, history=line.history, id=line.id)
            shown = await ask_once(service, about)
        status = max(status, _show(shown, as_json=True))
    return status


def _show(shown: Answer, as_json: bool) -> int:
    print(json.dumps(asdict(shown), ensure_ascii=False) if as_json else render(shown), flush=True)
    return _STATUS[shown.outcome]


def render(shown: Answer) -> str:
    """The answer with its sources below, for a terminal."""
    if not shown.citations:
        return shown.text
    blocks = []
    for citation in shown.citations:
        quote = " ".join(citation.quote.split())
        blocks.append(f" {citation.number}. {citation.label} — {citation.title}\n    “{quote}”")
    return f"{shown.text}\n\n{words_of(shown.language).SOURCES}\n" + "\n".join(blocks)


if __name__ == "__main__":
    run(main)
