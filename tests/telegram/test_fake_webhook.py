"""The fake Telegram delivers to a webhook: in order, with the secret, until it is taken."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.telegram.control import Telegram
from tests.telegram.raw_bot import RawBot


class Receiver(ThreadingHTTPServer):
    """A bot's web server.

    Attributes:
        statuses: of the next answers; 200 when there is none.
        reply: the body of each answer.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses: list[int] = []
        self.reply: dict[str, Any] | None = None
        self.received: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        secret = self.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.server.received.append((update["message"]["text"], secret))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        body = json.dumps(self.server.reply).encode() if self.server.reply else b""
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_updates_are_delivered_in_order(
    telegram: Telegram, raw_bot: RawBot, receiver: Receiver
) -> None:
    """What is refused comes again before anything later; the secret is in the header."""
    receiver.statuses = [500, 429]
    raw_bot.do("setWebhook", url=receiver.url, secret_token="b-1")
    telegram.private(1, "một")
    telegram.wait_for(lambda: not telegram.pending())

    assert receiver.received == [(text, "b-1") for text in ("/start", "/start", "/start", "một")]
    info = raw_bot.do("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 429"
    assert info["pending_update_count"] == 0


def test_a_call_in_the_reply_to_an_update(
    telegram: Telegram, raw_bot: RawBot, receiver: Receiver
) -> None:
    """A webhook may answer an update with one method call."""
    receiver.reply = {"method": "sendMessage", "chat_id": 1, "text": "chào"}
    raw_bot.do("setWebhook", url=receiver.url)

    assert [message.text for message in telegram.wait_for_messages(1, 1)] == ["chào"]


def test_an_absent_server(telegram: Telegram, raw_bot: RawBot) -> None:
    """Updates wait for a webhook that does not answer."""
    raw_bot.do("setWebhook", url="http://127.0.0.1:9/hook")
    telegram.wait_for(lambda: telegram.webhook().last_error)

    assert len(telegram.pending()) == 1


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        (
            {"url": "http://vov.example/hook"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://vov.example", "secret_token": "có dấu"},
            "secret token contains unallowed characters",
        ),
        (
            {"url": "https://vov.example", "allowed_updates": ["mesage"]},
            "unknown update kinds: mesage",
        ),
    ],
)
def test_faulty_webhooks(
    telegram: Telegram, raw_bot: RawBot, parameters: dict[str, Any], error: str
) -> None:
    """A webhook is encrypted or on this machine, and its parameters are sound."""
    assert raw_bot("setWebhook", **parameters).refusal == (400, f"Bad Request: {error}")
    telegram.forgive()
