"""What the tests share: the real model, and an index of the five seed articles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.building import build
from retrieval.encoders import BundledEncoder, open_encoder
from retrieval.index import Index
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from retrieval.snapshot import models_folder

SEEDS = PROJECT / "seeds"


@pytest.fixture(scope="session", autouse=True)
def conversations_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test, and no command that one starts, writes to the file of the installation."""
    path = tmp_path_factory.mktemp("state") / "conversations.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVERSATIONS_DB", str(path))
        yield path


@pytest.fixture(scope="session")
def encoder() -> BundledEncoder:
    """The bundled model; unpacked once and for all runs into the project's own cache."""
    encoder = open_encoder("bundled", models_folder(PROJECT / "vectors"))
    assert isinstance(encoder, BundledEncoder)
    return encoder


@pytest.fixture(scope="session")
def seed_vectors(encoder: BundledEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vectors folder with the five articles."""
    vectors = tmp_path_factory.mktemp("vectors")
    report = build(SEEDS, vectors, encoder)
    assert report.read == 5
    return vectors


@pytest.fixture(scope="session")
def retriever(encoder: BundledEncoder, seed_vectors: Path) -> Retriever:
    return Retriever(Index.open(seed_vectors, encoder.fingerprint), encoder)
