from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from retrieval.building import build
from retrieval.encoders import BundledEncoder
from retrieval.errors import PassageUnknown
from retrieval.explain import explain
from retrieval.explain_command import explanation_json, print_explanation
from retrieval.index import Index
from retrieval.schema import Filters, Parts
from retrieval.search import Retriever
from retrieval.settings import PROJECT

QUESTION = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
SEED = "002_bacd95ad4e680c06.txt"
OTHER = "000_156ac1a8ea5ea900.txt"


def test_candidates_are_those_of_the_search(retriever: Retriever) -> None:
    """The same passages in the same order with the same scores, and how they come about."""
    explanation = explain(retriever, QUESTION, 10)
    hits = retriever.search(QUESTION, 10).hits

    assert [c.id for c in explanation.candidates] == [hit.passage.id for hit in hits]
    assert [c.rank for c in explanation.candidates] == list(range(1, len(hits) + 1))
    for candidate, hit in zip(explanation.candidates, hits, strict=True):
        assert candidate.score == pytest.approx(hit.score, abs=1e-3)
        assert candidate.reranked is not None
        assert candidate.reranked + sum(candidate.bonuses.values()) == pytest.approx(
            candidate.score, abs=1e-3
        )
        assert candidate.parts.keys() == set(Parts._fields)
        assert (candidate.dense_rank, candidate.sparse_rank) == (hit.dense_rank, hit.sparse_rank)


