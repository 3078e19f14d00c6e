"""The records that travel between modules: frozen, slotted, and nothing else travels."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from retrieval.text import fold

# What a search may be widened by: the question's places and newspapers, or its periods.
Dimension = Literal["place", "period"]

UNKNOWN_DATE = "không rõ ngày"
UNKNOWN_PLACE = "Không rõ nguồn"


@dataclass(frozen=True, slots=True)
class Article:
    """One source file, cleaned.

    Attributes:
        id: the file's path below the seeds folder, with `/`, in NFC: `2024/bac-kan.txt`.
        title: the headline on one line; the first sentence where the file states none.
        text: the body in NFC, one paragraph a line, without headline and page remnants.
            Every offset in this project counts characters of this string.
        source: newspaper, agency or site (`TTXVN`), or None.
        province: where it was published or what it is about, as named on its day, or None.
        date: publication day, else the day of the event reported, or None.
        path: where the file was read from.
    """

    id: str
    title: str
    text: str
    source: str | None
    province: str | None
    date: datetime.date | None
    path: str

    @property
    def label(self) -> str:
        """How a citation names this article: `Bắc Kạn, 23/7/2024`."""
        return make_label(self.province, self.source, self.date)


def make_label(province: str | None, source: str | None, date: datetime.date | None) -> str:
    """Place (else source) and day without leading zeros: `TTXVN, 5/3/2021`."""
    place = province or source or UNKNOWN_PLACE
    day = f"{date.day}/{date.month}/{date.year}" if date else UNKNOWN_DATE
    return f"{place}, {day}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article: the unit that is embedded, stored and found.

    Invariant: `article.text[start:end] == text`.
    """

    article_id: str
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        """`ARTICLE:START`, unique within a snapshot."""
        return f"{self.article_id}:{self.start}"


@dataclass(frozen=True, slots=True)
class Succession:
    """A province that became part of another.

    Attributes:
        former, name: what it was and what it belongs to now, in standard spelling.
        since: the first day of that.
    """

    former: str
    name: str
    since: datetime.date

    def covers(self, province: str | None, day: datetime.date | None) -> bool:
        """Whether an article of this province and day is of the successor's time."""
        return province == self.name and day is not None and day >= self.since


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must be; unlike what is read from a question, these are hard.

    Attributes:
        provinces: standard names; an article of any of them passes.
        sources: newspapers, agencies or sites; an article that states one by another of its
            names passes too.
        date_from, date_to: inclusive; an article without a date passes neither.
        successors: articles of these, from their day on, pass as those of `provinces` do.
    """

    provinces: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    successors: tuple[Succession, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.provinces or self.sources or self.date_from or self.date_to)

    def over(self, other: Filters) -> Filters:
        """Both: what is set here, and of `other` what is not set here.

        From and to are one thing: a day of `other` never bounds a period of this one.
        """
        dated = self if self.date_from or self.date_to else other
        return Filters(
            self.provinces or other.provinces,
            self.sources or other.sources,
            dated.date_from,
            dated.date_to,
            self.successors if self.provinces else other.successors,
        )


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days that a question names.

    Attributes:
        start, end: where the words stand in the question (characters, end exclusive).
        first, last: inclusive; `date.min` and `date.max` where there is no bound.
        of_articles: said of the articles (`tin năm 2023`), not of what they report.
        is_latest: `mới nhất`: nothing is bounded, newer is better.
        is_base: only compared with (`so với năm trước`): nothing is asked of it.
        recurs: no year is named (`chiều 26/12`), so any year's is meant.
    """

    start: int
    end: int
    text: str
    first: datetime.date
    last: datetime.date
    of_articles: bool = False
    is_latest: bool = False
    is_base: bool = False
    recurs: bool = False

    def in_year(self, year: int) -> Period:
        """The same days of another year; the last of February for the 29th where there is none."""
        step = year - self.first.year
        return replace(self, first=_shifted(self.first, step), last=_shifted(self.last, step))

    @property
    def is_bounded(self) -> bool:
        """Whether it bounds what is asked for: neither the latest nor a base of comparison."""
        return not (self.is_latest or self.is_base)


