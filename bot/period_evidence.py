"""Whether a passage or a sentence is of the time that is asked for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import replace

from retrieval.periods import find_periods
from retrieval.schema import Article, Hit, Period, Query
from retrieval.text import canonical, fold, sentences


def is_of_period(query: Query, hit: Hit) -> bool:
    """Whether the hit is of each period of the question, or says something of it.

    A year is more often about the matter than about the article's day, so the day or the words
    of the passage will do. Of `tuần trước` there are no words, so that is the article's day.
    """
    return all(
        any(_is_of(meant, hit) for meant in _meant(period, hit.article, hit.passage.text))
        for period in query.periods
        if period.is_bounded
    )


def _meant(period: Period, article: Article, text: str) -> list[Period]:
    """The period itself; one without a year, of each year that the article may speak of."""
    if not period.recurs:
        return [period]
    years = {int(year) for year in _YEAR.findall(f"{article.title} {text}")}
    years |= {article.date.year} if article.date else set()
    return [period, *(period.in_year(year) for year in sorted(years))]


_LONGEST_YEAR = 366  # days
# Characters of the first paragraph, which says of what time the article speaks.
_LEAD = 400
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _is_of(period: Period, hit: Hit) -> bool:
    day = hit.article.date
    if day and period.first <= day <= period.last:
        return True
    if period.of_articles:
        return False
    lead = hit.article.text[: hit.article.text.find("\n")] if hit.passage.start else ""
    around = f"{hit.article.title}. {lead[:_LEAD]} {hit.passage.text}"
    # A passage that names no year of it may still name a decade or century.
    is_long = (period.last - period.first).days > _LONGEST_YEAR
    if not (is_long or _has_year_of(period, around)):
        return False
    named = find_periods(around, day or period.last)
    # "tăng 4,7% so với năm 2022" tells nothing of 2022.
    around = without_periods(around, [name for name in named if name.is_base])
    if _is_year(period):
        return _has_year_of(period, around)
    return (is_long or _has_year_of(period, around)) and any(
        period.first <= name.first and name.last <= period.last for name in _stated(named)
    )


def _has_year_of(period: Period, text: str) -> bool:
    first, last = period.first.year, period.last.year
    return any(first <= int(year) <= last for year in _YEAR.findall(text))


def _is_year(period: Period) -> bool:
    first, last = period.first, period.last
    return first.year == last.year and (first.month, last.month) == (1, 12)


def _stated(periods: Iterable[Period]) -> list[Period]:
    """Those that date what is said; what holds `đến 30/6/2023` is of that day."""
    return [
        replace(period, first=period.last) if _AS_OF.match(fold(period.text.lower())) else period
        for period in periods
        if period.is_bounded
    ]


_AS_OF = re.compile(r"(?:tinh |cho )?(?:den|toi)\b")


def is_of_another_period(query: Query, article: Article, sentence: str) -> bool:
    """Whether what a sentence says is dated, and not to any period of the question.

    "Năm 2020 đạt 91,3%" does not answer for 2024, though the article is of that year; nor does
    "Đạt 91,3%" where its paragraph speaks of 2020. What is only compared with dates nothing.
    """
    asked = [p for p in query.periods if p.is_bounded and not p.of_articles]
    if not asked:
        return False
    day = article.date or asked[0].last
    named = _stated(find_periods(sentence, day)) or _carried(article, sentence, day)
    meant = [every for period in asked for every in _meant(period, article, sentence)]
    # "Ngày truyền thống 15/10" is of each year.
    named += [n.in_year(p.first.year) for n in named if n.recurs for p in meant]
    return bool(named) and not any(
        period.first <= name.last and name.first <= period.last
        for name in named
        for period in meant
    )


# A period that opens its sentence holds for what follows in the paragraph ("Năm 2020, …"), and
# that of a review for all that is reported; one that is named in passing ("lập năm 1997") does
# not.
_OPENS_SENTENCE = re.compile(r"\W*(?:(?:trong|vao|rieng|nhin lai|buoc sang|ket thuc|het) )*$")
_REVIEWS = re.compile(r"\b(?:so ket|tong ket|danh gia|ket qua|tinh hinh|bao cao)\b")
# What is so now is of the article's day. "hiện" alone also ends `thực hiện`, `thể hiện`.
_NOW = re.compile(r"^\W*hiện\b|\bhiện (?:nay|tại|có|đang|đã|còn|toàn)\b|\b(?:đến|tới) nay\b")
# Sentences at an article's beginning that say what it reports.
_LEAD_SENTENCES = 2


def _carried(article: Article, sentence: str, day: datetime.date) -> list[Period]:
    """The periods that an undated sentence takes from its paragraph or the review it is of."""
    text = article.text
    start = text.find(sentence)
    if start < 0:
        return []
    if _NOW.search(canonical(sentence)):
        now = [Period(0, 0, "", article.date, article.date)] if article.date else []
        return [*now, *_reviewed(article, start, day)] if now else []
    paragraph = text.rfind("\n", 0, start) + 1
    for span in reversed(sentences(text, paragraph, start)):
        if framed := _framed(text[span.start : span.end], day):
            return framed
    return _reviewed(article, start, day)


def _reviewed(article: Article, start: int, day: datetime.date) -> list[Period]:
    """The periods of the review that an article says at its beginning to report."""
    text = article.text
    lead = [text[span.start : span.end] for span in sentences(text[:start])[:_LEAD_SENTENCES]]
    for reported in (*lead, article.title):
        if _REVIEWS.search(fold(canonical(reported))) and (framed := _framed(reported, day)):
            return framed
    return []


def _framed(sentence: str, day: datetime.date) -> list[Period]:
    """The periods of a sentence, if they hold for the ones behind it too."""
    stated = _stated(find_periods(sentence, day))
    plain = fold(canonical(sentence))
    if _REVIEWS.search(plain) or any(_OPENS_SENTENCE.match(plain[: p.start]) for p in stated):
        return stated
    return []


def without_periods(text: str, periods: Iterable[Period]) -> str:
    """The text with blanks for the words of those periods."""
    for period in periods:
        gap = " " * (period.end - period.start)
        text = f"{text[: period.start]}{gap}{text[period.end :]}"
    return text
