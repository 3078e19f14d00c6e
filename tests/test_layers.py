"""What may import what, and what starting may cost."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.settings import PROJECT

HEAVY = (
    *("torch", "transformers", "sentence_transformers", "trafilatura", "docx", "pypdf", "openai"),
    *("telegram", "fastapi", "uvicorn", "mcp", "prometheus_client", "limits"),
)


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_retrieval_knows_nothing_of_the_bot() -> None:
    """The library is usable without Telegram, HTTP and an LLM."""
    modules = list((PROJECT / "retrieval").glob("*.py"))

    assert modules
    assert [
        path.name for path in modules if imported(path) & {"bot", "telegram", "openai", "fastapi"}
    ] == []


@pytest.mark.parametrize("module", ["bot.__main__", "retrieval.__main__", "ingest"])
def test_starting_is_light(module: str) -> None:
    """What only one command needs is imported there."""
    script = f"import {module}, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
