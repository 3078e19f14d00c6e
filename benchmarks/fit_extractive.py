"""Fit and judge the weights of `bot/extractive.py` on articles with questions.

    python -m benchmarks.fit_extractive SET

Archives of 5, 50 and all articles are drawn, because an office starts with a handful. In each,
questions whose article is there are asked ("answerable"), and as many whose article is not.

Everything is judged on articles that the weights did not see (five folds by article); the
printed weights are then fitted on all.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks import remembering_encoder
from bot import extractive
from bot.demands import Demands
from bot.evidence import is_about
from bot.extractive import Features, QuestionTerms
from retrieval.encoders import Encoder
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import Question, read_set
from retrieval.schema import Article
from retrieval.search import Retriever

FOLDS = 5
ARCHIVE_SIZES = (5, 50, 500)
QUESTIONS_A_SIZE = 1_200
HITS = 30


@dataclass(frozen=True)
class Asked:
    """One question put to one archive: a feature row a sentence, and which ones are right."""

    article: str
    size: int
    answerable: bool
    rows: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    data = read_set(parser.parse_args().set)
    encoder = remembering_encoder()
    asked = [
        one
        for size in ARCHIVE_SIZES
        for one in ask_archives(data.articles, data.questions, encoder, size)
    ]
    report(asked)


def ask_archives(
    articles: list[Article], questions: list[Question], encoder: Encoder, size: int
) -> Iterator[Asked]:
    """Questions to random archives of `size` articles, half of them without their article."""
    draw = random.Random(size)
    shuffled = draw.sample(articles, len(articles))
    archives = [shuffled[n : n + size] for n in range(0, len(shuffled), size)]
    for archive in archives:
        inside = {article.id for article in archive}
        answerable = [question for question in questions if question.article in inside]
        share = min(len(answerable), QUESTIONS_A_SIZE // len(archives) // 2)
        others = [question for question in questions if question.article not in inside]
        with open_archive(archive, encoder) as index:
            retriever = Retriever(index, encoder)
            for question in draw.sample(answerable, share):
                yield ask(retriever, question, size, answerable=True)
            # The archive of all articles has no others: there the article's hits are taken out.
            for question in draw.sample(others or answerable, share):
                yield ask(retriever, question, size, answerable=False)


def ask(retriever: Retriever, question: Question, size: int, *, answerable: bool) -> Asked:
    result = retriever.search(question.text, HITS)
    hits = [hit for hit in result.hits if answerable or hit.article.id != question.article]
    terms = QuestionTerms(result.query, retriever.index.sparse.weight)
    rows, right = [], []
    demands = Demands(result.query, terms.words)
    about = [hit for hit in hits if is_about(result.query, hit, demands)]
    for hit in about[: extractive.PASSAGES_READ]:
        for span, features in extractive.sentence_features(terms, hit):
            sentence = hit.article.text[span.start : span.end]
            rows.append(features)
            right.append(
                hit.article.id == question.article
                and any(answer in sentence for answer in question.answers)
            )
    width = len(Features._fields)
    return Asked(
        question.article,
        size,
        answerable,
        np.array(rows, float).reshape(-1, width),
        np.array(right, bool),
    )


def fit_score(asked: list[Asked]) -> npt.NDArray[np.float64]:
    """Pairwise: a right sentence minus a wrong one is positive."""
    draw = np.random.default_rng(0)
    differences = []
    for one in asked:
        right, wrong = np.flatnonzero(one.right), np.flatnonzero(~one.right)
        for r in right[:2]:
            for w in draw.permutation(wrong)[:12]:
                differences.append(one.rows[r] - one.rows[w])
    matrix = np.array(differences)
    model = LogisticRegression(fit_intercept=False, max_iter=1_000)
    model.fit(np.concatenate([matrix, -matrix]), np.repeat([1, 0], len(matrix)))
    weights: npt.NDArray[np.float64] = model.coef_[0]
    return weights


def first_rows(asked: list[Asked], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.array([one.rows[np.argmax(one.rows @ weights)] for one in asked])


def fit_confidence(
    asked: list[Asked], weights: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], float]:
    model = LogisticRegression(max_iter=1_000)
    model.fit(first_rows(asked, weights), [one.answerable for one in asked])
    return model.coef_[0], float(model.intercept_[0])


def report(every: list[Asked]) -> None:
    asked = [one for one in every if len(one.rows)]
    refused = [one for one in every if not len(one.rows)]
    print(
        f"{len(every)} questions asked; {len(refused)} left without a passage about their "
        f"numbers and places, {sum(one.answerable for one in refused)} of them answerable"
    )
    identifiers = sorted({one.article for one in asked})
    random.Random(0).shuffle(identifiers)
    fold = {identifier: number % FOLDS for number, identifier in enumerate(identifiers)}
    confidence = np.zeros(len(asked))
    order: list[npt.NDArray[np.intp]] = [np.zeros(0, np.intp)] * len(asked)
    scores: list[npt.NDArray[np.float64]] = [np.zeros(0)] * len(asked)
    for number in range(FOLDS):
        seen = [one for one in asked if fold[one.article] != number]
        weights = fit_score(seen)
        slope, bias = fit_confidence(seen, weights)
        for n, one in enumerate(asked):
            if fold[one.article] == number:
                scores[n] = one.rows @ weights
                order[n] = np.argsort(-scores[n], kind="stable")
                confidence[n] = 1 / (1 + np.exp(-(one.rows[order[n][0]] @ slope + bias)))
    for size in ARCHIVE_SIZES:
        print(f"\narchive of {size} articles")
        chosen = [n for n, one in enumerate(asked) if one.size == size]
        _report_refusal(asked, confidence, chosen)
        _report_selection(asked, order, scores, [n for n in chosen if asked[n].answerable])
    weights = fit_score(asked)
    slope, bias = fit_confidence(asked, weights)
    print("\nfitted on all")
    for name, a, b in zip(Features._fields, weights, slope, strict=True):
        print(f"  {name:24} score {a:6.2f}   confidence {b:6.2f}")
    print(f"  bias {bias:.2f}")


def _report_refusal(
    asked: list[Asked], confidence: npt.NDArray[np.float64], chosen: list[int]
) -> None:
    truth = np.array([asked[n].answerable for n in chosen])
    values = confidence[chosen]
    print(f"  AUC answerable or not {roc_auc_score(truth, values):.3f}")

    def show(name: str, threshold: float) -> None:
        print(
            f"  {name} {threshold:.2f}: "
            f"false refusals {np.mean(values[truth] < threshold):.3f}, "
            f"unanswerable refused {np.mean(values[~truth] < threshold):.3f}"
        )

    for rate in (0.02, 0.05, 0.07, 0.10, 0.15):
        show("threshold", float(np.quantile(values[truth], rate)))
    for threshold in (0.3, 0.4, 0.5, 0.6):
        show("fixed", threshold)


def _report_selection(
    asked: list[Asked],
    order: list[npt.NDArray[np.intp]],
    scores: list[npt.NDArray[np.float64]],
    chosen: list[int],
) -> None:
    first = np.mean([asked[n].right[order[n][:1]].any() for n in chosen])
    four = np.mean([asked[n].right[order[n][:4]].any() for n in chosen])
    print(f"  answer in the first sentence {first:.3f}, in the first four {four:.3f}")
    for margin in (0.5, 1.0, 1.5, 2.0, 3.0):
        shown = [
            order[n][:4][scores[n][order[n][:4]] >= scores[n][order[n][0]] - margin] for n in chosen
        ]
        right = np.mean([asked[n].right[s].any() for n, s in zip(chosen, shown, strict=True)])
        count = np.mean([len(s) for s in shown])
        print(f"  margin {margin}: answer shown {right:.3f}, sentences shown {count:.2f}")


if __name__ == "__main__":
    main()
