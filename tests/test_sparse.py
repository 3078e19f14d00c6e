from __future__ import annotations

import math
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from retrieval import sparse
from retrieval.errors import IndexDamaged
from retrieval.settings import PROJECT
from retrieval.sparse import Among, Field, SparseIndex, SparseQuery
from retrieval.text import normalise, paragraphs, terms


def bm25(documents: list[str], question: str) -> list[float]:
    """Robertson and Zaragoza 2009, as plainly as it can be written (k1 = 1.2, b = 0.75).

    A pair of syllables counts half.
    """
    bags = [Counter(terms(document)) for document in documents]
    mean = sum(bag.total() for bag in bags) / len(bags)
    scores = [0.0] * len(bags)
    for term in set(terms(question)):
        frequency = sum(term in bag for bag in bags)
        weight = math.log(1 + (len(bags) - frequency + 0.5) / (frequency + 0.5))
        for number, bag in enumerate(bags):
            norm = 1.2 * (0.25 + 0.75 * bag.total() / mean)
            score = weight * bag[term] * 2.2 / (bag[term] + norm)
            scores[number] += score / 2 if "_" in term else score
    return scores


@pytest.fixture
def documents() -> list[str]:
    found = []
    for path in sorted((PROJECT / "seeds").glob("*.txt")):
        text = normalise(path.read_text(encoding="utf-8"))
        found += [text[span.start : span.end] for span in paragraphs(text)]
    return found


def test_scores_agree_with_the_formula(documents: list[str], tmp_path: Path) -> None:
    """tantivy's ranking of the seeds' paragraphs is BM25's, but for its rounded lengths."""
    index = SparseIndex.build(tmp_path / "sparse", documents)
    question = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
    expected = bm25(documents, question)
    found = index.search(SparseQuery(question), 5)

    best = sorted(range(len(documents)), key=lambda row: -expected[row])[:5]
    assert [row for row, _ in found] == best
    # Lengths are kept in one byte, hence the tolerance.
    assert [score for _, score in found] == pytest.approx([expected[r] for r in best], rel=0.05)


def found_rows(documents: list[str], question: str, folder: Path) -> list[int]:
    return [
        row for row, _ in SparseIndex.build(folder, documents).search(SparseQuery(question), 10)
    ]


def test_marks_are_matched_as_typed(tmp_path: Path) -> None:
    """`năm` does not find `Nam`."""

    assert found_rows(["Việt Nam", "một năm"], "năm", tmp_path / "s") == [1]


def test_a_question_without_marks_finds_both(tmp_path: Path) -> None:
    """`nam` may mean either; so may `dan van` in decomposed text."""

    assert sorted(found_rows(["Việt Nam", "một năm"], "nam", tmp_path / "s")) == [0, 1]


@pytest.mark.parametrize("restored", ["dân vận", "dan van", "dần vẫn"])
def test_of_a_question_without_marks_the_restored_reading_counts_more(
    restored: str, tmp_path: Path
) -> None:
    """What holds the marks that were restored comes first; without them, what repeats more."""
    documents = ["Công tác dân vận", "Đan van đan van", "Dần vẫn"]
    index = SparseIndex.build(tmp_path / "s", documents)
    rows = [row for row, _ in index.search(SparseQuery("dan van", restored=restored), 3)]

    assert sorted(rows) == [0, 1, 2]
    assert rows[0] == {"dân vận": 0, "dan van": 1, "dần vẫn": 2}[restored]


def test_a_restored_reading_that_is_not_there_costs_little(tmp_path: Path) -> None:
    """By hand: one row of one syllable, found without marks, scores .85 of BM25's."""
    index = SparseIndex.build(tmp_path / "s", ["vận"])
    ((_, whole),) = index.search(SparseQuery("van"), 1)
    ((_, without),) = index.search(SparseQuery("van", restored="văn"), 1)

    assert without == pytest.approx(0.85 * whole)


def test_tone_placement_and_case_do_not_matter(tmp_path: Path) -> None:
    """`HOÀ` finds `hòa`."""

    assert found_rows(["Khánh Hòa", "Khánh Hỏa"], "khánh HOÀ", tmp_path / "s")[0] == 0


