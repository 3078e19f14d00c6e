"""Passages and sentences of a snapshot as Milvus is given them, and which of its rows they are.

A row in Milvus never changes: its id is a digest of all that is stored with it. So a snapshot that
knows its ids finds what it consists of, whatever was added after it, and what is not its own
tells itself apart. `milvus/` in the snapshot has the ids in the order of rows.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from retrieval.damage import reading
from retrieval.dense import DenseIndex
from retrieval.errors import IndexIncompatible
from retrieval.index_files import embedded_text
from retrieval.records import Records
from retrieval.rows import Rows
from retrieval.schema import Article
from retrieval.searcher import PassageRow

_FOLDER = "milvus"
_STAMP = "collection.json"

# 120 bits: no two of a billion rows have the same.
_DIGEST_BYTES = 15
_ID = "S20"

_BATCH = 1_000

_Ids = npt.NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where the rows of a snapshot are.

    Attributes:
        collection: that of its passages.
        form: of the model, and of the code that made the terms: other ones do not fit to them.
        passages, sentences: rows that there were, with those of other snapshots.
    """

    collection: str
    form: str
    passages: int
    sentences: int

    @classmethod
    def read(cls, folder: Path) -> Stamp:
        """Of a snapshot.

        Raises:
            IndexIncompatible: it was built without INDEX_URL.
            IndexDamaged: the file can not be read.
        """
        path = folder / _FOLDER / _STAMP
        if not path.exists():
            raise IndexIncompatible(
                "the index was built without INDEX_URL: run `python ingest.py` to bring Milvus "
                "up to date"
            )
        with reading(f"{_FOLDER}/{_STAMP}", TypeError):
            return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, folder: Path) -> None:
        path = folder / _FOLDER / _STAMP
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


class RowIds:
    """The ids of all passages, or of all sentences, of a snapshot: 28 bytes a row, mapped."""

    def __init__(self, ids: _Ids, order: Rows) -> None:
        """
        Args:
            order: row numbers in the order of their ids.
        """
        self._ids = ids
        self._order = order

    @classmethod
    def open(cls, folder: Path, kind: str) -> RowIds:
        """
        Raises:
            IndexDamaged: the files can not be read.
        """
        with reading(_FOLDER):
            return cls(
                np.load(folder / _FOLDER / f"{kind}.npy", mmap_mode="r"),
                np.load(folder / _FOLDER / f"{kind}.order.npy", mmap_mode="r"),
            )

    @classmethod
    def write(cls, folder: Path, kind: str, ids: _Ids) -> RowIds:
        order = np.argsort(ids, kind="stable").astype(np.int64)
        (folder / _FOLDER).mkdir(exist_ok=True)
        np.save(folder / _FOLDER / f"{kind}.npy", ids)
        np.save(folder / _FOLDER / f"{kind}.order.npy", order)
        return cls(ids, order)

    def __len__(self) -> int:
        return len(self._ids)

    def of(self, rows: Rows | Sequence[int]) -> list[str]:
        """The ids of these rows, in their order."""
        return [id.decode("ascii") for id in self._ids[rows].tolist()]

    def rows(self, ids: Sequence[str]) -> list[int | None]:
        """The rows of these ids, in their order; None for what is not of this snapshot."""
        wanted = np.array(ids, dtype=_ID)
        places = np.searchsorted(self._ids, wanted, sorter=self._order)
        if len(self) == 0:
            return [None] * len(ids)
        rows = self._order[np.minimum(places, len(self) - 1)]
        is_own = self._ids[rows] == wanted
        return [row if own else None for row, own in zip(rows.tolist(), is_own, strict=True)]


class Named(NamedTuple):
    """A row, and what its id is a digest of beside its article's province, source and day.

    Attributes:
        position: where it begins in the article: a passage; a passage and one of its sentences.
        digest: of the text that was embedded.
    """

    article: Article
    position: tuple[int, ...]
    digest: bytes

    @property
    def id(self) -> bytes:
        article = self.article
        day = article.date.isoformat() if article.date else None
        content = [
            article.id,
            self.position,
            self.digest.hex(),
            article.province,
            article.source,
            day,
        ]
        whole = hashlib.blake2b(json.dumps(content).encode(), digest_size=_DIGEST_BYTES)
        return urlsafe_b64encode(whole.digest())


@dataclass(frozen=True, slots=True)
class SnapshotPassages:
    """The passages of a snapshot, in batches."""

    records: Records
    vectors: DenseIndex
    kind: str = "passages"

    def named(self, rows: Sequence[int]) -> list[Named]:
        found = zip(self.records.passages(rows), self.records.passage_digests(rows), strict=True)
        return [Named(article, (passage.start,), digest) for (article, passage), digest in found]

    def texts(self, rows: Sequence[int]) -> list[str]:
        """What is searched for words."""
        return [embedded_text(article, passage) for article, passage in self.records.passages(rows)]


@dataclass(frozen=True, slots=True)
class SnapshotSentences:
    """The sentences of a snapshot, in batches."""

    records: Records
    vectors: DenseIndex
    kind: str = "sentences"

    def named(self, rows: Sequence[int]) -> list[Named]:
        sentences = self.records.sentences(rows)
        owners = list(dict.fromkeys(sentence.passage for sentence in sentences))
        found = dict(zip(owners, self.records.passages(owners), strict=True))
        named = []
        for sentence in sentences:
            article, passage = found[sentence.passage]
            named.append(Named(article, (passage.start, sentence.start), sentence.digest))
        return named

    def texts(self, rows: Sequence[int]) -> list[str]:
        """None: words of sentences are searched for in the snapshot."""
        return [""] * len(rows)


SnapshotRows = SnapshotPassages | SnapshotSentences


def row_batches(count: int, size: int) -> Iterator[range]:
    """The numbers below `count`, `size` at a time."""
    for first in range(0, count, size):
        yield range(first, min(first + size, count))


def write_ids(folder: Path, rows: SnapshotRows) -> RowIds:
    """Of all rows, beside the other files of the snapshot."""
    ids = np.empty(rows.vectors.count, _ID)
    for batch in row_batches(len(ids), _BATCH):
        ids[batch.start : batch.stop] = [named.id for named in rows.named(batch)]
    return RowIds.write(folder, rows.kind, ids)


def passage_rows(rows: SnapshotRows, batch: Sequence[int]) -> list[PassageRow]:
    """Some of a snapshot's rows as Milvus takes them."""
    found = zip(
        rows.named(batch), rows.texts(batch), rows.vectors.vectors(list(batch)), strict=True
    )
    return [
        PassageRow(
            named.id.decode("ascii"),
            vector,
            text,
            named.article.province,
            named.article.source,
            named.article.date,
        )
        for named, text, vector in found
    ]
