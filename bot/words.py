"""The words around the quotes: what a reader is told, in Vietnamese or in English.

Each language is a module that has all of these; mypy holds them to it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot import wording, wording_english
from retrieval.english import SpokenLanguage
from retrieval.errors import QuestionError
from retrieval.schema import Article, Period
from retrieval.small_talk import SmallTalk


class Words(Protocol):
    """What is said to a reader of one language; each is described in `wording`."""

    SOURCES: str
    LLM_UNAVAILABLE: str
    BUSY: str
    INDEX_MISSING: str
    SMALL_TALK: dict[SmallTalk, str]
    CHOSEN_FILTERS: str
    NOTHING_OF_THIS: str
    NOTHING_PASSES: str

    def question_invalid(self, error: QuestionError) -> str: ...

    def understood_as(self, question: str) -> str: ...

    def no_evidence(self, articles: Sequence[Article], total: int) -> str: ...

    def no_article_for_place(self, asked: Sequence[str], held: Sequence[str]) -> str: ...

    def no_article_of_source(self, asked: Sequence[str], held: Sequence[str]) -> str: ...

    def other_periods_answer(self, asked: Sequence[Period]) -> str: ...

    def no_article_in_period(
        self, asked: Sequence[Period], held: tuple[datetime.date, datetime.date] | None
    ) -> str: ...

    def conditions(
        self, places: Sequence[str], sources: Sequence[str], periods: Sequence[Period]
    ) -> tuple[str, ...]: ...

    def nothing_together(
        self,
        named: Sequence[str],
        days: tuple[datetime.date, datetime.date] | None,
        *,
        has_filters: bool,
    ) -> str: ...

    def up_to(self, day: datetime.date) -> str: ...

    def merged(self, former: str, today: str) -> str: ...

    def either(self, phrases: Sequence[str]) -> str: ...

    def mentioned(self, phrase: str, articles: int, total: int, scope: Sequence[str]) -> str: ...

    def mentioned_in_provinces(
        self, phrase: str, provinces: Sequence[str], total: int, scope: Sequence[str]
    ) -> str: ...

    def held(self, total: int, scope: Sequence[str]) -> str: ...

    def held_of_provinces(self, counts: Mapping[str, int], unknown: int) -> str: ...

    def newest_shown(self, shown: int) -> str: ...


_WORDS: dict[SpokenLanguage, Words] = {"vi": wording, "en": wording_english}


def words_of(language: SpokenLanguage) -> Words:
    """The words for a reader of that language."""
    return _WORDS[language]
