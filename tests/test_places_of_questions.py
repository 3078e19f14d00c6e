from __future__ import annotations

import pytest

from retrieval.question import understand
from retrieval.search import Retriever
from tests.asked_place_rows import ALIASES, COMMON_WORDS, LATER, OF_ARTICLES, SOURCES, Row


@pytest.mark.parametrize(
    "row", [*ALIASES, *COMMON_WORDS, *OF_ARTICLES, *SOURCES, *LATER], ids=lambda r: r[0]
)
def test_places_and_papers_of_a_question(retriever: Retriever, row: Row) -> None:
    """As the archive's own language restores the marks, where there are none."""
    query = understand(row.question, language=retriever.index.language)

    assert (
        query.provinces,
        query.filters.provinces[: len(row.of_articles)],
        query.filters.sources,
    ) == row[1:]
    assert bool(query.filters.provinces) == bool(row.of_articles)
