"""Texts -> vectors, where what an earlier snapshot holds is not embedded again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.batches import batches
from retrieval.dense import DenseIndex
from retrieval.encoders import Encoder, Vectors
from retrieval.errors import IndexDamaged
from retrieval.record_file import text_digest
from retrieval.records import Kind, Records

_log = logging.getLogger(__name__)

# Texts that are embedded together: enough of each length for batches without padding, and some
# 40 MB with their vectors.
_CHUNK = 16_384

# What is embedded, how many are done, how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of a snapshot, by the digest of what was embedded."""

    records: Records
    stored: DenseIndex


def read_embedded(records: Path, vectors: Path) -> Embedded | None:
    """What two files of a snapshot hold; None where they can not be read."""
    try:
        return Embedded(Records.open(records), DenseIndex.open(vectors))
    except IndexDamaged as error:
        _log.warning("%s", error)
        return None


class TextVectors:
    """Texts -> vectors; a text that the previous snapshot holds is not embedded again.

    Attributes:
        made, encoded: of each kind how many there are, and how many went through the model.
    """

    def __init__(
        self,
        encoder: Encoder,
        embedded: Mapping[Kind, Embedded] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._encoder = encoder
        self._embedded = embedded or {}
        self._progress = progress
        self.dimensions = encoder.dimensions
        self.made: dict[Kind, int] = {}
        self.encoded: dict[Kind, int] = {}

    def __call__(self, kind: Kind, texts: Iterable[str], new: int) -> Iterator[Vectors]:
        """`(n, dimensions) float32` each, in the order of the texts, a part after the other.

        Args:
            new: how many are not known, as `count_new` says.
        """
        self.made[kind] = self.encoded[kind] = 0
        for some in batches(texts, _CHUNK):
            yield self._part(kind, some, new)
            self.made[kind] += len(some)

    def count_new(self, kind: Kind, records: Records) -> int:
        """How many texts of a kind are not known, of those that were just recorded."""
        before = self._embedded.get(kind)
        if before is None:
            return records.count(kind)
        new = 0
        for some in batches(records.every_digest(kind), _CHUNK):
            known = before.records.rows_of_digests(kind, some)
            new += sum(digest not in known for digest in some)
        return new

    def _part(self, kind: Kind, texts: Sequence[str], total: int) -> Vectors:
        digests = [text_digest(text) for text in texts]
        before = self._embedded.get(kind)
        known = before.records.rows_of_digests(kind, digests) if before else {}
        old = [number for number, digest in enumerate(digests) if digest in known]
        new = [number for number, digest in enumerate(digests) if digest not in known]
        matrix = np.empty((len(texts), self.dimensions), np.float32)
        if before and old:
            matrix[old] = before.stored.vectors([known[digests[number]] for number in old])
        if new:
            matrix[new] = self._encoder.encode_passages(
                [texts[number] for number in new], self._report(kind, total)
            )
            self.encoded[kind] += len(new)
        return matrix

    def _report(self, kind: Kind, total: int) -> Callable[[int], None] | None:
        progress, done = self._progress, self.encoded[kind]
        return (lambda more: progress(f"{kind}s", done + more, total)) if progress else None
