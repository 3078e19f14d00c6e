"""Counts over all articles: what is counted, of how many, and what is not counted."""

from __future__ import annotations

import pytest

from bot.answering import Asked, answer
from bot.counting import asks_to_count
from bot.schema import Outcome
from retrieval.filters import GivenFilters
from retrieval.question import understand
from retrieval.schema import Filters
from retrieval.search import Retriever


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Mấy bài nhắc đến phong trào “Dân vận khéo”?",
            "Trong 5 bài của kho, có 4 bài nhắc đến “Dân vận khéo”.",
        ),
        (
            "bao nhieu bai nhac den ba phuong thi thanh",
            "Trong 5 bài của kho, có 2 bài nhắc đến “phương thị thanh”.",
        ),
        (
            "Có mấy bài về giải phóng mặt bằng vậy?",
            "Trong 5 bài của kho, có 3 bài nhắc đến “giải phóng mặt bằng” hoặc “GPMB”.",
        ),
        (
            "Bao nhiêu bài nói về giải phóng mặt bằng ở Quảng Ninh?",
            "Trong 1 bài (Quảng Ninh) của kho, có 1 bài nhắc đến “giải phóng mặt bằng” hoặc "
            "“GPMB”.",
        ),
        (
            "Bao nhiêu bài nhắc đến Quảng Ninh?",
            "Trong 5 bài của kho, có 1 bài nhắc đến “Quảng Ninh”.",
        ),
        (
            "Bao nhiêu tỉnh có bài nhắc đến quy chế dân chủ?",
            "Trong 5 bài của kho, các bài nhắc đến “quy chế dân chủ” là của 4 tỉnh, thành phố: "
            "Bắc Kạn, Hậu Giang, Quảng Bình, Quảng Ninh.",
        ),
        ("Kho có bao nhiêu bài?", "Kho hiện có 5 bài. (Dưới đây là 4 bài mới nhất.)"),
        ("Có mấy bài của Bắc Kạn?", "Kho hiện có 2 bài (Bắc Kạn)."),
        ("Bao nhiêu bài của Bắc Kạn năm 2023?", "Kho hiện có 1 bài (Bắc Kạn, năm 2023)."),
        (
            "Kho có bài của mấy tỉnh?",
            "Kho hiện có bài của 4 tỉnh, thành phố: Bắc Kạn (2 bài), Hậu Giang (1 bài), "
            "Quảng Bình (1 bài), Quảng Ninh (1 bài).",
        ),
    ],
)
def test_what_was_counted_is_said(retriever: Retriever, question: str, told: str) -> None:
    """Of how many articles, and in how many the phrase stands; counted in `seeds/` by hand."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.ANSWERED
    assert shown.text.startswith(told)


def test_every_counted_article_is_shown(retriever: Retriever) -> None:
    """Each with a sentence that holds the phrase, the newest first."""
    shown = answer(retriever, Asked("Bao nhiêu bài nhắc đến bà Phương Thị Thanh?"))

    assert [c.label for c in shown.citations] == ["Bắc Kạn, 23/7/2024", "Bắc Kạn, 5/7/2023"]
    assert all("Phương Thị Thanh" in citation.quote for citation in shown.citations)


def test_a_phrase_that_stands_nowhere(retriever: Retriever) -> None:
    """That is a fact about the archive, and nothing is cited for it."""
    shown = answer(retriever, Asked("Bao nhiêu bài nhắc đến blockchain?"))

    assert shown.outcome is Outcome.NO_EVIDENCE
    assert shown.text == "Trong 5 bài của kho, không có bài nào nhắc đến “blockchain”."
    assert shown.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "Năm 2017 Quảng Ninh có bao nhiêu mô hình đăng ký cấp tỉnh?",
        "Có mấy bài đưa tin về một hội nghị, không tính buổi làm việc và phỏng vấn?",
        "Bao nhiêu tỉnh có người được nêu tên là Chủ tịch UBND tỉnh?",
        "Có bao nhiêu bài học kinh nghiệm về dân vận?",
        "Hội thi có mấy bài hát về Bác?",
        "Cuộc thi nhận được bao nhiêu bài viết về dân vận?",
        "Bao nhiêu tỉnh đã ban hành nghị quyết về dân vận khéo?",
        "Bao nhiêu tỉnh được nhắc đến trong báo cáo?",
        "Bao nhiêu bài nói về dân vận khéo ở huyện Ba Bể?",
        "Bao nhiêu bài nói về hòa giải ở xã Yên Thổ?",
        "Bao nhiêu bài nói về dân vận khéo năm 2022 và 2023?",
        "Mấy bài mới nhất nói về dân vận khéo?",
        "Bao nhiêu bài nói về dân vận khéo 6 tháng cuối năm?",
    ],
)
def test_what_words_do_not_count(retriever: Retriever, question: str) -> None:
    """A number that an article states is not counted, nor a judgement of what articles are, nor
    anything of which a part (a district, a second year) would be left out of the count."""
    assert asks_to_count(understand(question)) is None
    assert "của kho" not in answer(retriever, Asked(question)).text


def test_what_was_left_out_by_filters_is_said(retriever: Retriever) -> None:
    filters = GivenFilters(province=("Bắc Kạn",))
    shown = answer(retriever, Asked("Bao nhiêu bài nhắc đến dân vận khéo?", filters=filters))

    assert shown.text.startswith(
        "Trong 2 bài (các bộ lọc đã chọn) của kho, có 2 bài nhắc đến “dân vận khéo”."
    )


def test_a_province_without_articles_is_refused_as_ever(retriever: Retriever) -> None:
    shown = answer(retriever, Asked("Mấy bài của Hà Nội?"))

    assert shown.outcome is Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD


def test_holding_needs_every_pair(retriever: Retriever) -> None:
    """Rows of the articles that hold all neighbours; each filter leaves whole articles out."""
    index = retriever.index
    assert len(index.sparse_articles.holding("quy chế dân chủ")) == 4
    assert index.sparse_articles.holding("dân chủ quy chế xyz") == []
    assert len(index.sparse_articles.holding("phuong thi thanh")) == 2

    passing = index.records.origins_passing(Filters(provinces=("Bắc Kạn",)))
    assert {origin.province for origin in passing.values()} == {"Bắc Kạn"}
    assert len(passing) == 2
