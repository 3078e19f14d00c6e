"""Development sets and archives made of them, shared by the scripts of this folder.

A set is either a file in SQuAD form (a paragraph is an article) or a folder with
`articles.jsonl` or `paragraphs.jsonl` (`id, text`, maybe `title`) and `questions.jsonl`
(`question, answers`, and `article_id` or `paragraph_id`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.dense import DenseIndex
from retrieval.encoders import Progress, Vectors, open_encoder
from retrieval.index import Contents, Index
from retrieval.marks import SyllableModel
from retrieval.records import Records
from retrieval.schema import Article
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from retrieval.snapshot import Manifest, models_folder
from retrieval.sparse import SparseIndex
from retrieval.text import normalise, squeeze


@dataclass(frozen=True)
class Question:
    """A question, the id of the article that answers it, and its answers to the letter."""

    text: str
    article: str
    answers: tuple[str, ...]


def read_set(path: Path) -> tuple[list[Article], list[Question]]:
    return _read_squad(path) if path.is_file() else _read_folder(path)


def _read_squad(path: Path) -> tuple[list[Article], list[Question]]:
    articles: list[Article] = []
    questions: list[Question] = []
    for topic in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in topic["paragraphs"]:
            identifier = f"{len(articles):06}"
            articles.append(_article(identifier, "", paragraph["context"]))
            questions += [
                _question(one["question"], identifier, [a["text"] for a in one["answers"]])
                for one in paragraph["qas"]
            ]
    return articles, questions


def _read_folder(folder: Path) -> tuple[list[Article], list[Question]]:
    names = ("articles.jsonl", "paragraphs.jsonl")
    texts = next(folder / name for name in names if (folder / name).exists())
    articles = [_article(row["id"], row.get("title", ""), row["text"]) for row in _rows(texts)]
    questions = [
        _question(row["question"], row.get("article_id") or row["paragraph_id"], row["answers"])
        for row in _rows(folder / "questions.jsonl")
    ]
    return articles, questions


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _article(identifier: str, title: str, text: str) -> Article:
    return Article(identifier, normalise(title), normalise(text), None, None, None, "")


def _question(text: str, article: str, answers: Sequence[str]) -> Question:
    return Question(normalise(text), article, tuple(map(normalise, answers)))


class KnownVectors:
    """An encoder that looks its vectors up: each text was encoded once, by the real model."""

    fingerprint = "benchmark"
    cosine_spread = 0.1

    def __init__(self, vectors: dict[str, Vectors]) -> None:
        self._vectors = vectors
        self.dimensions = len(next(iter(vectors.values())))

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return np.stack([self._vectors[text] for text in texts])

    def encode_question(self, text: str) -> Vectors:
        return self._vectors[text]


def known_vectors(articles: list[Article], questions: list[Question], cache: Path) -> KnownVectors:
    """Every passage and question encoded by the bundled model, or read from `cache`."""
    encoder = open_encoder("bundled", models_folder(PROJECT / "vectors"))
    contents = Contents.of(articles)
    passages = sorted({*contents.passage_texts, *contents.sentence_texts})
    asked = sorted({squeeze(question.text) for question in questions})
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(
            cache,
            passages=encoder.encode_passages(passages),
            questions=np.stack([encoder.encode_question(text) for text in asked]),
        )
    stored = np.load(cache)
    return KnownVectors(
        dict(zip(passages, stored["passages"], strict=True))
        | dict(zip(asked, stored["questions"], strict=True))
    )


def open_archive(articles: list[Article], encoder: KnownVectors, folder: Path) -> Retriever:
    """An index of these articles, with its files in the empty `folder`."""
    contents = Contents.of(articles)
    Records.write(folder / "records", contents.entries)
    SyllableModel.write(folder / "language", contents.article_texts)
    counts = (len(articles), len(contents.entries))
    index = Index(
        DenseIndex.build(encoder.encode_passages(contents.passage_texts)),
        DenseIndex.build(encoder.encode_passages(contents.sentence_texts)),
        SparseIndex.build(folder / "sparse", contents.passage_texts),
        SparseIndex.build(folder / "articles", contents.article_texts),
        Records.open(folder / "records"),
        SyllableModel.open(folder / "language"),
        Manifest(1, "", encoder.dimensions, "", *counts, (), "", {}),
    )
    return Retriever(index, encoder)
