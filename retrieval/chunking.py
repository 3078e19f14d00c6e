"""Article -> passages: by paragraph and sentence, of a length the encoder reads well.

The text is first cut into *units* (sentences; clauses where a sentence alone is too long).
A shortest-path search then chooses which units end a passage, so that a short remainder
is shared out instead of left over, and an interview's question stays with its answer.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.interviews import Exchange, exchanges
from retrieval.schema import Article, Passage
from retrieval.text import Span, paragraphs, sentences, syllables, words

# Syllables a passage. 200 syllables with the title before them are about 350 tokens of the
# bundled model, which reads 512; below 120 a passage loses what its pronouns refer to.
SHORTEST = 120
LONGEST = 200

# What a cut costs, in the unit "one syllable too short". A cut between a question and its
# answer must cost more than any short passage can.
_CUT_AFTER_PARAGRAPH = 5.0
_CUT_INSIDE_PARAGRAPH = 25.0
_CUT_INSIDE_SENTENCE = 120.0
_CUT_INSIDE_EXCHANGE = 1_000.0

_CLAUSE_END = re.compile(r"[;:](?=\s)")
_COMMA = re.compile(r",(?=\s)")


@dataclass(frozen=True, slots=True)
class _Unit:
    """The least stretch that is never cut; `cut_cost` is for ending a passage after it."""

    start: int
    end: int
    length: int
    cut_cost: float


def split_article(article: Article) -> list[Passage]:
    """Passages in reading order; together they hold every sentence of the article.

    Each has 120–200 syllables where the article allows it: a short article is one shorter
    passage, and only an unbroken stretch without any comma may be longer.
    """
    units = _units(article.text)
    return [Passage(article.id, start, end, article.text[start:end]) for start, end in _pack(units)]


def _units(text: str) -> list[_Unit]:
    closed = [_closed_part(text, exchange) for exchange in exchanges(text)]
    starts = [part.start for part in closed]
    units: list[_Unit] = []
    for line in paragraphs(text):
        for sentence in sentences(text, line.start, line.end):
            pieces = _clauses(text, sentence)
            for piece in pieces:
                # They stand in order, one after the other: only the last before it can hold it.
                before = bisect_left(starts, piece.end)
                if before and piece.end < closed[before - 1].end:
                    cost = _CUT_INSIDE_EXCHANGE
                elif piece.end == line.end:
                    cost = _CUT_AFTER_PARAGRAPH
                else:
                    cost = _CUT_INSIDE_PARAGRAPH if piece is pieces[-1] else _CUT_INSIDE_SENTENCE
                length = len(words(text[piece.start : piece.end]))
                start = piece.start
                # Marks alone go with what is before them: any number of them fits into a
                # passage, and the search below must not try each as its beginning.
                if units and not length:
                    last = units.pop()
                    start, length = last.start, last.length
                units.append(_Unit(start, piece.end, length, cost))
    return units


def _closed_part(text: str, exchange: Exchange) -> Span:
    """Where no cut should fall: the question with its whole answer where they fit into one
    passage, else the question with the first sentence of the answer."""
    if len(words(text[exchange.start : exchange.end])) <= LONGEST:
        return Span(exchange.start, exchange.end)
    answer = sentences(text, exchange.question.end, exchange.end)
    return Span(exchange.start, answer[0].end if answer else exchange.end)


def _clauses(text: str, sentence: Span) -> list[Span]:
    """The sentence itself, or its clauses where it is longer than a passage may be."""
    if len(words(text[sentence.start : sentence.end])) <= LONGEST:
        return [sentence]
    for mark in (_CLAUSE_END, _COMMA):
        pieces = _cut_at(text, sentence, (m.end() for m in mark.finditer(text, *sentence)))
        if len(pieces) > 1:
            return [smaller for piece in pieces for smaller in _clauses(text, piece)]
    return _cut_by_count(text, sentence)


def _cut_at(text: str, span: Span, positions: Iterable[int]) -> list[Span]:
    pieces = []
    start = span.start
    for position in [*positions, span.end]:
        if text[start:position].strip():
            pieces.append(Span(start, position))
            start = position
            while start < span.end and text[start].isspace():
                start += 1
    return pieces


def _cut_by_count(text: str, span: Span) -> list[Span]:
    """Without any mark to cut at: after every `LONGEST` syllables."""
    words = syllables(text[span.start : span.end])
    return _cut_at(text, span, [span.start + word.end for word in words[LONGEST - 1 :: LONGEST]])


def _pack(units: list[_Unit]) -> list[Span]:
    """The cheapest partition of the units into passages of at most `LONGEST` syllables."""
    lengths = [unit.length for unit in units]
    costs = [0.0]
    begins = [0]
    for end in range(1, len(units) + 1):
        cheapest, begin = math.inf, end
        length = 0
        for start in range(end - 1, -1, -1):
            length += lengths[start]
            if length > LONGEST and start < end - 1:
                break
            cost = costs[start] + (SHORTEST - length) if length < SHORTEST else costs[start]
            if cost <= cheapest:  # of equals the earliest, as there is less to cut before it
                cheapest, begin = cost, start
        costs.append(cheapest + (units[end - 1].cut_cost if end < len(units) else 0.0))
        begins.append(begin)
    passages = []
    end = len(units)
    while end > 0:
        start = begins[end]
        passages.append(Span(units[start].start, units[end - 1].end))
        end = start
    return passages[::-1]
