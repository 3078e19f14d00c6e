"""OpenAI's protocol: any program that speaks it can ask, by base URL (`…/v1`).

The last message of the user is the question, those before are what it may continue. The answer's
labels stand in the text; `annotations` say for each where it stands and which quote it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from bot.http import words
from bot.http.access import Access
from bot.http.asking import event_stream, to_json
from bot.http.openai_answers import MODEL, Completion, text_events
from bot.http.parts import TheAccess, TheCaller, TheService
from bot.http.problems import Problem, openai_errors
from bot.http.questions import ClientGone, answer_for, asked_by

router = APIRouter(tags=["OpenAI's protocol"])

_CLIENT_CLOSED = 499
# As many as the service remembers of a conversation; each costs some milliseconds to read.
_HISTORY = 5


class MessageBody(BaseModel):
    """A message; only those of the user are read."""

    model_config = ConfigDict(extra="ignore")

    role: str = Field(examples=["user"])
    content: str | list[dict[str, Any]] | None = Field(
        None, examples=["Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"]
    )


class StreamOptions(BaseModel):
    """What a stream has beside the answer."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = False


class CompletionBody(BaseModel):
    """What is not here is ignored: there is one way to answer."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(MODEL, examples=[MODEL])
    # How many there are is bounded by the size of a request: clients send the whole conversation.
    messages: list[MessageBody] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1


class Model(BaseModel):
    """The one that there is."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class Models(BaseModel):
    """All that there are."""

    object: Literal["list"] = "list"
    data: list[Model]


@router.get("/v1/models", summary="The one model", responses=openai_errors(401, 403))
async def list_models() -> Models:
    return Models(data=[_model()])


@router.get("/v1/models/{model}", summary="The one model", responses=openai_errors(401, 403, 404))
async def get_model(model: str) -> Model:
    if model != MODEL:
        raise Problem(404, words.NOT_FOUND)
    return _model()


def _model() -> Model:
    return Model(id=MODEL, created=0, owned_by="archive")


@router.post(
    "/v1/chat/completions",
    summary="The answer to the last message, as OpenAI's servers give one",
    response_model=dict[str, Any],
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **openai_errors(400, 401, 403, 408, 413, 429, 503),
    },
)
async def complete(
    request: Request,
    body: CompletionBody,
    caller: TheCaller,
    service: TheService,
    access: TheAccess,
) -> Response:
    try:
        if body.n not in (None, 1):
            raise Problem(400, words.REQUEST_INVALID, errors=[words.ONE_ANSWER])
        *history, question = _questions(body.messages) or [""]
        asked = asked_by(caller, question, history=history[-_HISTORY:])
        completion = Completion(_base(request, access), question)
        if body.stream:
            events = text_events(service, asked)
            first = await anext(events)
            with_usage = bool(body.stream_options and body.stream_options.include_usage)
            return event_stream(completion.stream(first, events, with_usage))
        shown = await answer_for(request, service, asked)
    except ClientGone:
        return Response(status_code=_CLIENT_CLOSED)
    return Response(to_json(completion.whole(shown)), media_type="application/json")


def _base(request: Request, access: Access) -> str:
    """The service's address as the client knows it, behind a proxy too."""
    scheme = "https" if access.is_secure(request) else "http"
    return str(request.base_url.replace(scheme=scheme))


def _questions(messages: Sequence[MessageBody]) -> list[str]:
    """What the user wrote, in order.

    Raises:
        Problem: something else than text was sent.
    """
    return [_text_of(message.content) for message in messages if message.role == "user"]


def _text_of(content: str | list[dict[str, Any]] | None) -> str:
    if not isinstance(content, list):
        return content or ""
    texts = [part.get("text") for part in content if part.get("type") == "text"]
    if len(texts) < len(content) or not all(isinstance(text, str) for text in texts):
        raise Problem(400, words.TEXT_ONLY)
    return "\n".join(map(str, texts))
