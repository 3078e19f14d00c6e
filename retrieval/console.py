"""What every command line needs of its terminal."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable
from typing import NoReturn

_READER_LEFT = 141


def run(main: Callable[[], int]) -> NoReturn:
    """End the process with what `main` returns.

    Where the reader of its output has seen enough (`… | head -1`), that is no error to report:
    the status is what a shell gives for it.
    """
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = _READER_LEFT
    sys.exit(status)


def prepare_console() -> None:
    """UTF-8 out whatever the locale is, and log lines without time stamps on stderr.

    A character that can not be encoded (half of a file name, say) is escaped rather than fatal.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")


def as_typed(argument: str) -> str:
    """An argument as UTF-8, also where the locale made Python read it as something else."""
    return os.fsencode(argument).decode("utf-8", "replace")
