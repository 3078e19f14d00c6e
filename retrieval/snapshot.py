"""Snapshots on disk: written beside, put in place by one rename, never changed afterwards.

vectors/
  CURRENT                 name of the snapshot in use, replaced atomically
  20240723-153000-1a2b/   manifest.json, records.sqlite, passages/, sentences/,
                            sparse/, sparse_sentences/, sparse_articles/, language/,
                            milvus/ (with INDEX_URL)
  models/                 files of the bundled model's engine

The manifest has the size and the sha256 of every file. Whoever writes the index or looks for
faults checks all of them; whoever opens it to answer checks the sizes, and the digests
where that takes no noticeable time.
"""

from __future__ import annotations

import datetime
import errno
import fcntl
import hashlib
import json
import logging
import os
import secrets
import shutil
import stat
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TextIO

from retrieval.damage import damaged
from retrieval.errors import (
    IndexDamaged,
    IndexForbidden,
    IndexIncompatible,
    IndexMissing,
    SettingsError,
)

_log = logging.getLogger(__name__)

# Raise it when a file of the snapshot changes its form.
SCHEMA_VERSION = 10

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_LOCK = ".lock"
_UNFINISHED = ".writing-"
# Readers that opened the one before CURRENT may still be at work in it.
KEPT = 2
# Opening reads the digests of a snapshot of at most so many bytes (some 700 articles): 0.04 s of
# processor time, 0.1 s by the clock on a busy machine, of the 1.5 s to an answer.
_VERIFIED_AT_ONCE = 64_000_000
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


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
        digests: its sha256 in hexadecimal.
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
    digests: dict[str, str]


def models_folder(vectors: Path) -> Path:
    return vectors / "models"


