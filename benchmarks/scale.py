"""Large archives: memory of an ingest, and how long a question takes, by the number of passages.

    python -m benchmarks.scale ingest FOLDER ARCHIVE.jsonl.gz [--articles 100000]
                                      [--results FILE.json]
    python -m benchmarks.scale asking SET FOLDER ARCHIVE.jsonl.gz [--passages 1000 10000 …]
                                      [--results FILE.json]

Vectors of passages are of chance, since embedding 100,000 passages takes an hour; all else is real,
the model's work for a question too. `ingest` reads the archive's articles by the code of
`ingest.py`, and where it has fewer, articles of its sentences.
`asking` makes archives of sentences of SET's articles and the archive's, so that a question finds
what it asks for in any size. FOLDER keeps them, and what is there is used again.

Recall is that of `benchmarks.recall`, for a hundred of the rows as questions: that of vectors of
chance tells little of real ones.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import statistics
import threading
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.chance import ChanceEncoder, mixed_articles
from benchmarks.latency import QUESTIONS, ROUNDS, WARMING, round_of
from benchmarks.provenance import write_figures
from benchmarks.recall import recall
from retrieval import snapshot
from retrieval.building import build
from retrieval.chunking import split_article
from retrieval.dense import DenseIndex
from retrieval.embedded import TextVectors
from retrieval.encoders import Vectors, open_encoder
from retrieval.evaluation_sets import read_distractors, read_set
from retrieval.index import Index
from retrieval.index_files import write_index
from retrieval.schema import NO_FILTERS, Article, Filters
from retrieval.search import Retriever
from retrieval.settings import read_settings
from retrieval.snapshot import Manifest, models_folder

_ASKED = 100
_POOL = 5_000
# One of 63 provinces, and nine years of eleven.
_FILTERS = {
    "no filter": NO_FILTERS,
    "a province": Filters(provinces=("Bắc Kạn",)),
    "since 2017": Filters(date_from=datetime.date(2017, 1, 1)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    ingest = commands.add_parser("ingest")
    ingest.add_argument("folder", type=Path)
    ingest.add_argument("archive", type=Path)
    ingest.add_argument("--articles", type=int, default=100_000)
    ingest.add_argument("--results", type=Path)
    asking = commands.add_parser("asking")
    asking.add_argument("set", type=Path)
    asking.add_argument("folder", type=Path)
    asking.add_argument("archive", type=Path)
    asking.add_argument(
        "--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000]
    )
    asking.add_argument("--results", type=Path)
    wanted = parser.parse_args()
    settings = read_settings()
    encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    chance = ChanceEncoder(encoder)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    if wanted.command == "ingest":
        result = _ingested(wanted.folder, wanted.archive, wanted.articles, chance)
        print(json.dumps(result))
        if wanted.results:
            write_figures(wanted.results, result)
        return
    data = read_set(wanted.set)
    pool = [*data.articles, *read_distractors(wanted.archive, _POOL, data.articles)]
    questions = [question.text for question in data.questions[:QUESTIONS]]
    results = []
    for passages in wanted.passages:
        results.append(_asked(wanted.folder / str(passages), pool, passages, questions, chance))
        print(json.dumps(results[-1], ensure_ascii=False), flush=True)
    if wanted.results:
        write_figures(wanted.results, {"sizes": results})


def _ingested(
    folder: Path, archive: Path, articles: int, encoder: ChanceEncoder
) -> dict[str, float]:
    """What so many articles take."""
    seeds, bulk = folder / "seeds", folder / "articles.jsonl"
    seeds.mkdir(exist_ok=True)
    with bulk.open("w", encoding="utf-8") as written:
        with gzip.open(archive, "rt", encoding="utf-8") as lines:
            own = list(islice(lines, articles))
        written.writelines(own)
        pool = read_distractors(archive, _POOL, [])
        written.writelines(map(_line, mixed_articles(pool, articles - len(own))))
        real = len(own)
        del own, pool
    peak = Peak()
    report = build(seeds, folder / "vectors", encoder, bulk=[bulk])
    return {
        "articles": report.read,
        "of_the_archive": real,
        "passages": report.passages,
        "seconds": round(report.seconds),
        "own_megabytes": round(peak.own),
        "megabytes_with_mapped_files": round(peak.all),
    }


def _line(article: Article) -> str:
    """Of a file of JSON lines."""
    day = article.date and article.date.isoformat()
    fields = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "province": article.province,
        "date": day,
    }
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _asked(
    folder: Path,
    pool: Sequence[Article],
    passages: int,
    questions: Sequence[str],
    encoder: ChanceEncoder,
) -> dict[str, Any]:
    """What one size takes; what its making took, as it was when it was made."""
    made = folder / "made.json"
    if not made.exists():
        peak, started = Peak(), time.perf_counter()
        _write(folder, pool, passages, encoder)
        write_figures(
            made,
            {
                "seconds": round(time.perf_counter() - started),
                "own_megabytes": round(peak.own),
            },
        )
    result: dict[str, Any] = {"build": json.loads(made.read_text(encoding="utf-8"))}
    index = Index.open(folder, encoder.fingerprint)
    result["articles"] = index.manifest.articles
    result["passages"] = index.passages.count
    result["sentences"] = index.sentences.count
    result["recall"] = {
        name: recall(rows, _drawn(rows))
        for name, rows in (("passages", index.passages), ("sentences", index.sentences))
    }
    retriever = Retriever(index, encoder)
    result["milliseconds"] = {
        name: _milliseconds(retriever, questions, filters) for name, filters in _FILTERS.items()
    }
    result["own_megabytes"] = round(_megabytes("RssAnon"))
    return result


def _write(folder: Path, pool: Sequence[Article], passages: int, encoder: ChanceEncoder) -> None:
    sample = list(mixed_articles(pool, 100))
    by_article = sum(len(split_article(article)) for article in sample) / len(sample)
    count = round(passages / by_article)
    vectors_of = TextVectors(encoder)

    def manifest(created: str, sizes: dict[str, int], digests: dict[str, str]) -> Manifest:
        return Manifest(
            schema_version=snapshot.SCHEMA_VERSION,
            fingerprint=encoder.fingerprint,
            dimensions=encoder.dimensions,
            corpus="",
            articles=count,
            passages=vectors_of.made["passage"],
            skipped=(),
            created=created,
            sizes=sizes,
            digests=digests,
        )

    snapshot.publish(
        folder,
        lambda written: write_index(written, mixed_articles(pool, count), vectors_of),
        manifest,
        snapshot.KEPT,
    )


def _drawn(rows: DenseIndex) -> Vectors:
    """Some of the rows, as questions."""
    drawn = np.random.default_rng(1).choice(rows.count, _ASKED, replace=False)
    return rows.vectors(np.sort(drawn).tolist())


def _milliseconds(
    retriever: Retriever, questions: Sequence[str], filters: Filters
) -> dict[str, float]:
    """Medians of the rounds' medians, of a whole search and of its steps."""
    for question in questions[:WARMING]:
        retriever.search(question, filters=filters)
    rounds = [round_of(retriever, questions, filters) for _ in range(ROUNDS)]
    return {step: round(statistics.median(one[step] for one in rounds), 1) for step in rounds[0]}


class Peak:
    """The most memory that the process had, looked at several times a second.

    Attributes:
        own: megabytes without pages of files, which the system takes back when it needs them.
        all: with them.
    """

    def __init__(self) -> None:
        self.own = self.all = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            self.own = max(self.own, _megabytes("RssAnon"))
            self.all = max(self.all, _megabytes("VmRSS"))
            time.sleep(0.2)


def _megabytes(what: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{what}:")[2].split()[0]) / 1_024


if __name__ == "__main__":
    main()
