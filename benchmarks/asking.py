"""Questions put to archives that have their article, or have it not."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answerability import signs_of
from bot.demands import Demands
from bot.evidence import is_about
from bot.extractive import candidate_of, evidence, is_admissible
from bot.question_terms import QuestionTerms
from bot.sentence_features import Matrix, SentenceReader
from retrieval.encoders import Encoder
from retrieval.evaluation import open_archive
from retrieval.evaluation_sets import Question, QuestionSet
from retrieval.schema import Article, Hit, Query
from retrieval.search import Retriever

# What is asked of an archive that has the article, where only that article is read.
GIVEN = 0
SMALL, MIDDLE, WHOLE = 5, 50, 500
ARCHIVE_SIZES = (SMALL, MIDDLE, WHOLE)
_QUESTIONS_A_SIZE = {SMALL: 1_200, MIDDLE: 2_400}
_PARTS = 20
_HITS = 30


@dataclass(frozen=True)
class Asked:
    """One question put to one archive, a row a sentence.

    Attributes:
        matrix, signs: what is known of each sentence.
        right: whether it holds an answer to the letter.
        admissible: whether the rules let it answer.
        lost: whether the rules left out a passage that holds an answer.
    """

    article: str
    size: int
    answerable: bool
    matrix: Matrix
    signs: Matrix
    right: npt.NDArray[np.bool_]
    admissible: npt.NDArray[np.bool_]
    lost: bool


def ask_given(data: QuestionSet, encoder: Encoder) -> Iterator[Asked]:
    """Every question to the whole archive, reading only the article that answers it."""
    with open_archive(data.articles, encoder) as index:
        retriever = Retriever(index, encoder)
        for question in data.questions:
            own = list(index.records.passage_starts(question.article).values())
            ranking = retriever.rank(question.text, include=own)
            rows = sorted(
                (row for row in own if row in ranking.scores),
                key=lambda row: (-ranking.scores[row], row),
            )
            hits = retriever.hits(ranking, rows)
            yield _asked(retriever, question, GIVEN, True, ranking.query, hits, hits)


def ask_small(data: QuestionSet, encoder: Encoder, size: int) -> Iterator[Asked]:
    """Questions to random archives of `size` articles, half of them without their article."""
    draw = random.Random(size)
    archives = _divided(draw.sample(data.articles, len(data.articles)), size)
    for archive in archives:
        inside = {article.id for article in archive}
        answerable = [question for question in data.questions if question.article in inside]
        others = [question for question in data.questions if question.article not in inside]
        share = min(len(answerable), _QUESTIONS_A_SIZE[size] // len(archives) // 2)
        asked = draw.sample(answerable, share) + draw.sample(others, share)
        yield from _ask(archive, asked, encoder, size)


def ask_whole(data: QuestionSet, encoder: Encoder) -> Iterator[Asked]:
    """Every question twice: to an archive of all other articles, and to one that has its own.

    A twentieth of the articles is left out at a time and its questions are asked. Taking hits
    out of a search in all would be easier to refuse: the rest is scored against the best hit.
    """
    shuffled = random.Random(WHOLE).sample(data.articles, len(data.articles))
    part = {article.id: number % _PARTS for number, article in enumerate(shuffled)}
    for out in range(_PARTS):
        archive = [article for article in data.articles if part[article.id] != out]
        asked = [q for q in data.questions if part[q.article] in (out, (out - 1) % _PARTS)]
        yield from _ask(archive, asked, encoder, WHOLE)


def _divided(articles: Sequence[Article], size: int) -> list[Sequence[Article]]:
    return [articles[start : start + size] for start in range(0, len(articles), size)]


def _ask(
    archive: Sequence[Article], questions: Iterable[Question], encoder: Encoder, size: int
) -> Iterator[Asked]:
    inside = {article.id for article in archive}
    with open_archive(archive, encoder) as index:
        retriever = Retriever(index, encoder)
        for question in questions:
            result = retriever.search(question.text, _HITS)
            is_inside = question.article in inside
            yield _asked(
                retriever, question, size, is_inside, result.query, result.hits, result.hits
            )


def _asked(
    retriever: Retriever,
    question: Question,
    size: int,
    answerable: bool,
    query: Query,
    found: Sequence[Hit],
    read: Sequence[Hit],
) -> Asked:
    """Args: found: what the archive has; read: what may be evidence."""
    terms = QuestionTerms(query, retriever.index.searcher.weights)
    demands = Demands(query, terms.words)
    reader = SentenceReader(terms, evidence(query, read, demands))
    matrix = reader.matrix()
    right = [
        s.hit.article.id == question.article and _answers(question, s.text)
        for s in reader.sentences
    ]
    admissible = [
        is_admissible(query, terms.kind, demands, candidate_of(s, 0.0, 0.0))
        for s in reader.sentences
    ]
    lost = any(
        hit.article.id == question.article
        and _answers(question, hit.passage.text)
        and not is_about(query, hit, demands)
        for hit in read
    )
    signs = signs_of(terms, found, reader.sentences, matrix)
    return Asked(
        question.article,
        size,
        answerable,
        matrix,
        signs,
        np.array(right, bool),
        np.array(admissible, bool),
        lost,
    )


def _answers(question: Question, text: str) -> bool:
    return any(answer in text for answer in question.answers)
