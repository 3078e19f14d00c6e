from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from retrieval import index_files, snapshot
from retrieval.building import build
from retrieval.errors import (
    IndexDamaged,
    IndexIncompatible,
    IndexMissing,
    IndexUnwritten,
    SettingsError,
)
from retrieval.index import Index
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from tests.fakes import LetterEncoder

ARTICLE = """Hội nghị dân vận ở Bắc Kạn

Thứ Ba, 23/7/2024

Sáng 23/7, Ban Dân vận Tỉnh ủy Bắc Kạn tổ chức hội nghị về công tác dân vận năm {number}.

Đồng chí Trưởng ban đề nghị các đơn vị tiếp tục phối hợp chặt chẽ với nhân dân.
"""


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number in (1, 2, 3):
        write_article(folder, number)
    return folder


def write_article(folder: Path, number: int) -> None:
    (folder / f"{number}.txt").write_text(ARTICLE.format(number=2000 + number), encoding="utf-8")


def test_what_is_built_can_be_opened(seeds: Path, tmp_path: Path) -> None:
    """The three parts and the manifest agree on what is in the index."""
    report = build(seeds, tmp_path / "v", LetterEncoder())
    index = Index.open(tmp_path / "v", "letters")

    assert (report.read, report.passages, report.encoded, report.unchanged) == (3, 3, 3, False)
    assert index.manifest.articles == 3
    assert index.passages.count == index.sparse.count == index.manifest.passages == 3
    for article, passage in index.records.passages([2, 0, 1]):
        assert article.text[passage.start : passage.end] == passage.text
        assert article.label == "Bắc Kạn, 23/7/2024"


def test_building_again_does_nothing(seeds: Path, tmp_path: Path) -> None:
    """Same files, code and model: no passage is encoded, the snapshot stays."""
    encoder = LetterEncoder()
    build(seeds, tmp_path / "v", encoder)
    before = snapshot.current_folder(tmp_path / "v")
    encoder.encoded.clear()
    report = build(seeds, tmp_path / "v", encoder)

    assert report.unchanged
    assert (report.read, report.passages, report.encoded) == (3, 3, 0)
    assert encoder.encoded == []
    assert snapshot.current_folder(tmp_path / "v") == before


def test_only_what_is_new_is_encoded(seeds: Path, tmp_path: Path) -> None:
    """A new file costs its own passages; a deleted one is gone."""
    encoder = LetterEncoder()
    build(seeds, tmp_path / "v", encoder)
    encoder.encoded.clear()
    (seeds / "1.txt").unlink()
    write_article(seeds, 4)
    report = build(seeds, tmp_path / "v", encoder)
    index = Index.open(tmp_path / "v", "letters")

    # The passage, and of its two sentences the one that no other article has.
    assert (report.read, report.encoded, len(encoder.encoded)) == (3, 1, 2)
    assert [article.id for article in index.records.articles()] == ["2.txt", "3.txt", "4.txt"]
    rebuilt = build(seeds, tmp_path / "w", encoder)
    assert rebuilt.encoded == 3
    fresh = Index.open(tmp_path / "w", "letters")
    assert (fresh.passages.vectors([0, 1, 2]) == index.passages.vectors([0, 1, 2])).all()


def test_a_sidecar_is_part_of_the_corpus(seeds: Path, tmp_path: Path) -> None:
    """A corrected label takes effect, though the article itself is unchanged."""
    build(seeds, tmp_path / "v", LetterEncoder())
    (seeds / "1.json").write_text('{"province": "Cao Bằng"}', encoding="utf-8")
    build(seeds, tmp_path / "v", LetterEncoder())
    index = Index.open(tmp_path / "v", "letters")

    assert [a.label for a in index.records.articles() if a.id == "1.txt"] == ["Cao Bằng, 23/7/2024"]


def test_skipped_files_are_reported_every_time(seeds: Path, tmp_path: Path) -> None:
    """What could not be read is said again when nothing had to be done."""
    (seeds / "empty.txt").write_text(" \n", encoding="utf-8")
    first = build(seeds, tmp_path / "v", LetterEncoder())
    second = build(seeds, tmp_path / "v", LetterEncoder())

    assert [Path(skipped.path).name for skipped in first.skipped] == ["empty.txt"]
    assert second.unchanged
    assert second.skipped == first.skipped


