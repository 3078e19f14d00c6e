"""`doctor`'s look at the LLM server: reachable, key, model, and a first piece of a reply.

This asks as the bot does (streamed chat completions) but with plain HTTP, since the library needs
no LLM client. What the server writes is not shown: servers repeat keys in their error texts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.endpoints import connection_fault, masked, shown_address
from retrieval.schema import Check
from retrieval.settings import Settings

if TYPE_CHECKING:
    import httpx

_LIST_SECONDS = 10.0
_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What one request came to: a status, or the fault that prevented one."""

    status: int | None
    fault: str = ""
    models: tuple[str, ...] = ()
    seconds: float | None = None


def check_llm(settings: Settings) -> Iterator[Check]:
    """One line each for server, key, model and reply; nothing after a server that is not there."""
    if not settings.openai_base_url:
        yield Check("LLM", "off", "OPENAI_BASE_URL is not set; answers quote the articles")
        return
    address = shown_address(settings.openai_base_url)
    listed = _list_models(settings)
    if listed.status is None:
        remedy = "check OPENAI_BASE_URL, and that the server runs; answers quote the articles"
        if "certificate" in listed.fault:
            remedy = "let SSL_CERT_FILE name a file with the server's certificate authority"
        yield Check("LLM", "failed", f"{address}: {listed.fault}", remedy)
        return
    yield Check("LLM", "ok", f"{address} answers")
    if not settings.llm_model:
        yield _check_key(settings, listed, listed)
        remedy = f"set LLM_MODEL{_among(listed.models)}"
        yield Check("LLM model", "failed", "LLM_MODEL is not set", remedy)
        return
    reply = _first_piece(settings)
    yield _check_key(settings, listed, reply)
    yield _check_model(settings.llm_model, listed, reply)
    yield _check_reply(reply)


def _check_key(settings: Settings, listed: _Trial, reply: _Trial) -> Check:
    """Some servers list their models to anybody: the reply tells more."""
    key = settings.openai_api_key.get_secret_value().strip()
    status = next((trial.status for trial in (listed, reply) if trial.status in _REFUSED), None)
    shown = masked(key) if key else "no key"
    if status is not None:
        return Check("LLM key", "failed", f"{shown}: status {status}", "check OPENAI_API_KEY")
    if not key:
        return Check("LLM key", "off", "OPENAI_API_KEY is not set, and was not asked for")
    return Check("LLM key", "ok", f"{shown} is accepted")


def _check_model(name: str, listed: _Trial, reply: _Trial) -> Check:
    if name in listed.models:
        return Check("LLM model", "ok", f"{name} is in the server's list")
    if reply.seconds is not None:
        # Ollama lists `qwen3:latest`, llama.cpp answers to any name.
        return Check("LLM model", "ok", f"{name} answers, though the server does not list it")
    if listed.models:
        remedy = f"correct LLM_MODEL{_among(listed.models)}"
        return Check("LLM model", "failed", f"the server has no {name}", remedy)
    return Check("LLM model", "failed", f"{name}: the server lists no models", "see the reply")


def _among(models: tuple[str, ...]) -> str:
    more = ", …" if len(models) > 5 else ""
    return f"; the server has: {', '.join(models[:5])}{more}" if models else ""


def _check_reply(reply: _Trial) -> Check:
    if reply.seconds is not None:
        return Check("LLM reply", "ok", f"began after {reply.seconds * 1_000:.0f} ms")
    remedy = "answers quote the articles until the server replies; see its log"
    if reply.status in _REFUSED:
        remedy = "check OPENAI_API_KEY"
    elif reply.status == 404:
        remedy = "check LLM_MODEL, and that OPENAI_BASE_URL ends where /chat/completions begins"
    return Check("LLM reply", "failed", reply.fault, remedy)


def _list_models(settings: Settings) -> _Trial:
    import httpx

    try:
        with _client(settings, _LIST_SECONDS) as client:
            response = client.get("models")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return _Trial(None, connection_fault(error).text)
    try:
        models = tuple(str(model["id"]) for model in response.json()["data"])
    except (ValueError, TypeError, LookupError):
        models = ()
    return _Trial(response.status_code, models=models)


def _first_piece(settings: Settings) -> _Trial:
    """Reading stops, and with it the server's writing, at the first piece: no limit is needed."""
    import httpx

    started = time.perf_counter()
    question = {"role": "user", "content": "Xin chào"}
    body = {"model": settings.llm_model, "messages": [question], "stream": True}
    try:
        with (
            _client(settings, settings.llm_silence_seconds) as client,
            client.stream("POST", "chat/completions", json=body) as response,
        ):
            if response.status_code != httpx.codes.OK:
                return _Trial(response.status_code, f"status {response.status_code}")
            for line in response.iter_lines():
                if _has_text(line):
                    return _Trial(200, seconds=time.perf_counter() - started)
                if time.perf_counter() - started > settings.llm_timeout_seconds:
                    return _Trial(200, "no reply in time")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return _Trial(None, connection_fault(error).text)
    return _Trial(200, "no text in the reply, or not of OpenAI's protocol")


def _client(settings: Settings, seconds: float) -> httpx.Client:
    import httpx

    key = settings.openai_api_key.get_secret_value().strip()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    base = f"{settings.openai_base_url.rstrip('/')}/"
    return httpx.Client(base_url=base, headers=headers, timeout=seconds)


def _has_text(line: str) -> bool:
    """Whether a line of the event stream brings text, be it the thinking of a model that thinks."""
    try:
        event: Any = json.loads(line.removeprefix("data:"))
        delta = event["choices"][0]["delta"]
        return any(delta.get(part) for part in ("content", "reasoning_content", "reasoning"))
    except (ValueError, TypeError, LookupError, AttributeError):
        return False
