"""`POST /v1/ask`: the answer as JSON, or its events as they come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.answering import Asked
from bot.http import words
from bot.http.parts import TheCaller, TheService
from bot.http.problems import Problem, responses
from bot.http.questions import ClientGone, answer_for, asked_by, events_for
from bot.schema import Answer, Event, SentenceReady, Understood
from bot.service import Service
from retrieval.filters import NONE_GIVEN, GivenFilters
from retrieval.schema import Dimension

router = APIRouter(tags=["asking"])

EVENT_STREAM = "text/event-stream"
# Shorter than the time after which proxies give up a silent connection.
_ALIVE_SECONDS = 15.0
# nginx's own: who has closed the connection gets no answer.
_CLIENT_CLOSED = 499

_EXAMPLE = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_Names = Annotated[list[str], BeforeValidator(_listed), Field(max_length=63)]


class FiltersBody(BaseModel):
    """What the articles must be."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    province: _Names = Field([], examples=[["Bắc Kạn"]])
    source: _Names = Field([], examples=[["TTXVN"]])
    date_from: str | None = Field(None, alias="from", examples=["1/2024"], max_length=40)
    date_to: str | None = Field(None, alias="to", examples=["23/7/2024"], max_length=40)

    def given(self) -> GivenFilters:
        return GivenFilters(
            self.province, self.date_from or None, self.date_to or None, self.source
        )


class AskBody(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(examples=[_EXAMPLE])
    conversation_id: str | None = Field(None, examples=["5f0c2c1e-6c0b-4b0a-9a55-2b8f3f6c7d10"])
    filters: FiltersBody | None = None
    widen: list[Dimension] = Field([], max_length=2, examples=[["place"]])


@router.post(
    "/v1/ask",
    response_model=Answer,
    summary="The answer to a question, each sentence with the quote that supports it",
    responses={
        200: {
            "description": "The answer, or that the articles do not say. With `Accept: "
            "text/event-stream` its events: understood, citation, sentence, done.",
            "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
        },
        **responses(400, 401, 403, 408, 413, 422, 429, 503),
    },
)
async def ask(request: Request, body: AskBody, caller: TheCaller, service: TheService) -> Response:
    given = body.filters.given() if body.filters else NONE_GIVEN
    asked = asked_by(caller, body.question, body.conversation_id, given, body.widen)
    if EVENT_STREAM in request.headers.get("accept", ""):
        return await stream(service, asked)
    try:
        shown = await answer_for(request, service, asked)
    except ClientGone:
        return Response(status_code=_CLIENT_CLOSED)
    return Response(to_json(asdict(shown)), media_type="application/json")


async def stream(service: Service, asked: Asked) -> StreamingResponse:
    """The events of an answer.

    Raises:
        Problem: before the first one there is a status yet.
    """
    events = events_for(service, asked)
    first = await anext(events)
    return event_stream(_encoded(first, events))


def event_stream(pieces: AsyncGenerator[bytes, None]) -> StreamingResponse:
    """Pieces of an event stream, with signs of life in between; not buffered by a proxy."""
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_kept_alive(pieces), media_type=EVENT_STREAM, headers=headers)


async def _encoded(first: Event, rest: AsyncGenerator[Event, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        for piece in _pieces(first):
            yield piece
        try:
            async for event in rest:
                for piece in _pieces(event):
                    yield piece
        except Problem as problem:
            yield _event("problem", problem.body())


def _pieces(event: Event) -> list[bytes]:
    if isinstance(event, Understood):
        return [_event("understood", {"question": event.question})]
    if isinstance(event, SentenceReady):
        citations = [_event("citation", asdict(citation)) for citation in event.citations]
        return [*citations, _event("sentence", asdict(event.sentence))]
    return [_event("done", asdict(event))]


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=to_json(data), event=name)


async def _kept_alive(pieces: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    """An error in mid-stream ends it in order: its status has long been sent."""
    async with aclosing(pieces):
        coming: asyncio.Future[bytes] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(pieces))
                done, _ = await asyncio.wait({coming}, timeout=_ALIVE_SECONDS)
                if not done:
                    yield KEEPALIVE_COMMENT
                    continue
                piece, coming = coming, None
                yield piece.result()
        except StopAsyncIteration:
            return
        except Exception:
            yield _event("problem", Problem(500, words.FAILED).body())
            raise
        finally:
            if coming:
                coming.cancel()
                with suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
                    await coming


def to_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