def test_a_name_in_two_spellings_is_read_once(seeds: Path, tmp_path: Path) -> None:
    """The second of two files whose names differ only in Unicode form is reported."""
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "Hòa.txt")
        (seeds / name).write_text(ARTICLE.format(number=2009), encoding="utf-8")
    report = build(seeds, tmp_path / "v", LetterEncoder())

    assert report.read == 4
    assert ["has the same name" in skipped.reason for skipped in report.skipped] == [True]


def test_odd_files_are_reported_and_hold_nothing_up(seeds: Path, tmp_path: Path) -> None:
    """A pipe, a loop and a name that is no UTF-8 are skipped; the rest is ingested."""
    os.mkfifo(seeds / "pipe.txt")
    (seeds / "loop").symlink_to(seeds)
    Path(os.fsdecode(os.fsencode(seeds) + b"/\xff.txt")).write_text(
        ARTICLE.format(number=2009), encoding="utf-8"
    )
    report = build(seeds, tmp_path / "v", LetterEncoder())

    assert report.read == 3
    assert sorted(Path(skipped.path).name for skipped in report.skipped) == [
        "\\xff.txt",
        "pipe.txt",
    ]


def test_nothing_usable_leaves_the_index(seeds: Path, tmp_path: Path) -> None:
    """A folder that was emptied by mistake does not take the answers away."""
    build(seeds, tmp_path / "v", LetterEncoder())
    for path in seeds.iterdir():
        path.write_text("", encoding="utf-8")
    report = build(seeds, tmp_path / "v", LetterEncoder())

    assert (report.read, len(report.skipped)) == (0, 3)
    assert Index.open(tmp_path / "v", "letters").manifest.articles == 3


def test_missing_index(tmp_path: Path) -> None:
    """The message says which command builds one."""
    with pytest.raises(IndexMissing, match=r"python ingest\.py"):
        Index.open(tmp_path, "letters")


def test_another_model_is_refused(seeds: Path, tmp_path: Path) -> None:
    """Vectors of different models are never compared."""
    build(seeds, tmp_path / "v", LetterEncoder())

    with pytest.raises(IndexIncompatible, match=r"EMBEDDING_MODEL.*python ingest\.py"):
        Index.open(tmp_path / "v", "another")


