"""Texts -> vectors, where what an earlier snapshot holds is not embedded again."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from retrieval.dense import DenseIndex
from retrieval.encoders import Encoder, Vectors
from retrieval.errors import IndexDamaged
from retrieval.records import Records

_log = logging.getLogger(__name__)

Kind = Literal["passage", "sentence"]
# What is embedded, how many are done, how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of a snapshot by the digest of what was embedded."""

    rows: dict[str, int]
    stored: DenseIndex


def read_embedded(records: Path, vectors: Path, kind: Kind) -> Embedded | None:
    """What two files of a snapshot hold of a kind; None where they can not be read."""
    try:
        return Embedded(Records.open(records).digests(kind), DenseIndex.open(vectors))
    except IndexDamaged as error:
        _log.warning("%s", error)
        return None


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class TextVectors:
    """Texts -> vectors; a text that the previous snapshot holds is not embedded again."""

    def __init__(
        self, encoder: Encoder, embedded: Mapping[Kind, Embedded], progress: Progress | None
    ) -> None:
        self._encoder = encoder
        self._embedded = embedded
        self._progress = progress
        self.encoded: dict[str, int] = {}

    def __call__(self, kind: Kind, texts: Sequence[str]) -> Vectors:
        """`(len(texts), dimensions) float32`."""
        digests = [text_digest(text) for text in texts]
        before = self._embedded.get(kind)
        known = before.rows if before else {}
        old = [number for number, digest in enumerate(digests) if digest in known]
        new = [number for number, digest in enumerate(digests) if digest not in known]
        self.encoded[kind] = len(new)
        matrix = np.empty((len(texts), self._encoder.dimensions), np.float32)
        if before and old:
            matrix[old] = before.stored.vectors([known[digests[number]] for number in old])
        if new:
            matrix[new] = self._encoder.encode_passages(
                [texts[number] for number in new], self._report(kind, len(new))
            )
        return matrix

    def _report(self, kind: Kind, total: int) -> Callable[[int], None] | None:
        progress = self._progress
        return (lambda done: progress(f"{kind}s", done, total)) if progress else None
