"""`python -m bot ask`: one question, or a file of them, answered on the terminal."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

from bot import wording
from bot.answering import Asked, refusal, unanswered
from bot.llm import OpenAIChat
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once, open_service
from bot.words import words_of
from retrieval.batch import BatchError, BatchQuestion, read_batch
from retrieval.encoders import Encoder
from retrieval.errors import IndexUnavailable, ServiceError
from retrieval.filters import given_filters
from retrieval.search import open_retriever
from retrieval.settings import Settings

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


def ask(options: argparse.Namespace, settings: Settings, encoder: Encoder) -> int:
    """Print the answers; the exit status is the highest of theirs, see `_STATUS`."""
    try:
        lines = read_batch(options.batch) if options.batch else None
    except OSError as error:
        return _unreadable(options.batch, error)
    try:
        retriever = open_retriever(settings, encoder)
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
