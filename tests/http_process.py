"""The real HTTP service as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from retrieval.settings import PROJECT

_SECONDS = 60.0


class HttpProcess:
    """`python -m bot http`, or another command that serves HTTP, as an installation runs it."""

    def __init__(
        self, vectors: Path, folder: Path, settings: Mapping[str, str], command: str = "http"
    ) -> None:
        """
        Args:
            folder: for its file of conversations and its log.

        Attributes:
            address: `http://127.0.0.1:PORT`.
        """
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "http.log"
        self._command = command
        self.environment = os.environ | {
            "VECTORS_DIR": str(vectors),
            "CONVERSATIONS_DB": str(folder / "conversations.sqlite"),
            "HTTP_PORT": str(port),
            "HTTP_QUESTIONS_PER_MINUTE": "0",
            "OPENAI_BASE_URL": "",
            "LLM_MODEL": "",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", self._command],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + _SECONDS
        while not self._lives():
            assert self._process.poll() is None, self.text()
            assert time.monotonic() < until, self.text()
            time.sleep(0.05)

    def _lives(self) -> bool:
        try:
            return httpx.get(f"{self.address}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def text(self) -> str:
        """What it has logged so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def terminate(self) -> None:
        """SIGTERM, without waiting for the end."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)

    def end(self) -> int:
        """SIGTERM; its exit status."""
        self.terminate()
        return self.wait()

    def wait(self) -> int:
        """Its exit status, once it has ended by itself."""
        assert self._process
        return self._process.wait(_SECONDS)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid


@contextmanager
def running_http(
    vectors: Path, folder: Path, settings: Mapping[str, str] | None = None, command: str = "http"
) -> Iterator[HttpProcess]:
    """A service that is ended at the end; nobody is told of an error by a traceback."""
    process = HttpProcess(vectors, folder, settings or {}, command)
    process.start()
    try:
        yield process
    finally:
        if not process.has_ended():
            process.end()
    assert "Traceback" not in process.text(), process.text()


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
