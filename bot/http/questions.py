"""From a request to an `Asked`, and from the service to an `Answer`: for every protocol of HTTP."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing, suppress
from typing import Any, TypeVar

from starlette.requests import Request

from bot.answering import Asked
from bot.http import words
from bot.http.access import Caller
from bot.http.parts import RETRY_SECONDS
from bot.http.problems import Problem
from bot.schema import Answer, Event, Outcome
from bot.service import Service, ask_once
from retrieval.filters import NONE_GIVEN, GivenFilters
from retrieval.schema import Dimension

_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STATUS = {Outcome.QUESTION_INVALID: 422, Outcome.INDEX_MISSING: 503, Outcome.BUSY: 503}

_Result = TypeVar("_Result")


class ClientGone(Exception):
    """Whoever asked does not wait for the answer any more."""


def asked_by(
    caller: Caller,
    question: str,
    conversation_id: str | None = None,
    filters: GivenFilters = NONE_GIVEN,
    widened: Sequence[Dimension] = (),
    history: Sequence[str] = (),
) -> Asked:
    """
    Raises:
        Problem: the id of the conversation can not be used.
    """
    conversation = conversation_id and conversation_of(caller, conversation_id)
    return Asked(question, history, filters, tuple(widened), conversation=conversation or None)


def conversation_of(caller: Caller, conversation_id: str) -> str:
    """Its name in the store: the same id of another caller is another conversation.

    Raises:
        Problem: it is no such id.
    """
    if not _CONVERSATION.fullmatch(conversation_id):
        raise Problem(422, words.CONVERSATION_INVALID)
    # Of those who need no key the address may change; their ids are random.
    return f"http:{caller.name or ''}:{conversation_id}"


async def answer_for(request: Request, service: Service, asked: Asked) -> Answer:
    """The whole answer.

    Raises:
        Problem: there is none; it has the outcome and its words.
        ClientGone: the connection was closed meanwhile, and the work is given up.
    """
    shown = await _while_connected(request, ask_once(service, asked))
    if problem := problem_of(shown):
        raise problem
    return shown


async def events_for(service: Service, asked: Asked) -> AsyncGenerator[Event, None]:
    """The events of an answer, of which the first has come when this is entered.

    Raises:
        Problem: at once, where there is no answer at all.
    """
    async with aclosing(service.ask(asked)) as events:
        async for event in events:
            if isinstance(event, Answer) and (problem := problem_of(event)):
                raise problem
            yield event


def problem_of(shown: Answer) -> Problem | None:
    """What an outcome is for a program; None for an answer or an honest refusal."""
    status = _STATUS.get(shown.outcome)
    if status is None:
        return None
    headers = {"Retry-After": RETRY_SECONDS} if status == 503 else None
    return Problem(status, shown.text, outcome=shown.outcome, headers=headers)


async def _while_connected(request: Request, work: Coroutine[Any, Any, _Result]) -> _Result:
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        for task in (working, gone):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _disconnected(request: Request) -> None:
    """Until the client closes the connection; its body has been read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
