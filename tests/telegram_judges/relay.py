"""Stands between telemelya and the bot's webhook, and adds the header that telemelya leaves out.

Telegram sends the secret that a bot gave to `setWebhook` with every update.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Relay(ThreadingHTTPServer):
    """Hands requests on to the bot.

    Attributes:
        secret: None for no header at all.
        url: where it takes them.
    """

    def __init__(self, target: str, secret: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.secret: str | None = secret
        self.url = f"http://127.0.0.1:{self.server_port}/webhook"


class _Handler(BaseHTTPRequestHandler):
    server: Relay

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {"Content-Type": "application/json"}
        if self.server.secret is not None:
            headers[_HEADER] = self.server.secret
        answer = httpx.post(self.server.target, content=body, headers=headers, trust_env=False)
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *values: object) -> None:
        """Nothing on standard error."""


@contextmanager
def running_relay(target: str, secret: str) -> Iterator[Relay]:
    """A relay, for as long as the context lasts."""
    relay = Relay(target, secret)
    thread = threading.Thread(target=relay.serve_forever, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        relay.shutdown()
        thread.join()
        relay.server_close()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
