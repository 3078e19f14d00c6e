"""What comes into the archive and goes out of it while the service runs."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import bot.archive
from bot.archive import Archive, IngestFailed, safe_name
from retrieval.schema import Article
from retrieval.settings import Settings


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path: Path, seeds: Path) -> Archive:
    """Of a service without an index."""
    paths = {"seeds_dir": seeds, "vectors_dir": tmp_path / "vectors"}
    settings = Settings.model_validate(paths)
    look = SimpleNamespace(look=lambda: None)
    return Archive(cast(Any, SimpleNamespace(retriever=None)), settings, cast(Any, look))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("báo cáo.docx", "báo cáo.docx"),
        (unicodedata.normalize("NFD", "báo cáo số 3.docx"), "báo cáo số 3.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\An\\bài.txt", "bài.txt"),
        ("a/.txt", "txt"),
        (".target.txt", "target.txt"),
        ("bài: 1*2?<3>|4.txt", "bài_ 1_2__3__4.txt"),
        ("a\0b\nc.txt", "a_b_c.txt"),
        (" .. bài (2) - cuối.TXT. ", "bài (2) - cuối.TXT"),
        ("bài", "bài"),
        ("...", "bai"),
        ("", "bai"),
        ("/", "bai"),
    ],
)
def test_a_name_is_one_that_any_file_system_takes(name: str, expected: str) -> None:
    """Composed, without folders, hidden files and signs; what was readable stays so."""

    assert safe_name(name) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [("a" * 200, 200), ("a" * 201, 200), ("ố" * 66, 198), ("ố" * 90, 198), ("aố" * 90, 200)],
)
def test_a_long_name_is_cut_by_its_bytes(stem: str, expected: int) -> None:
    """Never within a letter; its kind stays, and there is room for a number."""
    name = safe_name(f"{stem}.docx")

    assert name.endswith(".docx")
    assert len(name.removesuffix(".docx").encode()) == expected
    assert stem.startswith(name.removesuffix(".docx"))


def test_a_name_that_there_is_gets_a_number(archive: Archive, seeds: Path) -> None:
    """The first that is free; one of another kind is another name."""
    for name in ("a.txt", "a (2).txt", "a (4).txt", "b.md"):
        (seeds / name).touch()

    assert [archive.place_for(name).name for name in ("a.txt", "b.txt", "c.txt")] == [
        *("a (3).txt", "b.txt", "c.txt")
    ]


def ingest_that(ends: bool, seen: Callable[[], Any]) -> Any:
    """An ingest that looks at the archive and ends so."""

    async def ingest() -> bool:
        seen()
        return ends

    return ingest


@pytest.mark.parametrize("ends", [True, False])
def test_a_file_is_there_while_it_is_ingested(
    archive: Archive, seeds: Path, tmp_path: Path, ends: bool
) -> None:
    """And afterwards only where that went well."""
    sent = tmp_path / "sent.txt"
    sent.write_text("bài")
    during: list[list[str]] = []
    archive.ingest = ingest_that(  # type: ignore[method-assign]
        ends, lambda: during.append([one.name for one in seeds.iterdir()])
    )
    adding = archive.add(sent, archive.place_for("bài.txt"))
    if ends:
        asyncio.run(adding)
    else:
        with pytest.raises(IngestFailed):
            asyncio.run(adding)

    assert during == [["bài.txt"]]
    assert [one.name for one in seeds.iterdir()] == ["bài.txt"] * ends


def test_two_files_of_one_name_have_a_place_each(
    archive: Archive, seeds: Path, tmp_path: Path
) -> None:
    """Also where they come at the same time."""
    for name in ("1", "2"):
        (tmp_path / name).write_text(name)

    async def pause() -> bool:
        await asyncio.sleep(0.01)
        return True

    async def add_both() -> list[Path]:
        archive.ingest = pause  # type: ignore[method-assign]
        return await asyncio.gather(*(archive.add_new(tmp_path / n, "bài.txt") for n in "12"))

    first, second = asyncio.run(add_both())
    assert (first.name, second.name) == ("bài.txt", "bài (2).txt")
    assert (first.read_text(), second.read_text()) == ("1", "2")


def article(path: Path) -> Article:
    return Article(path.name, "T", "Văn bản.", None, None, None, str(path))


@pytest.mark.parametrize("ends", [True, False])
def test_an_article_is_gone_while_it_is_ingested(archive: Archive, seeds: Path, ends: bool) -> None:
    """With its corrections; where that fails, both are back as they were."""
    for name in ("a.txt", "a.json", "ab.txt", "ab.json"):
        (seeds / name).write_text(name)
    during: list[set[str]] = []

    def look() -> None:
        during.append({one.name for one in seeds.iterdir() if one.name[0] != "."})

    archive.ingest = ingest_that(ends, look)  # type: ignore[method-assign]
    removing = archive.remove(article(seeds / "a.txt"))
    if ends:
        asyncio.run(removing)
    else:
        with pytest.raises(IngestFailed):
            asyncio.run(removing)
    left = {one.name: one.read_text() for one in seeds.iterdir()}

    assert during == [{"ab.txt", "ab.json"}]
    expected = ["ab.txt", "ab.json"] if ends else ["a.txt", "a.json", "ab.txt", "ab.json"]
    assert left == {name: name for name in expected}


def test_what_lies_elsewhere_is_not_touched(archive: Archive, seeds: Path, tmp_path: Path) -> None:
    """The index may have been built from another folder than SEEDS_DIR is now."""
    elsewhere = tmp_path / "others" / "a.txt"
    elsewhere.parent.mkdir()
    elsewhere.touch()
    archive.ingest = ingest_that(True, lambda: None)  # type: ignore[method-assign]
    for path in (elsewhere, seeds / ".." / "others" / "a.txt", seeds.parent / "seeds-2" / "a.txt"):
        with pytest.raises(IngestFailed):
            asyncio.run(archive.remove(article(path)))

    assert elsewhere.exists()


def test_corrections_of_another_article_stay(archive: Archive, seeds: Path) -> None:
    """Two files of one name share them."""
    for name in ("a.txt", "a.docx", "a.json"):
        (seeds / name).touch()
    archive.ingest = ingest_that(True, lambda: None)  # type: ignore[method-assign]
    asyncio.run(archive.remove(article(seeds / "a.txt")))

    assert {one.name for one in seeds.iterdir()} == {"a.docx", "a.json"}


@pytest.mark.parametrize(
    ("code", "expected"), [(0, True), (1, True), (2, False), (-9, False), (None, False)]
)
def test_how_an_ingest_ended(
    archive: Archive,
    seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    code: int | None,
    expected: bool,
) -> None:
    """1: files were skipped; None: it did not end, and is killed. What it said is logged."""
    killed: list[bool] = []
    started: list[tuple[str, ...]] = []

    async def communicate() -> tuple[None, bytes]:
        if code is None:
            await asyncio.sleep(60)
        return None, "lỗi\n".encode()

    async def start(*command: str, **_: object) -> object:
        started.append(command)
        return SimpleNamespace(
            communicate=communicate, kill=lambda: killed.append(True), returncode=code
        )

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    monkeypatch.setattr(bot.archive, "_INGEST_SECONDS", 0.01)

    assert asyncio.run(archive.ingest()) is expected
    assert killed == [True] * (code is None)
    assert ("lỗi" in caplog.text) is (code is not None)
    assert str(seeds) in started[0]