def test_another_form_is_refused(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot of another version is rebuilt, not guessed at."""
    build(seeds, tmp_path / "v", LetterEncoder())
    monkeypatch.setattr(snapshot, "SCHEMA_VERSION", snapshot.SCHEMA_VERSION + 1)

    with pytest.raises(IndexIncompatible, match=r"python ingest\.py"):
        Index.open(tmp_path / "v", "letters")
    assert build(seeds, tmp_path / "v", LetterEncoder()).encoded == 3


@pytest.mark.parametrize(
    "name",
    ["passages/rows-000.faiss", "sentences/rows-000.faiss", "records.sqlite", "manifest.json"],
)
def test_a_cut_file_is_noticed_and_mended(seeds: Path, tmp_path: Path, name: str) -> None:
    """Opening says which file is damaged; the next ingest builds a whole index again."""
    build(seeds, tmp_path / "v", LetterEncoder())
    path = snapshot.current_folder(tmp_path / "v") / name
    put(path, path.read_bytes()[:-7])

    with pytest.raises(IndexDamaged, match=r"python ingest\.py"):
        Index.open(tmp_path / "v", "letters")
    build(seeds, tmp_path / "v", LetterEncoder())
    assert Index.open(tmp_path / "v", "letters").manifest.articles == 3


def alter(path: Path) -> None:
    """Its last bytes become others; the size stays."""
    content = path.read_bytes()
    put(path, content[:-8] + bytes(255 - byte for byte in content[-8:]))


def put(path: Path, content: bytes) -> None:
    """In place of the file: one that is mapped somewhere must not shrink under its reader."""
    written = path.with_name("written")
    written.write_bytes(content)
    written.replace(path)


@pytest.mark.parametrize(
    ("pattern", "encoded_again"),
    [
        ("sentences/rows-000.faiss", 4),
        ("passages/rows-000.faiss", 3),
        ("records.sqlite", 3 + 4),
        ("sparse/*.idx", 0),
        ("sparse_articles/*.term", 0),
        ("language/syllables.sqlite", 0),
    ],
)
def test_an_altered_file_of_the_right_size_is_noticed_and_mended(
    seeds: Path, tmp_path: Path, pattern: str, encoded_again: int
) -> None:
    """It is named, never searched; only what can not be trusted any more is embedded again."""
    encoder = LetterEncoder()
    build(seeds, tmp_path / "v", encoder)
    whole = Index.open(tmp_path / "v", "letters")
    (path,) = snapshot.current_folder(tmp_path / "v").glob(pattern)
    alter(path)
    encoder.encoded.clear()

    with pytest.raises(IndexDamaged, match=rf"{path.name}.*python ingest\.py"):
        Index.open(tmp_path / "v", "letters")
    assert not build(seeds, tmp_path / "v", encoder).unchanged
    assert len(encoder.encoded) == encoded_again
    mended = Index.open(tmp_path / "v", "letters")
    assert (mended.passages.vectors([0, 1, 2]) == whole.passages.vectors([0, 1, 2])).all()
    assert build(seeds, tmp_path / "v", encoder).unchanged


def test_a_large_snapshot_is_verified_where_there_is_time(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening to answer looks at sizes only; doctor and ingest read every byte."""
    build(seeds, tmp_path / "v", LetterEncoder())
    alter(snapshot.current_folder(tmp_path / "v") / "sentences/rows-000.faiss")
    monkeypatch.setattr(snapshot, "_VERIFIED_AT_ONCE", 1_000)

    Index.open(tmp_path / "v", "letters")
    with pytest.raises(IndexDamaged, match=r"sentences/rows-000\.faiss"):
        Index.open(tmp_path / "v", "letters", fully=True)
    assert not build(seeds, tmp_path / "v", LetterEncoder()).unchanged


@pytest.mark.parametrize(
    "name",
    [
        "records.sqlite",
        "language/syllables.sqlite",
        "passages/rows-000.faiss",
        "sentences/rows-000.faiss",
    ],
)
def test_what_is_only_noticed_in_searching_is_damage_too(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Where no digest was checked: a result or `IndexDamaged`, nothing else."""
    build(seeds, tmp_path / "v", LetterEncoder())
    monkeypatch.setattr(snapshot, "_VERIFIED_AT_ONCE", 0)
    path = snapshot.current_folder(tmp_path / "v") / name
    whole = path.read_bytes()
    part = len(whole) // 8
    noticed = 0
    for start in range(0, len(whole), part):
        path.write_bytes(
            whole[:start] + b"\xa5" * min(part, len(whole) - start) + whole[start + part :]
        )
        try:
            index = Index.open(tmp_path / "v", "letters")
            Retriever(index, LetterEncoder()).search("Cong tac dân vận ở Bắc Kạn")
            index.records.articles()
            index.records.days()
        except IndexDamaged:
            noticed += 1

    assert noticed >= 1


@pytest.mark.parametrize("content", [b"[]", b"{}", b"\xff", b'{"schema_version": %d}'])
def test_what_is_no_manifest(seeds: Path, tmp_path: Path, content: bytes) -> None:
    """Damaged too, whatever it holds instead."""
    build(seeds, tmp_path / "v", LetterEncoder())
    manifest = snapshot.current_folder(tmp_path / "v") / "manifest.json"
    manifest.write_bytes(content.replace(b"%d", str(snapshot.SCHEMA_VERSION).encode()))

    with pytest.raises(IndexDamaged, match=r"manifest\.json.*python ingest\.py"):
        Index.open(tmp_path / "v", "letters")
    assert build(seeds, tmp_path / "v", LetterEncoder()).encoded == 3


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"nowhere\n", b"\x00", b"x" * 5_000])
def test_what_names_no_snapshot(seeds: Path, tmp_path: Path, content: bytes) -> None:
    """`CURRENT` may hold anything after an accident."""
    build(seeds, tmp_path / "v", LetterEncoder())
    (tmp_path / "v" / "CURRENT").write_bytes(content)

    with pytest.raises(IndexDamaged, match=r"python ingest\.py"):
        Index.open(tmp_path / "v", "letters")
    assert build(seeds, tmp_path / "v", LetterEncoder()).read == 3


def test_a_file_in_place_of_the_folder(seeds: Path, tmp_path: Path) -> None:
    """The setting is named."""
    (tmp_path / "v").write_text("", encoding="utf-8")

    with pytest.raises(SettingsError, match="VECTORS_DIR"):
        Index.open(tmp_path / "v", "letters")
    with pytest.raises(SettingsError, match="VECTORS_DIR"):
        build(seeds, tmp_path / "v", LetterEncoder())


READ_ONLY_SCRIPT = """
import sys
from pathlib import Path
from retrieval.errors import IndexForbidden
from retrieval.index import Index
from retrieval.building import build
from retrieval.sparse import SparseQuery
from tests.fakes import LetterEncoder

seeds, vectors = map(Path, sys.argv[1:])
try:
    (vectors / "probe").touch()
except PermissionError:
    print(build(seeds, vectors, LetterEncoder()).unchanged)
    print(len(Index.open(vectors, "letters").sparse.search(SparseQuery("dân vận"), 9)))
    (seeds / "3.txt").unlink()
    try:
        build(seeds, vectors, LetterEncoder())
    except IndexForbidden as error:
        print(error)
"""


def test_an_index_that_may_only_be_read(seeds: Path, tmp_path: Path) -> None:
    """It is searched, and up to date as long as the files are; then it is said what is missing.

    The folder is made read-only; root, whom that does not stop, gives up the right to pass over it.
    """
    build(seeds, tmp_path / "v", LetterEncoder())
    as_anyone = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write everywhere")
        as_anyone = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    folders = [path for path in (tmp_path / "v").rglob("*") if path.is_dir()]
    for folder in (tmp_path / "v", *folders):
        folder.chmod(0o555)
    for file in (tmp_path / "v").rglob("*"):
        if file.is_file():
            file.chmod(0o444)
    command = [*as_anyone, sys.executable, "-c", READ_ONLY_SCRIPT, str(seeds), str(tmp_path / "v")]
    try:
        done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    finally:
        for folder in (tmp_path / "v", *folders):
            folder.chmod(0o755)

    unchanged, found, refusal = done.stdout.splitlines()
    assert (unchanged, found) == ("True", "3")
    assert "let this user write to the folder" in refusal
    assert done.stderr == ""


def test_others_may_read_what_was_written(seeds: Path, tmp_path: Path) -> None:
    """tantivy keeps some files to their owner; in a snapshot all are alike."""
    build(seeds, tmp_path / "v", LetterEncoder())
    folder = snapshot.current_folder(tmp_path / "v")

    assert len({path.stat().st_mode for path in folder.rglob("*") if path.is_file()}) == 1


def test_old_snapshots_are_removed(seeds: Path, tmp_path: Path) -> None:
    """The one in use and the one before it stay, and nothing half written."""
    (tmp_path / "v" / ".writing-killed").mkdir(parents=True)
    for number in range(4, 9):
        write_article(seeds, number)
        build(seeds, tmp_path / "v", LetterEncoder())

    assert len(list((tmp_path / "v").glob("*/manifest.json"))) == 2
    assert not list((tmp_path / "v").glob(".writing-*"))


def test_a_failed_write_keeps_the_old_index(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When writing fails in the middle, the old snapshot still answers and no rest remains."""
    build(seeds, tmp_path / "v", LetterEncoder())
    write_article(seeds, 9)

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_files, "write_records", full_disk)
    with pytest.raises(IndexUnwritten, match="no space is left"):
        build(seeds, tmp_path / "v", LetterEncoder())

    assert Index.open(tmp_path / "v", "letters").manifest.articles == 3
    assert not list((tmp_path / "v").glob(".writing-*"))


def test_a_killed_writer_leaves_the_old_index(seeds: Path, tmp_path: Path) -> None:
    """kill -9 between writing and publishing: the old snapshot is whole and in use."""
    build(seeds, tmp_path / "v", LetterEncoder())
    write_article(seeds, 9)
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from retrieval import snapshot; from retrieval.building import build\n"
        "from tests.fakes import LetterEncoder\n"
        "snapshot._replace_current = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "build(Path(sys.argv[1]), Path(sys.argv[2]), LetterEncoder())\n"
    )
    command = [sys.executable, "-c", script, str(seeds), str(tmp_path / "v")]
    ended = subprocess.run(command, cwd=PROJECT, check=False)

    assert ended.returncode == -9
    assert Index.open(tmp_path / "v", "letters").manifest.articles == 3
    assert build(seeds, tmp_path / "v", LetterEncoder()).read == 4


def test_manifest_is_readable_by_other_programs(seeds: Path, tmp_path: Path) -> None:
    """Its fields are a contract."""
    build(seeds, tmp_path / "v", LetterEncoder())
    folder = snapshot.current_folder(tmp_path / "v")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    assert sorted(manifest) == [
        "articles",
        "corpus",
        "created",
        "digests",
        "dimensions",
        "fingerprint",
        "passages",
        "schema_version",
        "sizes",
        "skipped",
    ]
