"""Question -> answer: one function for the command line, Telegram and HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot import wording
from bot.citations import cite, with_label
from bot.extractive import select_sentences
from bot.schema import Answer, Outcome
from retrieval.errors import QuestionError
from retrieval.search import Retriever

# Hits that the sentences are taken from. A place or a year in the question may rule out
# the first ones, so more are fetched than are read.
_TOP_K = 30


def answer(
    retriever: Retriever, question: str, history: Sequence[str] = (), *, answer_id: str = "1"
) -> Answer:
    """One to four quoted sentences with their citations, or a refusal that says why.

    Args:
        history: earlier questions of the conversation, oldest first.
    """
    started = time.perf_counter()
    try:
        result = retriever.search(question, _TOP_K, history)
    except QuestionError as error:
        return refusal(answer_id, Outcome.QUESTION_INVALID, wording.QUESTION_INVALID[error.kind])
    searched = time.perf_counter()
    chosen = select_sentences(result.query, result.hits, retriever.index.sparse.weight)
    sentences, citations = cite(chosen)
    timings = result.timings_ms | {
        "answer": round((time.perf_counter() - searched) * 1_000, 3),
        "total": round((time.perf_counter() - started) * 1_000, 3),
    }
    if not sentences:
        index = retriever.index
        text = wording.no_evidence(index.records.articles(), index.manifest.articles)
        return refusal(answer_id, Outcome.NO_EVIDENCE, text, timings)
    labels = {citation.number: citation.label for citation in citations}
    text = " ".join(
        with_label(sentence.text, [labels[number] for number in sentence.citations])
        for sentence in sentences
    )
    return Answer(answer_id, Outcome.ANSWERED, text, sentences, citations, timings)


def refusal(
    answer_id: str, outcome: Outcome, text: str, timings_ms: dict[str, float] | None = None
) -> Answer:
    """An answer that claims nothing and therefore cites nothing."""
    return Answer(answer_id, outcome, text, (), (), timings_ms or {})
