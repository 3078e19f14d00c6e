"""Whether it lives, whether it can answer, and its figures."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from bot.http.parts import TheLastingService
from bot.http.problems import responses

router = APIRouter(tags=["operation"])


class Ready(BaseModel):
    """Each part's state.

    Attributes:
        snapshot: when the index in use was built; None where there is none.
        llm: `off` where none is set. Without it answers are quotes, so it is no condition.
        conversations: whether answers and opinions are kept.
    """

    ready: bool
    snapshot: str | None = Field(examples=["2024-07-23T07:00:00+00:00"])
    articles: int
    model: str | None = Field(examples=["bundled"])
    llm: Literal["off", "set"]
    conversations: bool


@router.get("/healthz", summary="It lives")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get(
    "/readyz",
    response_model=Ready,
    summary="Whether it can answer",
    responses={503: {"model": Ready, "description": "There is no index"}, **responses(403)},
)
async def readyz(lasting: TheLastingService) -> JSONResponse:
    service = lasting.service
    manifest = service.retriever.index.manifest if service.retriever else None
    state = Ready(
        ready=manifest is not None,
        snapshot=manifest.created if manifest else None,
        articles=manifest.articles if manifest else 0,
        model=lasting.settings.embedding_model if manifest else None,
        llm="set" if service.chat else "off",
        conversations=service.conversations is not None,
    )
    return JSONResponse(state.model_dump(), 200 if state.ready else 503)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **responses(401, 403),
    },
)
async def metrics(lasting: TheLastingService) -> Response:
    text = await asyncio.to_thread(lasting.metrics.text, lasting.service)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
