"""The app: what is served where, and what every request goes through first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from bot.http import (
    answers,
    articles,
    asking,
    health,
    openai_api,
    pages,
    problems,
    sessions_api,
    words,
)
from bot.http.access import Access
from bot.http.description import describe
from bot.http.guard import Bodies, Guard, SecurityHeaders
from bot.http.parts import no_index
from bot.http.problems import Problem
from bot.lasting import LastingService
from bot.mcp_server import build_server
from retrieval.errors import IndexUnavailable, StoreUnavailable
from retrieval.traces import project_version

_DESCRIPTION = (
    "Answers questions over Vietnamese news articles. Every sentence of an answer names its "
    "article by place and day, with the quote that supports it; or the answer is that the "
    "articles do not say."
)


def create_app(lasting: LastingService) -> FastAPI:
    """
    Raises:
        SettingsError: the service would be open to others, or its keys can not be used.
    """
    settings = lasting.settings
    access = Access(settings)
    tools = build_server(lasting.service)
    mcp = _mcp_routes(tools)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    app = FastAPI(
        title="Hỏi đáp trên kho bài viết",
        version=project_version(),
        description=_DESCRIPTION,
        docs_url=None,  # they would load scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders, metrics=lasting.metrics),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.allowed_origins,
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Authorization", "Content-Type"],
                expose_headers=["Retry-After"],
            ),
            Middleware(
                Guard,
                access=access,
                a_minute=settings.http_questions_per_minute,
                origins=settings.allowed_origins,
            ),
            Middleware(Bodies),
        ],
    )
    app.state.lasting = lasting
    app.state.access = access
    problems.add_handlers(app)
    describe(app)
    app.add_exception_handler(StoreUnavailable, _nothing_kept)
    app.add_exception_handler(IndexUnavailable, _no_index)
    for part in (asking, answers, articles, openai_api, sessions_api, health, pages):
        app.include_router(part.router)
    app.mount("/static", pages.StaticPages())
    app.router.routes += mcp
    return app


def _mcp_routes(server: MCPServer[Any]) -> list[Route]:
    """At `/mcp`. Each request stands alone, so that any worker process may take it.

    There is nothing to be told without being asked: a GET, which would wait for that until the
    client leaves and hold up the end of the process, is refused as the protocol allows.
    """
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        # Who may ask, from where and under which name, is the guard's.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    endpoint = StreamableHTTPASGIApp(server.session_manager)
    return [Route(path, endpoint, methods=["POST"]) for path in ("/mcp", "/mcp/")]


async def _nothing_kept(request: Request, error: Exception) -> JSONResponse:
    return Problem(503, words.NOTHING_KEPT).response()


async def _no_index(request: Request, error: Exception) -> JSONResponse:
    return no_index().response()
