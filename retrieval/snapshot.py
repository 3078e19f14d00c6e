"""Snapshots on disk: written beside, put in place by one rename, never changed afterwards.

vectors/
  CURRENT                 name of the snapshot in use, replaced atomically
  20240723-153000-1a2b/   manifest.json, passages.faiss, sentences.faiss,
                            sparse/, sparse_articles/, records.sqlite,
                            language/
  models/                 the bundled model, unpacked
"""

from __future__ import annotations

import datetime
import fcntl
import json
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import IndexDamaged, IndexIncompatible, IndexMissing

_log = logging.getLogger(__name__)

# Raise it when a file of the snapshot changes its form.
SCHEMA_VERSION = 5

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_LOCK = ".lock"
_UNFINISHED = ".writing-"
# Readers that opened the one before CURRENT may still be at work in it.
_KEPT_SNAPSHOTS = 2


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is made of.

    Attributes:
        fingerprint: of the embedding model.
        corpus: digest of the files read and of the code that read them.
        created: ISO time with zone.
        sizes: bytes of each file, by its path in the snapshot.
    """

    schema_version: int
    fingerprint: str
    dimensions: int
    corpus: str
    articles: int
    passages: int
    skipped: tuple[Skipped, ...]
    created: str
    sizes: dict[str, int]


def models_folder(vectors: Path) -> Path:
    return vectors / "models"


def current_folder(vectors: Path) -> Path:
    """The snapshot in use.

    Raises:
        IndexMissing: none was published.
    """
    try:
        name = (vectors / _CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(
            f"there is no index in {vectors}: run `python ingest.py` (or `make ask`) to build it"
        ) from None
    folder = vectors / name
    if not name or not folder.is_dir():
        raise IndexDamaged(f"{vectors / _CURRENT} names no snapshot: run `python ingest.py`")
    return folder


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot that this version can read and whose files are complete.

    Raises:
        IndexIncompatible: written in another form.
        IndexDamaged: the manifest or a file it lists is missing or has another size.
    """
    try:
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        version = content["schema_version"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamaged(
            f"the manifest of snapshot {folder.name} can not be read: run `python ingest.py`"
        ) from error
    if version != SCHEMA_VERSION:
        raise IndexIncompatible(
            f"the index was written in form {version}, this version reads form "
            f"{SCHEMA_VERSION}: run `python ingest.py` to rebuild it"
        )
    content["skipped"] = tuple(Skipped(**entry) for entry in content["skipped"])
    manifest = Manifest(**content)
    for name, size in manifest.sizes.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise IndexDamaged(
                f"{name} of snapshot {folder.name} is missing or cut short: run `python ingest.py`"
            )
    return manifest


@contextmanager
def writer_lock(vectors: Path) -> Iterator[None]:
    """One writer at a time; a second one says so and waits."""
    vectors.mkdir(parents=True, exist_ok=True)
    with (vectors / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _log.warning("another ingest is writing the index; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def publish(
    vectors: Path,
    write_files: Callable[[Path], None],
    make_manifest: Callable[[str, dict[str, int]], Manifest],
) -> Path:
    """Write a snapshot beside the current one and make it the current one.

    Args:
        write_files: writes the snapshot's files into the folder it is given.
        make_manifest: gets the time of creation and the files' sizes.

    Called under `writer_lock`. A process that is killed leaves the old snapshot in use.
    """
    created = datetime.datetime.now(datetime.UTC).astimezone()
    name = f"{created:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    building = vectors / f"{_UNFINISHED}{name}"
    building.mkdir(parents=True)
    try:
        write_files(building)
        files = sorted(path for path in building.rglob("*") if path.is_file())
        sizes = {path.relative_to(building).as_posix(): path.stat().st_size for path in files}
        manifest = make_manifest(created.isoformat(timespec="seconds"), sizes)
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        (building / _MANIFEST).write_text(text, encoding="utf-8")
        for path in [*building.rglob("*"), building]:
            _sync(path)
        os.replace(building, vectors / name)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _replace_current(vectors, name)
    _remove_old(vectors, name)
    return vectors / name


def _replace_current(vectors: Path, name: str) -> None:
    written = vectors / f"{_CURRENT}.new"
    written.write_text(f"{name}\n", encoding="utf-8")
    _sync(written)
    _sync(vectors)
    os.replace(written, vectors / _CURRENT)
    _sync(vectors)


def _remove_old(vectors: Path, current: str) -> None:
    """Drop snapshots beyond the last two, and what a killed writer left half written."""
    unfinished = list(vectors.glob(f"{_UNFINISHED}*"))
    snapshots = {path.parent for path in vectors.glob(f"*/{_MANIFEST}")} - {*unfinished}
    older = sorted(path for path in snapshots if path.name != current)
    for path in [*older[: len(older) - (_KEPT_SNAPSHOTS - 1)], *unfinished]:
        shutil.rmtree(path, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
