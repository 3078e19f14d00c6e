from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import marks, syllable_counts
from retrieval.marks import SyllableModel
from retrieval.search import Retriever
from retrieval.text import fold, normalise

ARTICLE = (
    "Công tác dân vận ở Bắc Kạn có nhiều kết quả. Tỉnh giữ vững an ninh, đời sống được nâng cao."
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SyllableModel:
    path = tmp_path_factory.mktemp("language") / "language.sqlite"
    SyllableModel.write(path, [ARTICLE])
    return SyllableModel.open(path)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("cong tac dan van o bac kan", "công tác dân vận ở bắc kạn"),
        ("Cong tac DAN VAN, ket qua?", "Công tác DAN VAN, kết quả?"),
        ("ket qua la bao nhieu", "kết quả là bao nhiêu"),
        ("công tac dan van o bac kan", "công tác dân vận ở bắc kạn"),
        ("UBND quang ninh", "UBND quảng ninh"),
        ("blockchain 2023", "blockchain 2023"),
        ("", ""),
    ],
)
def test_marks_are_restored(model: SyllableModel, typed: str, expected: str) -> None:
    """By the archive's words, names of places and question phrases; acronyms stay."""

    assert model.restore(typed) == expected


@pytest.mark.parametrize(
    "typed", ["Công tác ở Nam Định", "đời sống nâng cao", "Việt Nam có ban chỉ đạo", "Năm nào?"]
)
def test_accented_typing_is_never_corrected(model: SyllableModel, typed: str) -> None:
    """Where the typist uses marks, a syllable without any is meant so."""

    assert model.restore(typed) == typed


@pytest.fixture(scope="module")
def medical(tmp_path_factory: pytest.TempPathFactory) -> SyllableModel:
    """An archive where `não` is far more frequent than `nào`."""
    path = tmp_path_factory.mktemp("medical") / "language.sqlite"
    text = (
        "Chấn thương sọ não nặng. Tế bào não, bệnh não, vùng não bị chảy máu. Đau đầu kéo dài. "
        "Nhiều bệnh, nhiều vùng, nhiều nơi bị đau. "
    )
    SyllableModel.write(path, [text * 40])
    return SyllableModel.open(path)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # What is typed asks, so among readings as good as each other the one that asks is meant.
        ("vung bi chay mau nao", "vùng bị chảy máu nào"),
        # Words that stand together stay, and one word that asks is enough.
        ("te bao nao bi chay mau", "tế bào não bị chảy máu"),
        ("chan thuong so nao", "chấn thương sọ não"),
        ("benh nao nang la gi", "bệnh não nặng là gì"),
        ("vung nao chay mau khong", "vùng não chảy máu không"),
        # What is searched for by its words alone asks nothing.
        ("bi chay nhieu mau", "bị chảy nhiều máu"),
        ("nang nhieu", "nặng nhiều"),
    ],
)
def test_a_question_rather_asks(medical: SyllableModel, typed: str, expected: str) -> None:
    """`nào` is preferred to `não` where nothing else in the text asks."""

    assert medical.restore(typed) == expected


@given(typed=st.text(max_size=60))
def test_nothing_but_marks_changes(model: SyllableModel, typed: str) -> None:
    """Whatever is typed, the restored text is the same without marks."""
    text = normalise(typed)

    assert fold(model.restore(text)) == fold(text)


def test_a_question_without_marks_is_understood(retriever: Retriever) -> None:
    """Over the seeds, the query shows what was understood."""
    result = retriever.search("cong tac dan van o bac kan con nhung han che gi")

    assert result.query.restored == "công tác dân vận ở bắc kạn còn những hạn chế gì"
    assert "hạn chế" in result.hits[0].passage.text


@pytest.mark.parametrize("rare", [0, 1])
def test_what_is_counted_does_not_depend_on_what_memory_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    """Pairs that are written to a file in parts are the same pairs, and the file goes."""
    texts = [ARTICLE, "Dân vận khéo, công tác dân vận. Trật tự an ninh an toàn.", ARTICLE.upper()]
    if rare:
        monkeypatch.setattr(marks, "_MANY_PAIRS", 1)
    SyllableModel.write(tmp_path / "whole.sqlite", texts)
    monkeypatch.setattr(syllable_counts, "_PAIRS_HELD", 3)
    SyllableModel.write(tmp_path / "parts.sqlite", texts)
    whole, parts = (
        sqlite3.connect(tmp_path / name).execute("select * from pair").fetchall()
        for name in ("whole.sqlite", "parts.sqlite")
    )

    assert parts == whole
    assert (("ninh", "an") in [row[:2] for row in whole]) == (rare == 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["parts.sqlite", "whole.sqlite"]
