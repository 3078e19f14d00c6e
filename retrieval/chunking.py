"""Article -> passages: by paragraph and sentence, of a length the encoder reads well.

The text is first cut into *units* (sentences; clauses where a sentence alone is too long).
A shortest-path search then chooses which units end a passage, so that a short remainder
is shared out instead of left over, and an interview's question stays with its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from retrieval.schema import Article, Passage
from retrieval.text import Span, paragraphs, sentences, syllables

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

_INTERVIEWER = re.compile(r"\s*[-–*•]?\s*(?:PV|P\.V|Phóng viên|Hỏi|MC|BTV)\b[^:.?!]{0,40}:", re.I)
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
    return [
        Passage(article.id, start, end, article.text[start:end])
        for start, end in _pack(units)
    ]


def _units(text: str) -> list[_Unit]:
    lines = paragraphs(text)
    exchanges = _exchanges(text, lines)
    units: list[_Unit] = []
    for line in lines:
        for sentence in sentences(text, line.start, line.end):
            pieces = _clauses(text, sentence)
            for piece in pieces:
                if any(exchange.start < piece.end < exchange.end for exchange in exchanges):
                    cost = _CUT_INSIDE_EXCHANGE
                elif piece.end == line.end:
                    cost = _CUT_AFTER_PARAGRAPH
                else:
                    cost = _CUT_INSIDE_PARAGRAPH if piece is pieces[-1] else _CUT_INSIDE_SENTENCE
                length = len(syllables(text[piece.start : piece.end]))
                units.append(_Unit(piece.start, piece.end, length, cost))
    return units


def _exchanges(text: str, lines: list[Span]) -> list[Span]:
    """Stretches in which a question is asked and answered and no cut should fall.

    That is the question with its whole answer where they fit into one passage, else the
    question with the first sentence of the answer.
    """
    questions = [number for number in range(len(lines)) if _is_question(text, lines, number)]
    exchanges = []
    for question, following in pairwise([*questions, len(lines)]):
        whole = Span(lines[question].start, lines[following - 1].end)
        if len(syllables(text[whole.start : whole.end])) > LONGEST and following > question + 1:
            answer = lines[question + 1]
            first = sentences(text, answer.start, answer.end)[0]
            whole = Span(whole.start, first.end)
        exchanges.append(whole)
    return exchanges


def _is_question(text: str, lines: list[Span], number: int) -> bool:
    line = text[lines[number].start : lines[number].end]
    if _INTERVIEWER.match(line):
        return True
    following = lines[number + 1 : number + 2]
    if line[0] in "-–*•" and following and text[following[0].start] == "+":
        return True
    return line.rstrip("”\"’') ").endswith("?") and len(syllables(line)) <= LONGEST // 2


def _clauses(text: str, sentence: Span) -> list[Span]:
    """The sentence itself, or its clauses where it is longer than a passage may be."""
    if len(syllables(text[sentence.start : sentence.end])) <= LONGEST:
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
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(units) + 1):
        candidates = []
        length = 0
        for start in range(end - 1, -1, -1):
            length += units[start].length
            if length > LONGEST and start < end - 1:
                break
            missing = max(0, SHORTEST - length)
            cut = units[end - 1].cut_cost if end < len(units) else 0.0
            candidates.append((best[start][0] + missing + cut, start))
        best.append(min(candidates))
    passages = []
    end = len(units)
    while end > 0:
        start = best[end][1]
        passages.append(Span(units[start].start, units[end - 1].end))
        end = start
    return passages[::-1]
