"""An encoder that writes down what it encodes, so that no text is encoded twice.

Ingest keeps its vectors so until its snapshot is published: one that is killed, or finds the disk
full, loses seconds of work. Evaluation keeps them for its next run.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from retrieval.encoders import Encoder, Progress, Vectors

_log = logging.getLogger(__name__)

# Texts that are encoded before they are written down: some seconds of work.
_CHUNK = 1_024
# SQLite's older versions take no more parameters than 999.
_ASKED = 900
# Bytes. With SQLite's own 4,096 a row does not fit into its page and takes another one: of 384
# numbers 4.7 kB instead of 1.9. These hold rows of 2,000 numbers.
_PAGE = 32_768


class RememberingEncoder:
    """Encodes each text once and for all runs."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        """
        Args:
            path: the file; what is no such file is replaced.
        """
        self._encoder = encoder
        self._memory = _open(path)
        self.fingerprint = encoder.fingerprint
        self.dimensions = encoder.dimensions
        self.cosine_spread = encoder.cosine_spread

    def close(self) -> None:
        self._memory.close()

    def warm(self) -> None:
        self._encoder.warm()

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        keys = [self._key("passage", text) for text in texts]
        known = self._recall(keys, vectors)
        rows: dict[bytes, list[int]] = {}
        for row, key in enumerate(keys):
            if key not in known:
                rows.setdefault(key, []).append(row)
        # By length, so that a batch is padded little.
        new = sorted(rows, key=lambda key: len(texts[rows[key][0]]))
        done = len(texts) - sum(map(len, rows.values()))
        for start in range(0, len(new), _CHUNK):
            chunk = new[start : start + _CHUNK]
            encoded = self._encoder.encode_passages(
                [texts[rows[key][0]] for key in chunk], _beyond(done, progress)
            )
            self._remember(chunk, encoded)
            for key, vector in zip(chunk, encoded, strict=True):
                vectors[rows[key]] = vector
                done += len(rows[key])
        if progress:
            progress(done)
        return vectors

    def encode_question(self, text: str) -> Vectors:
        vector = np.empty((1, self.dimensions), np.float32)
        key = self._key("question", text)
        if not self._recall([key], vector):
            vector[0] = self._encoder.encode_question(text)
            self._remember([key], vector)
        result: Vectors = vector[0]
        return result

    def _key(self, kind: str, text: str) -> bytes:
        return hashlib.sha256(f"{self.fingerprint} {kind} {text}".encode()).digest()

    def _recall(self, keys: Sequence[bytes], vectors: Vectors) -> set[bytes]:
        """The keys that are known; their rows are filled."""
        rows: dict[bytes, list[int]] = {}
        for row, key in enumerate(keys):
            rows.setdefault(key, []).append(row)
        wanted, known = list(rows), set()
        for start in range(0, len(wanted), _ASKED):
            chunk = wanted[start : start + _ASKED]
            marks = ",".join("?" * len(chunk))
            query = f"select * from vector where digest in ({marks})"  # nosec B608
            for key, blob in self._memory.execute(query, chunk):
                vectors[rows[key]] = np.frombuffer(blob, np.float32)
                known.add(key)
        return known

    def _remember(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        with self._memory:
            self._memory.executemany("insert or ignore into vector values (?, ?)", rows)


def _beyond(done: int, progress: Progress | None) -> Progress | None:
    return (lambda more: progress(done + more)) if progress else None


@contextmanager
def remembering(encoder: Encoder, path: Path) -> Iterator[Encoder]:
    """The encoder with a memory that ends with the context, but outlives what breaks it off."""
    remembered = RememberingEncoder(encoder, path)
    try:
        yield remembered
    finally:
        remembered.close()
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink(missing_ok=True)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        _log.warning("%s is damaged and is begun again", path)
        with suppress(FileNotFoundError):
            path.unlink()
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    memory = sqlite3.connect(path, check_same_thread=False)
    memory.execute(f"pragma page_size = {_PAGE}")  # of a new file
    memory.execute("pragma synchronous = normal")
    memory.execute(
        "create table if not exists vector (digest blob primary key, vector blob) without rowid"
    )
    return memory
