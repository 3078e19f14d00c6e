"""Question -> answer: one function for the command line, Telegram and HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot import wording
from bot.citations import cite, with_label
from bot.evidence import is_of_place
from bot.extractive import select_sentences
from bot.schema import Answer, Outcome
from retrieval.errors import QuestionError
from retrieval.gazetteer import load
from retrieval.schema import Article, Query, SearchResult
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
        return _not_found(answer_id, retriever, result, timings)
    labels = {citation.number: citation.label for citation in citations}
    text = " ".join(
        [
            *(
                with_label(sentence.text, [labels[number] for number in sentence.citations])
                for sentence in sentences
            ),
            *_merger_notes(result.query, [candidate.article for candidate in chosen]),
        ]
    )
    return Answer(answer_id, Outcome.ANSWERED, text, sentences, citations, timings)


def _not_found(
    answer_id: str, retriever: Retriever, result: SearchResult, timings: dict[str, float]
) -> Answer:
    records, query = retriever.index.records, result.query
    if query.provinces and not any(is_of_place(query, hit) for hit in result.hits):
        text = wording.no_article_for_place(query.provinces, records.provinces())
        return refusal(answer_id, Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD, text, timings)
    text = wording.no_evidence(records.articles(), retriever.index.manifest.articles)
    return refusal(answer_id, Outcome.NO_EVIDENCE, text, timings)


def _merger_notes(query: Query, articles: Sequence[Article]) -> list[str]:
    """For each former province cited on a question about today's: what became of it."""
    cited = {article.province for article in articles}
    gazetteer = load()
    return [
        wording.merged(former, place)
        for place in query.provinces
        for former in gazetteer.predecessors(place)
        if former != place and former in cited and former not in query.provinces
    ]


def refusal(
    answer_id: str, outcome: Outcome, text: str, timings_ms: dict[str, float] | None = None
) -> Answer:
    """An answer that claims nothing and therefore cites nothing."""
    return Answer(answer_id, outcome, text, (), (), timings_ms or {})
