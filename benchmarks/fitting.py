"""Weights from questions with known answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from benchmarks.asking import Asked
from benchmarks.listwise import fit_listwise
from bot.answerability import with_scores
from bot.sentence_features import Matrix

# Both were set before anything was measured on the articles that are reported.
_SCORE_PENALTY = 3.0
_CONFIDENCE_PENALTY = 10.0
_LEAST_SPREAD = 1e-3


def fit_score(asked: Sequence[Asked]) -> Matrix:
    """Listwise: the right sentences of a question get as much of its softmax as they can.

    The penalty is on weights of features of spread 1.
    """
    return fit_listwise([one.matrix for one in asked], [one.right for one in asked], _SCORE_PENALTY)


def first_admissible(one: Asked, scores: Matrix) -> int | None:
    """The sentence that the answer would begin with; None where the rules refuse all."""
    if not one.admissible.any():
        return None
    return int(np.argmax(np.where(one.admissible, scores, -np.inf)))


def first_signs(asked: Sequence[Asked], weights: Matrix) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """The signs of each first sentence, and which questions have one."""
    rows, has_one = [], []
    for one in asked:
        scores = one.matrix @ weights
        first = first_admissible(one, scores)
        has_one.append(first is not None)
        if first is not None:
            rows.append(with_scores(one.signs, scores)[first])
    return np.array(rows), np.array(has_one)


def fit_confidence(asked: Sequence[Asked], weights: Matrix) -> tuple[Matrix, float]:
    """The chance that the archive has the question's article, by its first sentence."""
    signs, has_one = first_signs(asked, weights)
    answerable = np.array([one.answerable for one in asked])[has_one]
    mean, spread = signs.mean(axis=0), np.maximum(signs.std(axis=0), _LEAST_SPREAD)
    model = LogisticRegression(C=1 / _CONFIDENCE_PENALTY, max_iter=1_000)
    model.fit((signs - mean) / spread, answerable)
    slope: Matrix = model.coef_[0] / spread
    return slope, float(model.intercept_[0] - slope @ mean)
