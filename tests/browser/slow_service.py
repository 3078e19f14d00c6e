"""A service that streams what a test says, when it says so: for answers that come slowly or break.

The files of the pages are the real ones.
"""

from __future__ import annotations

import json
import mimetypes
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from retrieval.settings import PROJECT

STATIC = PROJECT / "bot" / "http" / "static"
PAGES = {"/": "index.html", "/kho": "kho.html", "/dang-nhap": "dang-nhap.html"}
CITATION = {
    "number": 1,
    "label": "Bắc Kạn, 23/7/2024",
    "title": "Đoàn công tác làm việc",
    "article": "a.txt",
    "quote": "Chỉ số đạt 91,3%.",
    "start": 0,
    "end": 17,
    "also": ["Hậu Giang, 1/2/2024"],
}
SENTENCE = {"text": "Chỉ số đạt 91,3%.", "citations": [1]}
ANSWER: dict[str, Any] = {
    "id": "1",
    "outcome": "answered",
    "text": "Chỉ số đạt 91,3% [Bắc Kạn, 23/7/2024] [Hậu Giang, 1/2/2024].",
    "sentences": [SENTENCE],
    "citations": [CITATION],
    "timings_ms": {},
    "understood": None,
    "trace_id": None,
    "language": "vi",
}
_ARCHIVE = {
    "articles": 1,
    "first": "2024-07-23",
    "last": "2024-07-23",
    "provinces": [{"name": "Bắc Kạn", "articles": 1}],
    "sources": [],
    "months": [{"month": "2024-07", "articles": 1}],
    "undated": 0,
}
ARTICLE: dict[str, Any] = {
    "id": "a.txt",
    "title": "Đoàn công tác làm việc",
    "label": "Bắc Kạn, 23/7/2024",
    "source": None,
    "province": "Bắc Kạn",
    "date": "2024-07-23",
    "text": "Chỉ số đạt 91,3%.\nHết.",
    "passages": [],
    "also": [],
}
_FIXED: dict[str, dict[str, Any]] = {
    "/v1/archive": _ARCHIVE,
    "/v1/suggestions": {"questions": []},
    "/v1/session": {"name": None, "role": "ask", "needs_login": False},
    "/v1/articles/a.txt": ARTICLE,
}


def event(name: str, data: object, end: str = "\n") -> bytes:
    """An event of a stream, with that line end."""
    text = json.dumps(data, ensure_ascii=False)
    return f"event: {name}{end}data: {text}{end}{end}".encode()


class SlowService(ThreadingHTTPServer):
    """Streams what is put into `pieces`; None ends the stream."""

    daemon_threads = True

    def __init__(self) -> None:
        """
        Attributes:
            asked: bodies of the questions.
            refusal: status, headers and problem with which a question is answered instead.
            is_left: set when the browser has closed a stream.
            may_answer: cleared while articles are held back.
        """
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pieces: queue.Queue[bytes | None] = queue.Queue()
        self.asked: list[dict[str, Any]] = []
        self.refusal: tuple[int, dict[str, str], dict[str, Any]] | None = None
        self.is_left = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def say(self, *pieces: bytes | None) -> None:
        for piece in pieces:
            self.pieces.put(piece)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes a connection is no fault."""


class _Handler(BaseHTTPRequestHandler):
    server: SlowService

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/v1/articles/"):
            self.server.may_answer.wait(30)
        if path in _FIXED:
            self._send(200, "application/json", json.dumps(_FIXED[path]).encode())
            return
        name = PAGES.get(path, path.removeprefix("/static/"))
        file = STATIC / name
        if not file.is_file():
            self._send(404, "application/problem+json", b'{"detail": "?"}')
            return
        kind = mimetypes.guess_type(name)[0] or "text/plain"
        self._send(200, kind, file.read_bytes())

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.asked.append(json.loads(self.rfile.read(length)))
        if self.server.refusal:
            status, headers, problem = self.server.refusal
            body = json.dumps(problem).encode()
            self._send(status, "application/problem+json", body, headers)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        while (piece := self._next()) is not None:
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except OSError:
                self.server.is_left.set()
                return

    def _next(self) -> bytes | None:
        """What the test says; meanwhile signs of life, which also notice who has gone."""
        while True:
            try:
                return self.server.pieces.get(timeout=0.2)
            except queue.Empty:
                return b": still here\n\n"

    def _send(
        self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        whole = {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}
        for name, value in whole.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing."""


@contextmanager
def slow_service() -> Iterator[SlowService]:
    server = SlowService()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.say(None)
        server.shutdown()
        server.server_close()
        thread.join()
