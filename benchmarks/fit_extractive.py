"""Fit and judge the weights of `bot/sentence_weights.py` on articles with questions.

    python -m benchmarks.fit_extractive SET [--curve FILE.svg]

Every question is put to the archive with only its own article read ("given"), and to archives
of 5, 50 and all articles, because an office starts with a handful: half of the questions to
archives that have their article ("answerable"), half to ones that have not.

Everything is judged on articles that the weights did not see (five folds by article); the
printed weights are then fitted on all.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from benchmarks import remembering_encoder
from benchmarks.asking import (
    ARCHIVE_SIZES,
    GIVEN,
    MIDDLE,
    SMALL,
    WHOLE,
    Asked,
    ask_given,
    ask_small,
    ask_whole,
)
from benchmarks.curve import draw
from benchmarks.fitting import first_signs, fit_confidence, fit_score
from bot.answerability import Signs
from bot.candidates import MOST_SENTENCES
from bot.extractive import CLOSE, ENOUGH_OF_MANY
from bot.sentence_features import Features, Matrix
from retrieval.evaluation_sets import read_set

FOLDS = 5
_RATES = (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
# The score is for both: an archive to be searched and an article that is known.
_TEACHING = (GIVEN, WHOLE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--curve", type=Path, help="an SVG of refusals against false refusals")
    arguments = parser.parse_args()
    data, encoder = read_set(arguments.set), remembering_encoder()
    asked = [
        *ask_given(data, encoder),
        *ask_small(data, encoder, SMALL),
        *ask_small(data, encoder, MIDDLE),
        *ask_whole(data, encoder),
    ]
    scores, confidence = judge(asked)
    report(asked, scores, confidence)
    if arguments.curve:
        lines = {f"{size} articles": curve(asked, confidence, size) for size in ARCHIVE_SIZES}
        arguments.curve.write_text(draw(lines), encoding="utf-8")
    show_weights(asked)


def judge(asked: Sequence[Asked]) -> tuple[list[Matrix], Matrix]:
    """Each question's scores and confidence, by weights that did not see its article.

    The confidence is 0 where the rules leave no sentence.
    """
    articles = sorted({one.article for one in asked})
    random.Random(0).shuffle(articles)
    fold = {article: number % FOLDS for number, article in enumerate(articles)}
    scores = [np.zeros(0)] * len(asked)
    confidence = np.zeros(len(asked))
    for number in range(FOLDS):
        seen = [one for one in asked if fold[one.article] != number]
        weights, slope, bias = fit(seen)
        for n, one in enumerate(asked):
            if fold[one.article] == number:
                scores[n] = one.matrix @ weights
                signs, _ = first_signs([one], weights)
                if len(signs):
                    confidence[n] = 1 / (1 + np.exp(-bias - signs[0] @ slope))
    return scores, confidence


def fit(asked: Sequence[Asked]) -> tuple[Matrix, Matrix, float]:
    """Weights of the score, and weights and bias of the confidence."""
    weights = fit_score([one for one in asked if one.size in _TEACHING and one.answerable])
    return weights, *fit_confidence([one for one in asked if one.size != GIVEN], weights)


def report(asked: Sequence[Asked], scores: list[Matrix], confidence: Matrix) -> None:
    for size in (GIVEN, *ARCHIVE_SIZES):
        chosen = [n for n, one in enumerate(asked) if one.size == size]
        print(f"\narchive of {size} articles" if size else "\narticle given")
        answerable = [n for n in chosen if asked[n].answerable]
        _report_rules([asked[n] for n in answerable])
        if size:
            _report_refusal(asked, confidence, chosen)
        _report_selection([asked[n] for n in answerable], [scores[n] for n in answerable])


def _report_rules(asked: Sequence[Asked]) -> None:
    none = np.mean([not one.admissible.any() for one in asked])
    lost = np.mean([one.lost and not (one.right & one.admissible).any() for one in asked])
    barred = np.mean([one.right.any() and not (one.right & one.admissible).any() for one in asked])
    print(
        f"  {len(asked)} answerable; the rules leave no sentence for {none:.3f}, leave out the "
        f"passages with the answer for {lost:.3f}, bar the right sentence for {barred:.3f}"
    )


def _report_refusal(asked: Sequence[Asked], confidence: Matrix, chosen: Sequence[int]) -> None:
    truth = np.array([asked[n].answerable for n in chosen])
    values = confidence[chosen]
    past = np.array([asked[n].admissible.any() for n in chosen])
    print(
        f"  AUC {roc_auc_score(truth, values):.3f}; of what passes the rules "
        f"{roc_auc_score(truth[past], values[past]):.3f}"
    )
    for rate in _RATES:
        threshold = float(np.quantile(values[truth], rate))
        print(f"  at {rate:.2f} false refusals {np.mean(values[~truth] < threshold):.3f} refused")
    for threshold in sorted({0.2, 0.3, 0.4, 0.5, ENOUGH_OF_MANY}):
        print(
            f"  threshold {threshold:.2f}: false refusals {np.mean(values[truth] < threshold):.3f}"
            f", unanswerable refused {np.mean(values[~truth] < threshold):.3f}"
        )


def _report_selection(asked: Sequence[Asked], scores: Sequence[Matrix]) -> None:
    for name, ruled in (("of all sentences", False), ("of those the rules admit", True)):
        orders = [_order(one, s, ruled) for one, s in zip(asked, scores, strict=True)]
        first = np.mean([one.right[o[:1]].any() for one, o in zip(asked, orders, strict=True)])
        four = np.mean([one.right[o[:4]].any() for one, o in zip(asked, orders, strict=True)])
        print(f"  {name}: answer in the first {first:.3f}, in the first four {four:.3f}")
        for margin in sorted({1.5, 2.0, 2.5, 3.0, CLOSE}):
            shown = [
                o[:MOST_SENTENCES][s[o[:MOST_SENTENCES]] >= s[o[0]] - margin] if len(o) else o
                for o, s in zip(orders, scores, strict=True)
            ]
            right = np.mean([one.right[o].any() for one, o in zip(asked, shown, strict=True)])
            print(
                f"    margin {margin}: answer shown {right:.3f}, "
                f"sentences {np.mean([len(o) for o in shown]):.2f}"
            )


def _order(one: Asked, scores: Matrix, ruled: bool) -> npt.NDArray[np.intp]:
    order = np.argsort(-scores, kind="stable")
    return order[one.admissible[order]] if ruled else order


def curve(asked: Sequence[Asked], confidence: Matrix, size: int) -> list[tuple[float, float]]:
    """Pairs of false refusals and refused unanswerable, for every threshold."""
    truth = np.array([one.answerable for one in asked if one.size == size])
    values = confidence[[n for n, one in enumerate(asked) if one.size == size]]
    return [
        (float(np.mean(values[truth] < threshold)), float(np.mean(values[~truth] < threshold)))
        for threshold in np.linspace(0, 1, 201)
    ]


def show_weights(asked: Sequence[Asked]) -> None:
    """As Python, for `bot/sentence_weights.py`."""
    weights, slope, bias = fit(asked)
    for constant, fields, values in (
        ("SCORE = Features", Features._fields, weights),
        ("CONFIDENCE = Signs", Signs._fields, slope),
    ):
        rows = "".join(f"    {n}={v:.3f},\n" for n, v in zip(fields, values, strict=True))
        print(f"\n{constant}(\n{rows})")
    print(f"CONFIDENCE_BIAS = {bias:.3f}")


if __name__ == "__main__":
    main()
