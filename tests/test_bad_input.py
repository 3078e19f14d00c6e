"""Whatever lies in the folder: it is named with a reason, and everything else is in the index."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from retrieval import corpus, documents
from retrieval.articles import article_paths, read_article
from retrieval.building import Report, build
from retrieval.documents import CHANGING
from retrieval.errors import ArticleError
from retrieval.index import Index
from retrieval.jsonl import read_lines
from retrieval.schema import Article
from retrieval.settings import PROJECT
from retrieval.snapshot import Skipped, models_folder
from tests.fakes import LetterEncoder
from tests.reading import read_all

TEXT = (
    "Hội nghị số {0}\nBẮC KẠN, ngày 3/9/2024\n"
    "Sáng 3/9, Bắc Kạn tổ chức hội nghị số {0} về công tác dân vận ở cơ sở.\n"
)
TWO_GB = 2 * 1024**3
# Far more than all of it takes: what is waited for is told.
PATIENCE = 120.0
# Bytes; reading one of the large files whole would take three times as many.
MOST_MEMORY = 700 * 1024**2
MANY = 1_000
NOBODY = 65_534


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder with one article."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    write(folder / "good.txt", 1)
    return folder


def write(path: Path, number: int) -> None:
    path.write_text(TEXT.format(number), encoding="utf-8")


def record(number: int) -> str:
    return json.dumps({"id": f"r{number}", "text": TEXT.format(number)}, ensure_ascii=False)


def sparse(path: Path) -> None:
    """2 GB that take no place on the disk."""
    with path.open("wb") as file:
        file.truncate(TWO_GB)


def built(seeds: Path) -> Report:
    return build(seeds, seeds.parent / "v", LetterEncoder())


def reasons(skipped: Sequence[Skipped], seeds: Path) -> dict[str, str]:
    """By the name below the folder."""
    return {one.path.removeprefix(f"{seeds}/"): one.reason for one in skipped}


def ids(vectors: Path) -> set[str]:
    return {one.id for one in Index.open(vectors, "letters").records.articles(10_000)}


def test_all_of_it_at_once(seeds: Path, tmp_path: Path) -> None:
    """By the command: a line each, status 1, and neither much memory nor a traceback."""
    for suffix in ("txt", "html", "pdf", "docx", "md", "jsonl", "jsonl.gz"):
        sparse(seeds / f"huge.{suffix}")
    (seeds / "loop.txt").symlink_to("loop.txt")
    (seeds / "around").symlink_to(seeds)
    (seeds / "gone.txt").symlink_to("nowhere")
    (seeds / "odd-link.txt").symlink_to(os.fsdecode(b"no\xffwhere"))
    (seeds / os.fsdecode(b"b\xe0i.txt")).symlink_to("good.txt")
    (seeds / os.fsdecode(b"bai.\xff")).symlink_to("good.txt")
    for name in ("pipe.txt", "pipe.jsonl", "pipe.json", "pipe"):
        os.mkfifo(seeds / name)
    outside = tmp_path / "outside"
    outside.mkdir()
    write(outside / "bai.txt", 2)
    (seeds / "linked").symlink_to(outside)
    composed, decomposed = (unicodedata.normalize(f, "hội nghị.txt") for f in ("NFC", "NFD"))
    write(seeds / composed, 3)
    write(seeds / decomposed, 4)
    (seeds / "lines.jsonl").write_text(f"{record(5)}\n{{\n{record(6)}\n", encoding="utf-8")
    vectors = tmp_path / "vectors"
    vectors.mkdir()
    models_folder(vectors).symlink_to(models_folder(PROJECT / "vectors"))
    # The limit is of what is asked for: of all that is mapped, the libraries are the most.
    limited = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_DATA, "
        f"({MOST_MEMORY}, {MOST_MEMORY})); sys.argv = sys.argv[1:]; "
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    arguments = ["ingest.py", "--json", "--seeds", str(seeds), "--vectors", str(vectors)]
    command = [sys.executable, "-c", limited, *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert "Traceback" not in done.stderr
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["read"] == 5
    no_json = "is no JSON in UTF-8; each line is an object with text, and maybe id, title, source,"
    assert reasons([Skipped(**one) for one in report["skipped"]], seeds) == {
        **{f"huge.{suffix}": "larger than 20 MB" for suffix in ("txt", "html", "pdf", "docx")},
        "huge.md": "larger than 20 MB",
        "huge.jsonl:1": "longer than 20 MB",
        "huge.jsonl.gz:1": "can not be read from here on (BadGzipFile)",
        "loop.txt": "is a link that leads back to itself",
        "gone.txt": "is a link to nowhere, which does not exist",
        "odd-link.txt": r"is a link to no\xffwhere, which does not exist",
        r"b\xe0i.txt": "its name is no valid UTF-8; rename it",
        r"bai.\xff": r"unsupported format: .\xff",
        "pipe.txt": "is not a regular file",
        "pipe.jsonl": "is not a regular file",
        "pipe": "unsupported format: no suffix",
        composed: f"has the same name as {seeds}/{decomposed}",
        "lines.jsonl:2": f"{no_json} date, province, url",
    }


@pytest.fixture
def while_reading(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What is to happen once a file was read, before it is looked at again: one a reading."""

    def happens(*events: Callable[[], object] | None) -> None:
        coming = iter(events)
        has_changed = documents.has_changed

        def changed_meanwhile(before: os.stat_result, descriptor: int) -> bool:
            if event := next(coming, None):
                event()
            return has_changed(before, descriptor)

        monkeypatch.setattr(documents, "has_changed", changed_meanwhile)

    return happens


