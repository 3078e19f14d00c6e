"""Why there is no answer: nothing of that place, paper or time, or nothing that says it."""

from __future__ import annotations

from collections.abc import Callable

from bot.evidence import is_of_place
from bot.schema import Outcome
from bot.words import Words
from retrieval.schema import Dimension, Filters, Query, SearchResult
from retrieval.search import Retriever

# Searches again without some of what the question names; whether something is found, and answers.
Widened = Callable[[Dimension], tuple[SearchResult, bool]]


def why_not(
    retriever: Retriever,
    filters: Filters,
    result: SearchResult,
    widened: Widened,
    wording: Words,
) -> tuple[Outcome, str]:
    """The outcome and the reader's words for it.

    What the archive has nothing of at all is named first; what only goes missing together (that
    paper on that place) is not blamed on either alone.

    Args:
        filters: given beside the question.
        widened: asks the same question without its places or its periods.
        wording: in the reader's language.
    """
    records, query = retriever.index.records, result.query
    said = query.filters
    outcome = Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD
    if said.sources and not set(said.sources) & set(records.sources()):
        return outcome, wording.no_article_of_source(said.sources, records.sources())
    is_placed = any(is_of_place(query, hit) for hit in result.hits)
    if query.provinces and not is_placed and not _is_known_place(retriever, query, widened):
        return outcome, wording.no_article_for_place(query.provinces, records.provinces())
    periods = [period for period in query.periods if period.is_bounded]
    if not result.hits or (query.provinces and not is_placed):
        named = wording.conditions(query.provinces, said.sources, periods)
        if not named:
            return outcome, wording.NOTHING_PASSES
        days = records.days() if periods else None
        if not (query.provinces or said.sources or filters):
            return outcome, wording.no_article_in_period(periods, days)
        return outcome, wording.nothing_together(named, days, has_filters=bool(filters))
    if periods and widened("period")[1]:
        return outcome, wording.other_periods_answer(periods)
    text = wording.no_evidence(records.articles(), retriever.index.manifest.articles)
    return Outcome.NO_EVIDENCE, text


def _is_known_place(retriever: Retriever, query: Query, widened: Widened) -> bool:
    """Whether any article is of the places asked for, or speaks of them, at whatever time."""
    if set(query.reached) & set(retriever.index.records.provinces()):
        return True
    result, _ = widened("period")
    return any(is_of_place(result.query, hit) for hit in result.hits)
