from __future__ import annotations

import datetime

import pytest

from retrieval.gazetteer import load
from retrieval.question import understand
from retrieval.schema import Article, Filters, Passage, Succession
from retrieval.successions import speaks_of

MERGED = datetime.date(2025, 7, 1)
BAC_KAN = Succession("Bắc Kạn", "Thái Nguyên", MERGED)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bắc Kạn", BAC_KAN),
        ("bac can", BAC_KAN),
        ("Đắk Nông", Succession("Đắk Nông", "Lâm Đồng", MERGED)),
        ("Hà Tây", Succession("Hà Tây", "Hà Nội", datetime.date(2008, 8, 1))),
        ("Thái Nguyên", None),
        ("Đồng Nai", None),
        ("Atlantis", None),
    ],
)
def test_what_became_of_a_province(name: str, expected: Succession | None) -> None:
    """With the first day; a province of today has not become another."""

    assert load().succession(name) == expected


TODAY = datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Bắc Kạn có bao nhiêu ha chè Shan tuyết?", (BAC_KAN,)),
        ("tin Bắc Kạn tháng 9/2025", (BAC_KAN,)),
        ("Bắc Kạn năm 2025 có gì mới?", (BAC_KAN,)),
        ("Dân vận ở Bắc Kạn năm 2023", ()),
        ("tin Bắc Kạn tháng 6/2025", ()),
        ("So sánh Bắc Kạn với Thái Nguyên", ()),
        ("Thái Nguyên có gì mới?", ()),
    ],
)
def test_a_former_province_reaches_its_successor(
    question: str, expected: tuple[Succession, ...]
) -> None:
    """But not where the question asks of the former one's own time."""

    assert understand(question, today=TODAY).successors == expected


def test_news_of_a_former_province() -> None:
    """`tin Bắc Kạn` lets the successor's articles pass, from the merger on."""
    filters = understand("tin Bắc Kạn tháng 9/2025", today=TODAY).filters

    assert (filters.provinces, filters.successors) == (("Bắc Kạn",), (BAC_KAN,))
    assert Filters(("Hậu Giang",)).over(filters).successors == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vùng chè của tỉnh Bắc Kạn cũ có 500 ha.", True),
        ("Xã Bằng Thành thuộc huyện Pác Nặm cũ.", True),
        ("Du khách đến hồ Ba Bể đông hơn.", True),
        ("Thành phố Thái Nguyên đón 2.000 khách.", False),
    ],
)
def test_whether_an_article_speaks_of_the_former_province(text: str, expected: bool) -> None:
    """By its name, or by a district's that no other province has."""
    article = Article("a", "Tin trong ngày", text, None, "Thái Nguyên", MERGED, "a")

    assert speaks_of(BAC_KAN, article, Passage("a", 0, len(text), text)) is expected
    assert BAC_KAN.covers("Thái Nguyên", MERGED)
    assert not BAC_KAN.covers("Thái Nguyên", MERGED - datetime.timedelta(days=1))
    assert not BAC_KAN.covers("Thái Nguyên", None)
