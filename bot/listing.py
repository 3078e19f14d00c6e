"""`tin hôm qua`, `tháng 7/2024 có những bài nào?`: what articles there are, not what they say."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from bot.candidates import MOST_SENTENCES, Candidate, opening_end
from retrieval.schema import Article, Hit, Query
from retrieval.text import Span, fold, sentences, syllables

# What is left of such a question besides its places, papers and periods.
ASKS_FOR_ARTICLES = frozenset(
    "tin tuc bai bao viet nao gi moi nhat co nhung cac cua o tai tu trong ve ngay thang nam tinh "
    "thanh pho dang cho biet xem doc hom vao dia phuong kho hay liet ke dua la thi".split()
)


def asks_for_articles(query: Query) -> bool:
    """Whether a question has no matter besides which articles it means."""
    if not query.filters and not any(period.is_latest for period in query.periods):
        return False
    words = _words_besides(query)
    return bool(words & {"tin", "bai", "bao"}) and words <= ASKS_FOR_ARTICLES


def _words_besides(query: Query) -> set[str]:
    """What a question says besides its places, papers and periods; without diacritics."""
    rest = fold(query.restored.lower())
    for period in query.periods:
        gap = " " * (period.end - period.start)
        rest = f"{rest[: period.start]}{gap}{rest[period.end :]}"
    named = [fold(name.lower()) for name in (*query.provinces, *query.filters.sources)]
    for name in named:
        rest = rest.replace(name, " ")
    return {word.text for word in syllables(rest)}


def opening_sentences(hits: Sequence[Hit]) -> list[Candidate]:
    """The first sentence of each article, the newest first, at most four."""
    articles: dict[str, Article] = {hit.article.id: hit.article for hit in hits}
    newest = sorted(
        articles.values(), key=lambda a: (a.date or datetime.date.min, a.id), reverse=True
    )
    found: list[Candidate] = []
    for article in newest[:MOST_SENTENCES]:
        found += opening_sentence(article)
    return found


def opening_sentence(article: Article) -> list[Candidate]:
    """The first sentence; none of an article without text."""
    first = _opening(article.text)
    return [quoted(article, first)] if first else []


def quoted(article: Article, sentence: Span) -> Candidate:
    """A sentence that is shown whatever it scores."""
    start = opening_end(article.text, sentence)
    return Candidate(article, start, sentence.end, 1.0, 1.0)


def _opening(text: str) -> Span | None:
    """The first whole sentence; captions stand before it in many articles."""
    spans = sentences(text)
    whole = (span for span in spans if text[: span.end].endswith(_ENDS))
    return next(whole, spans[0] if spans else None)


_ENDS = (".", "!", "?", "…", ".”", '."')
