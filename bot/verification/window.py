"""The sentences of a passage that a claim is held against, and what is found in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from bot.verification.claim_words import ADDRESSES, HARMLESS
from bot.verification.claims import Token, tokens
from retrieval.schema import Article, Passage
from retrieval.text import sentences


class Fault(StrEnum):
    """Why a sentence is not shown."""

    NUMBER = "number"
    DAY = "day"
    NAME = "name"
    WORD = "word"
    NEGATION = "negation"
    STRENGTH = "strength"
    ROLE = "role"
    EMPTY = "empty"


class Quote(NamedTuple):
    """`article.text[start:end]`."""

    article: Article
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    Attributes:
        fault: None where the sentence is supported.
        about: the word that failed.
        quotes: what supports the sentence, of each article.
    """

    fault: Fault | None
    about: str = ""
    quotes: tuple[Quote, ...] = ()

    @property
    def is_supported(self) -> bool:
        return self.fault is None


SUPPORTED = Verdict(None)


# Neighbouring sentences of a passage that may support one sentence together.
_LONGEST_WINDOW = 3


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of a passage, with what readers know besides.

    Attributes:
        quote: the sentences in their article.
        text: of the sentences and the one before them.
        parts: the words of each sentence.
        before: the words of the sentence before, of which only persons may be taken.
        known: the words of title and label.
    """

    quote: Quote
    text: str
    parts: list[list[Token]]
    before: list[Token]
    known: list[Token]

    @property
    def words(self) -> list[Token]:
        return [token for part in self.parts for token in part]


def best_window(claim: Sequence[Token], article: Article, passage: Passage) -> Window:
    """The sentences of a passage that hold most of a claim; of equals the fewest."""
    known = tokens(f"{article.title}. {article.label}")
    if article.date:
        day = article.date
        known += tokens(f"năm {day.year}. tháng {day.month}/{day.year}. @")
    spans = sentences(passage.text)
    parts = [tokens(passage.text[span.start : span.end]) for span in spans]
    wanted = {token.text for token in claim if token.is_content}
    best: tuple[float, int, int] = (-1.0, 0, 0)
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + _LONGEST_WINDOW) + 1):
            words = {t.text for part in parts[start:end] for t in part}
            held = sum(_weight(word) for word in wanted & words)
            # A further sentence must bring something.
            value = held - 0.5 * (end - start)
            if value > best[0]:
                best = (value, start, end)
    _, start, end = best
    if not spans:
        return Window(Quote(article, passage.start, passage.end), "", [], [], known)
    text = passage.text[spans[max(0, start - 1)].start : spans[end - 1].end]
    quote = Quote(article, passage.start + spans[start].start, passage.start + spans[end - 1].end)
    return Window(quote, text, parts[start:end], parts[start - 1] if start else [], known)


def _weight(word: str) -> float:
    return 2.0 if word[0].isdigit() or word[0] == "@" else 1.0


def texts_of(words: Iterable[Token]) -> set[str]:
    return {token.text for token in words}


def contains(words: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(list(words[n : n + size]) == list(wanted) for n in range(len(words) - size + 1))


def first_place(texts: Sequence[str], wanted: Sequence[str]) -> int:
    size = len(wanted)
    places = (n for n in range(len(texts)) if list(texts[n : n + size]) == list(wanted))
    return next(places, -1)


def says_something(token: Token) -> bool:
    return (
        token.is_content and not token.is_number and not token.is_day and token.text not in HARMLESS
    )


def stretches_of(words: Sequence[Token]) -> list[list[Token]]:
    """What stands between commas, brackets, `và` and `còn`."""
    stretches: list[list[Token]] = [[]]
    for before, token in pairwise([Token("", -1, -1), *words]):
        if token.segment != before.segment or token.text in ("và", "còn"):
            stretches.append([])
        stretches[-1].append(token)
    return stretches


def leans(window: Window) -> bool:
    """Whether the sentences speak of somebody by an address without a name."""
    words = window.words
    return any(token.text in ADDRESSES and not after.is_name for token, after in pairwise(words))


def name_runs(claim: Sequence[Token]) -> list[tuple[list[str], bool]]:
    """Words with capitals beside each other, and whether an address stands before them."""
    runs: list[tuple[list[str], bool]] = []
    run: list[str] = []
    is_addressed = False
    for before, token in pairwise([Token("", -1), *claim, Token("", -1)]):
        joined = before.segment == token.segment
        if run and not (token.is_name and joined):
            runs.append((run, is_addressed))
            run = []
        if token.is_name:
            is_addressed = (joined and before.text in ADDRESSES) if not run else is_addressed
            run.append(token.text)
    return runs
