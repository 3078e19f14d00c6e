"""Fit and judge the weights of `retrieval/reranking.py` on sets of questions.

    python -m benchmarks.fit_reranking SET [SET ...] [--distractors FILE.jsonl.gz] [--also SET]

With distractors, the first set is asked among them too. Every figure is of weights that did not see
the question's article (two halves by article), but for `--also`, whose questions none of the
weights saw. The printed weights are then fitted on all.
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import remembering_encoder
from benchmarks.listwise import fit_listwise
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import QuestionSet, read_distractors, read_set
from retrieval.schema import Article, Parts
from retrieval.search import Retriever

Matrix = npt.NDArray[np.float64]
_DISTRACTORS = 5_000
# On weights of parts of spread 1; set before anything was measured.
_PENALTY = 1.0


@dataclass(frozen=True)
class Asked:
    """One question, a row a candidate in the order of fusion and bonuses.

    Attributes:
        articles: of each candidate.
        before: its score without reranking.
    """

    article: str
    articles: tuple[str, ...]
    matrix: Matrix
    before: Matrix

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        return np.array([article == self.article for article in self.articles], bool)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--distractors", type=Path)
    parser.add_argument("--also", nargs="*", type=Path, default=[], help="only judged")
    wanted = parser.parse_args()
    taught: dict[str, list[Asked]] = {}
    for path in wanted.sets:
        data = read_set(path)
        taught[data.name] = ask(data, data.articles)
        if wanted.distractors and path == wanted.sets[0]:
            others = read_distractors(wanted.distractors, _DISTRACTORS, data.articles)
            taught[f"{data.name} +{len(others)}"] = ask(data, [*data.articles, *others])
    halves = [
        fit([one for asked in taught.values() for one in asked if half_of(one) != half])
        for half in (0, 1)
    ]
    for name, asked in taught.items():
        report(name, asked, [one.matrix @ halves[half_of(one)] for one in asked])
    for data in map(read_set, wanted.also):
        asked = ask(data, data.articles)
        for weights in halves:
            report(data.name, asked, [one.matrix @ weights for one in asked])
    weights = fit([one for asked in taught.values() for one in asked])
    for name, value in zip(Parts._fields, weights.tolist(), strict=True):
        print(f"    {name}={value:.2f},")
    everything = [one for asked in taught.values() for one in asked]
    (odds,) = fit_listwise([one.before[:, None] for one in everything], rights(everything), 0.0)
    print(f"_ODDS = {odds:.1f}")


def ask(data: QuestionSet, articles: Sequence[Article]) -> list[Asked]:
    encoder = remembering_encoder()
    result = []
    with open_archive(articles, encoder) as index:
        retriever = Retriever(index, encoder)
        for question in data.questions:
            ranking = retriever.rank(question.text)
            rows = list(ranking.parts)
            result.append(
                Asked(
                    question.article,
                    tuple(article.id for article, _ in index.records.passages(rows)),
                    np.array([ranking.parts[row] for row in rows]).reshape(-1, len(Parts._fields)),
                    np.array([ranking.fused[row] for row in rows]),
                )
            )
    return result


def half_of(one: Asked) -> int:
    return zlib.crc32(one.article.encode()) % 2


def fit(asked: Sequence[Asked]) -> Matrix:
    return fit_listwise([one.matrix for one in asked], rights(asked), _PENALTY)


def rights(asked: Sequence[Asked]) -> list[npt.NDArray[np.bool_]]:
    return [one.right for one in asked]


def report(name: str, asked: Sequence[Asked], scores: Sequence[Matrix]) -> None:
    before = [place(one, one.before) for one in asked]
    after = [place(one, values) for one, values in zip(asked, scores, strict=True)]
    print(f"{name}: nDCG@10 (MRR@10) {measures(before)} -> {measures(after)}")


def place(one: Asked, scores: Matrix) -> int:
    """Of the right article, from 1; ties count against us."""
    best: dict[str, float] = {}
    for article, score in zip(one.articles, scores.tolist(), strict=True):
        best[article] = max(score, best.get(article, -math.inf))
    mine = best.get(one.article, -math.inf)
    return sum(score >= mine for score in best.values()) if one.article in best else len(best) + 99


def measures(places: Sequence[int]) -> str:
    ndcg = sum(1 / math.log2(place + 1) for place in places if place <= 10) / len(places)
    mrr = sum(1 / place for place in places if place <= 10) / len(places)
    return f"{ndcg:.4f} ({mrr:.4f})"


if __name__ == "__main__":
    main()
