"""Questions whose article is known, archives made of them, and ways of typing them.

A set is a file in SQuAD form (a paragraph is an article), or a folder with
`articles.jsonl` or `paragraphs.jsonl` (`id, text`, maybe `title`) and `questions.jsonl`
(`question, answers`, and `article_id` or `paragraph_id`), or one `.jsonl` file with the lines
of both, as `python -m bot feedback export` writes it: there an article may have `source`,
`province` and `date` too, and a question without `article_id` is no case. `other_article_ids`
names further articles that answer as well.
"""

from __future__ import annotations

import datetime
import gzip
import json
import random
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from retrieval.abbreviations import Abbreviations
from retrieval.errors import ServiceError
from retrieval.schema import Article
from retrieval.text import canonical, fold, normalise, syllables

_SQUAD = "a JSON file in SQuAD form (data, paragraphs, context, qas)"
_FOLDER = "a folder with articles.jsonl or paragraphs.jsonl, and questions.jsonl"
_ACCEPTED = f"{_SQUAD}, or {_FOLDER}, or a .jsonl file with the lines of both"


class SetError(ServiceError):
    """Data that is no set of questions; the message says what is accepted."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the id of the article that answers it, and its answers to the letter.

    `others` are ids of articles that answer it as well.
    """

    text: str
    article: str
    answers: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """`name` is that of its file or folder."""

    name: str
    articles: list[Article]
    questions: list[Question]


def read_set(path: Path) -> QuestionSet:
    """
    Raises:
        SetError: not there, not in a form that is read, or without a question.
    """
    try:
        if path.suffix == ".jsonl":
            articles, questions = _read_lines(path)
        else:
            articles, questions = _read_squad(path) if path.is_file() else _read_folder(path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration) as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise SetError(f"{path} is no set ({reason}); give {_ACCEPTED}") from error
    known = {article.id for article in articles}
    if not questions or not all({one.article, *one.others} <= known for one in questions):
        raise SetError(f"{path} has no question, or one whose article it does not have")
    return QuestionSet(path.stem, articles, questions)


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
    articles = [_article(row["id"], row.get("title") or "", row["text"]) for row in _rows(texts)]
    return articles, [_question_row(row) for row in _rows(folder / "questions.jsonl")]


def _read_lines(path: Path) -> tuple[list[Article], list[Question]]:
    rows = _rows(path)
    articles = [
        replace(
            _article(row["id"], row.get("title") or "", row["text"]),
            source=row.get("source"),
            province=row.get("province"),
            date=datetime.date.fromisoformat(row["date"]) if row.get("date") else None,
        )
        for row in rows
        if "question" not in row
    ]
    return articles, [_question_row(row) for row in rows if row.get("article_id")]


def _question_row(row: dict[str, Any]) -> Question:
    article = row.get("article_id") or row["paragraph_id"]
    others = tuple(row.get("other_article_ids") or ())
    return replace(_question(row["question"], article, row.get("answers") or []), others=others)


def _rows(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _article(identifier: str, title: str, text: str) -> Article:
    return Article(identifier, normalise(title), normalise(text), None, None, None, "")


def _question(text: str, article: str, answers: list[str]) -> Question:
    return Question(normalise(text), article, tuple(map(normalise, answers)))


def read_distractors(path: Path, count: int, articles: list[Article]) -> list[Article]:
    """The first `count` articles of a JSON-lines file (maybe gzip) that are not among `articles`.

    Raises:
        SetError: not there, or not in that form.
    """
    known = {canonical(article.text) for article in articles}
    try:
        return list(islice(_other_articles(path, known), count))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error) as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise SetError(
            f"{path} can not be read ({reason}); give JSON lines with id, text and maybe title, "
            "plain or .gz"
        ) from error


def _other_articles(path: Path, known: set[str]) -> Iterator[Article]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            article = _article(f"other-{row['id']}", row.get("title") or "", row["text"])
            if article.text.strip() and canonical(article.text) not in known:
                yield article


def sample(questions: list[Question], count: int, seed: int) -> list[Question]:
    """About `count` questions: all of articles drawn at random, in the order of the set."""
    drawn: set[str] = set()
    articles = sorted({question.article for question in questions})
    random.Random(seed).shuffle(articles)
    left = count
    for article in articles:
        if left <= 0:
            break
        drawn.add(article)
        left -= sum(question.article == article for question in questions)
    return [question for question in questions if question.article in drawn]


_NEW_TONE = re.compile(r"(?<!q)(òa|óa|ỏa|õa|ọa|òe|óe|ỏe|õe|ọe|ùy|úy|ủy|ũy|ụy)(?!\w)", re.IGNORECASE)
_TONES = {
    new: old
    for pairs in (
        "òa:oà óa:oá ỏa:oả õa:oã ọa:oạ òe:oè óe:oé ỏe:oẻ õe:oẽ ọe:oẹ",
        "ùy:uỳ úy:uý ủy:uỷ ũy:uỹ ụy:uỵ",
    )
    for new, old in (pair.split(":") for pair in pairs.split())
}


def _old_tone(text: str) -> str:
    """`Khánh Hòa, ủy ban` as `Khánh Hoà, uỷ ban`."""

    def move(match: re.Match[str]) -> str:
        old = _TONES[match[0].lower()]
        return "".join(n.upper() if o.isupper() else n for o, n in zip(match[0], old, strict=True))

    return _NEW_TONE.sub(move, text)


def _partly_marked(text: str) -> str:
    """Every second syllable that has marks, by chance, loses them; the same for the same text."""
    chance = random.Random(text)
    characters = list(text)
    for word in syllables(text):
        if word.text != fold(word.text) and chance.random() < 0.5:
            for place in range(word.start, word.end):
                characters[place] = fold(characters[place])
    return "".join(characters)


def _abbreviated(text: str) -> str:
    return Abbreviations.of({}).abbreviated(text)


VARIANTS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "no-diacritics": fold,
    "partly-marked": _partly_marked,
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "old-tone": _old_tone,
    "abbreviated": _abbreviated,
}
