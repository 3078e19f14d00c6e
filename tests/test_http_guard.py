"""What every request goes through before anything looks at it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http import guard
from bot.http.access import Access
from bot.http.guard import Bodies, Guard, SecurityHeaders
from bot.metrics import Metrics
from retrieval.settings import Settings

KEY = "k" * 20
KEYS = f"a:{KEY}, b:{'l' * 20}"


async def tells_caller(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with who asked, and with how much they sent."""
    body = await Request(scope, receive).body()
    said = {"caller": scope["state"]["caller"].name, "bytes": len(body)}
    await JSONResponse(said)(scope, receive, send)


def guarded(keys: str = KEYS, a_minute: int = 0, origins: tuple[str, ...] = ()) -> ASGIApp:
    access = Access(Settings.model_validate({"http_api_keys": keys}))
    inner = Guard(Bodies(tells_caller), access, a_minute, origins)
    return SecurityHeaders(inner, Metrics())


def send(app: ASGIApp, method: str, path: str, **sent: Any) -> httpx.Response:
    return asyncio.run(_send(app, method, path, **sent))


async def _send(app: ASGIApp, method: str, path: str, **sent: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.request(method, path, **sent)


def with_key(**headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {KEY}"} | headers


def test_who_asks_is_handed_on() -> None:
    """The app behind sees the key's name."""
    response = send(guarded(), "POST", "/v1/ask", headers=with_key(), content=b"12345")

    assert response.json() == {"caller": "a", "bytes": 5}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/ask"),
        ("GET", "/v1/articles"),
        ("DELETE", "/v1/articles/a.txt"),
        ("GET", "/metrics"),
        ("POST", "/mcp"),
        ("GET", "/mcp/"),
        ("GET", "/openapi.json"),
        ("GET", "/V1/SESSION"),
        ("GET", "/static"),
        ("GET", "//static/a"),
        ("GET", "/healthz/"),
    ],
)
def test_without_a_key_nothing_is_told(method: str, path: str) -> None:
    """A problem in words, with the way to say who one is."""
    response = send(guarded(), method, path)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].startswith("Cần khoá truy cập")


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/models"])
def test_openais_clients_are_told_in_their_form(path: str) -> None:
    """Their exceptions carry the words."""
    response = send(guarded(), "POST", path)

    assert response.status_code == 401
    assert response.json()["error"]["message"].startswith("Cần khoá truy cập")


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/dang-nhap", "/v1/session", "/static/page.css"]
)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_some_of_it_is_for_everybody(path: str, headers: dict[str, str]) -> None:
    """Signs of life, and the way to log in; also for whoever sends a key that is no longer one."""
    response = send(guarded(), "GET", path, headers=headers)

    assert response.json()["caller"] is None


@pytest.mark.parametrize("path", ["/", "/kho?q=d%C3%A2n", "/giai-thich/0123456789abcdef"])
def test_a_page_leads_to_the_login(path: str) -> None:
    """And from there back to what was wanted."""
    response = send(guarded(), "GET", path)

    assert response.status_code == 303
    target = httpx.URL(response.headers["location"])
    assert target.path == "/dang-nhap"
    assert target.params["tiep"] == path


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_another_site_may_change_nothing(method: str, headers: dict[str, str]) -> None:
    """Whatever cookie or key the browser adds."""
    response = send(guarded(), method, "/v1/session", headers=with_key(**headers))

    assert response.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://portal.example", "Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
def test_its_own_pages_and_listed_ones_may(headers: dict[str, str]) -> None:
    """And programs, which send neither header."""
    app = guarded(origins=("https://portal.example",))

    assert send(app, "POST", "/v1/ask", headers=with_key(**headers)).status_code == 200


def test_so_many_questions_a_minute() -> None:
    """Then 429 with when to come again; another key has its own count."""
    app = guarded(a_minute=2)

    async def ask() -> list[httpx.Response]:
        kept = [await _send(app, "POST", "/v1/ask", headers=with_key()) for _ in range(3)]
        other = {"Authorization": f"Bearer {'l' * 20}"}
        return [*kept, await _send(app, "POST", "/v1/ask", headers=other)]

    first, second, third, others = asyncio.run(ask())
    assert [first.status_code, second.status_code, others.status_code] == [200, 200, 200]
    assert third.status_code == 429
    assert 1 <= int(third.headers["retry-after"]) <= 61
    assert third.headers["retry-after"] in third.json()["detail"]


def test_what_is_no_question_is_not_counted() -> None:
    """Reading articles, and signs of life."""
    app = guarded(a_minute=1)
    paths = ["/v1/articles", "/healthz"] * 5

    async def look() -> set[int]:
        return {(await _send(app, "GET", path, headers=with_key())).status_code for path in paths}

    assert asyncio.run(look()) == {200}


def test_keys_can_not_be_tried_quickly() -> None:
    """Ten logins a minute from an address, whatever the questions' limit is."""
    app = guarded(a_minute=0)

    async def log_in() -> list[int]:
        return [(await _send(app, "POST", "/v1/session")).status_code for _ in range(11)]

    assert asyncio.run(log_in()) == [200] * 10 + [429]


@pytest.mark.parametrize("has_length", [True, False])
def test_a_large_body_is_refused(has_length: bool) -> None:
    """Whether it says so beforehand or not."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(257):
            yield b"x" * 1024

    content: Any = b"x" * (257 * 1024) if has_length else pieces()
    response = send(guarded(), "POST", "/v1/ask", headers=with_key(), content=content)

    assert response.status_code == 413
    assert "256 KB" in response.json()["detail"]


def test_an_article_may_be_larger() -> None:
    """Up to what can be read as one."""
    app = guarded()
    article, more = b"x" * (20 * 1024 * 1024), b"x" * (20 * 1024 * 1024 + 64 * 1024 + 1)

    taken = send(app, "POST", "/v1/articles", headers=with_key(), content=article)
    refused = send(app, "POST", "/v1/articles", headers=with_key(), content=more)
    assert (taken.status_code, refused.status_code) == (200, 413)


def test_a_slow_body_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole body has a time, however often a byte comes."""
    monkeypatch.setattr(guard, "_BODY_SECONDS", 0.2)

    async def drops() -> AsyncIterator[bytes]:
        for _ in range(100):
            await asyncio.sleep(0.02)
            yield b"x"

    status, body = asyncio.run(_sent_slowly(guarded(), drops))
    assert status == 408
    assert "quá chậm" in json.loads(body)["detail"]


async def _sent_slowly(
    app: ASGIApp, drops: Callable[[], AsyncIterator[bytes]]
) -> tuple[int, bytes]:
    """httpx gathers a body before it hands it on, so this speaks ASGI itself."""
    coming = drops()
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": await anext(coming), "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {KEY}".encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ask",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 5),
        "scheme": "http",
        "server": ("localhost", 80),
    }
    work: Awaitable[None] = app(scope, receive, send)
    await asyncio.wait_for(work, 5)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def test_every_response_tells_the_browser_what_it_may_do() -> None:
    """Errors too; nothing of another host, no frame, no guessing of types, no keeping."""
    for path, headers in (("/healthz", {}), ("/v1/ask", {}), ("/v1/articles", with_key())):
        response = send(guarded(), "GET", path, headers=headers)
        policy = response.headers["content-security-policy"]

        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
