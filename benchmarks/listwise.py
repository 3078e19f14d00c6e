"""A linear score by which the right ones of each list come first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Matrix = npt.NDArray[np.float64]
_LEAST_SPREAD = 1e-3


def fit_listwise(
    lists: Sequence[Matrix], rights: Sequence[npt.NDArray[np.bool_]], penalty: float
) -> Matrix:
    """Weights by which the right rows of a list get as much of its softmax as they can.

    Args:
        lists: `(rows, features)` each; one whose rows are all right or all wrong teaches nothing.
        penalty: on the squared weights of features of spread 1.
    """
    taught = [
        (matrix, right)
        for matrix, right in zip(lists, rights, strict=True)
        if right.any() and not right.all()
    ]
    sizes = [len(right) for _, right in taught]
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    owner = np.repeat(np.arange(len(taught)), sizes)
    matrix = np.vstack([rows for rows, _ in taught])
    spread = np.maximum(matrix.std(axis=0), _LEAST_SPREAD)
    matrix = matrix / spread
    right = np.concatenate([one for _, one in taught])

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = matrix @ weights
        parts = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        every, good = np.add.reduceat(parts, starts), np.add.reduceat(parts * right, starts)
        good = np.maximum(good, np.finfo(float).tiny)
        slope = matrix.T @ (parts / every[owner] - parts * right / good[owner])
        value = np.log(every / good).sum() + penalty / 2 * weights @ weights
        return float(value), slope + penalty * weights

    found = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B")
    weights: Matrix = found.x / spread
    return weights
