"""Figures with what they were taken by."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from retrieval.settings import PROJECT


def write_figures(path: Path, figures: dict[str, Any]) -> None:
    """With commit, machine, command and day; a checkout with changes is marked by `+`."""
    # Where files lie is nobody else's matter.
    arguments = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    taken = {
        "commit": _git("rev-parse", "--short", "HEAD") + ("+" if _git("diff", "HEAD") else ""),
        "machine": f"{_processor()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "command": f"python -m benchmarks.{Path(sys.argv[0]).stem} {' '.join(arguments)}",
        "day": datetime.date.today().isoformat(),
    }
    text = json.dumps(taken | figures, indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True)
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
