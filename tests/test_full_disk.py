"""A disk that is full, or that may only be read: the old index answers, and nothing is lost.

The disks are real ones of a few MB, mounted for one process alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from retrieval.settings import PROJECT
from retrieval.snapshot import models_folder
from tests.full_disk import ARTICLES

ALONE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]


def may_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = [*ALONE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not may_mount(), reason="no disk may be mounted here")


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What became of each ingest, with less room and with more."""
    folder = tmp_path_factory.mktemp("disk")
    command = [*ALONE, sys.executable, "-m", "tests.full_disk", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_old_index_answers_until_there_is_room(times: list[dict[str, Any]]) -> None:
    """Wherever the room ends; half an index is nowhere left."""
    *full, enough, read_only = times

    assert {one["answers"] for one in full} == {1}
    assert (enough["answers"], enough["said"]) == (ARTICLES, "")
    assert read_only["answers"] == ARTICLES
    assert all(one["left"] == [] for one in times)


def test_it_is_said_in_one_sentence_what_to_do(times: list[dict[str, Any]]) -> None:
    """Whichever engine could not write."""
    *full, _, read_only = times

    assert {"remembering", "dense", "sparse", "record_file"} <= {one["part"] for one in full}
    assert {one["said"].partition(" is left")[0].rpartition("(")[2] for one in full} == {"no space"}
    assert all("again" in one["said"] and "\n" not in one["said"] for one in full)
    assert "can not be written (Read-only file system): let this user" in read_only["said"]


def test_what_was_embedded_is_not_embedded_again(times: list[dict[str, Any]]) -> None:
    """What had found room, and all of it where only the index itself did not."""
    *full, enough, _ = times
    whole = enough["embedded_before"]
    kept = [one["embedded_before"] for one in full]
    first, *later = [one for one in full if one["part"] not in {"remembering", "record_file"}]

    assert kept == sorted(kept)
    assert 0 < first["embedded_before"] < whole
    assert first["embedded_before"] + first["embedded"] == whole
    assert {one["embedded"] for one in [*later, enough]} == {0}


def test_the_command_says_so_too(tmp_path: Path) -> None:
    """With the status of an ingest that could not do anything."""
    (tmp_path / "models").symlink_to(models_folder(PROJECT / "vectors"))
    (tmp_path / "disk").mkdir()
    steps = (
        'mount -t tmpfs -o size=200k tmpfs "$1/disk" && ln -s "$1/models" "$1/disk" && '
        'exec "$2" ingest.py --quiet --seeds seeds --vectors "$1/disk"'
    )
    command = [*ALONE, "sh", "-c", steps, "sh", str(tmp_path), sys.executable]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)

    assert done.returncode == 2
    assert done.stderr.startswith(f"ingest: the new index can not be written to {tmp_path}/disk")
    assert done.stderr.count("\n") == 1
