"""How the weight of the fusion changes retrieval: each half alone, then the hybrid.

    python -m benchmarks.fusion_weights SET [SET ...]

An article's place is that of its best passage. nDCG@10 and MRR@10 with one right article a
question; ties count against us.
"""

from __future__ import annotations

import argparse
import math
from concurrent.futures import Future
from pathlib import Path

from benchmarks import remembering_encoder
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import Question, read_set
from retrieval.fusion import weighted_fusion
from retrieval.halves import dense_half, nearest_sentences, sparse_half
from retrieval.question import understand
from retrieval.search import Retriever
from retrieval.searcher import FoundRows

WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
DEPTH = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    for path in parser.parse_args().sets:
        data = read_set(path)
        encoder = remembering_encoder()
        with open_archive(data.articles, encoder) as index:
            retriever = Retriever(index, encoder)
            places = [places_by_weight(retriever, question) for question in data.questions]
        print(f"{data.name}: {len(data.articles)} articles, {len(data.questions)} questions")
        for number, weight in enumerate(WEIGHTS):
            column = [row[number] for row in places]
            ndcg = sum(1 / math.log2(place + 1) for place in column if place <= 10) / len(column)
            mrr = sum(1 / place for place in column if place <= 10) / len(column)
            print(f"  dense weight {weight:.1f}: nDCG@10 {ndcg:.4f}  MRR@10 {mrr:.4f}")


def places_by_weight(retriever: Retriever, question: Question) -> list[int]:
    """The place of the right article at each weight, from 1."""
    query = understand(question.text, (), retriever.index.language)
    sparse = sparse_half(retriever.index, query, DEPTH).scores
    vector = retriever.encoder.encode_question(query.written_out)
    sentences: Future[FoundRows] = Future()
    sentences.set_result(nearest_sentences(retriever.index, vector))
    half = dense_half(retriever.index, vector, DEPTH, sparse, sentences=sentences)
    dense = half.scores
    rows = list(dense)
    owners = dict(
        zip(
            rows, (article.id for article, _ in retriever.index.records.passages(rows)), strict=True
        )
    )
    places = []
    for weight in WEIGHTS:
        best: dict[str, float] = {}
        fused = weighted_fusion(dense, sparse, weight, retriever.encoder.cosine_spread)
        for row, score in fused.items():
            best[owners[row]] = max(score, best.get(owners[row], 0.0))
        right = best.get(question.article, -1.0)
        others = (score for article, score in best.items() if article != question.article)
        places.append(1 + sum(score >= right for score in others))
    return places


if __name__ == "__main__":
    main()
