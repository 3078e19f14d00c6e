"""A small HTTP server that answers with exact bytes, for faults that no real server has at will."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("self_signed.pem")


@dataclass(frozen=True)
class Step:
    """One answer.

    Attributes:
        parts: text to write, or seconds to wait.
        is_broken: the connection ends before the announced length.
    """

    status: int = 200
    parts: Sequence[str | float] = ()
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    is_broken: bool = False


def chunk(content: str | None = None, finish: str | None = None) -> str:
    """An event of a streamed reply."""
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps(event | {'choices': [choice]})}\n\n"


def reply(*contents: str, finish: str = "stop") -> Step:
    """A whole streamed reply."""
    events = [chunk(content) for content in contents]
    return Step(parts=[*events, chunk(finish=finish), "data: [DONE]\n\n"])


def refusal(status: int, message: str = "no", **more: Any) -> Step:
    """An error in OpenAI's form; `headers` are the response's, the rest goes into the error."""
    headers = {"Content-Type": "application/json", **more.pop("headers", {})}
    error = {"error": {"message": message, **more}}
    return Step(status, [json.dumps(error)], headers)


class ScriptedServer(ThreadingHTTPServer):
    """Gives each request the next step, the last one again and again.

    Attributes:
        requests: bodies of the requests, in order.
    """

    daemon_threads = True

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.steps = list(steps)
        self.requests: list[dict[str, Any]] = []
        self.hung_up = threading.Event()

    def next_step(self) -> Step:
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.requests.append(json.loads(self.rfile.read(length) or b"{}"))
        step = self.server.next_step()
        try:
            self.send_response(step.status)
            for name, value in step.headers.items():
                self.send_header(name, value)
            if step.is_broken:
                self.send_header("Content-Length", "1000000")
            self.end_headers()
            for part in step.parts:
                if isinstance(part, str):
                    self.wfile.write(part.encode())
                else:
                    time.sleep(part)
        except OSError:
            self.server.hung_up.set()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is printed."""


@contextmanager
def scripted(*steps: Step, tls: bool = False) -> Iterator[tuple[ScriptedServer, str]]:
    """The running server and its base URL."""
    server = ScriptedServer(steps)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server, f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
