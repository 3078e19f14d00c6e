"""One ranking out of two: weighted, normalised scores.

Reciprocal rank fusion throws away how much better the best hit is. On news questions,
where BM25 alone is the better half, that costs more than the second half brings.
"""

from __future__ import annotations

from collections.abc import Mapping


def weighted_fusion(
    dense: Mapping[int, float], sparse: Mapping[int, float], dense_weight: float
) -> dict[int, float]:
    """Row -> score in [0, 1] for every row of either mapping.

    Cosines of one model lie close together, so they are stretched to [0, 1] between the
    worst and the best candidate; BM25 starts at a true zero and is divided by its best.
    A row that is missing from a half scores 0 there.
    """
    scaled_dense = _stretched(dense)
    best_sparse = max(sparse.values(), default=0.0)
    return {
        row: dense_weight * scaled_dense.get(row, 0.0)
        + (1.0 - dense_weight) * (sparse.get(row, 0.0) / best_sparse if best_sparse > 0 else 0.0)
        for row in dense.keys() | sparse.keys()
    }


def _stretched(scores: Mapping[int, float]) -> dict[int, float]:
    if not scores:
        return {}
    worst, best = min(scores.values()), max(scores.values())
    if best == worst:
        return dict.fromkeys(scores, 1.0)
    return {row: (score - worst) / (best - worst) for row, score in scores.items()}
