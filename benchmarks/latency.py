"""From text to hits, one question after the other: milliseconds, and those of each step.

    python -m benchmarks.latency SET DISTRACTORS.jsonl.gz [--passages 10000]

The set's articles and as many others as it takes for that many passages. Every round asks 200
questions, the model's work included; a round's figure is its median.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from benchmarks import remembering_encoder
from retrieval.chunking import split_article
from retrieval.encoders import open_encoder
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import read_distractors, read_set
from retrieval.schema import NO_FILTERS, Article, Filters
from retrieval.search import Retriever
from retrieval.settings import read_settings
from retrieval.snapshot import models_folder

ROUNDS = 5
QUESTIONS = 200
WARMING = 10
MOST_DISTRACTORS = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("distractors", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    wanted = parser.parse_args()
    data = read_set(wanted.set)
    others = read_distractors(wanted.distractors, MOST_DISTRACTORS, data.articles)
    articles = first_with([*data.articles, *others], wanted.passages)
    settings = read_settings()
    # The questions are encoded anew each time, the articles are not.
    encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    with open_archive(articles, remembering_encoder()) as index:
        print(f"{len(articles)} articles, {index.passages.count} passages")
        retriever = Retriever(index, encoder)
        questions = [question.text for question in data.questions[:QUESTIONS]]
        for question in questions[:WARMING]:
            retriever.search(question)
        for _ in range(ROUNDS):
            medians = round_of(retriever, questions)
            print("  ".join(f"{step} {median:.1f}" for step, median in medians.items()))


def first_with(articles: list[Article], passages: int) -> list[Article]:
    """The first articles that have so many passages together."""
    totals = accumulate(len(split_article(article)) for article in articles)
    return [article for article, total in zip(articles, totals, strict=False) if total <= passages]


def round_of(
    retriever: Retriever, questions: Sequence[str], filters: Filters = NO_FILTERS
) -> dict[str, float]:
    """The medians of one round: of a whole search, and of its steps."""
    spent: dict[str, list[float]] = {}
    for question in questions:
        started = time.perf_counter()
        result = retriever.search(question, filters=filters)
        spent.setdefault("all", []).append((time.perf_counter() - started) * 1_000)
        for step, milliseconds in result.timings_ms.items():
            spent.setdefault(step, []).append(milliseconds)
    return {step: statistics.median(times) for step, times in spent.items()}


if __name__ == "__main__":
    main()
