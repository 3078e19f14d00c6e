from __future__ import annotations

import datetime

import numpy as np
import pytest

from retrieval.halves import sparse_half
from retrieval.language import PLAIN
from retrieval.question import understand
from retrieval.search import Retriever
from retrieval.searcher import Allowed

TODAY = datetime.date(2026, 1, 1)


def test_a_passage_that_is_chosen_has_the_score_that_it_has_among_all(retriever: Retriever) -> None:
    """So that `explain` tells of one that was not proposed what it would have had."""
    query = understand("Công tác dân vận ở Bắc Kạn còn những hạn chế gì?", (), PLAIN, TODAY)
    # An article's score is that of the best of all.
    without = frozenset({"articles"})
    among_all = sparse_half(retriever.index, query, 100, None, without).scores
    assert len(among_all) > 5

    for row, score in among_all.items():
        chosen = Allowed(np.array([row]))
        half = sparse_half(retriever.index, query, 1, chosen, without)
        assert half.scores == {row: pytest.approx(score)}
