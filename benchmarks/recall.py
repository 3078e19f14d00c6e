"""How many of the ten nearest rows `DenseIndex.search` finds, of those that a comparison finds.

    python -m benchmarks.recall SET DISTRACTORS.jsonl.gz [--articles 2600]

Of passages and of sentences, among all rows and among every n-th, for the set's questions.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks import remembering_encoder
from retrieval import dense
from retrieval.dense import DenseIndex
from retrieval.encoders import Vectors
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import read_distractors, read_set

_QUESTIONS = 300
_NEAREST = 10
_SHARES = (1, 2, 4, 20, 500)


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
    rows = np.arange(0, index.count, share)
    wanted = found = 0
    for question in questions:
        # So many rows are all compared.
        with patch.object(dense, "EXACT_ROWS", index.count):
            best = {row for row, _ in index.search(question, _NEAREST, rows)}
        hits = index.search(question, _NEAREST, rows if share > 1 else None)
        wanted += len(best)
        found += len(best.intersection(row for row, _ in hits))
    return round(found / wanted, 4)


if __name__ == "__main__":
    main()
