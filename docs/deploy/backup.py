"""Copies articles and conversations into a folder, while the service runs.

    python docs/deploy/backup.py FOLDER [--keep N]

FOLDER gets `YYYYMMDD-HHMMSS/` with `conversations.sqlite` and `seeds.tar`. Exit status: 0 done,
1 something could not be copied; then no such folder is there.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import sqlite3
import sys
import tarfile
from contextlib import closing
from pathlib import Path

from retrieval.errors import SettingsError
from retrieval.settings import read_settings

_UNFINISHED = ".writing-"
_FORM = "%Y%m%d-%H%M%S"
# A writer of the service waits no longer either.
_BUSY_SECONDS = 30.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="backup.py", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--keep", type=_count, metavar="N", help="delete all but the last N copies")
    options = parser.parse_args(arguments)
    os.umask(0o077)
    try:
        settings = read_settings()
        copied = back_up(settings.conversations_db, settings.seeds_dir, options.folder)
        print(copied)
        for old in copies(options.folder)[: -options.keep] if options.keep else ():
            shutil.rmtree(old)
    except (SettingsError, OSError, sqlite3.Error, tarfile.TarError) as error:
        print(f"backup: {error}", file=sys.stderr)
        return 1
    return 0


def back_up(conversations: Path, seeds: Path, folder: Path) -> Path:
    """The new copy; written beside and put in place by one rename."""
    name = datetime.datetime.now().strftime(_FORM)
    writing = folder / f"{_UNFINISHED}{name}"
    writing.mkdir()
    try:
        if conversations.exists():  # with CONVERSATION_DAYS=0 there is none
            copy_database(conversations, writing / "conversations.sqlite")
        with tarfile.open(writing / "seeds.tar", "w") as archive:
            archive.add(seeds, "seeds")
        for path in (*writing.iterdir(), writing):
            _sync(path)
        return writing.rename(folder / name)
    except BaseException:
        shutil.rmtree(writing)
        raise


def copy_database(source: Path, target: Path) -> None:
    """As it is at one moment, whoever writes meanwhile; never with `cp`, which tears it.

    Raises:
        sqlite3.Error: it can not be read, or the copy is not sound.
    """
    # `mode=rw`: a name that is wrong makes no empty file.
    address = f"{source.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, timeout=_BUSY_SECONDS, uri=True)) as connection:
        connection.execute("vacuum into ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        (said,) = copy.execute("pragma integrity_check").fetchone()
    if said != "ok":
        raise sqlite3.DatabaseError(f"the copy of {source} is not sound: {said}")


def copies(folder: Path) -> list[Path]:
    """The finished copies, the oldest first."""
    return sorted(path for path in folder.iterdir() if _is_copy(path.name))


def _is_copy(name: str) -> bool:
    try:
        datetime.datetime.strptime(name, _FORM)
    except ValueError:
        return False
    return True


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("is less than 1")
    return number


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    sys.exit(main())
