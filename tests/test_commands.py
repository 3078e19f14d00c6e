"""The command lines as programs use them: real processes, and JSON whose fields are pinned."""

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

SEED = PROJECT / "seeds" / "002_bacd95ad4e680c06.txt"
QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"


def run(*arguments: str | Path, vectors: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    if vectors:
        environment["VECTORS_DIR"] = str(vectors)
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def records(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def batch(folder: Path, *lines: object) -> Path:
    path = folder / "batch.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_ingest_reports_what_it_did(seed_vectors: Path) -> None:
    """The summary as JSON; status 0 when every file was read."""
    done = run("ingest.py", "--json", "--vectors", seed_vectors)
    (summary,) = records(done)

    assert done.returncode == 0
    assert sorted(summary) == ["encoded", "passages", "read", "seconds", "skipped", "unchanged"]
    assert (summary["read"], summary["skipped"]) == (5, [])


def test_ingest_without_anything_usable(tmp_path: Path) -> None:
    """Status 2, and each file's reason."""
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    done = run("ingest.py", "--seeds", tmp_path, "--vectors", tmp_path / "v")

    assert done.returncode == 2
    assert "empty.txt" in done.stderr
    missing = run("ingest.py", "--seeds", tmp_path / "none", "--vectors", tmp_path)
    assert missing.returncode == 2
    assert f"{tmp_path / 'none'} does not exist" in missing.stderr


def test_inspect_shows_what_was_read(tmp_path: Path) -> None:
    """One object a file, a rejected one with its reason; status 1 because of it."""
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"")
    done = run("-m", "retrieval", "inspect", SEED, broken, "--json")
    read, rejected = records(done)

    assert done.returncode == 1
    assert sorted(read) == ["date", "label", "passages", "path", "province", "source", "title"]
    assert (read["label"], read["date"]) == ("Bắc Kạn, 23/7/2024", "2024-07-23")
    assert sorted(rejected) == ["path", "rejected"]


def test_search_shows_hits_with_their_ranks(seed_vectors: Path) -> None:
    """The fields of a hit are a contract; the text is the article's stretch."""
    done = run(
        "-m", "retrieval", "search", QUESTION, "--top-k", "3", "--json", vectors=seed_vectors
    )
    (result,) = records(done)

    assert done.returncode == 0
    assert sorted(result) == ["hits", "query", "timings_ms"]
    assert len(result["hits"]) == 3
    assert sorted(result["hits"][0]) == [
        "also",
        "article",
        "dense_rank",
        "end",
        "label",
        "score",
        "sparse_rank",
        "start",
        "text",
        "title",
    ]
    assert "91,3%" in result["hits"][0]["text"]


def test_search_in_bulk(seed_vectors: Path, tmp_path: Path) -> None:
    """A broken line gets its fault as an object, and does not stop the others."""
    path = batch(
        tmp_path,
        {"id": "a", "question": QUESTION},
        "{broken",
        {"id": "b", "question": "Còn ở Hậu Giang thì sao?", "history": [QUESTION]},
        {"id": "c", "question": ""},
    )
    done = run("-m", "retrieval", "search", "--batch", path, vectors=seed_vectors)
    found = records(done)

    assert done.returncode == 2
    assert [(record["id"], record.get("error")) for record in found] == [
        ("a", None),
        ("2", "line"),
        ("b", None),
        ("c", "empty"),
    ]
    assert sorted(found[1]) == ["error", "id", "message"]
    assert "line 2" in done.stderr


def test_ask_as_json(seed_vectors: Path) -> None:
    """The fields of an answer are a contract."""
    done = run("-m", "bot", "ask", QUESTION, "--json", vectors=seed_vectors)
    (shown,) = records(done)

    assert done.returncode == 0
    fields = "citations id language outcome sentences text timings_ms trace_id understood"
    assert sorted(shown) == fields.split()
    assert shown["outcome"] == "answered"
    assert sorted(shown["sentences"][0]) == ["citations", "text"]
    assert sorted(shown["citations"][0]) == [
        "also",
        "article",
        "end",
        "label",
        "number",
        "quote",
        "start",
        "title",
    ]


def test_ask_for_a_reader(seed_vectors: Path) -> None:
    """The answer with its label, then the sources with number, label, title and quote."""
    done = run("-m", "bot", "ask", QUESTION, vectors=seed_vectors)

    assert "91,3%" in done.stdout.splitlines()[0]
    assert "[Bắc Kạn, 23/7/2024]" in done.stdout.splitlines()[0]
    assert "\nNguồn\n 1. Bắc Kạn, 23/7/2024 — Bắc Kạn: Đoàn công tác liên ngành" in done.stdout


def test_ask_in_bulk(seed_vectors: Path, tmp_path: Path) -> None:
    """Every line gets its answer, in order, also the one that is no question."""
    path = batch(
        tmp_path,
        {"id": "a", "question": QUESTION},
        "[1]",
        {"id": 7, "question": "Giá vàng hôm nay bao nhiêu?"},
        {"question": ""},
    )
    done = run("-m", "bot", "ask", "--batch", path, vectors=seed_vectors)
    found = [(record["id"], record["outcome"]) for record in records(done)]

    assert found == [
        ("a", "answered"),
        ("2", "question_invalid"),
        ("7", "no_evidence"),
        ("4", "question_invalid"),
    ]
    assert done.returncode == 2


def test_a_batch_that_can_not_be_read(tmp_path: Path) -> None:
    """Status 2 of both commands, with or without an index."""
    for command in (("-m", "retrieval", "search"), ("-m", "bot", "ask")):
        for path in (tmp_path / "none.jsonl", tmp_path):
            done = run(*command, "--batch", path, vectors=tmp_path)
            assert (done.returncode, done.stdout) == (2, "")
            assert f"{path} can not be read" in done.stderr
            assert "Traceback" not in done.stderr


def test_a_batch_without_an_index(tmp_path: Path) -> None:
    """Every line is told so under its own name."""
    path = batch(tmp_path, {"id": "a", "question": QUESTION}, "junk")
    done = run("-m", "bot", "ask", "--batch", path, vectors=tmp_path)

    assert done.returncode == 1
    assert [(r["id"], r["outcome"]) for r in records(done)] == [
        ("a", "index_missing"),
        ("2", "index_missing"),
    ]


def test_a_damaged_index_is_no_refusal(seed_vectors: Path, tmp_path: Path) -> None:
    """Neither command pretends that the articles do not say it; ingest names the file."""
    vectors = tmp_path / "v"
    shutil.copytree(seed_vectors, vectors)
    (path,) = vectors.glob("2*/sentences/rows-000.faiss")
    content = path.read_bytes()
    path.write_bytes(content[:2_000] + bytes(58_000) + content[60_000:])
    asked = run("-m", "bot", "ask", QUESTION, vectors=vectors)
    searched = run("-m", "retrieval", "search", QUESTION, vectors=vectors)
    checked = run("-m", "retrieval", "doctor", vectors=vectors)

    assert (asked.returncode, searched.returncode, checked.returncode) == (1, 1, 1)
    assert asked.stdout.startswith("Kho bài viết chưa sẵn sàng")
    for done in (asked, searched):
        assert (
            "sentences/rows-000.faiss of the index is damaged: run `python ingest.py`"
            in done.stderr
        )
        assert "Traceback" not in done.stderr
    assert "failed index     sentences/rows-000.faiss" in checked.stdout


@pytest.mark.parametrize("command", [("-m", "bot", "ask"), ("-m", "retrieval", "search")])
def test_a_file_in_place_of_the_index(tmp_path: Path, command: tuple[str, ...]) -> None:
    """The setting is named, without a traceback."""
    (tmp_path / "v").write_text("", encoding="utf-8")
    done = run(*command, QUESTION, vectors=tmp_path / "v")

    assert done.returncode == 1
    assert "VECTORS_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_ask_without_an_index(tmp_path: Path) -> None:
    """The reader gets a Vietnamese sentence, the log the command, neither a traceback."""
    done = run("-m", "bot", "ask", QUESTION, vectors=tmp_path)

    assert done.returncode == 1
    assert done.stdout.startswith("Kho bài viết chưa sẵn sàng")
    assert "python ingest.py" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("question", ["", " ", "🙂", "x" * 1_001])
def test_bad_questions_end_with_status_2(seed_vectors: Path, question: str) -> None:
    """Nothing is logged as an error; the reader is told what is accepted."""
    asked = run("-m", "bot", "ask", question, vectors=seed_vectors)
    searched = run("-m", "retrieval", "search", question, vectors=seed_vectors)

    assert (asked.returncode, searched.returncode) == (2, 2)
    assert "ERROR" not in asked.stderr + searched.stderr


@pytest.mark.parametrize("buffered", [True, False])
def test_a_reader_that_leaves_early_is_no_error(seed_vectors: Path, buffered: bool) -> None:
    """`… | true`, also where each write goes out at once: a quiet end, no traceback."""
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "VECTORS_DIR": str(seed_vectors)}
    environment |= {} if buffered else {"PYTHONUNBUFFERED": "1"}
    with os.fdopen(writing, "wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "ask", QUESTION],
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert (done.returncode, done.stderr) == (141, b"")


def test_filters_of_the_command_lines(seed_vectors: Path) -> None:
    """Both commands hold to them; what is asked of another province is not answered."""
    bac_kan = ["--province", "bac kan", "--from", "2024", "--json"]
    (searched,) = records(
        run("-m", "retrieval", "search", "dân vận", *bac_kan, vectors=seed_vectors)
    )
    (asked,) = records(run("-m", "bot", "ask", QUESTION, *bac_kan, vectors=seed_vectors))
    other = run("-m", "bot", "ask", QUESTION, "--province", "Hậu Giang", vectors=seed_vectors)

    assert {hit["label"] for hit in searched["hits"]} == {"Bắc Kạn, 23/7/2024"}
    assert asked["outcome"] == "answered"
    assert "91,3%" not in other.stdout


@pytest.mark.parametrize(
    ("options", "english", "vietnamese"),
    [
        (["--province", "Bắc Cạng"], "Bắc Kạn", "Có phải là: Bắc Kạn"),
        (["--from", "mai"], "23/7/2024", "23/7/2024"),
        (["--from", "2024", "--to", "2023"], "before", "trước ngày bắt đầu"),
        (["--source", "Nhân Dân"], "--source", "nguồn “Nhân Dân”"),
    ],
)
def test_wrong_filters_end_with_status_2(
    seed_vectors: Path, options: list[str], english: str, vietnamese: str
) -> None:
    """What was wrong and what is accepted; English for the operator, Vietnamese for the asker."""
    searched = run("-m", "retrieval", "search", QUESTION, *options, vectors=seed_vectors)
    asked = run("-m", "bot", "ask", QUESTION, *options, vectors=seed_vectors)

    assert (searched.returncode, asked.returncode) == (2, 2)
    assert english in searched.stderr
    assert vietnamese in asked.stdout
    assert "ERROR" not in searched.stderr + asked.stderr


def test_explain_and_doctor(seed_vectors: Path) -> None:
    """Both run as commands; a passage that does not exist is status 2."""
    shown = run("-m", "retrieval", "explain", QUESTION, "--top-k", "2", vectors=seed_vectors)
    (record,) = records(run("-m", "retrieval", "explain", QUESTION, "--json", vectors=seed_vectors))
    wrong = run("-m", "retrieval", "explain", "x", "--passage", "no:0", vectors=seed_vectors)
    checked = run("-m", "retrieval", "doctor", vectors=seed_vectors)

    assert "Bắc Kạn, 23/7/2024" in shown.stdout
    assert record["candidates"][0]["id"].startswith(SEED.name)
    assert wrong.returncode == 2
    assert "no article “no”" in wrong.stderr
    assert checked.returncode == 0
    assert "ok     index" in checked.stdout
