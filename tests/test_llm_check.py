"""`doctor`'s lines on the LLM, for a server that answers as the script says."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from retrieval.endpoints import masked, shown_address
from retrieval.errors import SettingsError
from retrieval.llm_check import check_llm
from retrieval.settings import Settings, read_settings
from tests.scripted_server import Step, refusal, reply, scripted

KEY = "sk-very-secret-key"
MODELS = Step(parts=[json.dumps({"data": [{"id": "gemma"}, {"id": "qwen3"}]})])


def lines(url: str, model: str = "gemma", key: str = KEY) -> dict[str, str]:
    settings = Settings(openai_base_url=url, openai_api_key=SecretStr(key), llm_model=model)
    return {
        check.name: f"{check.state}: {check.found.split(' after ')[0]}"
        for check in check_llm(settings)
    }


@pytest.mark.parametrize(
    ("steps", "model", "expected"),
    [
        (
            (MODELS, reply("Chào")),
            "gemma",
            ["ok: sk-…ey is accepted", "ok: gemma is in the server's list", "ok: began"],
        ),
        (
            (refusal(401), refusal(401)),
            "gemma",
            [
                "failed: sk-…ey: status 401",
                "failed: gemma: the server lists no models",
                "failed: status 401",
            ],
        ),
        (
            (MODELS, refusal(404)),
            "nonsense",
            ["ok: sk-…ey is accepted", "failed: the server has no nonsense", "failed: status 404"],
        ),
        (
            (MODELS, reply()),
            "qwen3",
            [
                "ok: sk-…ey is accepted",
                "ok: qwen3 is in the server's list",
                "failed: no text in the reply, or not of OpenAI's protocol",
            ],
        ),
        (
            (MODELS,),
            "",
            ["ok: sk-…ey is accepted", "failed: LLM_MODEL is not set"],
        ),
    ],
    ids=["well", "key", "model", "empty", "no model"],
)
def test_one_line_each(steps: tuple[Step, ...], model: str, expected: list[str]) -> None:
    """Server, key, model and reply; the key is masked."""
    with scripted(*steps) as (_, url):
        found = list(lines(url, model).values())

    assert found == [f"ok: {url} answers", *expected]


def test_a_certificate_error_is_named() -> None:
    """And nothing more is asked."""
    with scripted(MODELS, tls=True) as (_, url):
        found = lines(url)

    assert found == {
        "LLM": f"failed: {url}: certificate not accepted (self-signed certificate)",
    }


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://user:password@host:1/v1?key=k", "http://host:1/v1"),
        ("https://[::1]:8080/v1", "https://[::1]:8080/v1"),
        ("localhost/v1", "(an address without http:// and host)"),
        ("http://host:port/v1", "(an address that can not be read)"),
    ],
)
def test_addresses_are_shown_without_secrets(address: str, shown: str) -> None:
    """No user name, password or query."""
    assert shown_address(address) == shown


def test_a_short_key_is_not_shown_at_all() -> None:
    """Five of few characters would be most of it."""
    assert (masked("sk-12345678f7"), masked("sk-1234567")) == ("sk-…f7", "…")


def test_an_answer_must_leave_room_for_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the setting."""
    monkeypatch.setenv("LLM_CONTEXT_TOKENS", "2048")
    monkeypatch.setenv("LLM_ANSWER_TOKENS", "1025")

    with pytest.raises(SettingsError, match=r"LLM_ANSWER_TOKENS: .*more than half"):
        read_settings()
