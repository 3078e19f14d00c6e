"""The engines behind the searching interface, and why one of them is not here."""

from __future__ import annotations

import importlib.util
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from retrieval.local_searcher import LocalStore
from retrieval.searcher import PassageStore

DIMENSIONS = 4

# What `Bounded` allows a reader to be behind (5 s), and as much again for a busy machine.
_PATIENCE_SECONDS = 60.0

_Value = TypeVar("_Value")


@contextmanager
def faiss_store(folder: Path) -> Iterator[PassageStore]:
    yield LocalStore(folder, DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Engine:
    """A name of its own in Milvus.

    Attributes:
        uri: of a server, or a file of Milvus Lite.
    """

    uri: str
    collection: str
    token: str = ""

    @contextmanager
    def store(self, dimensions: int = DIMENSIONS) -> Iterator[PassageStore]:
        # What needs pymilvus is imported where it is known to be there.
        from retrieval.milvus import MilvusIndex
        from retrieval.milvus_address import MilvusAddress
        from retrieval.milvus_collection import MilvusOptions

        # Fewer partitions than the tests have years: some share one.
        options = MilvusOptions(partitions=2)
        address = MilvusAddress(self.uri, self.collection, self.token)
        index = MilvusIndex(address, dimensions, options)
        try:
            yield index
        finally:
            index.close()

    def collections(self) -> set[str]:
        """Those that stand behind the name."""
        from pymilvus import MilvusClient

        client = MilvusClient(self.uri, token=self.token)
        try:
            names = client.list_collections()
        finally:
            client.close()
        return {name for name in names if name.startswith(f"{self.collection}_")}


def need(package: str) -> None:
    """Skip the test where the package is not installed."""
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed: `make test-milvus` installs it and runs this")


def need_own_network() -> None:
    """The server listens on every interface, so there must be no other than loopback."""
    others = {name for _, name in socket.if_nameindex()} - {"lo"}
    if others:
        pytest.skip("the server would listen to the network: `make test-milvus` runs it without")


@contextmanager
def running_server(folder: Path, *, asks_who: bool = False) -> Iterator[str]:
    """Milvus 2.3.5 with an empty archive; the address that it answers at.

    Args:
        asks_who: it answers nobody but the user `root`, whose password is `Milvus`.
    """
    program = Path(__file__).with_name("milvus_server.py")
    options = ["asks-who"] if asks_who else []
    with (
        (folder / "log.txt").open("w") as log,
        subprocess.Popen(
            [sys.executable, str(program), str(folder / "data"), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdin
        assert process.stdout
        words = process.stdout.readline().split()
        assert words[:1] == ["port"], (folder / "log.txt").read_text(errors="replace")[-2_000:]
        try:
            yield f"http://127.0.0.1:{words[1]}"
        finally:
            process.stdin.close()
            process.wait()


def eventually(expected: _Value, seen: Callable[[], _Value]) -> None:
    """A change is seen by every reader: after some seconds, on a busy machine after many more,
    since a server that is asked too densely has its clients connect anew."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while (found := seen()) != expected and time.monotonic() < until:
        time.sleep(0.1)
    assert expected == found


def silence_pymilvus() -> None:
    """It logs the traceback of every error that it raises as well."""
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
