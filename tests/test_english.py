"""Questions in English are told from Vietnamese ones typed without marks."""

from __future__ import annotations

import json

import pytest

from bot.answering import Asked, answer
from bot.english import is_english
from bot.schema import Outcome
from retrieval.search import Retriever
from retrieval.settings import PROJECT
from retrieval.text import fold, normalise


@pytest.mark.parametrize(
    "question",
    [
        "What was the satisfaction index of Bac Kan people in 2020?",
        "Who is the head of the mass mobilization commission of Quang Ninh?",
        "How many models were registered in Quang Ninh in 2017?",
        "When did Bac Kan hold the conference?",
    ],
)
def test_an_english_question_is_answered_in_english(retriever: Retriever, question: str) -> None:
    """Nothing is said of what the articles hold: they were not looked at."""
    shown = answer(retriever, Asked(question))

    assert shown.outcome is Outcome.QUESTION_INVALID
    assert shown.text.startswith("Questions are understood in Vietnamese only")


@pytest.mark.parametrize(
    "question",
    [
        "how to train your dragon ra mat nam nao",
        "Which Bank khai trương ở đâu?",
        "Will Smith la ai",
        "hello",
        "2020",
        "The Voice 2018 co bao nhieu thi sinh",
    ],
)
def test_a_vietnamese_question_with_english_names(question: str) -> None:
    assert not is_english(question)


def test_none_of_our_questions_is_english() -> None:
    """Typed with marks and without."""
    lines = (PROJECT / "tests" / "questions" / "answerable.jsonl").read_text(encoding="utf-8")
    questions = [normalise(json.loads(line)["question"]) for line in lines.splitlines()]

    assert len(questions) == 310
    assert not [q for q in questions if is_english(q) or is_english(fold(q))]
