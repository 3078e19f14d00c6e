"""OpenAI's protocol: any program that speaks it can ask, by base URL (`…/v1`).

The last message of the user is the question, those before are what it may continue. The answer's
labels stand in the text; `annotations` say for each where it stands and which quote it is.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict
from typing import Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from bot.answering import Asked
from bot.citations import with_label
from bot.http import words
from bot.http.asking import event_stream, to_json
from bot.http.parts import TheCaller, TheService
from bot.http.problems import Problem, openai_errors
from bot.http.questions import ClientGone, answer_for, asked_by, events_for
from bot.schema import Answer, Citation, Event, SentenceReady, Understood
from bot.service import Service
from retrieval.text import normalise
from retrieval.text import words as words_in

router = APIRouter(tags=["OpenAI's protocol"])

MODEL = "hoi-dap-kho-bai-viet"
_CLIENT_CLOSED = 499
_PAGE = "/kho?bai="


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
    messages: list[MessageBody] = Field(min_length=1, max_length=1_000)
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
    request: Request, body: CompletionBody, caller: TheCaller, service: TheService
) -> Response:
    try:
        if body.n not in (None, 1):
            raise Problem(400, words.ONE_ANSWER)
        *history, question = _questions(body.messages) or [""]
        asked = asked_by(caller, question, history=history)
        completion = _Completion(str(request.base_url), question)
        if body.stream:
            events = _text_events(service, asked)
            first = await anext(events)
            with_usage = bool(body.stream_options and body.stream_options.include_usage)
            return event_stream(completion.stream(first, events, with_usage))
        shown = await answer_for(request, service, asked)
    except ClientGone:
        return Response(status_code=_CLIENT_CLOSED)
    return Response(to_json(completion.whole(shown)), media_type="application/json")


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


async def _text_events(service: Service, asked: Asked) -> AsyncGenerator[str | Answer, None]:
    """Pieces of the answer's text that are sure to stay, then the answer.

    Without a model the whole answer comes at once: its sentences are not told in advance, since
    what is around them (a list of places, a count) is only known with the answer.
    """
    is_written = service.chat is not None
    labels: dict[int, str] = {}
    sent = ""
    async with aclosing(events_for(service, asked)) as events:
        async for event in events:
            piece = _told(event, labels, sent) if is_written else ""
            sent += piece
            if isinstance(event, Answer):
                yield _rest(event.text, sent)
                yield event
            else:
                yield piece


def _told(event: Event, labels: dict[int, str], before: str) -> str:
    """What an event adds to the text."""
    if isinstance(event, Understood):
        return event.note
    if not isinstance(event, SentenceReady):
        return ""
    labels |= {citation.number: citation.label for citation in event.citations}
    sentence = event.sentence
    told = with_label(sentence.text, [labels[number] for number in sentence.citations])
    return f" {told}" if before else told


def _rest(text: str, sent: str) -> str:
    """What is still to be sent; the whole text anew where it is not what was begun."""
    return text.removeprefix(sent) if text.startswith(sent) else f"\n\n{text}"


class _Completion:
    """The forms of one answer."""

    def __init__(self, base: str, question: str) -> None:
        """
        Args:
            base: where the pages are, for the links of citations.
        """
        self._page = base.rstrip("/") + _PAGE
        self._question = question
        self._head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time())}

    def whole(self, shown: Answer) -> dict[str, Any]:
        message = {
            "role": "assistant",
            "content": shown.text,
            "refusal": None,
            "annotations": self._annotations(shown.text, shown),
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head,
            "object": "chat.completion",
            "model": MODEL,
            "choices": [choice],
            "usage": self._usage(shown.text),
        }

    async def stream(
        self,
        first: str | Answer,
        rest: AsyncGenerator[str | Answer, None],
        with_usage: bool,
    ) -> AsyncGenerator[bytes, None]:
        """Chunks of text, the annotations with the last, and the end."""
        content = ""
        yield self._chunk({"role": "assistant", "content": ""})
        async with aclosing(rest):
            event: str | Answer | None = first
            while event is not None:
                if isinstance(event, Answer):
                    annotations = self._annotations(content, event)
                    yield self._chunk({"annotations": annotations})
                elif event:
                    content += event
                    yield self._chunk({"content": event})
                event = await anext(rest, None)
        yield self._chunk({}, finish="stop")
        if with_usage:
            yield _event(self._base_of_chunk() | {"choices": [], "usage": self._usage(content)})
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event(self._base_of_chunk() | {"choices": [choice]})

    def _base_of_chunk(self) -> dict[str, Any]:
        return {**self._head, "object": "chat.completion.chunk", "model": MODEL}

    def _annotations(self, content: str, shown: Answer) -> list[dict[str, Any]]:
        """Of each label in the text, in their order: where it stands, and its citation."""
        citations = {citation.number: citation for citation in shown.citations}
        found = []
        end = 0
        for sentence in shown.sentences:
            for number in sentence.citations:
                label = f"[{citations[number].label}]"
                start = content.find(label, end)
                if start >= 0:
                    end = start + len(label)
                    found.append(self._annotation(citations[number], start, end))
        return found

    def _annotation(self, citation: Citation, start: int, end: int) -> dict[str, Any]:
        return {
            "type": "url_citation",
            "url_citation": {
                "start_index": start,
                "end_index": end,
                "title": f"{citation.label} — {citation.title}",
                "url": self._page + quote(citation.article, safe=""),
            },
            # Not of OpenAI's: with the quote and where it stands in the article.
            "citation": asdict(citation),
        }

    def _usage(self, content: str) -> dict[str, int]:
        """In syllables and numbers, since there is no model whose tokens could be counted."""
        asked, answered = (len(words_in(normalise(text))) for text in (self._question, content))
        return {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
        }


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {to_json(data)}\n\n".encode()
