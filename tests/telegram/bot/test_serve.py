"""`python -m bot serve`: Telegram and HTTP in one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.http_process import free_port
from tests.telegram.bot_process import BotProcess, running_bot
from tests.telegram.control import Telegram

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def both(telegram: Telegram, tmp_path: Path, seed_vectors: Path, port: int) -> Iterator[BotProcess]:
    """Running; HTTP answers at the port."""
    settings = {"HTTP_PORT": str(port)}
    with running_bot(telegram, tmp_path, seed_vectors, settings, command="serve") as running:
        yield running
    assert "Traceback" not in running.text()


def ask(port: int) -> httpx.Response:
    address = f"http://127.0.0.1:{port}"
    return httpx.post(f"{address}/v1/ask", json={"question": QUESTION}, timeout=30)


def test_both_answer_the_same(telegram: Telegram, both: BotProcess, port: int) -> None:
    """In a chat and over HTTP, and both are counted."""
    telegram.private(1, QUESTION)
    (message,) = telegram.wait_for_messages(1, 1)
    sent = ask(port).json()
    counted = httpx.get(f"http://127.0.0.1:{port}/metrics").text

    assert "91,3%" in message.text
    assert sent["sentences"][0]["text"].rstrip(".") in message.text
    assert 'qa_questions_total{outcome="answered"} 2.0' in counted


def test_both_end_in_order(telegram: Telegram, both: BotProcess, port: int) -> None:
    """With one signal."""
    assert ask(port).status_code == 200

    assert both.end() == 0
    with pytest.raises(httpx.TransportError):
        ask(port)


def test_a_port_that_is_taken_ends_both(
    telegram: Telegram, both: BotProcess, tmp_path: Path, seed_vectors: Path, port: int
) -> None:
    """The second one says which setting is wrong, and leaves the first alone."""
    folder = tmp_path / "second"
    folder.mkdir()
    settings = {"HTTP_PORT": str(port)}
    with running_bot(
        telegram, folder, seed_vectors, settings, command="serve", is_waited_for=False
    ) as second:
        telegram.wait_for(second.has_ended)

    assert second.status == 1
    assert f"HTTP_PORT={port} can not be listened at" in second.text()
    assert ask(port).status_code == 200


def test_a_withdrawn_token_ends_both(telegram: Telegram, both: BotProcess, port: int) -> None:
    """Half a service would go unnoticed."""
    telegram.fail("error", "getUpdates", status=401)
    telegram.wait_for(both.has_ended)

    assert both.status == 1
    assert "TELEGRAM_BOT_TOKEN" in both.text()