def _shifted(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        is_leap_day = (day.month, day.day) == (2, 29)
        return day.replace(year=day.year + years, day=28) if is_leap_day else day


@dataclass(frozen=True, slots=True)
class Expansion:
    """An abbreviation in a question, or the long form of one.

    Attributes:
        start, end: where it stands in the question (characters, end exclusive).
        text: as it is typed there.
        short: the abbreviation in its usual spelling.
        long: what it may stand for; for a long form that form alone.
        is_ambiguous: whether the abbreviation, as it stands here, has several meanings.
        is_written_out: whether the question has the long form.
    """

    start: int
    end: int
    text: str
    short: str
    long: tuple[str, ...]
    is_ambiguous: bool = False
    is_written_out: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What retrieval understood of a question.

    Attributes:
        question: the person's words as they were typed.
        text: what is searched for: normalised, slips of typing undone, and made whole from
            the history where the question only continues an earlier one.
        restored: the text with its marks, character for character, where it was typed
            without some or all of them.
        written_out: this with its abbreviations written out, in the archive's own letter case
            and tone placement; what the model reads.
        earlier: the question of the history that this one continues, or None.
        provinces: named in it, in their standard spelling.
        reached: these, what may be meant as one and may be other words (`hai phong`), and the
            provinces that were merged into them.
        successors: what its former provinces belong to now, where it may mean a day since then.
        districts: named in it, as typed, each with the provinces it may be of.
        periods: named in it, in order.
        expansions: its abbreviations, and its words that have one.
        filters: what the question itself says the articles must be (`báo Bắc Kạn`).
    """

    question: str
    text: str
    restored: str = ""
    written_out: str = ""
    earlier: str | None = None
    provinces: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    successors: tuple[Succession, ...] = ()
    districts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    periods: tuple[Period, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    filters: Filters = NO_FILTERS

    @property
    def is_folded(self) -> bool:
        """Typed without any mark: it is compared with the folded form of the articles."""
        return self.text == fold(self.text)


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A sentence of a passage that was found: `article.text[start:end]`.

    Attributes:
        cosine: of the question and the sentence as it stands.
    """

    start: int
    end: int
    cosine: float


class Parts(NamedTuple):
    """What a closer look sees of one candidate; all but the cosines in [0, 1].

    Attributes:
        sentence: how far the nearest sentence's cosine is from the best one's, in the spread of
            the model's cosines: 0 for the best, -1 for what has nothing to do with it.
        passage: the same of the whole passage.
        article: BM25 of its article, of the best one's.
        words: of the question's words, by weight, what two sentences beside each other hold.
        pairs: of its pairs of neighbouring syllables, by weight, what one sentence holds.
        names: of the syllables of its names, those that the passage holds.
        capitals: of its words, by weight, those that the passage writes with a capital within
            a sentence.
        numbers: of its numbers, those that the passage holds.
        length: of the passage, in 200 syllables.
    """

    sentence: float
    passage: float
    article: float
    words: float
    pairs: float
    names: float
    capitals: float
    numbers: float
    length: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with the reasons.

    Attributes:
        score: higher is better. Words and meaning give up to 1, an article of the place or
            period that the question names gets a bonus on top.
        dense_rank, sparse_rank: place in that half's own list, from 1; None if not in it.
        dense_score: cosine of question and passage.
        sparse_score: BM25; 0.0 when no term matched.
        also: other articles that hold nearly the same passage, best first.
        fused: of both halves, in [0, 1].
        reranked: of a closer look, up to 1; `score` is this and the bonuses. None where the hit
            stands too far down for it.
        bonuses: what comes on top, by reason (`place`, `period`, `latest`).
        sentences: of the passage, in reading order. The retriever fills them.
    """

    article: Article
    passage: Passage
    score: float
    dense_rank: int | None
    sparse_rank: int | None
    dense_score: float
    sparse_score: float
    also: tuple[Article, ...] = ()
    fused: float = 0.0
    reranked: float | None = None
    bonuses: dict[str, float] = field(default_factory=dict, hash=False)
    sentences: tuple[SentenceScore, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and the milliseconds each step took.

    Attributes:
        dense_weight: of the dense half in each hit's `fused`.
    """

    query: Query
    hits: tuple[Hit, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)
    dense_weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`.

    Attributes:
        state: `off` is optional and not set.
        found: what was seen.
        remedy: what to do, where something is wrong.
    """

    name: str
    state: Literal["ok", "off", "failed"]
    found: str
    remedy: str | None = None
