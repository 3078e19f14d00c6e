"""`python ingest.py` as a person or a program runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.settings import PROJECT
from retrieval.snapshot import current_folder, read_manifest

SEEDS = sorted((PROJECT / "seeds").iterdir())


@pytest.fixture
def vectors(seed_vectors: Path, tmp_path: Path) -> Path:
    """A folder of its own, whose index has the five articles."""
    folder = tmp_path / "vectors"
    shutil.copytree(seed_vectors, folder)
    return folder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The first two of the five."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    for path in SEEDS[:2]:
        shutil.copy(path, folder)
    return folder


def ingest(vectors: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "ingest.py", "--vectors", str(vectors), *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)


def articles_of(vectors: Path) -> int:
    return read_manifest(current_folder(vectors)).articles


def test_back_and_on_again(vectors: Path, seeds: Path) -> None:
    """`rollback` says which index is in use now; there is no further one."""
    assert ingest(vectors, "--seeds", seeds).returncode == 0
    assert articles_of(vectors) == 2
    back = ingest(vectors, "rollback")
    none = ingest(vectors, "rollback")

    assert (back.returncode, none.returncode) == (0, 2)
    assert back.stdout.endswith(", 5 articles\n")
    assert "before the one in use" in none.stderr
    assert articles_of(vectors) == 5


def test_lines_of_progress_for_programs(vectors: Path, seeds: Path) -> None:
    """The last of each kind says that all is done; the summary is apart from them."""
    (seeds / "bulk.jsonl").write_text(
        json.dumps({"text": "Sáng 23/7, Sơn La tổ chức hội nghị về công tác dân vận."}) + "\n{",
        encoding="utf-8",
    )
    done = ingest(vectors, "--seeds", seeds, "--json")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    report = json.loads(done.stdout)

    assert done.returncode == 1
    assert [one["path"] for one in report["skipped"]] == [f"{seeds / 'bulk.jsonl'}:2"]
    assert {line["embedding"] for line in lines} == {"passages", "sentences"}
    assert [line["done"] == line["total"] for line in lines][-1]
    assert set(lines[0]) == {"embedding", "done", "total", "per_second", "seconds_left"}


@pytest.mark.parametrize("name", ["none.jsonl", "article.txt"])
def test_a_file_that_holds_no_lines_is_refused(vectors: Path, seeds: Path, name: str) -> None:
    """Before anything is done."""
    (seeds / "article.txt").write_text("a")
    done = ingest(vectors, "--seeds", seeds, "--jsonl", seeds / name)

    assert done.returncode == 2
    assert "see --jsonl, or SEEDS_JSONL" in done.stderr
    assert articles_of(vectors) == 5


def test_a_folder_is_followed(vectors: Path, seeds: Path) -> None:
    """What is added, changed or taken away is in the index soon after; SIGTERM ends it."""
    command = [sys.executable, "ingest.py", "--watch", "--quiet"]
    watching = subprocess.Popen(
        [*command, "--seeds", str(seeds), "--vectors", str(vectors)], cwd=PROJECT
    )
    try:
        wait_for(lambda: articles_of(vectors) == 2)
        shutil.copy(SEEDS[2], seeds)
        wait_for(lambda: articles_of(vectors) == 3)
        for path in seeds.iterdir():
            path.unlink()
        shutil.copy(SEEDS[3], seeds)
        wait_for(lambda: articles_of(vectors) == 1)
        watching.terminate()
        assert watching.wait(30) == 0
    finally:
        watching.kill()
        watching.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)
