"""Refusals on a set in SQuAD-2 form, where people marked what a passage does not answer.

    python -m benchmarks.refusal_set FILE.json

The passage is given: of an archive of all passages only the question's own is read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks import remembering_encoder
from bot.demands import Demands
from bot.extractive import ENOUGH_OF_MANY, is_admissible, rank_sentences
from bot.question_terms import QuestionTerms
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import read_set
from retrieval.search import Retriever


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    topics = json.loads(path.read_text(encoding="utf-8"))["data"]
    asked = [one for t in topics for paragraph in t["paragraphs"] for one in paragraph["qas"]]
    impossible = np.array([bool(one["is_impossible"]) for one in asked])
    confidence = np.array(list(confidences(path)))
    print(
        f"{len(asked)} questions, {impossible.sum()} of them impossible; AUC "
        f"{roc_auc_score(~impossible, confidence):.3f}; no sentence left by the rules for "
        f"{np.mean(confidence[impossible] == 0):.3f} of the impossible, "
        f"{np.mean(confidence[~impossible] == 0):.3f} of the others"
    )
    for threshold in (ENOUGH_OF_MANY, *np.quantile(confidence[~impossible], (0.07, 0.1, 0.2))):
        print(
            f"below {threshold:.2f}: impossible refused "
            f"{np.mean(confidence[impossible] < threshold):.3f}, false refusals "
            f"{np.mean(confidence[~impossible] < threshold):.3f}"
        )


def confidences(path: Path) -> Iterator[float]:
    """Of each question's first sentence, in the order of the file; 0 where there is none."""
    data, encoder = read_set(path), remembering_encoder()
    with open_archive(data.articles, encoder) as index:
        retriever = Retriever(index, encoder)
        for question in data.questions:
            own = list(index.records.passage_starts(question.article).values())
            ranking = retriever.rank(question.text, include=own)
            rows = [row for row in own if row in ranking.scores]
            hits = retriever.hits(ranking, rows)
            terms = QuestionTerms(ranking.query, index.searcher.weights)
            demands = Demands(ranking.query, terms.words)
            yield next(
                (
                    candidate.confidence
                    for candidate in rank_sentences(ranking.query, hits, terms, demands)
                    if is_admissible(ranking.query, terms.kind, demands, candidate)
                ),
                0.0,
            )


if __name__ == "__main__":
    main()