@pytest.mark.parametrize("top_k", [1, 2, 5])
def test_what_repeats_another_takes_no_place_here_either(
    encoder: BundledEncoder, tmp_path: Path, top_k: int
) -> None:
    """The list is that of the search, of any length, and the other paper is named below."""
    source = (PROJECT / "seeds" / SEED).read_text(encoding="utf-8")
    other = (PROJECT / "seeds" / OTHER).read_text(encoding="utf-8")
    for name, text in (
        ("a.txt", source),
        ("b.txt", f"{source}\n\nMột câu khác."),
        ("c.txt", other),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    build(tmp_path, tmp_path / "vectors", encoder)
    retriever = Retriever(Index.open(tmp_path / "vectors", encoder.fingerprint), encoder)
    hits = retriever.search(QUESTION, top_k).hits
    explanation = explain(retriever, QUESTION, top_k)
    (repeated,) = explanation.candidates[0].repeated_by
    asked = explain(retriever, QUESTION, top_k, passage=repeated)
    last = explain(retriever, QUESTION, top_k, passage=hits[-1].passage.id)

    assert [c.id for c in explanation.candidates] == [hit.passage.id for hit in hits]
    assert [{i.split(":")[0] for i in c.repeated_by} for c in explanation.candidates] == [
        {article.id for article in hit.also} for hit in hits
    ]
    assert asked.asked is not None
    assert (asked.asked.rank, asked.asked.repeats) == (None, hits[0].passage.id)
    assert asked.reason == (
        f"It repeats {hits[0].passage.id}, at rank 1, and is named with that one."
    )
    assert last.reason == f"It is among them, at rank {top_k}."


@pytest.mark.parametrize("width", [20, 80])
def test_ids_are_never_cut(retriever: Retriever, width: int) -> None:
    """They are there to be copied, also from a narrow terminal or a pipe."""
    passage = f"{OTHER}:{starts(retriever, OTHER)[-1]}"
    explanation = explain(retriever, QUESTION, 3, passage=passage)
    output = io.StringIO()
    print_explanation(explanation, Console(file=output, width=width))
    words = output.getvalue().split()

    assert passage in words
    assert all(candidate.id in words for candidate in explanation.candidates)


def test_escapes_of_a_terminal_are_not_obeyed(retriever: Retriever) -> None:
    """What was typed is shown without them."""
    output = io.StringIO()
    print_explanation(explain(retriever, "\x1b[31mdân vận", 1), Console(file=output, width=80))

    assert "[31mdân vận" in output.getvalue()
    assert "\x1b" not in output.getvalue()


def test_terms_are_told_apart(retriever: Retriever) -> None:
    """What the passage has of the question and what it lacks, rarest first."""
    first = explain(retriever, QUESTION, 1).candidates[0]
    weights = list(retriever.index.searcher.weights(first.matched).values())

    assert "hạn_chế" in first.matched
    assert "chế_gì" in first.missing
    assert weights == sorted(weights, reverse=True)


def test_what_was_understood(retriever: Retriever) -> None:
    """Marks, places and history are shown."""
    query = explain(retriever, "con o quang ninh thi sao", 1, [QUESTION]).query

    assert query.earlier == QUESTION
    assert query.text == "Công tác dân vận ở Quảng Ninh còn những hạn chế gì?"
    assert query.provinces == ("Quảng Ninh",)


def starts(retriever: Retriever, article: str) -> list[int]:
    return list(retriever.index.records.passage_starts(article))


def test_why_a_passage_is_removed_by_a_filter(retriever: Retriever) -> None:
    """The filter is named with what it leaves."""
    passage = f"{OTHER}:{starts(retriever, OTHER)[0]}"
    filters = Filters(provinces=("Bắc Kạn",))
    explanation = explain(retriever, QUESTION, 3, (), filters, passage)
    total = retriever.index.manifest.passages

    assert explanation.reason == "A filter removes its article."
    assert explanation.asked is not None
    assert explanation.asked.rank is None
    assert [r.filter for r in explanation.removed] == ["province Bắc Kạn"]
    assert 0 < explanation.allowed == explanation.removed[0].passages_left < total


def test_why_a_passage_is_too_far_down(retriever: Retriever) -> None:
    """By its words, its meaning or its place, against the last one shown."""
    passage = f"{OTHER}:{starts(retriever, OTHER)[-1]}"
    explanation = explain(retriever, QUESTION, 2, passage=passage)

    assert explanation.reason is not None
    assert explanation.asked is not None
    assert explanation.asked.rank is not None
    assert explanation.asked.rank > 2
    assert f"It is at rank {explanation.asked.rank}" in explanation.reason
    assert "it is not of the place" in explanation.reason
    assert f"a closer look gives it {explanation.asked.reranked:.3f}" in explanation.reason
    assert len(explanation.candidates) == 2


def test_a_passage_that_neither_half_proposes_is_explained_too(retriever: Retriever) -> None:
    """Every passage of the archive gets its place."""
    for article in (SEED, OTHER):
        for start in starts(retriever, article):
            explanation = explain(retriever, "xyzzy 12345", 1, passage=f"{article}:{start}")
            assert explanation.reason


def test_why_a_passage_is_no_candidate(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its scores are told all the same, and the list stays what a search shows."""
    monkeypatch.setattr("retrieval.explain.PASSAGE_DEPTH", 1)
    monkeypatch.setattr("retrieval.halves._SENTENCE_DEPTH", 1)
    passage = f"{OTHER}:{starts(retriever, OTHER)[-1]}"
    explanation = explain(retriever, QUESTION, 1, passage=passage)

    assert explanation.considered < 5
    assert explanation.asked is not None
    assert (explanation.asked.id, explanation.asked.rank) == (passage, None)
    assert explanation.asked.dense_score > 0
    assert explanation.reason is not None
    assert explanation.reason.startswith("Neither its words nor its meaning are near enough")
    assert "the last one shown, " in explanation.reason


def test_a_passage_that_is_shown(retriever: Retriever) -> None:
    """Then its rank is the answer."""
    first = explain(retriever, QUESTION, 3).candidates[0]
    again = explain(retriever, QUESTION, 3, passage=first.id)

    assert again.reason == "It is among them, at rank 1."


@pytest.mark.parametrize("passage", ["nowhere.txt:0", f"{SEED}:99999", SEED, "", f"{SEED}:x"])
def test_a_passage_that_does_not_exist(retriever: Retriever, passage: str) -> None:
    """The message says which there are."""
    if not passage:
        assert explain(retriever, QUESTION, 1, passage=passage).asked is None
        return
    with pytest.raises(PassageUnknown, match=r"passages are ARTICLE:START|there are"):
        explain(retriever, QUESTION, 1, passage=passage)


def test_json_and_tables_show_the_same(retriever: Retriever) -> None:
    """Every candidate is in both; the JSON's fields are pinned."""
    explanation = explain(retriever, QUESTION, 3, passage=f"{OTHER}:{starts(retriever, OTHER)[0]}")
    record = json.loads(explanation_json(explanation))
    output = io.StringIO()
    print_explanation(explanation, Console(file=output, width=1_000))

    assert sorted(record) == sorted(
        "understood filters removed passages allowed considered dense_weight candidates asked "
        "reason timings_ms".split()
    )
    for candidate in (*record["candidates"], record["asked"]):
        assert candidate["id"] in output.getvalue()
        assert f"{candidate['score']:.3f}" in output.getvalue()
    assert record["reason"] in output.getvalue()
