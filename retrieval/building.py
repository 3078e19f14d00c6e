"""seeds/ -> vectors/: what is read, embedded again, published.

`build` is idempotent: nothing is done, and nothing written, while the snapshot in use is whole and
was made from the same files by the same code and model; and a passage that was embedded before is
not embedded again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from retrieval import snapshot
from retrieval.articles import article_paths
from retrieval.changes import Outside, outside
from retrieval.corpus import changed_since, corpus_digest, read_articles
from retrieval.embedded import Embedded, Progress, TextVectors, read_embedded
from retrieval.encoders import Encoder
from retrieval.errors import (
    IndexDamaged,
    IndexForbidden,
    IndexUnavailable,
)
from retrieval.index import (
    PASSAGES,
    RECORDS,
    SENTENCES,
    Index,
)
from retrieval.index_files import write_index
from retrieval.records import Kind
from retrieval.remembering import remembering
from retrieval.schema import Article
from retrieval.snapshot import Manifest, Skipped
from retrieval.writing import writing

_log = logging.getLogger(__name__)

# Vectors of an ingest that has not ended.
_EMBEDDING = ".embedding.sqlite"


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did.

    Attributes:
        read: articles in the index.
        skipped: files that are not in it, with the reason.
        encoded: passages that went through the model this time, their sentences apart.
        unchanged: the index was up to date and was left alone.
    """

    read: int
    skipped: tuple[Skipped, ...]
    passages: int
    encoded: int
    unchanged: bool
    seconds: float


class Publishing(Protocol):
    """An engine beside the files that is brought up to date with each snapshot.

    Every method raises `IndexUnavailable` where the engine can not do it.
    """

    def holds(self, folder: Path) -> bool:
        """Whether it has all of this snapshot."""

    def bring(self, folder: Path) -> None:
        """Give it a snapshot whose files are written, but which is not in use yet."""

    def tidy(self, vectors: Path) -> None:
        """Called when the snapshot is in use, and others may be gone."""


def build(
    seeds: Path,
    vectors: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    *,
    bulk: Sequence[Path] = (),
    keep: int = snapshot.KEPT,
    publishing: Publishing | None = None,
) -> Report:
    """Bring the index in `vectors` up to date with the files below `seeds`.

    Args:
        progress: called with what is embedded, how many are done and how many there are.
        bulk: files of many articles beside them, see `retrieval.jsonl`.
        keep: snapshots that stay, with the new one.
        publishing: an engine that is to find the passages; see `Publishing`.

    Without a single readable article the index in use stays as it is. What was embedded when it is
    broken off is not embedded again.

    Raises:
        IndexUnwritten: the disk is full, or something else is wrong with it.
        IndexForbidden: this user may not write to `vectors`, or not read what is there.
        SettingsError: `vectors` is no folder.
    """
    started = time.perf_counter()
    state = _State.of(seeds, vectors, encoder.fingerprint, bulk, publishing)
    if state.unchanged is None:
        with writing(vectors), snapshot.writer_lock(vectors) as has_waited:
            if has_waited:
                state = _State.of(seeds, vectors, encoder.fingerprint, bulk, publishing)
            if state.unchanged is None:
                with remembering(encoder, vectors / _EMBEDDING) as remembered:
                    report = _rebuild(state, seeds, vectors, remembered, progress, keep, publishing)
                if publishing and report.read:
                    publishing.tidy(vectors)
                return replace(report, seconds=time.perf_counter() - started)
    manifest = state.unchanged
    seconds = time.perf_counter() - started
    return Report(manifest.articles, manifest.skipped, manifest.passages, 0, True, seconds)


