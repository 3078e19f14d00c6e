"""One ranking out of two: weighted, normalised scores.

Reciprocal rank fusion throws away how much better the best hit is. On news questions,
where BM25 alone is the better half, that costs more than the second half brings.
"""

from __future__ import annotations

from collections.abc import Mapping


def weighted_fusion(
    dense: Mapping[int, float], sparse: Mapping[int, float], dense_weight: float, spread: float
) -> dict[int, float]:
    """Row -> score in [0, 1] for every row of either mapping.

    BM25 starts at a true zero and is divided by its best. Cosines of one model lie close
    together: the best counts 1, and one that is `spread` lower counts 0. Measuring from the
    best rather than from the worst candidate makes a score independent of how many there are.
    A row that is missing from a half scores 0 there.
    """
    best_dense = max(dense.values(), default=0.0)
    best_sparse = max(sparse.values(), default=0.0)
    fused = dict.fromkeys(dense.keys() | sparse.keys(), 0.0)
    for row, cosine in dense.items():
        fused[row] += dense_weight * max(0.0, 1.0 - (best_dense - cosine) / spread)
    for row, score in sparse.items():
        fused[row] += (1.0 - dense_weight) * (score / best_sparse if best_sparse > 0 else 0.0)
    return fused
