from __future__ import annotations

import pytest

from retrieval.halves import DenseHalf, SparseHalf
from retrieval.reranking import WEIGHTS, parts_of, reranked
from retrieval.schema import Parts
from retrieval.search import Retriever

EMPTY = Parts(*[0.0] * len(Parts._fields))


def parts(retriever: Retriever, question: str) -> dict[str, Parts]:
    """Of each candidate, by its passage's first words."""
    ranking = retriever.rank(question)
    found = retriever.index.records.passages(list(ranking.parts))
    return {
        f"{article.label}: {passage.text[:20]}": one
        for one, (article, passage) in zip(ranking.parts.values(), found, strict=True)
    }


def best(retriever: Retriever, question: str) -> Parts:
    ranking = retriever.rank(question)
    return ranking.parts[ranking.rows[0]]


def test_the_score_by_hand() -> None:
    """1 for the best; each log odds beneath it costs a seventeenth."""
    one = EMPTY._replace(words=1.0, names=1.0)
    other = EMPTY._replace(words=0.5)
    behind = (0.5 * WEIGHTS.words + WEIGHTS.names) / 17.0

    assert reranked({4: other, 9: one}) == pytest.approx({4: 1.0 - behind, 9: 1.0})
    assert reranked({}) == {}


def test_words_of_two_sentences_beside_each_other(retriever: Retriever) -> None:
    """What the passage's best two sentences hold, and of pairs what the best one does."""
    held = "kết quả đánh giá chỉ số hài lòng của người dân"

    assert best(retriever, held).words == 1.0
    assert best(retriever, held).pairs == 1.0
    assert best(retriever, " ".join(reversed(held.split()))).words == 1.0
    assert best(retriever, " ".join(reversed(held.split()))).pairs < 0.2
    assert best(retriever, "xyz abc qrs").words == 0.0


@pytest.mark.parametrize("typed", ["bắc kạn năm 2020", "Bắc Kạn năm 2020", "BẮC KẠN NĂM 2020"])
def test_names_are_known_however_they_are_typed(retriever: Retriever, typed: str) -> None:
    """By the capitals that the archive writes them with, not by those of the question."""
    typed_so, as_ever = best(retriever, typed), best(retriever, "Bắc Kạn năm 2020")

    assert typed_so == as_ever
    assert typed_so.numbers == 1.0
    assert typed_so.capitals > 0.3


def test_a_question_without_marks_is_compared_without(retriever: Retriever) -> None:
    """It holds as much of it as of the same question with its marks."""
    folded = best(retriever, "chi so hai long cua nguoi dan nam 2020")
    marked = best(retriever, "chỉ số hài lòng của người dân năm 2020")

    assert folded.words == pytest.approx(marked.words, abs=0.05)
    assert folded.words > 0.9


def test_another_form_of_an_abbreviation_counts(retriever: Retriever) -> None:
    """`GPMB` is held where `giải phóng mặt bằng` is."""
    short = parts(retriever, "GPMB")
    long = parts(retriever, "giải phóng mặt bằng")

    assert max(one.words for one in short.values()) == 1.0
    assert max(one.pairs for one in short.values()) == 1.0
    assert {name for name, one in short.items() if one.words == 1.0} == {
        name for name, one in long.items() if one.words == 1.0
    }


def test_only_the_first_candidates_are_looked_at(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others follow in the order of fusion, as far beneath as they were."""
    question = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
    fused = Retriever(retriever.index, retriever.encoder, frozenset({"reranking"})).rank(question)
    monkeypatch.setattr("retrieval.reranking.DEPTH", 2)
    few = retriever.rank(question)
    last, after = few.rows[1:3]

    assert fused.parts == {}
    assert fused.scores == pytest.approx(
        {row: score + sum(fused.bonuses_of(row).values()) for row, score in fused.fused.items()}
    )
    assert few.parts.keys() == set(fused.rows[:2])
    assert few.rows[2:] == fused.rows[2:]
    assert few.scores[last] - few.scores[after] == pytest.approx(
        fused.scores[fused.rows[1]] - fused.scores[after]
    )


def test_cosines_are_measured_in_the_models_spread(retriever: Retriever) -> None:
    """0 for the best one, -1 for one that is the whole spread below; BM25 of the best is 1."""
    index = retriever.index
    query = retriever.rank("dân vận").query
    dense = DenseHalf({}, {0: 0.9, 1: 0.85}, {0: 0.8, 1: 0.7})
    of = parts_of(index, query, [0, 1], dense, SparseHalf({}, {0: 2.0, 1: 8.0}), spread=0.1)

    assert [of[0].sentence, of[1].sentence] == pytest.approx([0.0, -0.5])
    assert [of[0].passage, of[1].passage] == pytest.approx([0.0, -1.0])
    assert [of[0].article, of[1].article] == [0.25, 1.0]
