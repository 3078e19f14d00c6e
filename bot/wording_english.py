"""Every English word that a reader gets; the quotes, titles and labels stay Vietnamese.

The counterpart of `wording`, name by name.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping, Sequence

from retrieval.errors import FilterError, QuestionError, UnreadError
from retrieval.question import LONGEST_QUESTION
from retrieval.schema import Article, Period
from retrieval.small_talk import SmallTalk

SOURCES = "Sources"

_MOST_TITLES = 5

_EXAMPLE = "“What are the limitations of mass mobilization work in Bac Kan?”"

_QUESTION_INVALID = {
    "empty": f"The question is empty. Please type one, for example: {_EXAMPLE}",
    "no_words": "There is no word or number in the question. Please type one in Vietnamese or "
    "English.",
    "too_long": f"The question is too long. Please ask in at most {LONGEST_QUESTION:,} "
    "characters, one question at a time.",
    "filter_order": "The last day is before the first. Please correct the period.",
}

LLM_UNAVAILABLE = "(The language model does not respond; the answer quotes the articles.)"

BUSY = "There are many questions at the moment. Please ask again in a few minutes."

INDEX_MISSING = (
    "The archive of articles is not ready, so no question can be answered. Please ask the "
    "administrator to run: python ingest.py"
)

SMALL_TALK: dict[SmallTalk, str] = {
    "greeting": "Hello! Please ask about what the articles of the archive say, for example: "
    f"{_EXAMPLE}",
    "thanks": "You are welcome. Please ask again whenever you like.",
    "farewell": "Goodbye.",
    "filler": "All right. Please ask whenever you like.",
    "about": "This service answers questions from an archive of Vietnamese news articles: each "
    "answer quotes an article to the letter and names its place and day; what the articles do not "
    "say is answered so. Questions in English are read as Vietnamese ones, and the quotes stay in "
    "Vietnamese.",
}

CHOSEN_FILTERS = "the chosen filters"

NOTHING_OF_THIS = "the articles say nothing about this."

NO_INFORMATION = "The articles of the archive do not say what would answer this question."
_CAN_NOT_ANSWER = "so this question can not be answered"


def no_evidence(articles: Sequence[Article], total: int) -> str:
    """That the articles do not answer, and what they are about."""
    shown = articles[:_MOST_TITLES]
    titles = "\n".join(f" • {article.title} ({article.label})" for article in shown)
    listed = "" if total <= len(shown) else "; the newest"
    return f"{NO_INFORMATION}\nThe archive has {_articles(total)}{listed}:\n{titles}"


def no_article_for_place(asked: Sequence[str], held: Sequence[str]) -> str:
    """That no article is of the provinces asked for, and of which there are some."""
    return (
        f"The archive has no article of {_listed(asked)}, {_CAN_NOT_ANSWER}.\n"
        f"It has articles of: {', '.join(held)}.\n"
        "To search everywhere, please ask again without the name of a province."
    )


def no_article_of_source(asked: Sequence[str], held: Sequence[str]) -> str:
    """That no article is from the papers asked for, and from which there are some."""
    known = f"It has articles from: {', '.join(held)}.\n" if held else ""
    return (
        f"The archive has no article from {_listed(asked)}, {_CAN_NOT_ANSWER}.\n{known}"
        "To search all sources, please ask again without the name of a newspaper."
    )


def other_periods_answer(asked: Sequence[Period]) -> str:
    """That the articles say something, but of another time than was asked for."""
    return (
        "The articles of the archive do not say this of the time asked for "
        f"({_listed([_period(p) for p in asked])}).\n"
        "They may say something close to it of another time: to see that, please ask again "
        "without a time."
    )


def no_article_in_period(
    asked: Sequence[Period], held: tuple[datetime.date, datetime.date] | None
) -> str:
    """That no article is of the time asked for, and of which time there are some."""
    return (
        "The archive has no article of the time asked for "
        f"({_listed([_period(p) for p in asked])}), {_CAN_NOT_ANSWER}.\n{_days_held(held)}"
        "To search all times, please ask again without a time."
    )


def _days_held(days: tuple[datetime.date, datetime.date] | None) -> str:
    return f"It has articles from {_day(days[0])} to {_day(days[1])}.\n" if days else ""


def conditions(
    places: Sequence[str], sources: Sequence[str], periods: Sequence[Period]
) -> tuple[str, ...]:
    """What a question says of the articles: `Bắc Kạn`, `source TTXVN`, `2022`."""
    return (
        *places,
        *(f"source {source}" for source in sources),
        *(_period(period) for period in periods),
    )


def nothing_together(
    named: Sequence[str],
    days: tuple[datetime.date, datetime.date] | None,
    *,
    has_filters: bool,
) -> str:
    """That no article is of all of these."""
    listed = ", ".join([*named, *([CHOSEN_FILTERS] if has_filters else [])])
    return (
        f"The archive has no article that meets every condition of the question ({listed}), "
        f"{_CAN_NOT_ANSWER}.\n{_days_held(days)}"
        "To search more widely, please leave out one of them."
    )


NOTHING_PASSES = (
    "No article of the archive passes the chosen filters, so this question can not be answered.\n"
    "To search more widely, please leave out a filter."
)

_FILTERS = {
    "filter_province": "The province or city “{value}” is not known. Is it one of: {accepted}?",
    "filter_source": "The archive has no article from “{value}”. Similar sources: {accepted}.",
    "filter_from": "The first day “{value}” is not understood. Please write it as one of: "
    "{accepted}.",
    "filter_to": "The last day “{value}” is not understood. Please write it as one of: {accepted}.",
}


def question_invalid(error: QuestionError) -> str:
    """Why a question can not be asked, and how to ask it."""
    if isinstance(error, FilterError):
        accepted = ", ".join(error.accepted)
        return _FILTERS[error.kind].format(value=error.value, accepted=accepted)
    if isinstance(error, UnreadError):
        return _unread(error.unread)
    return _QUESTION_INVALID[error.kind]


def _unread(unread: Sequence[str]) -> str:
    named = f" Not understood: {', '.join(f'“{word}”' for word in unread)}." if unread else ""
    return (
        f"The question could not be read, so whether an article answers it was not looked at."
        f"{named}\nEnglish questions are read with a small dictionary of administration and news. "
        f"Please use other words, as in {_EXAMPLE}, or ask in Vietnamese, with or without "
        "diacritics: “Công tác dân vận ở Bắc Kạn còn những hạn chế gì?”"
    )


def understood_as(question: str) -> str:
    """The Vietnamese question that was looked for."""
    return f"(Read as: {question})"


def _period(period: Period) -> str:
    """`2022`, `July 2024`, `5/7/2023`; other stretches by their first and last day."""
    first, last = period.first, period.last
    if period.is_latest or datetime.date.min in (first, last) or last == datetime.date.max:
        return f"“{period.text}”"
    if first == last:
        return f"{first.day}/{first.month}" if period.recurs else _day(first)
    if (first.day, first.month, last.day, last.month) == (1, 1, 31, 12):
        return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    is_month = first.replace(day=calendar.monthrange(first.year, first.month)[1]) == last
    if is_month and first.day == 1:
        name = calendar.month_name[first.month]
        return name if period.recurs else f"{name} {first.year}"
    return f"{_day(first)}–{_day(last)}"


def _day(day: datetime.date) -> str:
    """As in the labels beside it."""
    return f"{day.day}/{day.month}/{day.year}"


def up_to(day: datetime.date) -> str:
    """Up to which day the articles go, where it is asked how things are now."""
    return f"(The articles go up to {_day(day)}, day/month/year.)"


def merged(former: str, today: str) -> str:
    """That an answer is about a province that is now part of the one asked for."""
    return f"({former} has been a part of {today} since the mergers of 1/7/2025.)"


def either(phrases: Sequence[str]) -> str:
    """Spellings of what was counted, inside the quotation marks of `mentioned`."""
    return "” or “".join(phrases)


def mentioned(phrase: str, articles: int, total: int, scope: Sequence[str]) -> str:
    """In how many articles a phrase stands, of how many of the places and periods asked for."""
    found = f"{_number(articles)} mention" if articles else "none mentions"
    found += "s" if articles == 1 else ""
    return f"Of the {_articles(total)}{_scope(scope)} in the archive, {found} “{phrase}”."


def mentioned_in_provinces(
    phrase: str, provinces: Sequence[str], total: int, scope: Sequence[str]
) -> str:
    """Of which provinces the articles are in which a phrase stands."""
    return (
        f"Of the {_articles(total)}{_scope(scope)} in the archive, those that mention “{phrase}” "
        f"are of {len(provinces)} {_provinces(len(provinces))}: {', '.join(provinces)}."
    )


def held(total: int, scope: Sequence[str]) -> str:
    """How many articles there are of the places, papers and periods asked for."""
    return f"The archive has {_articles(total)}{_scope(scope)}."


def held_of_provinces(counts: Mapping[str, int], unknown: int) -> str:
    """Of which provinces there are articles, and how many of each."""
    each = ", ".join(f"{name} ({_number(count)})" for name, count in counts.items())
    rest = f" The province of {_articles(unknown)} more is not known." if unknown else ""
    number = f"{len(counts)} {_provinces(len(counts))}"
    return f"The archive has articles of {number}: {each}.{rest}"


def newest_shown(shown: int) -> str:
    """That not every article that was counted is quoted."""
    return f"(Below: the {shown} newest.)"


def _scope(named: Sequence[str]) -> str:
    return f" ({', '.join(named)})" if named else ""


def _articles(number: int) -> str:
    return f"{_number(number)} article{'' if number == 1 else 's'}"


def _provinces(number: int) -> str:
    return "province or city" if number == 1 else "provinces and cities"


def _number(number: int) -> str:
    return f"{number:,}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)
