"""Whatever ends an ingest, the old index or the new one answers, and the work done is kept."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval import remembering, snapshot
from retrieval.building import build
from retrieval.encoders import Progress, Vectors
from retrieval.errors import IndexDamaged, IndexMissing, IndexUnwritten
from retrieval.index import Index
from retrieval.settings import PROJECT
from tests.fakes import LetterEncoder
from tests.test_index import alter, seeds, write_article

__all__ = ["seeds"]


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """kill -9, a hundred times: after each, an index that is whole, of one moment."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    arguments = [str(folder), str(tmp_path / "v"), "100", "7"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crashing_ingest", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) >= 30
    assert not list((tmp_path / "v").glob(".writing-*"))
    assert not list((tmp_path / "v").glob(".embedding*"))


class BreakingEncoder(LetterEncoder):
    """Encodes so many texts, and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if len(self.encoded) + len(texts) > self._most:
            raise OSError(28, "No space left on device")
        return super().encode_passages(texts, progress)


def test_what_was_embedded_is_kept(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next ingest embeds the rest, and leaves nothing lying about."""
    monkeypatch.setattr(remembering, "_CHUNK", 1)
    whole, first, second = LetterEncoder(), BreakingEncoder(4), LetterEncoder()
    build(seeds, tmp_path / "whole", whole)
    with pytest.raises(IndexUnwritten, match="no space"):
        build(seeds, tmp_path / "v", first)
    build(seeds, tmp_path / "v", second)

    assert len(first.encoded) == 4
    assert sorted(first.encoded + second.encoded) == sorted(whole.encoded)
    assert not list((tmp_path / "v").glob(".embedding*"))


def test_a_damaged_memory_is_begun_again(
    seeds: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It only saves work."""
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / ".embedding.sqlite").write_bytes(b"no database" * 1_000)

    assert build(seeds, tmp_path / "v", LetterEncoder()).read == 3
    assert "is damaged and is begun again" in caplog.text


def test_of_a_damaged_index_the_one_before_answers(
    seeds: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said, with what to do; who asks for the one in use alone is refused."""
    build(seeds, tmp_path / "v", LetterEncoder())
    write_article(seeds, 4)
    build(seeds, tmp_path / "v", LetterEncoder())
    alter(snapshot.current_folder(tmp_path / "v") / "passages/rows-000.faiss")
    index = Index.open(tmp_path / "v", "letters", or_earlier=True)

    assert index.manifest.articles == 3
    assert "passages/rows-000.faiss of the index is damaged: run `python ingest.py`" in caplog.text
    assert f"the index of {index.manifest.created} answers" in caplog.text
    with pytest.raises(IndexDamaged):
        Index.open(tmp_path / "v", "letters")


def test_no_snapshot_is_removed_while_it_is_read(seeds: Path, tmp_path: Path) -> None:
    """Nor later than the next ingest after that."""
    build(seeds, tmp_path / "v", LetterEncoder())
    index: Index | None = Index.open(tmp_path / "v", "letters")
    read = snapshot.current_folder(tmp_path / "v")
    for number in range(4, 7):
        write_article(seeds, number)
        build(seeds, tmp_path / "v", LetterEncoder(), keep=1)

    assert index is not None
    assert read.is_dir()
    assert len(list((tmp_path / "v").glob("*/manifest.json"))) == 2
    index = None
    write_article(seeds, 7)
    build(seeds, tmp_path / "v", LetterEncoder(), keep=1)
    assert not read.exists()


def test_as_many_snapshots_stay_as_are_asked_for(seeds: Path, tmp_path: Path) -> None:
    """The last of them."""
    for number in range(4, 9):
        write_article(seeds, number)
        build(seeds, tmp_path / "v", LetterEncoder(), keep=3)

    assert len(list((tmp_path / "v").glob("*/manifest.json"))) == 3


def test_back_to_the_index_before(seeds: Path, tmp_path: Path) -> None:
    """As far as there are any; the next ingest goes on from the files."""
    build(seeds, tmp_path / "v", LetterEncoder())
    write_article(seeds, 4)
    build(seeds, tmp_path / "v", LetterEncoder())
    snapshot.roll_back(tmp_path / "v")

    assert Index.open(tmp_path / "v", "letters").manifest.articles == 3
    with pytest.raises(IndexMissing, match="before the one in use"):
        snapshot.roll_back(tmp_path / "v")
    assert build(seeds, tmp_path / "v", LetterEncoder()).read == 4


def test_a_second_ingest_waits_and_says_so(
    seeds: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Then there is nothing left to do for it."""
    reports = []
    with snapshot.writer_lock(tmp_path / "v"):
        second = threading.Thread(
            target=lambda: reports.append(build(seeds, tmp_path / "v", LetterEncoder()))
        )
        second.start()
        while "waiting for it" not in caplog.text:
            pass
        assert not reports
    second.join()

    assert reports[0].read == 3
