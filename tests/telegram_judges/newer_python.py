"""Prints the path of a Python that tg-auto-test runs with: `python -m ...newer_python`.

Looked for among the commands of this shell and the versions that pyenv installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_VERSIONS = ("3.12", "3.13", "3.14")
# pyenv leaves a `python3.12` on PATH that only says that it is not switched on, and Debian's
# Python can not make environments until a package is added.
_TRIAL = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))"

NONE_FOUND = (
    "tg-auto-test needs Python 3.12 or newer, and there is none on PATH or among pyenv's "
    "versions: the tests with it are skipped."
)


def newer_python() -> Path | None:
    """A Python that can make an environment for tg-auto-test; None where there is none."""
    return next(filter(_is_fit, _candidates()), None)


def _candidates() -> Iterator[Path]:
    yield Path(sys.executable)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in _VERSIONS:
        for folder in os.get_exec_path():
            yield Path(folder) / f"python{version}"
        yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)


def _is_fit(python: Path) -> bool:
    if not python.is_file():
        return False
    try:
        trial = subprocess.run([python, "-c", _TRIAL], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


if __name__ == "__main__":
    found = newer_python()
    if found is None:
        sys.exit(NONE_FOUND)
    print(found)
