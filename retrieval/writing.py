"""What engines throw where a disk is full or may not be written to, as one error that says so.

SQLite, tantivy and FAISS each have their own, and an operating system has several.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import IndexUnwritten, ServiceError

_NO_SPACE = "no space is left on the disk"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SAYS_FULL = re.compile(
    r"No space left|disk is full|Disk quota|os error (?:28|122)\b", re.IGNORECASE
)
_SAYS_FORBIDDEN = re.compile(r"Read-only file system|Permission denied|os error (?:1|13|30)\b")


@contextmanager
def writing(vectors: Path) -> Iterator[None]:
    """
    Raises:
        IndexUnwritten: the disk is full, or something else is wrong with it.
    """
    try:
        yield
    except ServiceError:
        raise
    except BaseException as error:
        # A panic of tantivy's is no `Exception`; of what is none of these nobody knows the cause.
        if reason := _reason(error):
            cure = "make room" if reason == _NO_SPACE else "mend that"
            raise IndexUnwritten(
                f"the new index can not be written to {vectors} ({reason}): {cure}, and run "
                "`python ingest.py` again; until then an earlier index, where there is one, "
                "answers, and what was embedded is kept as far as there was room"
            ) from error
        raise


def _reason(error: BaseException) -> str | None:
    says = str(error)
    if getattr(error, "errno", None) in _FULL or _SAYS_FULL.search(says):
        return _NO_SPACE
    if isinstance(error, BrokenPipeError):  # whoever reads the progress has left
        return None
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror or says
    if isinstance(error, sqlite3.OperationalError):
        return says
    if found := _SAYS_FORBIDDEN.search(says):
        return found[0]
    return None
