"""Whether the articles answer at all: how far the best sentence's article stands out.

An archive always has something that reads alike. What it does not answer shows in that nothing
stands out: other articles are nearly as near, and words of the question are in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bot.question_terms import QuestionTerms
from bot.sentence_features import (
    COSINE_SPREAD,
    Features,
    Matrix,
    Sentence,
    scaled_cosine,
    scored_sentences,
)
from retrieval.schema import Hit

# Hits that are compared, and the articles beside the best sentence's that stand for the rest.
_COMPARED = 12
_BEST_HITS = 10
_OTHERS = 3
# One that stands alone is as far above the second as this.
_MOST_ABOVE = 0.3

# What BM25 scores and sums of term weights are divided by, to lie about in [0, 1].
_BM25 = 50.0
_WEIGHT = 40.0


class Signs(NamedTuple):
    """What speaks for a sentence's being the answer; every value lies about in [0, 1].

    Nearness is the fused score without what the question's place and period add to it. "Above"
    is the difference from the mean of the three best other articles.
    """

    share_with_before: float
    weight_found: float
    share_of_scores: float
    nearness: float
    above_second: float
    spread: float
    cosine: float
    cosine_above: float
    bm25: float
    bm25_above: float
    weight_missing: float


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a hit stands among those that are compared."""

    article: str
    nearness: float
    bm25: float
    cosine: float


def signs_of(
    terms: QuestionTerms,
    hits: Sequence[Hit],
    sentences: Sequence[Sentence],
    matrix: Matrix,
) -> Matrix:
    """`(sentences, signs)`, in the order of `Signs`; `with_scores` fills in the scores' share.

    Args:
        hits: all that were found, best first, whether or not they may be evidence.
        matrix: of the sentences, from `SentenceReader`.
    """
    measured = _standings(hits[:_COMPARED])
    spread = float(np.std([each.nearness for each in measured[:_BEST_HITS]])) if measured else 0.0
    standing = {one.article: one for one in reversed(measured)}
    total = sum(terms.syllables.values()) / _WEIGHT
    by_article: dict[str, tuple[float, ...]] = {}
    rows = []
    for sentence, values in zip(sentences, matrix.tolist(), strict=True):
        features = Features(*values)
        article = sentence.hit.article
        if article.id not in by_article:
            share = terms.syllable_share(terms.words(f"{article.title}. {article.text}"))
            own = standing.get(article.id) or _standings([sentence.hit])[0]
            others = [one for name, one in standing.items() if name != article.id]
            by_article[article.id] = (*_compared(own, others, spread), (1 - share) * total)
        rows.append(
            (
                features.share_with_before,
                features.syllable_share * total,
                0.0,
                *by_article[article.id],
            )
        )
    return np.array(rows).reshape(-1, len(Signs._fields))


def _compared(own: _Standing, others: Sequence[_Standing], spread: float) -> tuple[float, ...]:
    """The signs from `nearness` to `bm25_above`."""
    second = max((other.nearness for other in others), default=0.0)
    return (
        own.nearness,
        min(_MOST_ABOVE, own.nearness - second),
        spread,
        scaled_cosine(own.cosine),
        _above(own.cosine, [other.cosine for other in others]) / COSINE_SPREAD,
        own.bm25 / _BM25,
        _above(own.bm25, [other.bm25 for other in others]) / _BM25,
    )


def with_scores(signs: Matrix, scores: Matrix) -> Matrix:
    """The signs with each sentence's part of all scores (softmax): near 1 where one stands out."""
    filled = signs.copy()
    if len(filled):
        shares = np.exp(scores - scores.max())
        filled[:, Signs._fields.index("share_of_scores")] = shares / shares.sum()
    return filled


def _standings(hits: Sequence[Hit]) -> list[_Standing]:
    """Of each hit, in their order."""
    best_dense = max((hit.dense_score for hit in hits), default=0.0)
    best_bm25 = max((hit.sparse_score for hit in hits), default=0.0) or 1.0
    return [
        _Standing(
            hit.article.id,
            0.5 * max(0.0, 1 - (best_dense - hit.dense_score) / COSINE_SPREAD)
            + 0.5 * hit.sparse_score / best_bm25,
            hit.sparse_score,
            max((score.cosine for score in scored_sentences(hit)), default=hit.dense_score),
        )
        for hit in hits
    ]


def _above(value: float, others: Sequence[float]) -> float:
    """Above the mean of the highest others; nothing where there are none to compare with."""
    best = sorted(others, reverse=True)[:_OTHERS]
    return value - sum(best) / len(best) if best else 0.0
