"""What the archive has: its articles by place, day and words, without a question."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from retrieval.schema import Article, Filters, Passage
from retrieval.searcher import SearchedIndex
from retrieval.text import normalise, squeeze, syllables


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts of articles.

    Attributes:
        provinces, sources: name -> articles, most first; without those of unknown place or source.
        months: `2024-07` -> articles, in the order of time; without the undated.
        first, last: the days between which there are articles, as ISO has them.
    """

    articles: int
    provinces: dict[str, int]
    sources: dict[str, int]
    months: dict[str, int]
    undated: int
    first: str | None
    last: str | None


def holdings(index: SearchedIndex) -> Holdings:
    """Takes some milliseconds for 10,000 articles."""
    origins = index.records.origins_passing().values()
    days = sorted(origin.date.isoformat() for origin in origins if origin.date)
    provinces = Counter(origin.province for origin in origins if origin.province)
    return Holdings(
        articles=len(origins),
        provinces=dict(provinces.most_common()),
        sources=dict(Counter(index.records.articles_by_source()).most_common()),
        months=dict(sorted(Counter(day[:7] for day in days).items())),
        undated=len(origins) - len(days),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


def find_articles(
    index: SearchedIndex, filters: Filters, words: str = "", limit: int = 20, offset: int = 0
) -> tuple[int, list[Article]]:
    """How many articles there are of these, and some of them, newest first, undated ones last.

    Args:
        words: which the article holds: beside each other where any article has them so, else
            all of them somewhere; without diacritics they are looked up without.
    """
    origins = index.records.origins_passing(filters)
    numbers = set(origins)
    if phrase := squeeze(normalise(words)):
        numbers &= _holding(index, phrase)
    # Articles are numbered in the order of their ids.
    undated = sorted(number for number in numbers if origins[number].date is None)
    dated = sorted(
        numbers.difference(undated),
        key=lambda number: (-(origins[number].date or datetime.date.min).toordinal(), number),
    )
    shown = [*dated, *undated][offset : offset + limit]
    return len(numbers), [index.records.article(number) for number in shown]


def _holding(index: SearchedIndex, phrase: str) -> set[int]:
    parts = syllables(phrase)
    if not parts:
        return set()
    together = set(index.sparse_articles.holding(phrase))
    if together:
        return together
    found = [set(index.sparse_articles.holding(part.text)) for part in parts]
    return set.intersection(*found)


def article_with_passages(
    index: SearchedIndex, article_id: str
) -> tuple[Article, list[Passage]] | None:
    """An article and its passages in reading order; None where there is none of that id."""
    rows = list(index.records.passage_starts(article_id).values())
    found = index.records.passages(rows) if rows else []
    return (found[0][0], [passage for _, passage in found]) if found else None


def other_tellings(index: SearchedIndex, article_id: str) -> list[Article]:
    """The articles that tell the story of an article too, in the order of the archive."""
    records = index.records
    first = list(records.passage_starts(article_id).values())[:1]
    numbers = list(records.articles_of_passages(first).values())
    told = [other for others in records.tellings(numbers).values() for other in others]
    return [records.article(number) for number in told]
