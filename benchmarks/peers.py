"""Building an index beside what people would otherwise write, with the same passages and weights.

    make .venv-peers/installed
    python -m benchmarks.peers SET [--articles 150] [--questions 300] [--rounds 3]

Each round builds with LlamaIndex, with LangChain (either with FAISS and sentence-transformers, and
their defaults) and with this project's own encoder and index, one after the other; `all` is this
project's whole index: a vector a sentence too, BM25, records. The questions are put to the vectors
of passages alone.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.provenance import write_figures
from benchmarks.unpacked_model import unpack
from retrieval.chunking import split_article
from retrieval.dense import DenseIndex
from retrieval.embedded import TextVectors
from retrieval.encoders import Encoder, open_encoder
from retrieval.evaluation_sets import Question, read_set
from retrieval.index_files import embedded_text, write_index
from retrieval.schema import Article
from retrieval.settings import PROJECT, read_settings
from retrieval.snapshot import models_folder

PYTHON = PROJECT / ".venv-peers" / "bin" / "python"
PEERS = ("llama_index", "langchain")
_TOP = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    data = read_set(options.set)
    articles = data.articles[: options.articles]
    known = {article.id for article in articles}
    questions = [one for one in data.questions if one.article in known][: options.questions]
    found = [(article, passage) for article in articles for passage in split_article(article)]
    passages = [embedded_text(*one) for one in found]
    owners = [article.id for article, _ in found]
    settings = read_settings()
    encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
    encoder.encode_question("a")
    rates: dict[str, list[float]] = {}
    gains: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        unpack(work / "multilingual-e5-small")
        (work / "passages.json").write_text(json.dumps(passages), encoding="utf-8")
        texts = [question.text for question in questions]
        (work / "questions.json").write_text(json.dumps(texts), encoding="utf-8")
        for _ in range(options.rounds):
            for peer in PEERS:
                result = _peer(peer, work)
                rates.setdefault(peer, []).append(len(owners) / result["seconds"])
                gains[peer] = ndcg(result["found"], owners, questions)
                _tell(peer, rates, gains[peer])
            ranked, seconds = _own(encoder, passages, texts, work)
            rates.setdefault("own", []).append(len(owners) / seconds)
            gains["own"] = ndcg(ranked, owners, questions)
            _tell("own", rates, gains["own"])
            rates.setdefault("all", []).append(len(owners) / _whole(encoder, articles, work))
            _tell("all", rates, None)
    for peer in PEERS:
        times = statistics.median(
            own / other for own, other in zip(rates["own"], rates[peer], strict=True)
        )
        print(f"{times:.1f} times the passages a second of {peer} (median of the rounds)")
    if options.results:
        write_figures(options.results, {"rates": rates, "ndcg": gains})


def _peer(name: str, work: Path) -> dict[str, Any]:
    script = Path(__file__).with_name("peer.py")
    model = work / "multilingual-e5-small"
    subprocess.run([PYTHON, script, name, model, work], check=True, capture_output=True)
    found: dict[str, Any] = json.loads((work / f"{name}.json").read_text())
    return found


def _own(
    encoder: Encoder, passages: Sequence[str], questions: Sequence[str], work: Path
) -> tuple[list[list[int]], float]:
    """The numbers of the passages found, and the seconds of building."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name) / "passages"
        DenseIndex.write(folder, [encoder.encode_passages(passages)], encoder.dimensions)
        index = DenseIndex.open(folder)
        seconds = time.perf_counter() - started
        found = (index.search(encoder.encode_question(question), _TOP) for question in questions)
        return [[row for row, _ in hits] for hits in found], seconds


def _whole(encoder: Encoder, articles: Sequence[Article], work: Path) -> float:
    """Seconds of all that an ingest does once the articles are read."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=work) as folder:
        write_index(Path(folder), articles, TextVectors(encoder))
    return time.perf_counter() - started


def ndcg(
    found: Sequence[Sequence[int]], owners: Sequence[str], questions: Sequence[Question]
) -> float:
    """Mean nDCG@10 by article, of which one is right."""
    gains = []
    for rows, question in zip(found, questions, strict=True):
        ids = list(dict.fromkeys(owners[row] for row in rows))
        rank = ids.index(question.article) + 1 if question.article in ids else 0
        gains.append(1 / math.log2(rank + 1) if rank else 0.0)
    return statistics.mean(gains)


def _tell(name: str, rates: dict[str, list[float]], gain: float | None) -> None:
    quality = "" if gain is None else f"  nDCG@10 {gain:.4f}"
    print(f"{name:12} {rates[name][-1]:6.1f} passages/s{quality}", flush=True)


if __name__ == "__main__":
    main()
