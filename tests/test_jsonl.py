"""Many articles in one file."""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from retrieval import jsonl
from retrieval.building import build
from retrieval.index import Index
from retrieval.jsonl import read_lines
from retrieval.schema import Article
from tests.fakes import LetterEncoder
from tests.reading import read_all

TEXT = "Sáng 23/7, Ban Dân vận Tỉnh ủy Bắc Kạn tổ chức hội nghị về công tác dân vận năm {}."
BROKEN = '{"id": "b", "text": '


def record(number: int, **more: Any) -> str:
    return json.dumps({"id": f"r{number}", "text": TEXT.format(number), **more})


def write(folder: Path, *lines: str, name: str = "bulk.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.mark.parametrize("name", ["bulk.jsonl", "bulk.jsonl.gz", "BULK.JSONL"])
def test_what_a_line_states_counts(tmp_path: Path, name: str) -> None:
    """The rest is read from its text, as of any other file."""
    stated = {
        "title": "Tin  ngắn",
        "source": "Báo Nhân Dân",
        "date": "2024-03-05",
        "province": "Quảng Ninh",
        "url": "https://example.vn/a",
    }
    path = write(tmp_path, record(1, **stated), "", record(2), name=name)
    first, second = read_lines(path, tmp_path)

    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.path) == (f"{name}/r1", f"{path}:1")
    assert (first.title, first.label) == ("Tin ngắn", "Quảng Ninh, 5/3/2024")
    assert first.source == "Báo Nhân Dân"
    assert first.text == TEXT.format(1)
    assert (second.id, second.province) == (f"{name}/r2", "Bắc Kạn")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (BROKEN, "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ('"text"', "has no text"),
        ('{"id": "a"}', "has no text"),
        ('{"text": 5}', "has no text"),
        (r'{"text": "\ud83d hội nghị dân vận ở Bắc Kạn năm nay."}', "is no JSON in UTF-8"),
        (r'{"text": "\u00ad"}', "no sentence of an article"),
        (record(9, province="Paris"), "'province' is not a province of Vietnam"),
        (record(9, date="hôm nay"), "'date' is not a day"),
        (record(9, source=5), "'source' is not a text"),
        ("\udcff", "is no JSON in UTF-8"),
    ],
)
def test_a_broken_line_is_named_and_the_others_are_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    """Whatever is wrong with it."""
    path = write(tmp_path, record(1), line, record(3))
    articles, skipped = read_all([path], tmp_path)

    assert [article.id for article in articles] == ["bulk.jsonl/r1", "bulk.jsonl/r3"]
    (fault,) = skipped
    assert fault.path == f"{path}:2"
    assert reason in fault.reason


def test_lines_of_one_id_are_told(tmp_path: Path) -> None:
    """The first counts; a line without one is known by its number."""
    nameless = json.dumps({"text": TEXT.format(5)})
    path = write(tmp_path, record(1), record(1), nameless)
    articles, skipped = read_all([path], tmp_path)

    assert [article.id for article in articles] == ["bulk.jsonl/r1", "bulk.jsonl/3"]
    assert [(fault.path, fault.reason) for fault in skipped] == [
        (f"{path}:2", f"has the same name as {path}:1")
    ]


def test_a_line_without_end_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is passed over, and so is one at the end of the file."""
    monkeypatch.setattr(jsonl, "_MOST_BYTES", 1_000)
    endless = record(2, more="a" * 5_000)
    path = write(tmp_path, record(1), endless, record(3), endless)
    articles, skipped = read_all([path], tmp_path)

    assert [article.id for article in articles] == ["bulk.jsonl/r1", "bulk.jsonl/r3"]
    assert [fault.path for fault in skipped] == [f"{path}:2", f"{path}:4"]


def test_a_file_that_was_cut_off_gives_what_it_has(tmp_path: Path) -> None:
    """And says from where on nothing can be read."""
    lines = [record(number, more=str(hash(str(number)))) for number in range(200)]
    path = write(tmp_path, *lines, name="bulk.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-200])
    articles, skipped = read_all([path], tmp_path)

    assert 10 < len(articles) < 200
    assert skipped[-1].reason.startswith(("can not be read from here on", "is no JSON"))


def test_only_a_changed_line_is_encoded_again(tmp_path: Path) -> None:
    """A file beside the folder, too; without it its articles are gone."""
    seeds, vectors, encoder = tmp_path / "seeds", tmp_path / "v", LetterEncoder()
    write(seeds, record(1), record(2))
    other = write(tmp_path / "other", record(3), name="more.jsonl")
    assert build(seeds, vectors, encoder, bulk=[other]).read == 3
    assert build(seeds, vectors, encoder, bulk=[other]).unchanged
    encoder.encoded.clear()

    write(seeds, record(1), record(4))
    report = build(seeds, vectors, encoder, bulk=[other])
    assert (report.read, report.encoded, len(encoder.encoded)) == (3, 1, 2)

    assert build(seeds, vectors, encoder).read == 2
    found = Index.open(vectors, "letters").records.passages([0, 1])
    assert {article.id for article, _ in found} == {"bulk.jsonl/r1", "bulk.jsonl/r4"}
    assert {article.date for article, _ in found} <= {None, datetime.date(2024, 7, 23)}
