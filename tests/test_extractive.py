from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from bot.answerability import Signs, with_scores
from bot.candidates import MOST_SENTENCES, Candidate, complete
from bot.demands import Demands
from bot.extractive import rank_sentences
from bot.kinds import question_kind
from bot.question_terms import QuestionTerms, equal_weights
from bot.sentence_features import Features, SentenceReader
from retrieval.question import understand
from retrieval.schema import Article, Hit, Passage, SentenceScore

TEXT = (
    "Hội nghị khai mạc sáng nay. Năm 2020, chỉ số hài lòng đạt 91,3%. "
    "Ông An chủ trì. Chỉ số hài lòng là gì?"
)


def hit(text: str = TEXT, province: str = "Bắc Kạn", title: str = "Hội nghị") -> Hit:
    article = Article("a.txt", title, text, "BBK", province, datetime.date(2024, 7, 23), "a.txt")
    passage = Passage(article.id, 0, len(text), text)
    return Hit(article, passage, 1.0, 1, 1, 0.85, 10.0)


def rank(question: str, *hits: Hit) -> list[Candidate]:
    query = understand(question)
    terms = QuestionTerms(query, equal_weights)
    return rank_sentences(query, hits, terms, Demands(query, terms.words))


def read(question: str, *hits: Hit) -> list[Features]:
    terms = QuestionTerms(understand(question), equal_weights)
    rows = SentenceReader(terms, hits).matrix().tolist()
    return [Features(*row) for row in rows]


def best(question: str, *hits: Hit) -> str | None:
    ranked = rank(question, *hits)
    return ranked[0].text if ranked else None


def test_shares_are_weighted_parts_of_the_question() -> None:
    """Two of three subject syllables and one of two pairs; the form words weigh 0.15."""
    terms = QuestionTerms(understand("chỉ số nào"), equal_weights)

    assert terms.syllable_share(["chỉ", "số"]) == pytest.approx(2 / 2.15)
    assert terms.pair_share(["chỉ", "số"]) == pytest.approx(1 / 1.15)
    assert terms.pair_share(["số", "chỉ"]) == 0


def test_a_question_without_marks_is_compared_without_marks() -> None:
    """`chi so` finds `chỉ số`; `chỉ số` does not find `chi so`."""

    assert QuestionTerms(understand("chi so"), equal_weights).words("Chỉ số") == ["chi", "so"]
    assert QuestionTerms(understand("chỉ số"), equal_weights).words("Chi so") == ["chi", "so"]


def test_the_sentence_with_the_figure_comes_first() -> None:
    """Of two sentences with the words, the one that holds a number answers `bao nhiêu`."""

    assert best("Chỉ số hài lòng đạt bao nhiêu?", hit()) == "Năm 2020, chỉ số hài lòng đạt 91,3%."


def test_of_sentences_with_the_same_words_the_nearer_one_comes_first() -> None:
    """Words alone can not tell them apart; the cosine of each sentence does."""
    text = "Cây lim cao. Cây lim to. Cây lim đẹp."
    whole = hit(text)
    spans = [(0, 12), (13, 24), (25, 37)]

    def near(place: int) -> Hit:
        cosines = [0.9 if n == place else 0.84 for n in range(3)]
        scores = [SentenceScore(*span, c) for span, c in zip(spans, cosines, strict=True)]
        return replace(whole, sentences=tuple(scores))

    assert best("Cây lim thế nào?", near(1)) == "Cây lim to."
    assert best("Cây lim thế nào?", near(2)) == "Cây lim đẹp."


def test_words_that_every_sentence_has_tell_nothing() -> None:
    """Of an article on ginger only the rarer word says which sentence is meant."""
    rows = read("gừng khô", hit("Gừng tươi. Gừng khô. Gừng cay."))

    assert [row.telling_syllables > 0.5 for row in rows] == [False, True, False]
    assert [row.syllable_share for row in rows] == [0.5, 1.0, 0.5]


def test_an_answer_stands_beside_the_subject() -> None:
    """Syllables before the first and behind the last one of the subject, by fifteen."""
    row = read("cây lim", hit("Hôm qua cây lim đã được trồng."))[0]

    assert row.words_before_subject == pytest.approx(2 / 15)
    assert row.words_after_subject == pytest.approx(3 / 15)
    assert row.density_of_subject == 1


def test_an_article_that_stands_out_answers_sooner() -> None:
    """Beside others that are as near, the same sentence is trusted less."""
    own, other = hit("Cây lim cao.", title="A"), hit("Cây lim to.", title="B")
    other = replace(other, article=replace(other.article, id="b.txt"))
    far = replace(other, score=0.2, dense_score=0.8, sparse_score=1.0)

    alone, among = (rank("Cây lim thế nào?", own, beside)[0] for beside in (far, other))
    assert (alone.text, among.text) == ("Cây lim cao.", "Cây lim cao.")
    assert alone.confidence > among.confidence


def test_the_share_of_scores_adds_to_one() -> None:
    """A softmax: scores 0 and ln 3 share one to three."""
    place = Signs._fields.index("share_of_scores")
    filled = with_scores(np.zeros((2, len(Signs._fields))), np.array([0.0, np.log(3)]))

    assert filled[:, place].tolist() == pytest.approx([0.25, 0.75])


def test_the_kind_of_question_is_noticed() -> None:
    """`ai` wants a person, `khi nào` a date, with or without marks."""
    features = read("Ai chủ trì?", hit())

    assert [row.holds_kind for row in features] == [0, 0, 1, 0]
    assert [row.lacks_kind for row in features] == [1, 1, 0, 1]
    assert [row.holds_kind for row in read("khi nao khai mac", hit())] == [1, 1, 0, 0]


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
