"""Every engine in turn behind one fixture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from retrieval.searcher import PassageStore
from tests.milvus.engines import (
    Engine,
    faiss_store,
    need,
    need_own_network,
    running_server,
    silence_pymilvus,
)
from tests.milvus.passages import ROWS

_numbers = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server; its address. One a module, because two at a time do not start."""
    need("pymilvus")
    need("milvus")
    need_own_network()
    silence_pymilvus()
    with running_server(tmp_path_factory.mktemp("milvus")) as address:
        yield address


SERVED = ["milvus_lite", "milvus_server"]
ENGINES = ["faiss", *SERVED]


def _engine(request: pytest.FixtureRequest) -> Engine:
    name = f"news{next(_numbers)}"
    if request.param == "milvus_server":
        return Engine(request.getfixturevalue("server"), name)
    need("pymilvus")
    need("milvus_lite")
    silence_pymilvus()
    # A new file each time: Lite closes a connection that rests for a minute ("Too many pings").
    folders: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    return Engine(str(folders.mktemp("milvus_lite") / "milvus.db"), name)


@contextmanager
def _store(request: pytest.FixtureRequest, folder: Path) -> Iterator[PassageStore]:
    opened = faiss_store(folder) if request.param == "faiss" else _engine(request).store()
    with opened as store:
        yield store


@pytest.fixture(params=SERVED)
def milvus(request: pytest.FixtureRequest) -> Engine:
    """A new name in Milvus Lite and on the server in turn."""
    return _engine(request)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PassageStore]:
    """A store in which nothing has been published; each test with it is run over every engine."""
    with _store(request, tmp_path) as found:
        yield found


@pytest.fixture(params=ENGINES, scope="module")
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PassageStore]:
    """A store with the seven passages, for all tests that change nothing."""
    with _store(request, tmp_path_factory.mktemp("published")) as found:
        found.publish(ROWS)
        yield found