def test_damage_is_said_to_be_damage(documents: list[str], tmp_path: Path) -> None:
    """Whatever tantivy throws at it, a panic among it, when it is opened or searched."""
    SparseIndex.build(tmp_path / "whole", documents)
    question = SparseQuery("Công tác dân vận ở Bắc Kạn")
    noticed = 0
    for number, file in enumerate(sorted((tmp_path / "whole").iterdir())):
        size = file.stat().st_size
        for quarter in range(4):
            copy = tmp_path / f"{number}-{quarter}"
            shutil.copytree(tmp_path / "whole", copy)
            content = bytearray(file.read_bytes())
            for place in range(size * quarter // 4, size * (quarter + 1) // 4):
                content[place] = 0xA5
            (copy / file.name).write_bytes(content)
            try:
                index = SparseIndex.open(copy)
                index.search(question, 100)
                index.cover(question, 100)
                index.weight("dân_vận")
            except IndexDamaged:
                noticed += 1

    assert noticed > 10


def test_nothing_matches(tmp_path: Path) -> None:
    """Unknown words give no row, not a random one."""

    assert found_rows(["Việt Nam"], "bóng đá", tmp_path / "s") == []


def test_weight_falls_with_frequency(tmp_path: Path) -> None:
    """A term of one document in two weighs log(1 + 1.5 / 1.5); an unknown one weighs most."""
    index = SparseIndex.build(tmp_path / "s", ["dân vận", "dân số"])

    assert index.weight("vận") == pytest.approx(math.log(2))
    assert index.weight("dân_vận") == pytest.approx(math.log(2))
    assert index.weight("dan_van") == pytest.approx(math.log(2))
    assert index.weight("dân") == pytest.approx(math.log(1 + 0.5 / 2.5))
    assert index.weight("khéo") == pytest.approx(math.log(6))


def test_only_allowed_rows_match(tmp_path: Path) -> None:
    """A row that a filter leaves out neither appears nor takes another one's place."""
    index = SparseIndex.build(tmp_path / "s", ["dân vận", "dân vận khéo", "dân số"])

    assert [
        row for row, _ in index.search(SparseQuery("dân vận"), 1, Among("row", np.array([1, 2])))
    ] == [1]
    assert index.search(SparseQuery("dân vận"), 5, Among("row", np.array([], np.int64))) == []


@pytest.mark.parametrize("share", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("named", [0, 1_000])
@pytest.mark.parametrize("of", ["row", "article"])
def test_a_filter_finds_what_all_hits_filtered_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: int, named: int, of: Field
) -> None:
    """With the same scores, whether its rows or articles are named to tantivy or its hits are
    looked through, and also where the best hits do not pass."""
    drawn = np.random.default_rng(0)
    bags = drawn.zipf(1.5, (1_000, 12)) % 30
    texts = [" ".join(f"t{'abcdefghijklmnopqrstuvwxyzđâêô'[n]}" for n in bag) for bag in bags]
    texts[: len(texts) // share] = ["ta tb tc tđ"] * (len(texts) // share)
    owners = np.arange(len(texts)) // 5
    index = SparseIndex.build(tmp_path / "sparse", texts, owners.tolist())
    rows = np.arange(5 * ((len(texts) - len(texts) // share) // 5), len(texts))
    among = Among(of, rows if of == "row" else np.unique(owners[rows]))
    wanted = SparseQuery("ta tb tđ tê")
    every = [hit for hit in index.search(wanted, len(texts)) if hit[0] in rows]
    monkeypatch.setattr(sparse, "_NAMED", named)

    assert 0 < len(every) <= len(rows)
    assert index.search(wanted, 5, among) == every[:5]
    assert index.search(wanted, len(texts), among) == every
    covered = [hit for hit in index.cover(wanted, len(texts)) if hit[0] in rows]
    assert index.cover(wanted, 5, among) == covered[:5]


def test_words_of_one_sentence_are_not_common_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nearly every row holds tells none apart; asked for alone, it is found."""
    texts = ["của dân"] * 8 + ["của dân vận", "của vận"]
    index = SparseIndex.build(tmp_path / "s", texts)
    monkeypatch.setattr(sparse, "_FEW_ROWS", 2)

    assert [row for row, _ in index.cover(SparseQuery("vận của"), 10)] == [8, 9]
    assert len(index.cover(SparseQuery("của"), 10)) == 10