def _rebuild(
    state: _State,
    seeds: Path,
    vectors: Path,
    encoder: Encoder,
    progress: Progress | None,
    keep: int,
    publishing: Publishing | None,
) -> Report:
    reading = _Reading(state.paths, seeds, state.before)
    vectors_of = TextVectors(encoder, state.embedded, progress)

    def write_files(folder: Path) -> None:
        write_index(folder, reading.articles(), vectors_of)
        if not reading.read:
            raise _NothingReadError
        if publishing:
            publishing.bring(folder)

    def make_manifest(created: str, sizes: dict[str, int], digests: dict[str, str]) -> Manifest:
        return Manifest(
            schema_version=snapshot.SCHEMA_VERSION,
            fingerprint=encoder.fingerprint,
            dimensions=encoder.dimensions,
            # What was not read as it was digested is not up to date.
            corpus="" if reading.changing else state.corpus,
            articles=reading.read,
            passages=vectors_of.made["passage"],
            skipped=tuple(reading.skipped),
            created=created,
            sizes=sizes,
            digests=digests,
        )

    try:
        snapshot.publish(vectors, write_files, make_manifest, keep)
    except _NothingReadError:
        return Report(0, tuple(reading.skipped), 0, 0, False, 0.0)
    counts = (vectors_of.made["passage"], vectors_of.encoded["passage"])
    return Report(reading.read, tuple(reading.skipped), *counts, False, 0.0)


class _NothingReadError(Exception):
    """There is nothing to publish."""


class _Reading:
    """The articles of some files, read as they are needed, and what became of the others.

    Attributes:
        changing: the files that were changed meanwhile; they are among the skipped.
    """

    def __init__(self, paths: Sequence[Path], seeds: Path, before: Outside) -> None:
        self._paths = paths
        self._seeds = seeds
        self._before = before
        self.read = 0
        self.skipped: list[Skipped] = []
        self.changing: list[Skipped] = []

    def articles(self) -> Iterator[Article]:
        for found in read_articles(self._paths, self._seeds):
            if isinstance(found, Article):
                self.read += 1
                yield found
            else:
                self.skipped.append(found)
        self.changing = changed_since(self._paths, self._before)
        self.skipped += self.changing


@dataclass(frozen=True, slots=True)
class _State:
    """What there is to be read, and what the snapshot in use has of it.

    Attributes:
        before: the files as they were before they were digested.
        unchanged: the manifest of a snapshot that is whole and up to date, else None.
        embedded: of each kind, the vectors that need not be made again.
    """

    paths: list[Path]
    before: Outside
    corpus: str
    unchanged: Manifest | None
    embedded: dict[Kind, Embedded]

    @classmethod
    def of(
        cls,
        seeds: Path,
        vectors: Path,
        fingerprint: str,
        bulk: Sequence[Path],
        publishing: Publishing | None,
    ) -> _State:
        """
        Raises:
            IndexForbidden: there is a snapshot, but this user may not read it.
        """
        paths = [*article_paths(seeds), *bulk]
        before = outside(paths)
        corpus = corpus_digest(seeds, paths)
        try:
            folder = snapshot.current_folder(vectors)
            manifest = snapshot.read_manifest(folder)
        except IndexForbidden:
            raise
        except IndexUnavailable:
            return cls(paths, before, corpus, None, {})
        if manifest.fingerprint != fingerprint:
            return cls(paths, before, corpus, None, {})
        altered = snapshot.altered_files(folder, manifest)
        is_sound = _is_sound(folder, manifest, altered)
        is_current = manifest.corpus == corpus
        if is_sound and is_current and (publishing is None or publishing.holds(folder)):
            return cls(paths, before, corpus, manifest, {})
        files: dict[Kind, str] = {"passage": PASSAGES, "sentence": SENTENCES}
        embedded = {
            kind: found
            for kind, file in files.items()
            if not {name.split("/")[0] for name in altered} & {file, RECORDS}
            and (found := read_embedded(folder / RECORDS, folder / file))
        }
        return cls(paths, before, corpus, None, embedded)


def _is_sound(folder: Path, manifest: Manifest, altered: frozenset[str]) -> bool:
    """Whether a snapshot is whole and can be opened; what is wrong with it is logged."""
    fault = ", ".join(sorted(altered))
    if not fault:
        try:
            Index.read(folder, manifest)
        except IndexDamaged as error:
            fault = str(error.__cause__ or error)
    if fault:
        _log.warning("the index in use is damaged (%s) and is built again", fault)
    return not fault
