from __future__ import annotations

import numpy as np
import pytest

from retrieval.search import Retriever

QUESTION = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"


def test_each_sentence_of_a_hit_has_its_own_cosine(retriever: Retriever) -> None:
    """It is that of the question and of this sentence alone, encoded afresh."""
    result = retriever.search(QUESTION, 3)
    vector = retriever.encoder.encode_question(result.query.written_out)

    assert len(result.hits) == 3
    for hit in result.hits:
        texts = [hit.article.text[s.start : s.end] for s in hit.sentences]
        expected = retriever.encoder.encode_passages(texts) @ vector
        assert [s.cosine for s in hit.sentences] == pytest.approx(expected.tolist(), abs=5e-3)
        assert len(np.unique(expected)) > 1


def test_the_sentences_of_a_hit_are_those_of_its_passage(retriever: Retriever) -> None:
    """In reading order, from the passage's first character to its last."""
    for hit in retriever.search(QUESTION, 3).hits:
        bounds = [bound for s in hit.sentences for bound in (s.start, s.end)]

        assert bounds == sorted(bounds)
        assert (bounds[0], bounds[-1]) == (hit.passage.start, hit.passage.end)
