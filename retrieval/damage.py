"""What engines throw at damaged files, as one error that says what to do.

FAISS, tantivy and SQLite each have their own: RuntimeError, ValueError, a panic of Rust that is
not even an `Exception`. Not every one comes when a file is opened: tantivy and SQLite read
a block when a search first needs it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from retrieval.errors import IndexDamaged

_THROWN = (OSError, RuntimeError, ValueError, MemoryError, sqlite3.Error)
# Its class can not be imported; it derives from BaseException so that nobody catches it unaware.
_PANIC = "PanicException"


@contextmanager
def reading(name: str, *also: type[Exception]) -> Iterator[None]:
    """
    Args:
        name: the file or folder of the snapshot that is read, for the message.
        also: errors that only damage can cause where this is used.

    Raises:
        IndexDamaged: an engine could not make sense of it.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a fault of the caller, not of the file
    except BaseException as error:
        if isinstance(error, (*_THROWN, *also)) or type(error).__name__ == _PANIC:
            raise damaged(name) from error
        raise


def damaged(name: str) -> IndexDamaged:
    return IndexDamaged(f"{name} of the index is damaged: run `python ingest.py` to rebuild it")
