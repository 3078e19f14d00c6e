"""The way in: who asks, from where, how often, and how much is taken from them.

Each is a plain ASGI middleware, so that it holds for the pages, the API and MCP alike.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http import words
from bot.http.access import Access, Caller
from bot.http.problems import Problem
from bot.metrics import Metrics
from retrieval.documents import MAX_BYTES

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Nobody has to say who they are there: signs of life, the way to log in, and what it looks like.
_OPEN = frozenset({"/healthz", "/readyz", "/dang-nhap", "/v1/session", "/favicon.ico"})
_PAGES = ("/kho", "/giai-thich/")
_COUNTED = frozenset(
    {
        ("POST", "/v1/ask"),
        ("POST", "/v1/chat/completions"),
        ("GET", "/v1/search"),
        ("POST", "/mcp"),
        ("POST", "/mcp/"),
    }
)
_LOGINS_A_MINUTE = 10

_UPLOAD = "/v1/articles"
_MOST_BYTES = 256 * 1024
_MOST_UPLOADED = MAX_BYTES + 64 * 1024
_BODY_SECONDS, _UPLOAD_SECONDS = 10.0, 120.0
_DRAINED_BYTES, _DRAINING_SECONDS = 4 * 1024 * 1024, 5.0

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Every response says what a browser may do with it; answers are kept by nobody."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.responded(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Guard:
    """Lets a request in once it is known who sent it, and not too often.

    What comes behind it finds the `Caller` in `scope["state"]["caller"]`.
    """

    def __init__(
        self, app: ASGIApp, access: Access, a_minute: int, origins: Iterable[str] = ()
    ) -> None:
        self._app = app
        self._access = access
        self._origins = frozenset(origins)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._questions = RateLimitItemPerMinute(a_minute) if a_minute else None
        self._logins = RateLimitItemPerMinute(_LOGINS_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        try:
            if scope["type"] != "http":
                raise Problem(404, words.NOT_FOUND)
            self._refuse_other_sites(request, scope["method"])
            caller = self._caller(request, scope["path"])
            if caller is None:
                await _to_login(request)(scope, receive, send)
                return
            self._count(scope["method"], scope["path"], caller)
        except Problem as problem:
            await problem.response_at(scope["path"])(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    def _caller(self, request: HTTPConnection, path: str) -> Caller | None:
        """Raises Problem; None: a page that needs a login first."""
        is_open = path in _OPEN or path.startswith("/static/")
        try:
            caller = self._access.caller(request)
        except Problem as problem:
            if is_open and problem.status_code == 401:
                return self._access.nobody(request)
            raise
        if caller:
            return caller
        if is_open:
            return self._access.nobody(request)
        if path == "/" or path.startswith(_PAGES):
            return None
        raise Problem(401, words.KEY_NEEDED, headers={"WWW-Authenticate": "Bearer"})

    def _refuse_other_sites(self, request: HTTPConnection, method: str) -> None:
        """A page of another site may not make a browser do what its user may do here."""
        if method in _SAFE:
            return
        origin = request.headers.get("origin")
        if origin in self._origins:
            return
        came_from = request.headers.get("sec-fetch-site", "same-origin")
        own = request.headers.get("host", "").lower()
        is_own = origin is None or origin.lower().partition("://")[2] == own
        if came_from not in ("same-origin", "none") or not is_own:
            raise Problem(403, words.OTHER_SITE)

    def _count(self, method: str, path: str, caller: Caller) -> None:
        if (method, path) == ("POST", "/v1/session"):
            limit, who = self._logins, f"login:{caller.address}"
        elif (method, path) in _COUNTED and self._questions:
            limit, who = self._questions, caller.id
        else:
            return
        if not self._limiter.hit(limit, who):
            free_at = self._limiter.get_window_stats(limit, who).reset_time
            seconds = max(1, round(free_at - time.time() + 0.5))
            detail = words.TOO_MANY.format(seconds=seconds)
            raise Problem(429, detail, headers={"Retry-After": str(seconds)})


class Bodies:
    """Takes a body only so large, and only so slowly."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = scope["path"] == _UPLOAD
        most = _MOST_UPLOADED if is_upload else _MOST_BYTES
        until = time.monotonic() + (_UPLOAD_SECONDS if is_upload else _BODY_SECONDS)
        taken = 0
        is_whole = False
        has_begun = False

        async def take() -> Message:
            nonlocal taken, is_whole
            if is_whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), until - time.monotonic())
            except TimeoutError:
                raise Problem(408, words.TOO_SLOW, headers={"Connection": "close"}) from None
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
                if taken > most:
                    raise _too_large(most)
            return message

        async def give(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            length = HTTPConnection(scope).headers.get("content-length", "0")
            if length.isdigit() and int(length) > most:
                raise _too_large(most)
            await self._app(scope, take, give)
        except Problem as problem:
            if has_begun:
                raise
            if problem.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and not is_whole:
                await _drain(receive)
            await problem.response_at(scope["path"])(scope, receive, send)


async def _drain(receive: Receive) -> None:
    """Take some of the rest and drop it: who still sends when the connection is closed (a proxy,
    above all) may never read the answer."""
    left = _DRAINED_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAINING_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def _too_large(most: int) -> Problem:
    shown = f"{most // 1024 // 1024} MB" if most >= 1024 * 1024 else f"{most // 1024} KB"
    return Problem(413, words.TOO_LARGE.format(most=shown), headers={"Connection": "close"})


def _to_login(request: HTTPConnection) -> RedirectResponse:
    """Back to the same page afterwards."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/dang-nhap?tiep={quote(wanted, safe='/')}", 303)
