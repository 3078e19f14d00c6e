from __future__ import annotations

import datetime

import pytest

from bot.candidates import MOST_SENTENCES, Candidate, complete
from bot.demands import Demands
from bot.evidence import question_kind
from bot.extractive import QuestionTerms, rank_sentences, sentence_features
from retrieval.question import understand
from retrieval.schema import Article, Hit, Passage

TEXT = (
    "Hội nghị khai mạc sáng nay. Năm 2020, chỉ số hài lòng đạt 91,3%. "
    "Ông An chủ trì. Chỉ số hài lòng là gì?"
)


def hit(text: str = TEXT, province: str = "Bắc Kạn", title: str = "Hội nghị") -> Hit:
    article = Article("a.txt", title, text, "BBK", province, datetime.date(2024, 7, 23), "a.txt")
    passage = Passage(article.id, 0, len(text), text)
    return Hit(article, passage, 1.0, 1, 1, 0.85, 10.0)


def flat(_: str) -> float:
    return 1.0


def rank(question: str, *hits: Hit) -> list[Candidate]:
    query = understand(question)
    terms = QuestionTerms(query, flat)
    return rank_sentences(query, hits, terms, Demands(query, terms.words))


def best(question: str, *hits: Hit) -> str | None:
    ranked = rank(question, *hits)
    return ranked[0].text if ranked else None


def test_shares_are_weighted_parts_of_the_question() -> None:
    """Two of three subject syllables and one of two pairs; the form words weigh 0.15."""
    terms = QuestionTerms(understand("chỉ số nào"), flat)

    assert terms.syllable_share(["chỉ", "số"]) == pytest.approx(2 / 2.15)
    assert terms.pair_share(["chỉ", "số"]) == pytest.approx(1 / 1.15)
    assert terms.pair_share(["số", "chỉ"]) == 0


def test_a_question_without_marks_is_compared_without_marks() -> None:
    """`chi so` finds `chỉ số`; `chỉ số` does not find `chi so`."""

    assert QuestionTerms(understand("chi so"), flat).words("Chỉ số") == ["chi", "so"]
    assert QuestionTerms(understand("chỉ số"), flat).words("Chi so") == ["chi", "so"]


def test_the_sentence_with_the_figure_comes_first() -> None:
    """Of two sentences with the words, the one that holds a number answers `bao nhiêu`."""

    assert best("Chỉ số hài lòng đạt bao nhiêu?", hit()) == "Năm 2020, chỉ số hài lòng đạt 91,3%."


def test_the_kind_of_question_is_noticed() -> None:
    """`ai` wants a person, `khi nào` a date, with or without marks."""
    features = [
        row for _, row in sentence_features(QuestionTerms(understand("Ai chủ trì?"), flat), hit())
    ]

    assert [row.holds_kind for row in features] == [0, 0, 1, 0]
    assert [row.lacks_kind for row in features] == [1, 1, 0, 1]
    plain = [
        row
        for _, row in sentence_features(QuestionTerms(understand("khi nao khai mac"), flat), hit())
    ]
    assert [row.holds_kind for row in plain] == [0, 1, 0, 0]


@pytest.mark.parametrize(
    "question",
    [
        "Chỉ số hài lòng năm 2021 là bao nhiêu?",
        "Chỉ số hài lòng theo Quyết định 218 là bao nhiêu?",
        "Chỉ số hài lòng ở Quảng Ninh là bao nhiêu?",
        "chi so hai long o quang ninh la bao nhieu",
    ],
)
def test_another_year_decree_or_place_is_no_evidence(question: str) -> None:
    """However alike the words are, a passage about another year or province answers nothing."""

    assert best(question, hit()) is None


@pytest.mark.parametrize(
    "question",
    [
        "Chỉ số hài lòng năm 2020 ở Bắc Kạn là bao nhiêu?",
        "Chỉ số hài lòng nêu ngày 23/7/2024 là bao nhiêu?",
        "Chỉ số hài lòng nêu tháng 7/2024 là bao nhiêu?",
    ],
)
def test_year_and_place_may_come_from_the_label(question: str) -> None:
    """The article's own day and province need not be repeated in the passage."""

    assert best(question, hit()) is not None


def test_a_place_in_the_passage_is_enough() -> None:
    """A paper of one province may report on another."""
    text = "Đoàn thăm tỉnh Quảng Ninh. Chỉ số hài lòng ở đó đạt 91,3%."

    assert best("Chỉ số hài lòng ở Quảng Ninh là bao nhiêu?", hit(text)) is not None


def test_candidates_point_into_the_article() -> None:
    """Offsets give the sentence to the letter."""
    candidates = rank("chỉ số hài lòng", hit())

    assert len(candidates) == MOST_SENTENCES
    assert {TEXT[c.start : c.end] for c in candidates} == {c.text for c in candidates}


LIST = (
    "Hội nghị nêu các nhiệm vụ:\n- nắm tình hình nhân dân;\n- tổ chức đối thoại;\n"
    "- nhân rộng mô hình.\nHội nghị bế mạc."
)


def completed(question: str, text: str, sentence: str) -> list[str]:
    article = hit(text).article
    start = text.index(sentence)
    candidate = Candidate(article, start, start + len(sentence), 1.0, 1.0)
    return [other.text for other in complete(candidate, question_kind(question))]


def test_a_line_that_goes_on_is_shown_to_its_end() -> None:
    """A semicolon is no end; the answer stops where the list does."""
    found = completed("Nhiệm vụ là gì?", LIST, "nắm tình hình nhân dân;")

    assert found == ["nắm tình hình nhân dân;", "tổ chức đối thoại;", "nhân rộng mô hình."]


def test_what_leans_on_the_sentence_before_comes_behind_it() -> None:
    """Without its name, "Ông" is nobody; with it nothing is added."""
    text = "Ông An đến dự. Ông cho biết mưa to. Ông Bình cho biết nắng."

    assert completed("Ông nói gì?", text, "Ông cho biết mưa to.") == [
        "Ông An đến dự.",
        "Ông cho biết mưa to.",
    ]
    assert completed("Ông nói gì?", text, "Ông Bình cho biết nắng.") == ["Ông Bình cho biết nắng."]
