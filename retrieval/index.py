"""vectors/ -> an opened snapshot; its own files or another engine find its passages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from retrieval import snapshot
from retrieval.damage import damaged
from retrieval.dense import DenseIndex
from retrieval.errors import (
    IndexDamaged,
    IndexIncompatible,
    IndexUnavailable,
)
from retrieval.language import Language
from retrieval.local_searcher import LocalSearcher
from retrieval.records import Records
from retrieval.searcher import SearchedIndex, Searcher
from retrieval.snapshot import Manifest
from retrieval.sparse import SparseIndex

_log = logging.getLogger(__name__)

PASSAGES = "passages"
SENTENCES = "sentences"
SPARSE = "sparse"
SPARSE_SENTENCES = "sparse_sentences"
SPARSE_ARTICLES = "sparse_articles"
RECORDS = "records.sqlite"
LANGUAGE = "language"
# What an engine beside the files takes over, see `SharedIndex`.
SEARCHED = (PASSAGES, SENTENCES, SPARSE)


@dataclass(frozen=True, slots=True)
class Index:
    """An opened snapshot that is searched by its own files.

    Rows number the passages alike in `passages`, `sparse` and `records`; the sentences in
    `sentences`, `sparse_sentences` and `records`; the articles in `sparse_articles` and `records`.

    Attributes:
        held: keeps its files from being removed.
    """

    passages: DenseIndex
    sentences: DenseIndex
    sparse: SparseIndex
    sparse_sentences: SparseIndex
    sparse_articles: SparseIndex
    records: Records
    language: Language
    manifest: Manifest
    held: snapshot.Hold | None = None

    @classmethod
    def open(
        cls, vectors: Path, fingerprint: str, *, fully: bool = False, or_earlier: bool = False
    ) -> Index:
        """The snapshot in use; see `open_snapshot`."""
        return open_snapshot(vectors, fingerprint, cls.read, fully=fully, or_earlier=or_earlier)

    @classmethod
    def read(cls, folder: Path, manifest: Manifest, held: snapshot.Hold | None = None) -> Index:
        """The files that `write_index` wrote.

        Raises:
            IndexDamaged: a file is missing or altered.
        """
        index = cls(
            DenseIndex.open(folder / PASSAGES),
            DenseIndex.open(folder / SENTENCES),
            SparseIndex.open(folder / SPARSE),
            SparseIndex.open(folder / SPARSE_SENTENCES),
            SparseIndex.open(folder / SPARSE_ARTICLES),
            Records.open(folder / RECORDS),
            Language.open(folder / LANGUAGE),
            manifest,
            held,
        )
        counts = (index.passages.count, index.sentences.count, index.sparse_articles.count)
        expected = (index.sparse.count, index.sparse_sentences.count, manifest.articles)
        if counts != expected:
            raise damaged(f"a part (counts {counts} and {expected})")
        return index

    @property
    def searcher(self) -> LocalSearcher:
        """What finds its passages."""
        return LocalSearcher(self.passages, self.sentences, self.sparse)


@dataclass(frozen=True, slots=True)
class SharedIndex:
    """An opened snapshot whose passages another engine finds.

    Attributes:
        held: keeps its files from being removed.
    """

    searcher: Searcher
    sparse_sentences: SparseIndex
    sparse_articles: SparseIndex
    records: Records
    language: Language
    manifest: Manifest
    held: snapshot.Hold | None = None

    @classmethod
    def read(
        cls, folder: Path, manifest: Manifest, held: snapshot.Hold | None, searcher: Searcher
    ) -> SharedIndex:
        """The files that `write_index` wrote, but those of `SEARCHED`.

        Raises:
            IndexDamaged: a file is missing or altered.
        """
        index = cls(
            searcher,
            SparseIndex.open(folder / SPARSE_SENTENCES),
            SparseIndex.open(folder / SPARSE_ARTICLES),
            Records.open(folder / RECORDS),
            Language.open(folder / LANGUAGE),
            manifest,
            held,
        )
        if index.sparse_articles.count != manifest.articles:
            raise damaged(f"a part ({index.sparse_articles.count} of {manifest.articles} articles)")
        return index


_Opened = TypeVar("_Opened", bound=SearchedIndex)
# Of a folder, its manifest and what keeps it from being removed.
ReadSnapshot = Callable[[Path, Manifest, snapshot.Hold], _Opened]


def open_snapshot(
    vectors: Path,
    fingerprint: str,
    read: ReadSnapshot[_Opened],
    *,
    fully: bool = False,
    or_earlier: bool = False,
    unread: Sequence[str] = (),
) -> _Opened:
    """The snapshot in use.

    Args:
        read: opens its files.
        fully: check every byte, also where that takes long.
        or_earlier: where it is damaged, that before it; the damage is said in the log.
        unread: files and folders that `read` leaves alone: they need not be there.

    Raises:
        IndexMissing: nothing was ingested yet.
        IndexIncompatible: it was built by another model or in another form.
        IndexDamaged: a file is missing or altered.
        IndexForbidden: this user may not read it.
        SettingsError: `vectors` is no folder.
    """

    def opened(folder: Path, *, fully: bool) -> _Opened:
        manifest = snapshot.read_manifest(folder)
        if manifest.fingerprint != fingerprint:
            raise IndexIncompatible(
                f"the index was built by the model {manifest.fingerprint}, EMBEDDING_MODEL is now "
                f"{fingerprint}: run `python ingest.py` to rebuild it"
            )
        held = snapshot.Hold(folder)
        snapshot.verify(folder, manifest, fully=fully, unread=unread)
        return read(folder, manifest, held)

    while True:
        current = snapshot.current_folder(vectors)
        try:
            return opened(current, fully=fully)
        except IndexDamaged as error:
            if not current.exists():  # an ingest published another one meanwhile
                continue
            for folder in snapshot.earlier_folders(vectors, current) if or_earlier else ():
                with suppress(IndexUnavailable):
                    earlier = opened(folder, fully=True)
                    created = earlier.manifest.created
                    _log.error("%s. Until then the index of %s answers", error, created)
                    return earlier
            raise


def open_rows(folder: Path) -> tuple[DenseIndex, DenseIndex, Records]:
    """Vectors of passages and of sentences, and records, of a snapshot that is being written."""
    return (
        DenseIndex.open(folder / PASSAGES),
        DenseIndex.open(folder / SENTENCES),
        Records.open(folder / RECORDS),
    )
