"""The searching interface over FAISS, tantivy and SQLite, on one machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.dense import DenseIndex
from retrieval.encoders import Vectors
from retrieval.errors import IndexIncompatible, IndexMissing
from retrieval.record_file import Entry, write_records
from retrieval.records import Records
from retrieval.rows import Rows
from retrieval.schema import NO_FILTERS, Article, Filters, Passage
from retrieval.searcher import Allowed, Found, FoundRows, PassageRow, allowed_by
from retrieval.sparse import SparseIndex, SparseQuery

_PASSAGES = "passages"
_SENTENCES = "sentences"
_SPARSE = "sparse"
_RECORDS = "records.sqlite"


@dataclass(frozen=True, slots=True)
class LocalSearcher:
    """A `Searcher` over files of a snapshot."""

    passages: DenseIndex
    sentences: DenseIndex
    sparse: SparseIndex

    def nearest_passages(
        self, vector: Vectors, depth: int, allowed: Allowed | None = None
    ) -> FoundRows:
        """See `Searcher.nearest_passages`."""
        return self.passages.search(vector, depth, _rows(allowed))

    def nearest_sentences(
        self, vector: Vectors, depth: int, allowed: Allowed | None = None, spans: Rows | None = None
    ) -> FoundRows:
        """See `Searcher.nearest_sentences`."""
        return self.sentences.search(vector, depth, spans)

    def passage_cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """See `Searcher.passage_cosines`."""
        return self.passages.cosines(vector, rows)

    def sentence_cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """See `Searcher.sentence_cosines`."""
        return self.sentences.cosines(vector, rows)

    def best_passages(
        self, words: SparseQuery, depth: int, allowed: Allowed | None = None
    ) -> FoundRows:
        """See `Searcher.best_passages`."""
        return self.sparse.search(words, depth, None if allowed is None else allowed.documents)

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """See `Searcher.weights`."""
        return {term: self.sparse.weight(term) for term in terms}


def _rows(allowed: Allowed | None) -> Rows | None:
    return None if allowed is None else allowed.rows


class LocalStore:
    """A `PassageStore` that writes a whole new snapshot at every change: for small collections.

    Args:
        folder: its own, empty at first.
    """

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._folder = folder
        self._dimensions = dimensions
        self._rows: dict[str, PassageRow] = {}
        self._held: tuple[LocalSearcher, Records] | None = None
        self._number = 0

    def search_dense(self, vector: Vectors, top_k: int, filters: Filters = NO_FILTERS) -> Found:
        """See `PassageStore.search_dense`."""
        searcher, records = self._current()
        check_dimensions(vector, self._dimensions)
        found = searcher.nearest_passages(vector, top_k, _allowed(records, filters))
        return _named(records, found)

    def search_sparse(
        self, terms: Sequence[str], top_k: int, filters: Filters = NO_FILTERS
    ) -> Found:
        """See `PassageStore.search_sparse`."""
        searcher, records = self._current()
        wanted = SparseQuery(" ".join(terms))
        # Made of a text, it would pair terms that were not neighbours.
        wanted.terms = list(dict.fromkeys(terms))
        return _named(records, searcher.best_passages(wanted, top_k, _allowed(records, filters)))

    def upsert(self, rows: Sequence[PassageRow]) -> None:
        """See `PassageStore.upsert`."""
        self._current()
        self._replace(self._rows | {row.id: row for row in rows})

    def delete(self, ids: Sequence[str]) -> None:
        """See `PassageStore.delete`."""
        self._current()
        gone = frozenset(ids)
        self._replace({name: row for name, row in self._rows.items() if name not in gone})

    def publish(self, rows: Sequence[PassageRow]) -> None:
        """See `PassageStore.publish`."""
        self._replace({row.id: row for row in rows})

    def _current(self) -> tuple[LocalSearcher, Records]:
        if self._held is None:
            raise IndexMissing("nothing has been published yet")
        return self._held

    def _replace(self, rows: dict[str, PassageRow]) -> None:
        for row in rows.values():
            check_dimensions(row.vector, self._dimensions)
        folder = self._folder / str(self._number)
        _write(folder, list(rows.values()), self._dimensions)
        passages = DenseIndex.open(folder / _PASSAGES)
        searcher = LocalSearcher(
            passages,
            DenseIndex.open(folder / _SENTENCES),
            SparseIndex.open(folder / _SPARSE),
        )
        self._held = searcher, Records.open(folder / _RECORDS)
        self._rows = rows
        # A search that is under way may still be in the one before.
        shutil.rmtree(self._folder / str(self._number - 2), ignore_errors=True)
        self._number += 1


def check_dimensions(vector: Vectors, dimensions: int) -> None:
    """
    Raises:
        IndexIncompatible: it is of another shape than `(dimensions,)`.
    """
    if vector.shape != (dimensions,):
        raise IndexIncompatible(
            f"a vector of the shape {vector.shape} was given to an index of {dimensions} "
            "dimensions: EMBEDDING_MODEL is not the model that built it"
        )


def _write(folder: Path, rows: Sequence[PassageRow], dimensions: int) -> None:
    folder.mkdir()
    DenseIndex.write(folder / _PASSAGES, [_matrix(rows, dimensions)], dimensions)
    DenseIndex.write(folder / _SENTENCES, [], dimensions)
    SparseIndex.build(folder / _SPARSE, [row.text for row in rows])
    write_records(folder / _RECORDS, [_entry(row) for row in rows])


def _matrix(rows: Sequence[PassageRow], dimensions: int) -> Vectors:
    return np.array([row.vector for row in rows], np.float32).reshape(-1, dimensions)


def _allowed(records: Records, filters: Filters) -> Allowed | None:
    return allowed_by(records, filters) if filters else None


def _named(records: Records, pairs: FoundRows) -> Found:
    passages = records.passages([row for row, _ in pairs])
    found = [(passage.id, score) for (_, passage), (_, score) in zip(passages, pairs, strict=True)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _entry(row: PassageRow) -> Entry:
    """What `Records` needs to filter by, and to name the passage."""
    article_id, _, start = row.id.rpartition(":")
    article = Article(article_id, "", "", row.source, row.province, row.date, "")
    return Entry(article, Passage(article_id, int(start), int(start), ""), b"", b"", "")
