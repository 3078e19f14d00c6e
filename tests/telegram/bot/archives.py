"""Indexes that a test makes while the bot runs."""

from __future__ import annotations

from pathlib import Path

from retrieval.building import build
from retrieval.encoders import open_encoder
from retrieval.settings import PROJECT
from retrieval.snapshot import models_folder


def built(vectors: Path, seeds: Path = PROJECT / "seeds") -> int:
    """Builds the index of a folder of articles; how many there are in it."""
    encoder = open_encoder("bundled", models_folder(PROJECT / "vectors"))
    return build(seeds, vectors, encoder).read
