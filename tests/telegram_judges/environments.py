"""Where the judges are installed, and what to say where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.settings import PROJECT
from tests.telegram_judges.newer_python import NONE_FOUND, newer_python

_TELEMELYA = PROJECT / ".venv-telemelya"
_TG_AUTO_TEST = PROJECT / ".venv-tg-auto-test"


def telemelya_python() -> Path:
    """
    Raises:
        RuntimeError: it is not installed.
    """
    return _python_of(_TELEMELYA)


def tg_auto_test_python() -> Path:
    """Skips the test where this machine has no Python that is new enough.

    Raises:
        RuntimeError: it is not installed, but could be.
    """
    if not _TG_AUTO_TEST.exists() and newer_python() is None:
        pytest.skip(NONE_FOUND)
    return _python_of(_TG_AUTO_TEST)


def _python_of(environment: Path) -> Path:
    python = environment / "bin" / "python"
    if not python.exists():
        raise RuntimeError(
            f"{environment.name} is missing: `make test-telegram` creates it and runs these tests."
        )
    return python
