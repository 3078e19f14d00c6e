from __future__ import annotations

import pytest

from bot.answering import Asked, answer
from bot.comparisons import parts_of
from bot.schema import Outcome
from retrieval.question import understand
from retrieval.search import Retriever


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Trưởng ban Dân vận của Quảng Bình và Quảng Ninh năm 2017 là ai?",
            [
                "Trưởng ban Dân vận của Quảng Bình năm 2017 là ai?",
                "Trưởng ban Dân vận của Quảng Ninh năm 2017 là ai?",
            ],
        ),
        (
            "Bí thư của Hậu Giang (2022) và Bắc Kạn (2023) là ai?",
            ["Bí thư của Hậu Giang (2022) là ai?", "Bí thư của Bắc Kạn (2023) là ai?"],
        ),
        (
            "So sánh giúp tôi công tác dân vận ở Bắc Kạn và Quảng Bình",
            ["công tác dân vận ở Bắc Kạn", "công tác dân vận ở Quảng Bình"],
        ),
        ("Đoàn Bắc Ninh đến thăm Sơn La khi nào?", []),
        ("Dân vận ở Bắc Kạn còn hạn chế gì?", []),
    ],
)
def test_a_question_for_each_place(question: str, expected: list[str]) -> None:
    """Places that "và" joins are asked about one by one, each with its own time."""

    assert [part.question for part in parts_of(understand(question))] == expected


def test_each_side_has_its_own_evidence(retriever: Retriever) -> None:
    """Both are answered, each from its own province."""
    shown = answer(
        retriever, Asked("Trưởng ban Dân vận Tỉnh ủy của Quảng Bình và Quảng Ninh là ai?")
    )

    assert shown.outcome is Outcome.ANSWERED
    assert {citation.label for citation in shown.citations} == {
        "Quảng Bình, 3/11/2017",
        "Quảng Ninh, 14/10/2017",
    }
    assert "• Quảng Bình: " in shown.text


def test_a_side_without_evidence_is_named(retriever: Retriever) -> None:
    """What only one of them has is no answer for the other."""
    shown = answer(
        retriever, Asked("Chỉ số hài lòng của Bắc Kạn và Quảng Ninh năm 2020 là bao nhiêu?")
    )

    assert shown.outcome is Outcome.PARTLY_ANSWERED
    assert "• Quảng Ninh: không tìm thấy điều này trong các bài viết." in shown.text
    assert [citation.label for citation in shown.citations] == ["Bắc Kạn, 23/7/2024"]


def test_the_request_to_compare_is_no_part_of_the_question(retriever: Retriever) -> None:
    """Both provinces have an article on the matter, and each is named as it is written."""
    shown = answer(retriever, Asked("so sanh cong tac dan van o quang ninh va quang binh"))

    assert shown.outcome is Outcome.ANSWERED
    assert shown.text.index("• Quảng Ninh: ") < shown.text.index("• Quảng Bình: ")
