"""What finds passages, whichever engine does the work.

`Searcher` is what the ranking asks; its rows number passages and sentences as `Records` does. An
engine that several machines share knows no rows: `PassageStore` is what it is held to by tests.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from retrieval.encoders import Vectors
from retrieval.language import Language
from retrieval.records import Records
from retrieval.rows import Rows
from retrieval.schema import NO_FILTERS, Filters
from retrieval.snapshot import Manifest
from retrieval.sparse import Among, SparseIndex, SparseQuery

# Rows with their scores, best first; equal scores in the order of rows.
FoundRows = list[tuple[int, float]]

# Passage ids with their scores, best first; equal scores in the order of ids.
Found = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Allowed:
    """The only passages that may be found.

    Attributes:
        rows: their numbers, ascending.
        articles: of which they are all the passages, ascending; None: they were chosen one by one.
        filters: what exactly the articles pass.
    """

    rows: Rows
    articles: Rows | None = None
    filters: Filters = NO_FILTERS

    @property
    def documents(self) -> Among:
        """The same for an index of passages by words."""
        return Among("row", self.rows) if self.articles is None else Among("article", self.articles)

    def __contains__(self, row: int) -> bool:
        place = int(np.searchsorted(self.rows, row))
        return place < len(self.rows) and int(self.rows[place]) == row


def allowed_by(records: Records, filters: Filters) -> Allowed:
    """The passages of the articles that pass."""
    articles = records.articles_passing(filters)
    return Allowed(records.passages_of(articles), articles, filters)


class Searcher(Protocol):
    """Passages and sentences of a snapshot, found by meaning and by words. Threads may share it.

    Every method raises:
        IndexDamaged: what is read turns out to be damaged.
        IndexUnavailable: the engine can not be reached, or can not do it.
    """

    def nearest_passages(
        self, vector: Vectors, depth: int, allowed: Allowed | None = None
    ) -> FoundRows:
        """The nearest passages by cosine.

        Args:
            vector: `(dimensions,) float32`, of length 1.
        """

    def nearest_sentences(
        self, vector: Vectors, depth: int, allowed: Allowed | None = None, spans: Rows | None = None
    ) -> FoundRows:
        """The nearest sentences by cosine; rows are those of sentences.

        Args:
            spans: the sentences of the allowed passages; None where all are allowed.
        """

    def passage_cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """`(len(rows),)`: the cosine of each of these passages, in their order."""

    def sentence_cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        """`(len(rows),)`: the cosine of each of these sentences, in their order."""

    def best_passages(
        self, words: SparseQuery, depth: int, allowed: Allowed | None = None
    ) -> FoundRows:
        """The best passages by BM25 that hold any of the words."""

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Term -> its inverse document frequency among passages, see `SparseIndex.weight`."""


class SearchedIndex(Protocol):
    """What the ranking and its readers need of an opened snapshot.

    `records` number the passages as `searcher` does, the sentences as it and `sparse_sentences`
    do, the articles as `sparse_articles` does.
    """

    @property
    def searcher(self) -> Searcher: ...
    @property
    def sparse_sentences(self) -> SparseIndex: ...
    @property
    def sparse_articles(self) -> SparseIndex: ...
    @property
    def records(self) -> Records: ...
    @property
    def language(self) -> Language: ...
    @property
    def manifest(self) -> Manifest: ...


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage, or a sentence of one, as an engine takes it.

    Attributes:
        id: names it, and no other; such as `ARTICLE:START`.
        vector: `(dimensions,) float32`, of length 1.
        text: what is searched for words, as `index.embedded_text` makes it.
        province, source, date: of its article; None where they are not known.
    """

    id: str
    vector: Vectors = field(repr=False)
    text: str
    province: str | None = None
    source: str | None = None
    date: datetime.date | None = None


class PassageStore(Protocol):
    """Passages that are found by meaning and by words, and that change. It has one writer at a time
    and any number of readers.

    A change may take some seconds to be seen by every reader. Every method but `publish` raises:
        IndexMissing: nothing has been published.
        IndexIncompatible: a vector has other dimensions than those that are held.
        IndexUnavailable: the engine can not be reached, or can not do it.
    """

    def search_dense(self, vector: Vectors, top_k: int, filters: Filters = NO_FILTERS) -> Found:
        """The nearest passages by inner product.

        Args:
            vector: `(dimensions,) float32`, of length 1.
        """

    def search_sparse(
        self, terms: Sequence[str], top_k: int, filters: Filters = NO_FILTERS
    ) -> Found:
        """The best passages by BM25 that hold any of the terms.

        Args:
            terms: as `text.terms` makes them. Where none has a mark, they are compared
                with passages without marks.
        """

    def upsert(self, rows: Sequence[PassageRow]) -> None:
        """Add passages; those whose id is held already take the place of the held ones."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove passages; an unknown id is nothing to remove."""

    def publish(self, rows: Sequence[PassageRow]) -> None:
        """Replace all passages at once: no search ever sees some of both.

        The rows are read twice.
        """
