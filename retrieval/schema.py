"""The records that travel between modules: frozen, slotted, and nothing else travels."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

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
class Filters:
    """What an article must be; unlike what is read from a question, these are hard.

    Attributes:
        provinces: standard names; an article of any of them passes.
        sources: newspapers, agencies or sites, as `Article.source` has them.
        date_from, date_to: inclusive; an article without a date passes neither.
    """

    provinces: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None

    def __bool__(self) -> bool:
        return bool(self.provinces or self.sources or self.date_from or self.date_to)


@dataclass(frozen=True, slots=True)
class Query:
    """What retrieval understood of a question.

    Attributes:
        question: the person's words as they were typed.
        text: what is searched for: normalised, and made whole from the history where
            the question only continues an earlier one.
        restored: the text with its marks, where it was typed without; what the model reads.
        provinces: named in it, in their standard spelling.
        reached: these and the provinces that were merged into them.
        filters: what the question itself says the articles must be (`báo Bắc Kạn`).
    """

    question: str
    text: str
    restored: str = ""
    provinces: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with the reasons.

    Attributes:
        score: fused score; higher is better. Words and meaning give up to 1, an article of
            a province that the question names gets a bonus on top.
        dense_rank, sparse_rank: place in that half's own list, from 1; None if not in it.
        dense_score: cosine of question and passage.
        sparse_score: BM25; 0.0 when no term matched.
    """

    article: Article
    passage: Passage
    score: float
    dense_rank: int | None
    sparse_rank: int | None
    dense_score: float
    sparse_score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and the milliseconds each step took."""

    query: Query
    hits: tuple[Hit, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)
