"""Answers and refusals over the seeds and the fixture articles: the questions of `tests/questions`.

    python -m benchmarks.judge_answers [--split dev|test] [--english] [--show]

A question counts as answered rightly when what is shown holds its answer, to the letter, of a
comparison those of both sides; a near miss when nothing is shown. The questions were written
without sight of the code.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import remembering_encoder
from bot.answering import Asked, answer
from bot.schema import Answer, Outcome
from retrieval.articles import article_paths, read_article
from retrieval.errors import ArticleError
from retrieval.evaluation import open_archive
from retrieval.schema import Article
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from retrieval.text import canonical, normalise, squeeze

QUESTIONS = PROJECT / "tests" / "questions"
SETS = ("seeds", "tests/articles/valid", "tests/articles/heldout", "tests/articles/adversarial")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=["dev", "test"], default="dev")
    parser.add_argument("--english", action="store_true", help="the questions in English instead")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    encoder = remembering_encoder()
    with (
        open_archive(archive(), encoder) as index,
        open_archive(archive(SETS[:1]), encoder) as five,
    ):
        whole, seeds = Retriever(index, encoder), Retriever(five, encoder)
        for name, judge in JUDGES.items():
            counts: dict[str, Counter[str]] = {}
            asked = read_english if options.english else read_questions
            for question in asked(name, options.split):
                # Counts are stated for the five seeds.
                retriever = seeds if question.get("type") == "count" else whole
                shown = answer(retriever, Asked(question["question"]))
                verdict = judge(question, shown)
                kind = question.get("kind") or question["type"]
                counts.setdefault(kind, Counter())[verdict] += 1
                if options.show and verdict not in ("right", "refused" * (name == "near_misses")):
                    text = squeeze(shown.text.split("\nKho hiện")[0])[:300]
                    print(f"{verdict}: {question['question']}\n    {shown.outcome}: {text}")
            if counts:
                _report(name, counts)


def archive(folders: Sequence[str] = SETS) -> list[Article]:
    """The seeds and the fixture articles, named from the project's folder."""
    articles = []
    for folder in folders:
        for path in article_paths(PROJECT / folder):
            if path.suffix == ".json":
                continue
            try:
                articles.append(read_article(path, PROJECT))
            except ArticleError as error:
                print(f"left out: {path.name}: {error}")
    return articles


def read_questions(name: str, split: str) -> list[dict[str, Any]]:
    """The questions of one half; `dev` was looked at while the rules were written."""
    lines = Path(QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line.strip()]
    return [record for record in records if record["split"] == split]


def read_english(name: str, split: str) -> list[dict[str, Any]]:
    """The same of the questions in English, which are in a file for each half."""
    wanted = {"answerable": "article", "near_misses": "near"}.get(name, "articles")
    lines = Path(QUESTIONS / f"english_{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [record for record in map(json.loads, lines) if wanted in record]


def _judge_answerable(question: dict[str, Any], shown: Answer) -> str:
    if not shown.citations:
        return "refused"
    return "right" if _holds(shown, question["answers"], question.get("match")) else "wrong"


def _judge_comparison(question: dict[str, Any], shown: Answer) -> str:
    if question["type"] == "count":
        ((number,),) = question["answers"]
        told = re.search(r"\b(?:có|của|bài của) (\d+) (?:bài|tỉnh)", shown.text)
        is_counted = told is not None and "nhắc đến" in shown.text
        return "refused" if not is_counted else "right" if told and told[1] == number else "wrong"
    if not shown.citations:
        return "refused"
    sides = zip(question["answers"], question["match"], strict=True)
    held = sum(_holds(shown, answers, match) for answers, match in sides)
    return "right" if held == len(question["answers"]) else "one side" if held else "wrong"


def _holds(shown: Answer, answers: Sequence[str], match: str | None) -> bool:
    quotes = _plain(" ".join(citation.quote for citation in shown.citations))
    held = [_plain(text) in quotes for text in answers]
    return all(held) if match == "all" else any(held)


def _judge_near_miss(question: dict[str, Any], shown: Answer) -> str:
    return "answered" if shown.outcome is Outcome.ANSWERED else "refused"


JUDGES = {
    "answerable": _judge_answerable,
    "near_misses": _judge_near_miss,
    "comparisons": _judge_comparison,
}


def _plain(text: str) -> str:
    return squeeze(canonical(normalise(text)))


def _report(name: str, counts: dict[str, Counter[str]]) -> None:
    total = sum(counts.values(), Counter())
    print(f"\n{name}: {total.total()} questions")
    for kind, count in [*sorted(counts.items()), ("all", total)]:
        shares = ", ".join(f"{v} {n / count.total():.3f}" for v, n in sorted(count.items()))
        print(f"  {kind:20} {count.total():4}  {shares}")


if __name__ == "__main__":
    main()
