"""The file of traces and conversations: SQLite, shared by threads and processes.

What is deleted from it is gone from its bytes too. Each store (`Traces`, and the bot's
conversations) brings its own tables; the form of all of them has one version.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from retrieval.errors import StoreUnavailable

_log = logging.getLogger(__name__)

# Raise it when a table of any store changes its form.
SCHEMA_VERSION = 1
# Tells the file apart from any other SQLite file ("qatr").
_APPLICATION = 0x71617472

# A write takes less than a millisecond; only wiping a file of gigabytes makes others wait long.
_BUSY_SECONDS = 30.0
_RETRY_SECONDS = 0.02


class Database:
    """One connection, used by one thread at a time. Two processes may have the file open.

    Every method raises `StoreUnavailable` where SQLite fails.
    """

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path | None) -> Database:
        """
        Args:
            path: created for its owner alone (mode 0600) where it is not there; None keeps
                everything in memory.

        Raises:
            StoreUnavailable: it is another file, a damaged one, or can not be written.
        """
        name = str(path or "in memory")
        try:
            if path:
                _create(path)
            connection = sqlite3.connect(
                path or ":memory:",
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"{name} can not be opened: {error}") from error
        database = cls(connection, name)
        try:
            database._prepare()
        except BaseException:
            database.close()
            raise
        return database

    def _prepare(self) -> None:
        # Looked at before anything is changed: it may be somebody else's.
        is_new = self._is_new()
        with self._reported():
            _use_write_ahead_log(self._connection)
            # A commit survives the process, not a power cut: that costs the last answers at most.
            self._connection.execute("pragma synchronous = normal")
            self._connection.execute("pragma foreign_keys = on")
            self._connection.execute("pragma secure_delete = on")
        if is_new:
            with self.transaction() as connection:
                connection.execute(f"pragma application_id = {_APPLICATION}")
                connection.execute(f"pragma user_version = {SCHEMA_VERSION}")

    def _is_new(self) -> bool:
        # In one statement: another process may be creating it at this moment.
        ((version, application, tables),) = self.read(
            "select user_version, application_id, (select count(*) from sqlite_schema)"
            " from pragma_user_version, pragma_application_id"
        )
        if (version, application, tables) == (0, 0, 0):
            return True
        if application != _APPLICATION:
            raise StoreUnavailable(
                f"{self._name} is another program's database; set CONVERSATIONS_DB"
            )
        if version != SCHEMA_VERSION:
            raise StoreUnavailable(
                f"{self._name} has form {version}, this version reads form {SCHEMA_VERSION}: "
                "use the version that wrote it, or move the file away"
            )
        return False

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; within another one of the same thread, a part of that."""
        with self._lock, self._reported():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                # After some errors SQLite has rolled back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def read(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        with self._lock, self._reported():
            return self._connection.execute(query, values).fetchall()

    def wipe(self) -> None:
        """Write the file anew, so that nothing of deleted rows is left in its bytes.

        `secure_delete` zeroes most of it, but not what a page holds from before it was split.
        Takes up to four seconds for 270 MB (20,000 traces), in which other writers wait. Where a
        reader is in the way, the log says so, and the next wipe does the rest.
        """
        with self._lock, self._reported():
            try:
                self._connection.execute("vacuum")
                emptied = self._connection.execute("pragma wal_checkpoint(truncate)").fetchone()
                is_busy = bool(emptied[0])
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    raise
                is_busy = True
        if is_busy:
            _log.warning("deleted rows may still be in the bytes of %s: it is in use", self._name)

    def close(self) -> None:
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreUnavailable(
                f"{self._name} can not be used ({error}): free it or its disk, or move the file "
                "away, or set CONVERSATIONS_DB"
            ) from error


def _create(path: Path) -> None:
    """The empty file, where there is none; SQLite gives its companions the same mode.

    An existing one is not even opened: closing it would end the locks that another
    connection of this process has on it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Readers and a writer then do not wait for each other; two openers at once take turns.

    SQLite does not wait by itself where the mode of the file changes.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def storable(text: str) -> str:
    """Half a character, as broken JSON may bring it, can not be written: `?` in its place."""
    return text.encode("utf-8", "replace").decode("utf-8")
