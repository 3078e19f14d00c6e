"""Answers that were given: how they came about, what people think of them, and their deletion."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.conversations import Rating
from bot.http import words
from bot.http.asking import to_json
from bot.http.parts import TheCaller, TheConversations, TheService
from bot.http.problems import Problem, responses
from bot.http.questions import conversation_of
from retrieval.explain import query_json
from retrieval.trace_json import trace_json
from retrieval.traces import Trace, is_trace_id

router = APIRouter(tags=["answers"])

_TraceId = Annotated[str, Path(examples=["3kz6wq0v9d2c4t1h"], max_length=64)]


class FeedbackBody(BaseModel):
    """What somebody thinks of an answer."""

    model_config = ConfigDict(extra="forbid")

    rating: Literal["up", "down"]
    reason: str | None = Field(None, max_length=1_000, examples=["Sai năm."])


@router.get(
    "/v1/answers/{trace_id}",
    summary="How an answer came about: what was understood, every hit with its scores",
    response_model=dict[str, Any],
    responses=responses(401, 403, 404, 422, 503),
)
async def get_answer(trace_id: _TraceId, conversations: TheConversations) -> Response:
    """Whoever has the id may see it; it can not be guessed."""
    trace = None
    if is_trace_id(trace_id):
        trace = await asyncio.to_thread(conversations.traces.get, trace_id)
    if trace is None:
        raise Problem(404, words.NOT_FOUND)
    return Response(to_json(_shown(trace)), media_type="application/json")


@router.post(
    "/v1/answers/{trace_id}/feedback",
    status_code=204,
    summary="An opinion on an answer; a second one of the same caller replaces it",
    responses=responses(400, 401, 403, 404, 422, 503),
)
async def give_feedback(
    trace_id: _TraceId,
    body: FeedbackBody,
    caller: TheCaller,
    service: TheService,
    conversations: TheConversations,
) -> Response:
    rating = Rating(body.rating)
    is_kept = is_trace_id(trace_id) and await asyncio.to_thread(
        conversations.give_feedback, trace_id, f"http:{caller.id}", rating, body.reason
    )
    if not is_kept:
        raise Problem(404, words.NOT_FOUND)
    service.watcher.rated(rating)
    return Response(status_code=204)


@router.delete(
    "/v1/conversations/{conversation_id}",
    status_code=204,
    summary="Deletes a conversation with its answers and the opinions on them, for good",
    responses=responses(401, 403, 422, 503),
)
async def delete_conversation(
    conversation_id: str, caller: TheCaller, conversations: TheConversations
) -> Response:
    await asyncio.to_thread(conversations.forget, conversation_of(caller, conversation_id))
    return Response(status_code=204)


def _shown(trace: Trace) -> dict[str, Any]:
    """With the query as `explain --json` has it, and the hits as they were ranked then."""
    return trace_json(trace) | {
        "query": query_json(trace.query) if trace.query else None,
        "hits": [asdict(hit) for hit in trace.hits],
    }
