"""How many of the ten nearest rows `DenseIndex.search` finds, of those that a comparison finds.

    python -m benchmarks.recall SET DISTRACTORS.jsonl.gz [--articles 2600]

Of passages and of sentences, among all rows and among every n-th, for the set's questions.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks import remembering_encoder
from retrieval.dense import DenseIndex
from retrieval.encoders import Vectors
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import read_distractors, read_set
from retrieval.rows import Rows

_QUESTIONS = 300
_NEAREST = 10
_SHARES = (1, 2, 4, 20, 500)
# Rows at a time.
_COMPARED = 16_384


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("distractors", type=Path)
    parser.add_argument("--articles", type=int, default=2_600)
    wanted = parser.parse_args()
    data, encoder = read_set(wanted.set), remembering_encoder()
    others = read_distractors(wanted.distractors, wanted.articles, data.articles)
    texts = [question.text for question in data.questions[:_QUESTIONS]]
    questions = np.stack([encoder.encode_question(text) for text in texts])
    with open_archive([*data.articles, *others], encoder) as index:
        for name, rows in (("passages", index.passages), ("sentences", index.sentences)):
            print(name, rows.count, recall(rows, questions))


def recall(index: DenseIndex, questions: Vectors) -> dict[str, float]:
    """By share of the rows that pass a filter.

    Args:
        questions: `(n, dimensions) float32`.
    """
    return {f"1/{share}": _recall(index, questions, share) for share in _SHARES}


def _recall(index: DenseIndex, questions: Vectors, share: int) -> float:
    allowed = np.arange(0, index.count, share)
    nearest = _nearest(index, questions, allowed)
    found = 0
    for question, best in zip(questions, nearest, strict=True):
        hits = index.search(question, _NEAREST, allowed if share > 1 else None)
        found += len({row for row, _ in hits}.intersection(best.tolist()))
    return round(found / nearest.size, 4)


def _nearest(index: DenseIndex, questions: Vectors, rows: Rows) -> Rows:
    """`(questions, 10)`: the nearest of some rows, each of which is compared."""
    best = np.empty((len(questions), 0), np.int64)
    scores = np.empty(best.shape, np.float32)
    for start in range(0, len(rows), _COMPARED):
        some = rows[start : start + _COMPARED]
        cosines = questions @ index.vectors(some.tolist()).T
        best = np.hstack([best, np.broadcast_to(some, cosines.shape)])
        scores = np.hstack([scores, cosines])
        first = np.argsort(-scores, axis=1)[:, :_NEAREST]
        best = np.take_along_axis(best, first, axis=1)
        scores = np.take_along_axis(scores, first, axis=1)
    return best


if __name__ == "__main__":
    main()
