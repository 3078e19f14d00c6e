"""`doctor` against real endpoints on this machine, and against what is broken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from retrieval.database import Database
from retrieval.doctor import print_checks, run_checks
from retrieval.schema import Check
from retrieval.settings import PROJECT, Settings

TOKEN = "123:very-secret"


class Endpoint(BaseHTTPRequestHandler):
    """Answers 200 to the model list and to the right token, else 401."""

    def do_GET(self) -> None:
        is_right = self.path in ("/v1/models", f"/bot{TOKEN}/getMe")
        self.send_response(200 if is_right else 401)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, seed_vectors: Path) -> None:
    monkeypatch.setenv("VECTORS_DIR", str(seed_vectors))
    monkeypatch.setenv("SEEDS_DIR", str(PROJECT / "seeds"))
    for name in Settings.model_fields:
        if name.startswith(("index_url", "openai", "llm", "telegram")):
            monkeypatch.delenv(name.upper(), raising=False)


def checks() -> dict[str, Check]:
    return {check.name: check for check in run_checks()}


def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the optional parts every check is ok or off."""
    states = {name: check.state for name, check in checks().items()}

    assert states == {
        "settings": "ok",
        "seeds": "ok",
        "model": "ok",
        "Milvus": "off",
        "index": "ok",
        "memory": "ok",
        "LLM": "off",
        "Telegram": "off",
    }
    assert print_checks(print)
    assert "5 articles" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "value", "check", "remedy"),
    [
        ("SEEDS_DIR", "/nowhere", "seeds", "SEEDS_DIR"),
        ("VECTORS_DIR", "/nowhere", "index", "ingest.py"),
        ("EMBEDDING_MODEL", "/nowhere", "model", "EMBEDDING_MODEL"),
        ("EMBEDDING_MODEL", " ", "settings", ".env.example"),
    ],
)
def test_what_is_broken_comes_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, check: str, remedy: str
) -> None:
    """And the other checks are still made."""
    monkeypatch.setenv(name, value)
    found = checks()

    assert found[check].state == "failed"
    assert remedy in str(found[check].remedy)
    assert not print_checks(lambda line: None)


def test_where_answers_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Created only by an answer; what stands in the way is told, with the setting's name."""
    path = tmp_path / "state" / "conversations.sqlite"
    monkeypatch.setenv("CONVERSATIONS_DB", str(path))
    to_come = checks()["memory"]
    assert (to_come.state, path.exists()) == ("ok", False)
    assert "will be created" in to_come.found

    path.parent.mkdir()
    Database.open(path).close()
    assert checks()["memory"].found == f"{path}, 90 days"

    path.write_bytes(b"no database" * 100)
    broken = checks()["memory"]
    assert broken.state == "failed"
    assert "CONVERSATIONS_DB" in str(broken.remedy)

    monkeypatch.setenv("CONVERSATIONS_DB", str(path / "below.sqlite"))
    assert checks()["memory"].state == "failed"

    monkeypatch.setenv("CONVERSATION_DAYS", "0")
    assert checks()["memory"].state == "off"


def test_an_index_older_than_the_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It works, but does not hold what the folder holds."""
    (tmp_path / "new.txt").write_text("Bắc Kạn: Tin mới\n\nHôm nay có tin mới.", encoding="utf-8")
    monkeypatch.setenv("SEEDS_DIR", str(tmp_path))

    assert "older than the files" in checks()["index"].found


def test_endpoints_that_answer(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """Both are asked for real."""
    monkeypatch.setenv("OPENAI_BASE_URL", f"{endpoint}/v1")
    monkeypatch.setenv("TELEGRAM_API_BASE_URL", endpoint)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    found = checks()

    assert (found["LLM"].state, found["Telegram"].state) == ("ok", "ok")


def test_endpoints_that_do_not(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong token and a server that is not there; no secret is shown."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("TELEGRAM_API_BASE_URL", endpoint)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "456:very-secret")
    found = checks()
    print_checks(print)

    assert (found["LLM"].state, found["Telegram"].state) == ("failed", "failed")
    assert "401" in found["Telegram"].found
    assert "very-secret" not in capsys.readouterr().out


def test_a_webhook_without_its_address(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """The bot would not start; `doctor` says so before."""
    monkeypatch.setenv("TELEGRAM_API_BASE_URL", endpoint)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_MODE", "webhook")
    found = checks()["Telegram"]

    assert (found.state, found.remedy) == ("failed", "set TELEGRAM_WEBHOOK_URL")
