"""Questions that the archive answers: for somebody who does not know what to ask."""

from __future__ import annotations

import asyncio
from weakref import ReferenceType, ref

from bot.answering import Asked, answer
from bot.schema import Outcome
from retrieval.search import Retriever

MOST_SUGGESTED = 3

# Short, for a button; what offices ask of a place's reports.
_FORMS = (
    "{} còn những hạn chế gì?",
    "{} đạt những kết quả gì?",
    "{} đề ra những nhiệm vụ gì?",
    "{} có những giải pháp gì?",
)
# Articles whose places are tried, the newest first.
_ARTICLES = 20


class Suggestions:
    """Those of a snapshot, found once. One for an adapter and its event loop."""

    def __init__(self) -> None:
        self._finding = asyncio.Lock()
        # Not held: it would keep a snapshot that has been replaced, with its files, until asked.
        self._of: ReferenceType[Retriever] | None = None
        self._questions: tuple[str, ...] = ()

    async def of(self, retriever: Retriever) -> tuple[str, ...]:
        """As `suggested_questions`; whoever comes meanwhile waits for the same."""
        async with self._finding:
            if self._of is None or self._of() is not retriever:
                self._questions = await asyncio.to_thread(suggested_questions, retriever)
                self._of = ref(retriever)
            return self._questions


def suggested_questions(retriever: Retriever) -> tuple[str, ...]:
    """At most three, each of another place, each answered when it was tried.

    Takes a search for each form that is tried: to be called once a snapshot.
    """
    places = dict.fromkeys(
        article.province for article in retriever.index.records.articles(_ARTICLES)
    )
    found: list[str] = []
    for place in filter(None, places):
        # Each starts with another form, so that the questions differ.
        forms = [_FORMS[(len(found) + step) % len(_FORMS)] for step in range(len(_FORMS))]
        questions = (form.format(place) for form in forms)
        answered = (question for question in questions if _is_answered(retriever, question))
        found += [question for question in [next(answered, "")] if question]
        if len(found) == MOST_SUGGESTED:
            break
    return tuple(found)


def _is_answered(retriever: Retriever, question: str) -> bool:
    return answer(retriever, Asked(question)).outcome is Outcome.ANSWERED
