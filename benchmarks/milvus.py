"""Seconds to publish, and milliseconds a search, of made-up passages on a Milvus server.

    python -m benchmarks.milvus milvus://host:19530/name --passages 10000

Vectors are random and words are drawn as in language (Zipf): it tells times, nothing of quality.
The collection is left there.
"""

from __future__ import annotations

import argparse
import datetime
import time
from collections.abc import Callable

import numpy as np

from retrieval.milvus import MilvusIndex
from retrieval.milvus_address import MilvusAddress
from retrieval.schema import Filters
from retrieval.searcher import PassageRow

_DIMENSIONS = 384
_SYLLABLES = 200  # a passage
_VOCABULARY = 20_000
_QUESTIONS = 100


def _rows(count: int, random: np.random.Generator) -> list[PassageRow]:
    vectors = random.normal(size=(count, _DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = random.zipf(1.3, size=(count, _SYLLABLES)) % _VOCABULARY
    return [
        PassageRow(
            f"{row}.txt:0",
            vectors[row],
            " ".join(f"s{word}" for word in words[row]),
            f"province {row % 63}",
            None,
            datetime.date(2015 + row % 10, 1 + row % 12, 1),
        )
        for row in range(count)
    ]


def _timed(name: str, search: Callable[[int], object]) -> None:
    took = []
    for number in range(_QUESTIONS):
        started = time.perf_counter()
        search(number)
        took.append((time.perf_counter() - started) * 1_000)
    print(f"{name}: p50 {np.percentile(took, 50):.1f} ms, p95 {np.percentile(took, 95):.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--passages", type=int, default=10_000)
    options = parser.parse_args()
    rows = _rows(options.passages, np.random.default_rng(0))
    index = MilvusIndex(MilvusAddress.parse(options.url), _DIMENSIONS)
    started = time.perf_counter()
    index.publish(rows)
    print(f"publish: {time.perf_counter() - started:.1f} s for {len(rows)} passages")
    province = Filters(provinces=("province 7",))
    year = Filters(date_from=datetime.date(2020, 1, 1), date_to=datetime.date(2020, 12, 31))
    _timed("dense", lambda n: index.search_dense(rows[n].vector, 100))
    _timed("dense, one province of 63", lambda n: index.search_dense(rows[n].vector, 100, province))
    _timed("dense, one year of 10", lambda n: index.search_dense(rows[n].vector, 100, year))
    _timed("sparse, 4 terms", lambda n: index.search_sparse(rows[n].text.split()[:4], 100))
    index.close()


if __name__ == "__main__":
    main()
