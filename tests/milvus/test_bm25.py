"""BM25 as an inner product against tantivy's."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import bm25
from retrieval.bm25 import (
    TermCounts,
    TermStatistics,
    Weights,
    clauses,
    count_terms,
    dimension_of,
    dimensions_of,
    product,
    question_weights,
)
from retrieval.schema import Expansion
from retrieval.sparse import SparseIndex, SparseQuery
from tests.milvus.passages import words

TEXTS = [
    "lũ quét ở xã vùng cao",
    "mô hình dân vận khéo",
    "dân vận khéo dân vận",
    "thu hoạch lúa đông xuân 2023-2024 được mùa",
    "đường liên xã hoàn thành, xã đón bằng",
    "báo cáo kết quả dân số năm 2020 của Nam Định",
    "một",
]
QUESTIONS = ["dân vận khéo", "xã vùng", "năm 2020", "nam", "xa dan so", "lúa đông xuân", "vắng"]


def weighed(text: str, statistics: TermStatistics, counts: TermCounts) -> Weights:
    return statistics.weights(text, counts.holding(dimensions_of(text)))


@pytest.mark.parametrize("question", QUESTIONS)
def test_scores_are_those_of_tantivy(question: str, tmp_path: Path) -> None:
    """The same number for the same passage: with marks and without, single terms and pairs."""
    statistics, holding = count_terms(TEXTS)
    wanted = question_weights(words(question))
    products = {}
    for row, text in enumerate(TEXTS):
        score = product(wanted, weighed(text, statistics, holding))
        if score:
            products[row] = score
    found = SparseIndex.build(tmp_path / "sparse", TEXTS).search(SparseQuery(question), len(TEXTS))

    assert dict(found) == pytest.approx(products, rel=1e-5)


def test_a_passage_that_comes_later() -> None:
    """It is weighed by the collection as it was counted; a term that was in none is the rarest."""
    statistics, holding = count_terms(TEXTS)
    weights = weighed("dân vắng", statistics, holding)
    (known,) = question_weights(["dân"])
    # The folded one: `vắng` without its mark.
    (unknown,) = question_weights(["vang"])

    assert weights[unknown] > weights[known]


def test_nothing_counted() -> None:
    """An empty collection has statistics by which a passage can be weighed."""
    statistics, holding = count_terms([])

    assert all(weight > 0 for weight in weighed("lũ quét", statistics, holding).values())


@pytest.mark.parametrize(
    "wanted",
    [
        SparseQuery("dân vận khéo"),
        SparseQuery("dân vận khéo", with_pairs=False),
        SparseQuery("xa dan so", restored="xã dân số"),
        SparseQuery("nam 2020", restored="năm 2020"),
        SparseQuery(
            "DVK ở xã", [Expansion(0, 3, "DVK", "DVK", ("dân vận khéo",), is_ambiguous=False)]
        ),
        SparseQuery(
            "lúa ND", [Expansion(4, 6, "ND", "ND", ("nam định", "dân số"), is_ambiguous=True)]
        ),
    ],
    ids=lambda wanted: " ".join(wanted.terms),
)
def test_the_best_reading_counts(wanted: SparseQuery, tmp_path: Path) -> None:
    """Of restored marks and abbreviations as tantivy scores them; and each term's own weight."""
    statistics, counts = count_terms(TEXTS)
    scores = {}
    for row, text in enumerate(TEXTS):
        held = weighed(text, statistics, counts)
        score = sum(max(product(one, held) for one in clause) for clause in clauses(wanted))
        if score:
            scores[row] = score
    index = SparseIndex.build(tmp_path / "sparse", TEXTS)

    assert dict(index.search(wanted, len(TEXTS))) == pytest.approx(scores, rel=1e-5)
    for term in wanted.terms:
        dimension = dimension_of(term)
        holding = counts.holding([dimension]).get(dimension, 0)
        assert statistics.inverse_frequency(holding) == pytest.approx(index.weight(term))


def test_terms_are_counted_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sums are those of all passages, however few dimensions are counted at once."""
    _, whole = count_terms(TEXTS)
    monkeypatch.setattr(bm25, "_COUNTED_AT_ONCE", 5)
    _, parts = count_terms(TEXTS)

    assert list(parts.items()) == list(whole.items())
    assert parts.holding([*dimensions_of("một"), 1]) == dict.fromkeys(dimensions_of("một"), 1)
