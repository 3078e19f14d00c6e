"""Every line of a file of questions keeps its name, also a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.batch import BatchError, BatchQuestion, read_batch


def read(folder: Path, content: bytes) -> list[BatchQuestion | BatchError]:
    path = folder / "batch.jsonl"
    path.write_bytes(content)
    return list(read_batch(path))


def test_ids_are_the_lines_own_or_their_numbers_in_the_file(tmp_path: Path) -> None:
    """One count for all: empty lines count, and a broken line keeps an id that can be read."""
    lines = read(
        tmp_path,
        b'\xef\xbb\xbf{"id": "q1", "question": "a"}\r\n'
        b"\n"
        b'{"id": "q3"}\n'
        b"junk\n"
        b'{"id": "q5", "question": "a", "history": "x"}\n'
        b'{"question": "a"}\n'
        b'{"id": 7.5, "question": "a"}\n'
        b'{"id": null, "question": "a"}\n'
        b'{"id": ["9"], "question": "a"}\n'
        b'{"id": "q\\u00e0", "question": "brea\n'
        b'{"id": 11, "question": "\xff"}\n'
        b'{"id": "q12", "question": "a", "history": [1]}\n',
    )

    assert [line.id for line in lines] == [
        "q1",
        "q3",
        "4",
        "q5",
        "6",
        "7.5",
        "8",
        "9",
        "qà",
        "11",
        "q12",
    ]
    assert [isinstance(line, BatchError) for line in lines] == [
        *(False, True, True, True, False),
        *(False, False, True, True, True, True),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": 1, "question": "a", "history": {"question": "b"}}', "history is no list"),
        (b'{"id": 1, "question": "a", "history": [1]}', "history holds what is no question"),
        (b"[1]", "no question"),
        (b"\xff", "no UTF-8 text"),
        (b"[" * 9_999, "recursion"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, line: bytes, reason: str) -> None:
    """With the line and what is accepted."""
    (broken,) = read(tmp_path, line)

    assert isinstance(broken, BatchError)
    assert str(broken).startswith("batch.jsonl, line 1: ")
    assert reason in str(broken)
    assert "each line is an object with id, question" in str(broken)


def test_history_holds_texts_or_objects(tmp_path: Path) -> None:
    """As conversations are stored."""
    (line,) = read(tmp_path, b'{"question": "a", "history": ["b", {"question": "c"}]}')

    assert line == BatchQuestion("1", "a", ("b", "c"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is noticed before a model is loaded, not at the first line."""
    with pytest.raises(FileNotFoundError):
        read_batch(tmp_path / "none.jsonl")