def test_a_file_that_changes_is_read_again(seeds: Path, while_reading: Callable[..., None]) -> None:
    """Until it stays as it is; one that does not is named."""
    path = seeds / "good.txt"
    while_reading(lambda: write(path, 22), lambda: path.write_text("", encoding="utf-8"))
    with pytest.raises(ArticleError, match="is empty"):
        read_article(path)
    while_reading(*[lambda: path.write_text(path.read_text() + "a")] * 3)
    with pytest.raises(ArticleError, match=CHANGING):
        read_article(path)


def test_a_file_that_grows_beyond_bounds_is_not_followed(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size had been looked at before."""
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((0,) * 10))
    with pytest.raises(ArticleError, match="larger than"):
        read_article(seeds / "good.txt")


def cut(path: Path) -> None:
    os.truncate(path, 10)


def extend(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{record(3)}\n")


@pytest.mark.parametrize(("change", "last"), [(cut, 2), (extend, 3)])
def test_lines_that_change_are_named(
    seeds: Path, change: Callable[[Path], None], last: int
) -> None:
    """What was read of them counts."""
    path = seeds / "lines.jsonl"
    path.write_text(f"{record(1)}\n{record(2)}\n", encoding="utf-8")
    lines = read_lines(path, seeds)
    first = next(lines)
    change(path)
    *articles, fault = [first, *lines]

    assert [one.id for one in articles if isinstance(one, Article)] == [
        f"lines.jsonl/r{number}" for number in range(1, last + 1)
    ]
    assert fault == (last, CHANGING)


@pytest.mark.parametrize("suffix", ["txt", "jsonl"])
def test_what_was_not_read_is_not_taken_for_read(
    seeds: Path, while_reading: Callable[..., None], suffix: str
) -> None:
    """A file that is another one, or is missing, just while it is read: the next ingest sees."""
    path, aside = seeds / f"more.{suffix}", seeds / ".aside"
    path.write_text(TEXT.format(2) if suffix == "txt" else record(2), encoding="utf-8")
    write(seeds / "z.txt", 3)
    before = path.stat()
    back = (before.st_atime_ns, before.st_mtime_ns)
    while_reading(lambda: path.rename(aside), lambda: aside.rename(path))
    first = built(seeds)
    os.utime(path, ns=back)
    second = built(seeds)

    assert (first.read, second.read) == (2, 3)
    assert f"more.{suffix}" in reasons(first.skipped, seeds)
    assert not second.unchanged
    assert second.skipped == ()
    assert built(seeds).unchanged


def test_a_file_that_changes_after_it_was_read_is_named(
    seeds: Path, while_reading: Callable[..., None]
) -> None:
    """What was read is in the index, what came later is in the next one."""
    write(seeds / "more.txt", 2)
    while_reading(None, lambda: write(seeds / "good.txt", 33))
    first = built(seeds)
    second = built(seeds)

    assert first.read == 2
    assert reasons(first.skipped, seeds) == {
        "good.txt": "was changed during the ingest; the next one reads it again"
    }
    assert (second.read, second.skipped) == (2, ())


def test_a_large_file_whose_time_was_set_back_is_read(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one over 20 MB, which are 100 bytes here, the content is not looked at each time."""
    monkeypatch.setattr(corpus, "MAX_BYTES", 100)
    path = seeds / "lines.jsonl"
    path.write_text(record(1), encoding="utf-8")
    before = path.stat()
    assert built(seeds).read == 2
    assert built(seeds).unchanged
    path.write_text(record(2), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert path.stat().st_size == before.st_size
    assert not built(seeds).unchanged
    assert "lines.jsonl/r2" in ids(seeds.parent / "v")


def test_corrections_in_a_linked_folder_are_followed(seeds: Path, tmp_path: Path) -> None:
    """As the articles there are."""
    outside = tmp_path / "outside"
    outside.mkdir()
    write(outside / "bai.txt", 2)
    (seeds / "linked").symlink_to(outside)
    assert built(seeds).read == 2
    (outside / "bai.json").write_text('{"province": "Lai Châu"}', encoding="utf-8")

    assert not built(seeds).unchanged
    articles = Index.open(tmp_path / "v", "letters").records.articles()
    assert {one.id: one.province for one in articles}["linked/bai.txt"] == "Lai Châu"


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder of articles of which some may not be read; root becomes somebody who may not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        seeds = Path(folder) / "seeds"
        for name in ("file", "folder", "names"):
            (seeds / name).mkdir(parents=True)
            write(seeds / name / "bai.txt", 1)
        write(seeds / "good.txt", 2)
        (seeds / "file" / "bai.txt").chmod(0)
        (seeds / "folder").chmod(0)
        (seeds / "names").chmod(0o444)
        read_article(seeds / "good.txt")  # what this needs itself is read before
        user = os.geteuid()
        if user == 0:
            os.seteuid(NOBODY)
        try:
            yield seeds
        finally:
            os.seteuid(user)
            for name in ("folder", "names"):
                (seeds / name).chmod(0o755)


def test_what_may_not_be_read_is_named(closed: Path) -> None:
    """A file, a folder, and a folder of which only the names may be read."""
    articles, skipped = read_all(article_paths(closed), closed)

    assert [one.id for one in articles] == ["good.txt"]
    assert reasons(skipped, closed) == {
        "file/bai.txt": "can not be read: Permission denied",
        "folder": "is a folder that can not be read: Permission denied",
        "names/bai.txt": "can not be read: Permission denied",
    }


@pytest.mark.parametrize("name", ["lines.jsonl", "lines.jsonl.gz"])
def test_lines_as_others_write_them(seeds: Path, name: str) -> None:
    """With a mark of the byte order, ends of Windows, empty lines, a line twice."""
    text = f"\ufeff{record(1)}\r\n\r\n\n{record(2)}\r\n{record(2)}"
    data = text.encode()
    (seeds / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    report = built(seeds)

    assert ids(seeds.parent / "v") == {"good.txt", f"{name}/r1", f"{name}/r2"}
    assert reasons(report.skipped, seeds) == {f"{name}:5": f"has the same name as {seeds / name}:4"}


def test_an_archive_that_ends_in_its_middle(seeds: Path) -> None:
    """The line is named from which on nothing can be read; what stands before it counts."""
    lines = "".join(f"{record(number)}\n" for number in range(2_000)).encode()
    data = gzip.compress(lines)
    (seeds / "lines.jsonl.gz").write_bytes(data[: len(data) // 2])
    articles, (fault,) = read_all(article_paths(seeds), seeds)

    assert 100 < len(articles) < 2_000
    assert fault == Skipped(
        f"{seeds}/lines.jsonl.gz:{len(articles)}", "can not be read from here on (EOFError)"
    )


def test_a_folder_of_many_files(seeds: Path) -> None:
    """Each is in the index or is named, the empty ones and those that are alike."""
    for number in range(MANY):
        path = seeds / f"{number}.txt"
        path.write_text("" if number % 2 else TEXT.format(7), encoding="utf-8")
        (seeds / f"{number}.json").write_text("{}", encoding="utf-8")
    report = built(seeds)

    assert report.read == 1 + MANY // 2
    assert reasons(report.skipped, seeds) == {
        f"{number}.txt": "the file is empty" for number in range(1, MANY, 2)
    }
    assert built(seeds).unchanged


def test_a_folder_whose_own_name_is_no_utf_8(tmp_path: Path) -> None:
    """Nothing in it can be told by its name."""
    seeds = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe0i"))
    seeds.mkdir()
    write(seeds / "good.txt", 1)
    articles, (fault,) = read_all(article_paths(seeds), seeds)

    assert articles == []
    assert fault.path == rf"{tmp_path}/b\xe0i/good.txt"
    assert fault.reason == "its name is no valid UTF-8; rename it"
