"""What the archive has, without a question."""

from __future__ import annotations

import datetime

import pytest

from retrieval.catalogue import article_with_passages, find_articles, holdings
from retrieval.schema import NO_FILTERS, Filters
from retrieval.search import Retriever


def labels(retriever: Retriever, filters: Filters = NO_FILTERS, words: str = "") -> list[str]:
    return [article.label for article in find_articles(retriever.index, filters, words)[1]]


ALL = [
    "Bắc Kạn, 23/7/2024",
    "Bắc Kạn, 5/7/2023",
    "Hậu Giang, 26/12/2022",
    "Quảng Bình, 3/11/2017",
    "Quảng Ninh, 14/10/2017",
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ALL),
        ("   ", ALL),
        ("dân vận", ALL),
        ("Phạm Duy Hưng", ALL[:1]),
        ("PHẠM DUY HƯNG", ALL[:1]),
        ("pham duy hung", ALL[:1]),
        ("Hưng Phạm Duy", ALL[:1]),
        ("không-có-từ-này xyz", []),
        ("...", []),
    ],
)
def test_articles_are_found_by_their_words(
    retriever: Retriever, words: str, expected: list[str]
) -> None:
    """All of them, in any order, with or without marks and capitals; newest first."""
    assert labels(retriever, words=words) == expected


def test_filters_and_pages(retriever: Retriever) -> None:
    """The total is of all that pass, whatever the page shows."""
    since = Filters(date_from=datetime.date(2022, 1, 1))

    assert labels(retriever, since) == ALL[:3]
    total, page = find_articles(retriever.index, since, limit=1, offset=1)
    assert (total, [article.label for article in page]) == (3, ALL[1:2])
    assert find_articles(retriever.index, since, offset=3) == (3, [])


def test_an_article_has_its_passages_in_order(retriever: Retriever) -> None:
    """Each is what stands there in its text; an unknown id has none."""
    found = article_with_passages(retriever.index, "002_bacd95ad4e680c06.txt")
    assert found
    article, passages = found

    assert [p.start for p in passages] == sorted(p.start for p in passages)
    assert all(article.text[p.start : p.end] == p.text for p in passages)
    assert article_with_passages(retriever.index, "../pyproject.toml") is None


def test_everything_is_counted_once(retriever: Retriever) -> None:
    """By place, source and month."""
    held = holdings(retriever.index)

    assert held.articles == sum(held.months.values()) + held.undated == 5
    assert held.provinces == {"Bắc Kạn": 2, "Hậu Giang": 1, "Quảng Bình": 1, "Quảng Ninh": 1}
    assert next(iter(held.provinces)) == "Bắc Kạn"
    assert sum(held.sources.values()) == 5
    assert list(held.months) == sorted(held.months)
    assert (held.first, held.last) == ("2017-10-14", "2024-07-23")
