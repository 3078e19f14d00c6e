"""How well the right article is found: measures with intervals, over questions of a set.

An article's place is that of its best passage. Ties count against us. The measures are
computed by ir-measures; intervals are bootstrapped over articles, because the questions of one
article stand or fall together.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from retrieval.embedded import TextVectors
from retrieval.encoders import Encoder
from retrieval.evaluation_sets import Question
from retrieval.index import Index
from retrieval.index_files import write_index
from retrieval.schema import Article
from retrieval.search import Ranking, Retriever, ranks
from retrieval.snapshot import Manifest

Mode = Literal["dense", "sparse", "hybrid"]
MODES: tuple[Mode, ...] = ("dense", "sparse", "hybrid")
MEASURES = ("P@1", "R@10", "RR@10", "nDCG@10")
_RESAMPLES = 1_000
_CONFIDENCE = 95
_DEPTH = 10
_TIMED = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and the articles that were found, best first."""

    question: Question
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over questions with the bounds of its interval."""

    mean: float
    low: float
    high: float


def measure(asked: Sequence[Asked]) -> dict[str, list[float]]:
    """Measure -> its value for each question, in order."""
    from ir_measures import iter_calc, parse_measure
    from ir_measures.util import Qrel, ScoredDoc

    qrels = [
        Qrel(str(n), article, 1)
        for n, one in enumerate(asked)
        for article in (one.question.article, *one.question.others)
    ]
    # A place as the score, so that nothing is left to break a tie by.
    run = [
        ScoredDoc(str(n), article, float(-place))
        for n, one in enumerate(asked)
        for place, article in enumerate(one.found)
    ]
    values = {name: [0.0] * len(asked) for name in MEASURES}
    for metric in iter_calc([parse_measure(name) for name in MEASURES], qrels, run):
        values[str(metric.measure)][int(metric.query_id)] = float(metric.value)
    return values


def figures(asked: Sequence[Asked], seed: int = 0) -> dict[str, Figure]:
    """Each measure's mean with its interval of 95 %."""
    values = measure(asked)
    draws = _resamples([one.question.article for one in asked], seed)
    return {name: _figure(np.asarray(column), draws) for name, column in values.items()}


def difference(asked: Sequence[Asked], other: Sequence[Asked], seed: int = 0) -> dict[str, Figure]:
    """By how much `asked` is above `other`, question by question; both ask the same questions."""
    mine, theirs = measure(asked), measure(other)
    draws = _resamples([one.question.article for one in asked], seed)
    return {
        name: _figure(np.asarray(mine[name]) - np.asarray(theirs[name]), draws) for name in MEASURES
    }


def _resamples(articles: Sequence[str], seed: int) -> npt.NDArray[np.float64]:
    """`(_RESAMPLES, questions)`: how often each question is drawn, whole articles at a time."""
    _, owners = np.unique(np.asarray(articles), return_inverse=True)
    count = int(owners.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), _RESAMPLES)
    return drawn[:, owners].astype(np.float64)


def _figure(values: npt.NDArray[np.float64], draws: npt.NDArray[np.float64]) -> Figure:
    means = draws @ values / draws.sum(axis=1)
    tail = (100 - _CONFIDENCE) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return Figure(float(values.mean()), float(low), float(high))


def ask_all(
    retriever: Retriever,
    questions: Sequence[Question],
    variant: Callable[[str], str] = str,
    modes: Sequence[Mode] = MODES,
) -> dict[Mode, list[Asked]]:
    """Every question through the real path, typed in a variant, ranked by one half or both."""
    asked: dict[Mode, list[Asked]] = {mode: [] for mode in modes}
    for question in questions:
        ranking = retriever.rank(variant(question.text))
        for mode in modes:
            asked[mode].append(Asked(question, _articles(retriever, ranking, mode)))
    return asked


def _articles(retriever: Retriever, ranking: Ranking, mode: Mode) -> tuple[str, ...]:
    """The first articles, each at the place of its best passage."""
    halves: Mapping[Mode, Mapping[int, float]] = {
        "dense": ranking.dense,
        "sparse": ranking.sparse,
        "hybrid": ranking.scores,
    }
    rows = list(ranks(halves[mode]))
    owners = retriever.index.records.articles_of_passages(rows)
    first_rows: dict[int, int] = {}
    for row in rows:
        first_rows.setdefault(owners[row], row)
    wanted = list(first_rows.values())[:_DEPTH]
    return tuple(article.id for article, _ in retriever.index.records.passages(wanted))


def milliseconds(retriever: Retriever, questions: Sequence[Question]) -> tuple[float, float]:
    """Median and 95th percentile from text to hits, warm, the model's work included."""
    texts = [question.text for question in questions[:_TIMED]]
    for text in texts[:5]:
        retriever.search(text)
    spent = []
    for text in texts:
        started = time.perf_counter()
        retriever.search(text)
        spent.append((time.perf_counter() - started) * 1_000)
    cuts = statistics.quantiles(spent, n=20) if len(spent) > 1 else spent * 19
    return statistics.median(spent), cuts[-1]


@contextmanager
def open_archive(articles: Sequence[Article], encoder: Encoder) -> Iterator[Index]:
    """An index of these articles, built as ingest builds it, and gone afterwards."""
    vectors_of = TextVectors(encoder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_index(folder, articles, vectors_of)
        counts = (len(articles), vectors_of.made["passage"])
        yield Index.read(
            folder,
            Manifest(0, encoder.fingerprint, encoder.dimensions, "", *counts, (), "", {}, {}),
        )