def current_folder(vectors: Path) -> Path:
    """The snapshot in use.

    Raises:
        IndexMissing: none was published.
        IndexDamaged: it is not there.
        IndexForbidden: this user may not see it.
        SettingsError: `vectors` is no folder.
    """
    if vectors.exists() and not vectors.is_dir():
        raise _no_folder(vectors)
    try:
        name = (vectors / _CURRENT).read_text(encoding="utf-8").strip()
        if name and (vectors / name).is_dir():
            return vectors / name
    except FileNotFoundError:
        raise IndexMissing(
            f"there is no index in {vectors}: run `python ingest.py` (or `make ask`) to build it"
        ) from None
    except PermissionError as error:
        raise _unreadable(error) from error
    except (OSError, ValueError):
        pass  # no text, no name of a file
    raise IndexDamaged(f"{vectors / _CURRENT} names no snapshot: run `python ingest.py`")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a snapshot that this version can read.

    Raises:
        IndexIncompatible: written in another form.
        IndexDamaged: it is missing or no manifest.
        IndexForbidden: this user may not read it.
    """
    try:
        content = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        version = content["schema_version"]
        if version == SCHEMA_VERSION:
            content["skipped"] = tuple(Skipped(**entry) for entry in content["skipped"])
            content |= {name: dict(content[name]) for name in ("sizes", "digests")}
            return Manifest(**content)
    except PermissionError as error:
        raise _unreadable(error) from error
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged(f"{folder.name}/{_MANIFEST}") from error
    raise IndexIncompatible(
        f"the index was written in form {version}, this version reads form "
        f"{SCHEMA_VERSION}: run `python ingest.py` to rebuild it"
    )


def verify(
    folder: Path, manifest: Manifest, *, fully: bool = False, unread: Sequence[str] = ()
) -> None:
    """
    Args:
        fully: read every byte, however long that takes.
        unread: files and folders that need not be there.

    Raises:
        IndexDamaged: names the files that are not what was written.
        IndexForbidden: this user may not read them.
    """
    if unread:
        sizes = {
            name: size
            for name, size in manifest.sizes.items()
            if name.partition("/")[0] not in unread
        }
        manifest = replace(manifest, sizes=sizes)
    fully = fully or sum(manifest.sizes.values()) <= _VERIFIED_AT_ONCE
    if altered := altered_files(folder, manifest, with_digests=fully):
        raise damaged(", ".join(sorted(altered)))


def altered_files(folder: Path, manifest: Manifest, *, with_digests: bool = True) -> frozenset[str]:
    """The files that are missing or not what was written, by their path in the snapshot.

    Raises:
        IndexForbidden: this user may not read them.
    """
    return frozenset(
        name
        for name, size in manifest.sizes.items()
        if _is_altered(
            folder / name, size, manifest.digests.get(name, "") if with_digests else None
        )
    )


def _is_altered(path: Path, size: int, digest: str | None) -> bool:
    try:
        if not path.is_file() or path.stat().st_size != size:
            return True
        return digest is not None and _sha256(path) != digest
    except PermissionError as error:
        raise _unreadable(error) from error
    except OSError:  # the disk does not give it back
        return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(error: OSError) -> IndexForbidden:
    return IndexForbidden(
        f"{error.filename} can not be read ({error.strerror}): let this user read the whole folder"
    )


def _no_folder(vectors: Path) -> SettingsError:
    return SettingsError(f"VECTORS_DIR: {vectors} is no folder; name one, or one that can be made")


@contextmanager
def writer_lock(vectors: Path) -> Iterator[bool]:
    """One writer at a time; a second one says so and waits.

    Yields whether it had to wait, so that the index may be another one by now.

    Raises:
        IndexForbidden: this user may not write there.
        SettingsError: `vectors` is no folder.
    """
    has_waited = False
    with _opened_lock(vectors) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _log.warning("another ingest is writing the index; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
            has_waited = True
        yield has_waited


def _opened_lock(vectors: Path) -> TextIO:
    try:
        vectors.mkdir(parents=True, exist_ok=True)
        return (vectors / _LOCK).open("w", encoding="utf-8")
    except (FileExistsError, NotADirectoryError) as error:
        raise _no_folder(vectors) from error
    except OSError as error:
        if error.errno not in _READ_ONLY:
            raise
        raise IndexForbidden(
            f"the index in {vectors} is missing, damaged or older than the articles, and can not "
            f"be written ({error.strerror}): let this user write to the folder, or set VECTORS_DIR"
        ) from error


def publish(
    vectors: Path,
    write_files: Callable[[Path], None],
    make_manifest: Callable[[str, dict[str, int], dict[str, str]], Manifest],
    keep: int,
) -> Path:
    """Write a snapshot beside the current one and make it the current one.

    Args:
        keep: snapshots that stay, with the new one; more where they are being read.
        write_files: writes the snapshot's files into the folder it is given.
        make_manifest: gets the time of creation, and the files' sizes and digests.

    Called under `writer_lock`. A process that is killed leaves the old snapshot in use.
    """
    created = datetime.datetime.now(datetime.UTC).astimezone()
    name = f"{created:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}"
    building = vectors / f"{_UNFINISHED}{name}"
    building.mkdir(parents=True)
    try:
        write_files(building)
        paths = sorted(path for path in building.rglob("*") if path.is_file())
        files = {path.relative_to(building).as_posix(): path for path in paths}
        sizes = {name: path.stat().st_size for name, path in files.items()}
        digests = {name: _sha256(path) for name, path in files.items()}
        manifest = make_manifest(created.isoformat(timespec="seconds"), sizes, digests)
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        (building / _MANIFEST).write_text(text, encoding="utf-8")
        _open_to_readers(paths, building / _MANIFEST)
        for path in [*building.rglob("*"), building]:
            _sync(path)
        os.replace(building, vectors / name)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _replace_current(vectors, name)
    _remove_old(vectors, name, keep)
    return vectors / name


def roll_back(vectors: Path) -> Path:
    """Make the snapshot before the one in use the one in use, and return it.

    Called under `writer_lock`.

    Raises:
        IndexMissing: there is none before it.
    """
    before = earlier_folders(vectors, current_folder(vectors))
    if not before:
        raise IndexMissing(f"there is no snapshot in {vectors} before the one in use")
    _replace_current(vectors, before[0].name)
    return before[0]


def earlier_folders(vectors: Path, current: Path) -> list[Path]:
    """The snapshots before a current one, the last of them first."""
    return sorted((path for path in folders(vectors) if path.name < current.name), reverse=True)


class Hold:
    """Keeps a snapshot from being removed for as long as this object lives."""

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            IndexDamaged: the snapshot was removed.
        """
        try:
            opened = os.open(folder / _MANIFEST, os.O_RDONLY)
        except OSError as error:
            raise damaged(f"{folder.name}/{_MANIFEST}") from error
        weakref.finalize(self, os.close, opened)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(opened, fcntl.LOCK_SH)


def folders(vectors: Path) -> list[Path]:
    """Every snapshot that there is."""
    found = (path.parent for path in vectors.glob(f"*/{_MANIFEST}"))
    return [path for path in found if not path.name.startswith(_UNFINISHED)]


def _open_to_readers(paths: Sequence[Path], example: Path) -> None:
    """tantivy keeps some of its files to the one who wrote them."""
    mode = stat.S_IMODE(example.stat().st_mode)
    for path in paths:
        path.chmod(mode)


def _replace_current(vectors: Path, name: str) -> None:
    written = vectors / f"{_CURRENT}.new"
    written.write_text(f"{name}\n", encoding="utf-8")
    _sync(written)
    _sync(vectors)
    os.replace(written, vectors / _CURRENT)
    _sync(vectors)


def _remove_old(vectors: Path, current: str, keep: int) -> None:
    """Drop snapshots beyond those that stay, and what a killed writer left half written."""
    older = sorted(path for path in folders(vectors) if path.name != current)
    unread = [path for path in older[: max(0, len(older) - (keep - 1))] if not _is_read(path)]
    for path in [*unread, *vectors.glob(f"{_UNFINISHED}*")]:
        shutil.rmtree(path, ignore_errors=True)


def _is_read(folder: Path) -> bool:
    try:
        with (folder / _MANIFEST).open("rb") as manifest:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
