"""The service from a terminal: `python -m bot ask QUESTION`, `telegram`, `http`, `serve`, ….

Exit status: 0 answered or honestly not found, 1 no index or wrong settings, 2 no question.

What only one command needs is imported there, so that each starts quickly.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from retrieval.console import as_typed, prepare_console, run
from retrieval.errors import ServiceError
from retrieval.filters import add_filter_options

_log = logging.getLogger("bot")

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
    feedback = commands.add_parser("feedback", help="export what people thought of answers")
    actions = feedback.add_subparsers(required=True, metavar="ACTION")
    export = actions.add_parser("export", help="as questions that `retrieval evaluate` reads")
    export.add_argument(
        "--out", type=_json_lines, metavar="FILE.jsonl", help="otherwise standard output"
    )
    export.set_defaults(command=_export_feedback)
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
    from retrieval.encoders import open_encoder
    from retrieval.settings import read_settings
    from retrieval.snapshot import models_folder

    try:
        settings = read_settings()
        encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    except ServiceError as error:
        from bot import wording

        _log.error("%s", error)
        print(wording.SETTINGS_WRONG, file=sys.stderr)
        return 1
    # By another core, while this one imports the rest.
    encoder.warm()

    from bot.ask_command import ask

    return ask(options, settings, encoder)


def _export_feedback(options: argparse.Namespace) -> int:
    from bot.feedback_command import run_export

    return run_export(options)


def _json_lines(text: str) -> Path:
    path = Path(as_typed(text))
    if path.suffix != ".jsonl":
        raise argparse.ArgumentTypeError("its name must end in .jsonl, for evaluate to read it")
    return path


if __name__ == "__main__":
    run(main)
