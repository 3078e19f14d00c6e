"""The fake server as a process of its own, in an environment of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.telegram.control import Telegram

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = PROJECT / ".venv-telegram" / "bin" / "python"
NOT_INSTALLED = (
    f"{PYTHON.parent.parent.name} is missing: `make test-telegram` creates it and runs these tests."
)


@contextmanager
def running_server() -> Iterator[Telegram]:
    """A fake server in a process of its own, for as long as the context lasts."""
    if not PYTHON.exists():
        raise RuntimeError(NOT_INSTALLED)
    process = subprocess.Popen(
        [str(PYTHON), "-m", "tests.telegram.fake_server"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"the fake server ended with {process.wait()}")
        yield Telegram(int(port))
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
