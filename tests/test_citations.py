from __future__ import annotations

import datetime

import pytest

from bot.candidates import Candidate
from bot.citations import cite, with_label
from retrieval.schema import Article


def article(identifier: str, province: str = "Bắc Kạn") -> Article:
    text = "Câu một.\nCâu  hai."
    day = datetime.date(2024, 7, 23)
    return Article(identifier, f"Bài {identifier}", text, None, province, day, identifier)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Đạt 91,3%.", "Đạt 91,3% [Bắc Kạn, 23/7/2024]."),
        ("Hoàn thành nhiệm vụ năm 2022./.", "Hoàn thành nhiệm vụ năm 2022 [Bắc Kạn, 23/7/2024]."),
        ("Tăng cường phối hợp...", "Tăng cường phối hợp [Bắc Kạn, 23/7/2024]."),
        ("Ông nói: “Đã xong.”", "Ông nói: “Đã xong” [Bắc Kạn, 23/7/2024]."),
        ("Đã xong chưa?", "Đã xong chưa? [Bắc Kạn, 23/7/2024]"),
        ("Khen thưởng tập thể", "Khen thưởng tập thể [Bắc Kạn, 23/7/2024]."),
    ],
)
def test_the_label_stands_before_the_stop(sentence: str, expected: str) -> None:
    """As a careful writer would set it, and a news story's `./.` is no part of a sentence."""

    assert with_label(sentence, ["Bắc Kạn, 23/7/2024"]) == expected


def test_a_quote_is_the_article_to_the_letter() -> None:
    """The quote keeps the article's spaces; the sentence shown has single ones."""
    source = article("a")
    sentences, citations = cite([Candidate(source, 9, 18, 1.0, 1.0)])

    assert citations[0].quote == "Câu  hai." == source.text[9:18]
    assert sentences[0].text == "Câu hai."
    assert sentences[0].citations == (1,)


def test_two_articles_of_one_place_and_day_are_told_apart() -> None:
    """The second gets a number; the same article keeps its label."""
    a, b, c = article("a"), article("b"), article("c", "Quảng Ninh")
    _, citations = cite([Candidate(x, 0, 8, 1.0, 1.0) for x in (a, b, a, c)])

    assert [citation.label for citation in citations] == [
        "Bắc Kạn, 23/7/2024",
        "Bắc Kạn, 23/7/2024 (2)",
        "Bắc Kạn, 23/7/2024",
        "Quảng Ninh, 23/7/2024",
    ]


def test_neighbours_in_a_paragraph_share_a_citation() -> None:
    """Two sentences in a row are one quote; across a paragraph, or out of order, they are two."""
    text = "Câu một. Câu hai.\nCâu ba."
    source = Article("a", "Bài", text, None, None, None, "a")

    def quotes(*spans: tuple[int, int]) -> list[str]:
        _, citations = cite([Candidate(source, *span, 1.0, 1.0) for span in spans])
        return [citation.quote for citation in citations]

    assert quotes((0, 8), (9, 17), (18, 25)) == ["Câu một. Câu hai.", "Câu ba."]
    assert quotes((9, 17), (0, 8)) == ["Câu hai.", "Câu một."]
