"""`python -m bot feedback export`: what people thought of answers, as questions for `evaluate`.

JSON lines: an article, or a question as it was understood. A question that more people found
well answered than not is a case, whose right articles are those that were cited. The others
have no `article_id`, so that `evaluate` passes over them; they are there for people to read.
Who gave the feedback is not exported.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.conversations import Conversations, Feedback, Rating
from retrieval.database import Database
from retrieval.errors import ServiceError
from retrieval.schema import Article
from retrieval.search import open_retriever
from retrieval.searcher import SearchedIndex
from retrieval.settings import Settings, read_settings
from retrieval.traces import Trace


def run_export(options: argparse.Namespace) -> int:
    try:
        return _export_from(read_settings(), options.out)
    except BrokenPipeError:
        raise
    except (ServiceError, OSError) as error:
        print(f"bot feedback: {error}", file=sys.stderr)
        return 1


def _export_from(settings: Settings, out: Path | None) -> int:
    path = settings.conversations_db
    if not path.exists():
        print(f"bot feedback: there is none, for there is no {path}", file=sys.stderr)
        return 1
    # Opened without deleting what is too old: to read is not to tidy up.
    conversations = Conversations(Database.open(path), settings.conversation_days)
    rated = rated_traces(conversations)
    conversations.close()
    index = open_retriever(settings).index
    questions, articles = export(rated, index)
    lines = [json.dumps(row, ensure_ascii=False) for row in (*articles, *questions)]
    text = "".join(f"{line}\n" for line in lines)
    if out:
        _write(out, text)
    else:
        print(text, end="", flush=True)
    cases = sum("article_id" in row for row in questions)
    print(f"{len(questions)} answers with feedback, {cases} of them are cases", file=sys.stderr)
    return 0


def rated_traces(conversations: Conversations) -> list[tuple[Trace, list[Feedback]]]:
    """Each answer that somebody has an opinion of, with all opinions."""
    by_trace: dict[str, list[Feedback]] = {}
    for one in conversations.feedback():
        by_trace.setdefault(one.trace_id, []).append(one)
    found = ((conversations.traces.get(trace_id), given) for trace_id, given in by_trace.items())
    return [(trace, given) for trace, given in found if trace]


def export(
    rated: Iterable[tuple[Trace, Sequence[Feedback]]], index: SearchedIndex
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of questions and of articles.

    The articles are all those that the questions found, the cited ones and those that competed
    with them, as far as the archive still has them.
    """
    questions: list[dict[str, Any]] = []
    articles: dict[str, Article] = {}
    for trace, given in rated:
        found = {hit.article for hit in trace.hits} | set(cited(trace.answer))
        articles |= {name: article for name in found if (article := _article(index, name))}
        questions.append(_question(trace, given, articles))
    return questions, [_article_row(article) for _, article in sorted(articles.items())]


def _question(
    trace: Trace, given: Sequence[Feedback], articles: Mapping[str, Article]
) -> dict[str, Any]:
    ups = sum(one.rating is Rating.UP for one in given)
    row: dict[str, Any] = {
        # A follow-up is no question by itself; the query is made whole by its history.
        "question": trace.query.text if trace.query and trace.query.earlier else trace.question,
        "trace_id": trace.trace_id,
        "up": ups,
        "down": len(given) - ups,
        "reasons": [one.reason for one in given if one.reason],
    }
    right = cited(trace.answer)
    # Under filters, or widened, the question alone need not lead to the articles.
    is_plain = not trace.filters and not trace.widened
    if ups > row["down"] and is_plain and right and _still_says(trace.answer, articles):
        row["article_id"], *row["other_article_ids"] = right
        row["answers"] = [citation["quote"] for citation in _citations(trace.answer)]
    else:
        row["cited"] = right
    return row


def cited(answer: Mapping[str, Any]) -> list[str]:
    """Ids of the articles that an answer cites, each once, in its order."""
    return list(dict.fromkeys(citation["article"] for citation in _citations(answer)))


def _citations(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As `bot.schema.Answer` has them, once it went through JSON."""
    return list(answer.get("citations") or [])


def _still_says(answer: Mapping[str, Any], articles: Mapping[str, Article]) -> bool:
    """Whether the archive still has every quote, in its article."""
    return all(
        citation["article"] in articles and citation["quote"] in articles[citation["article"]].text
        for citation in _citations(answer)
    )


def _article(index: SearchedIndex, name: str) -> Article | None:
    rows = list(index.records.passage_starts(name).values())
    return index.records.passages(rows[:1])[0][0] if rows else None


def _article_row(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "province": article.province,
        "date": article.date.isoformat() if article.date else None,
    }


def _write(path: Path, text: str) -> None:
    """For its owner alone, as the questions were; whole or not at all."""
    unfinished = path.with_name(f"{path.name}.writing")
    with suppress(FileNotFoundError):
        unfinished.unlink()
    with os.fdopen(
        os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    os.replace(unfinished, path)
