from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.dense import DenseIndex
from retrieval.encoders import Vectors
from retrieval.errors import IndexDamaged

# Of a cosine, rows being kept in half precision.
_PRECISION = 1e-3


def random_rows(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    result: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return result


def test_search_agrees_with_brute_force() -> None:
    """FAISS finds the same rows and cosines as one product of the halved rows in NumPy."""
    rows, questions = random_rows(500), random_rows(20, seed=1)
    index = DenseIndex.build(rows)
    rows = rows.astype(np.float16).astype(np.float32)

    for question in questions:
        cosines = rows @ question
        order = np.argsort(-cosines)[:10]
        found = index.search(question, 10)
        assert [row for row, _ in found] == order.tolist()
        assert [score for _, score in found] == pytest.approx(cosines[order].tolist(), abs=1e-5)


def test_cosines_of_chosen_rows() -> None:
    """Any row's cosine can be asked for, in the order of asking."""
    rows = random_rows(5)
    index = DenseIndex.build(rows)

    assert index.cosines(rows[3], np.array([4, 3, 4])) == pytest.approx(
        [rows[4] @ rows[3], 1.0, rows[4] @ rows[3]], abs=_PRECISION
    )
    assert index.cosines(rows[3], np.array([], np.int64)).shape == (0,)


def test_depth_beyond_the_end() -> None:
    """Fewer rows than asked for are all of them, without filling."""

    assert len(DenseIndex.build(random_rows(3)).search(random_rows(1)[0], 10)) == 3


def test_equal_rows_keep_their_order() -> None:
    """Ties are broken by row, so that the same question always gives the same list."""
    rows = np.repeat(random_rows(1), 6, axis=0)

    assert [row for row, _ in DenseIndex.build(rows).search(rows[0], 6)] == [0, 1, 2, 3, 4, 5]


def test_written_and_opened(tmp_path: Path) -> None:
    """A file gives back the vectors in half precision; a damaged one is said to be damaged."""
    rows = random_rows(4)
    DenseIndex.build(rows).write(tmp_path / "dense.faiss")

    stored = DenseIndex.open(tmp_path / "dense.faiss").vectors([2, 0])
    assert stored == pytest.approx(rows[[2, 0]], abs=_PRECISION)
    (tmp_path / "dense.faiss").write_bytes(b"nonsense")
    with pytest.raises(IndexDamaged, match=r"python ingest\.py"):
        DenseIndex.open(tmp_path / "dense.faiss")


def test_only_allowed_rows_are_found() -> None:
    """A filter is exact, also when it leaves one row in a hundred."""
    rows, question = random_rows(300), random_rows(1, seed=2)[0]
    allowed = [7, 150, 299]
    found = DenseIndex.build(rows).search(question, 10, allowed)

    assert [row for row, _ in found] == sorted(
        allowed, key=lambda row: -float(rows[row] @ question)
    )
