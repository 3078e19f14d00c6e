from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval import dense
from retrieval.dense import DenseIndex
from retrieval.encoders import Vectors
from retrieval.errors import IndexDamaged
from retrieval.rows import as_rows

# Of a cosine, rows being kept in half precision.
_PRECISION = 1e-3


def random_rows(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    result: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return result


def built(folder: Path, rows: Vectors) -> DenseIndex:
    DenseIndex.write(folder / "dense", [rows], rows.shape[1])
    return DenseIndex.open(folder / "dense")


def test_search_agrees_with_brute_force(tmp_path: Path) -> None:
    """FAISS finds the same rows and cosines as one product of the halved rows in NumPy."""
    rows, questions = random_rows(500), random_rows(20, seed=1)
    index = built(tmp_path, rows)
    rows = rows.astype(np.float16).astype(np.float32)

    for question in questions:
        cosines = rows @ question
        order = np.argsort(-cosines)[:10]
        found = index.search(question, 10)
        assert [row for row, _ in found] == order.tolist()
        assert [score for _, score in found] == pytest.approx(cosines[order].tolist(), abs=1e-5)


def test_cosines_of_chosen_rows(tmp_path: Path) -> None:
    """Any row's cosine can be asked for, in the order of asking."""
    rows = random_rows(5)
    index = built(tmp_path, rows)

    assert index.cosines(rows[3], np.array([4, 3, 4])) == pytest.approx(
        [rows[4] @ rows[3], 1.0, rows[4] @ rows[3]], abs=_PRECISION
    )
    assert index.cosines(rows[3], np.array([], np.int64)).shape == (0,)


def test_depth_beyond_the_end(tmp_path: Path) -> None:
    """Fewer rows than asked for are all of them, without filling."""

    assert len(built(tmp_path, random_rows(3)).search(random_rows(1)[0], 10)) == 3


def test_without_any_row_nothing_is_found(tmp_path: Path) -> None:
    """An archive of headlines alone has no sentence."""
    DenseIndex.write(tmp_path / "dense", [], 16)

    assert DenseIndex.open(tmp_path / "dense").search(random_rows(1)[0], 10) == []


def test_equal_rows_keep_their_order(tmp_path: Path) -> None:
    """Ties are broken by row, so that the same question always gives the same list."""
    rows = np.repeat(random_rows(1), 6, axis=0)

    assert [row for row, _ in built(tmp_path, rows).search(rows[0], 6)] == [0, 1, 2, 3, 4, 5]


def test_written_and_opened(tmp_path: Path) -> None:
    """A file gives back the vectors in half precision; a damaged one is said to be damaged."""
    rows = random_rows(4)
    built(tmp_path, rows)

    stored = DenseIndex.open(tmp_path / "dense").vectors([2, 0])
    assert stored == pytest.approx(rows[[2, 0]], abs=_PRECISION)
    (tmp_path / "dense" / "rows-000.faiss").write_bytes(b"nonsense")
    with pytest.raises(IndexDamaged, match=r"python ingest\.py"):
        DenseIndex.open(tmp_path / "dense")


def test_only_allowed_rows_are_found(tmp_path: Path) -> None:
    """A filter is exact, also when it leaves one row in a hundred."""
    rows, question = random_rows(300), random_rows(1, seed=2)[0]
    allowed = [7, 150, 299]
    found = built(tmp_path, rows).search(question, 10, np.array(allowed))

    assert [row for row, _ in found] == sorted(
        allowed, key=lambda row: -float(rows[row] @ question)
    )


def test_an_opened_index_is_mapped(tmp_path: Path) -> None:
    """Its vectors are the file's own pages, which all processes share; it finds the same."""
    path = tmp_path / "dense" / "rows-000.faiss"
    vectors = np.eye(4, 8, dtype=np.float32)
    index = built(tmp_path, vectors)

    assert str(path) in Path("/proc/self/maps").read_text()
    assert index.search(vectors[2], 1) == [(2, 1.0)]
    assert (index.vectors([3, 0]) == vectors[[3, 0]]).all()


def test_rows_in_several_files_are_found_as_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However they came, whether a filter is copied out or asked, and by any row's number."""
    rows, question = random_rows(500), random_rows(1, seed=1)[0]
    whole = built(tmp_path, rows)
    monkeypatch.setattr(dense, "_PART_ROWS", 64)
    DenseIndex.write(tmp_path / "parts", [rows[:10], rows[10:300], rows[300:]], 16)
    parts = DenseIndex.open(tmp_path / "parts")

    assert len([*(tmp_path / "parts").iterdir()]) == 8
    some = ([3], [63, 64, 499], range(0, 500, 2), range(500))
    for allowed in (None, *map(as_rows, some)):
        assert parts.search(question, 20, allowed) == whole.search(question, 20, allowed)
    chosen = np.array([499, 0, 64, 63, 0])
    assert (parts.cosines(question, chosen) == whole.cosines(question, chosen)).all()
    assert (parts.vectors([499, 0, 64]) == whole.vectors([499, 0, 64])).all()


@pytest.mark.parametrize("share", [1, 2, 3, 4, 10, 100])
def test_beyond_what_is_compared_exactly_the_ten_nearest_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: int
) -> None:
    """Of 20,000 rows in groups, whether all may be found or every n-th: .98 of the ten.

    Like vectors of texts they share one direction for the most part: coded as they are, .65 of the
    ten would be found. Their dimensions can not be parted into fours, which is made up for.
    """
    monkeypatch.setattr(dense, "EXACT_ROWS", 4_000)
    monkeypatch.setattr(dense, "_PART_ROWS", 8_192)
    rows, questions = grouped_rows(20_000, seed=1), grouped_rows(100, seed=2)
    index = built(tmp_path, rows)
    allowed = np.arange(0, 20_000, share)
    exact = rows[allowed].astype(np.float16).astype(np.float32)
    found = 0
    for question in questions:
        best = allowed[np.argsort(-(exact @ question), kind="stable")[:10]]
        hits = index.search(question, 10, allowed if share > 1 else None)
        found += len({row for row, _ in hits} & {*best.tolist()})
        assert {row for row, _ in hits} <= {*allowed.tolist()}

    assert (tmp_path / "dense" / "codes.faiss").exists()
    assert found >= 0.98 * 10 * 100


def test_how_many_are_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five for each that is wanted, 1,000 at least, and one row in 2,000 of very many."""
    monkeypatch.setattr(dense, "EXACT_ROWS", 4_000)
    index = built(tmp_path, grouped_rows(6_000, seed=1))
    question = grouped_rows(1, seed=2)[0]

    assert len(index._proposed(question, 10, None)) == 1_000
    assert len(index._proposed(question, 300, None)) == 1_500
    monkeypatch.setattr(dense, "_PROPOSED_OF", 3)
    assert len(index._proposed(question, 10, None)) == 2_000


def grouped_rows(count: int, seed: int) -> Vectors:
    """Around 300 centres, which are around one."""
    centres = np.random.default_rng(0).normal(size=(300, 126)) + 5.0
    drawn = np.random.default_rng(seed)
    rows = centres[drawn.integers(300, size=count)] + drawn.normal(size=(count, 126))
    result: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return result
