"""A sentence that may answer, and what it needs beside it to be an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from bot.kinds import Kind
from retrieval.schema import Article
from retrieval.text import Span, sentences

# An answer is short; but who asks for the tasks wants all of them.
MOST_SENTENCES = 4
MOST_ITEMS = 12

CLOSERS = "”\"’') "
_ANSWER_SENTENCES = 2
_OPENING = re.compile(
    r"(?:\(?[A-ZĐ]{2,8}(?:[/+][\w+]+)?\)?\s*[-–—]\s*|\([A-ZĐ]{2,8}\)\s*|[-–—+*•]\s+)(?=\S)"
)
_ORDINAL = re.compile(r"(?:Thứ \w+|Một|Hai|Ba|Bốn|Năm|Sáu) là\b|Thứ \w+,")
_ITEM = re.compile(rf"[-–—+*•]|\d{{1,2}}[.)]|{_ORDINAL.pattern}")
_ANNOUNCES = re.compile(
    r":$|\b(?:như sau|sau đây|dưới đây)\b\W*$"
    r"|\b(?:một số|những|nhiều|các)(?: \w+){0,2} (?:hạn chế|khó khăn|tồn tại|bất cập|vướng mắc"
    r"|nhiệm vụ|giải pháp|nội dung|vấn đề|việc|kết quả|kiến nghị|đề xuất|nguyên nhân|bài học"
    r"|kinh nghiệm|mục tiêu|chỉ tiêu)(?: \w+){0,3}\W*$"
)

# "những nhiệm vụ trọng tâm như: Tăng cường …": the first item stands behind the colon.
_FIRST_ITEM = re.compile(r"\b(?:như|gồm|là|sau|sau đây|dưới đây)\s*:\s+[A-ZĐÀ-Ỹ]")

# A line that ends so is not the end of what it says.
_CARRIED_ON = (";", ",", ":")
# Openings that point to the sentence before: a title without its name, "đây", "họ".
_LEANS = re.compile(
    r"(?:Đồng chí|Ông|Bà|Anh|Chị|Cô)(?: (?:này|ấy))? (?!và\b)[a-zà-ỹđ]"
    r"|(?:Đây|Đó|Điều này|Điều đó|Việc này|Việc đó|Họ|Nó|Trong đó|Kết quả này|Số này)\b"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer.

    Attributes:
        start, end: `article.text[start:end]` is the sentence.
        score: the higher the better; only differences mean something.
        confidence: estimated chance, in [0, 1], that the archive answers the question,
            judged by this sentence.
        also: other articles that hold nearly the same passage.
    """

    article: Article
    start: int
    end: int
    score: float
    confidence: float
    also: tuple[Article, ...] = ()

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def complete(candidate: Candidate, kind: Kind | None) -> list[Candidate]:
    """The sentence with what it needs beside it to be understood, in reading order.

    - One item of a counted list ("Thứ năm là …") brings the list, where a list was asked for.
    - An interviewer's question gives way to the answer.
    - "Vẫn còn một số hạn chế." is followed by the rest of its paragraph, or by the
      paragraphs that count on from it ("Thứ nhất", "-", "1.").
    - "… những nhiệm vụ như: Tăng cường …" is followed by its paragraph, where a list was asked for.
    - A line that ends in a semicolon is followed by those that carry it on.
    - A sentence without what was asked for (a person, a number) is followed by the next one
      where that one has it.
    - One that leans on the sentence before ("Ông cũng cho biết …") comes behind it.
    """
    text = candidate.article.text
    wants_list = kind is not None and kind.is_list
    following = sentences(text, candidate.end)[: MOST_ITEMS if wants_list else MOST_SENTENCES]
    if wants_list and _ORDINAL.match(candidate.text):
        return [_at(candidate, span) for span in _whole_list(candidate)]
    if candidate.text.rstrip(CLOSERS).endswith("?"):
        listed = _listed(text, following)
        return [_at(candidate, span) for span in listed or following[:_ANSWER_SENTENCES]]
    return [*_leading(candidate), candidate, *_trailing(candidate, kind, following)]


def _trailing(candidate: Candidate, kind: Kind | None, following: list[Span]) -> list[Candidate]:
    """What carries a sentence on."""
    text = candidate.article.text
    spans: list[Span] = []
    has_first_item = kind is not None and kind.is_list and _FIRST_ITEM.search(candidate.text)
    if has_first_item or _ANNOUNCES.search(candidate.text):
        same_paragraph = [s for s in following if "\n" not in text[candidate.end : s.start]]
        spans = same_paragraph or _listed(text, following)
    elif candidate.text.endswith(_CARRIED_ON):
        ends = [n for n, s in enumerate(following) if not text[: s.end].endswith(_CARRIED_ON)]
        spans = following[: ends[0] + 1] if ends else following
    elif kind and following and not kind.holds(candidate.text):
        after = following[0]
        in_paragraph = "\n" not in text[candidate.end : after.start]
        spans = [after] if in_paragraph and kind.holds(text[after.start : after.end]) else []
    return [_at(candidate, span) for span in spans]


def _leading(candidate: Candidate) -> list[Candidate]:
    """The sentence before, where the candidate can not be understood without it."""
    text = candidate.article.text
    if not _LEANS.match(candidate.text):
        return []
    before = [s for s in sentences(text, 0, candidate.start) if s.end <= candidate.start]
    if not before or _LEANS.match(text, before[-1].start):
        return []
    return [_at(candidate, before[-1])]


def _whole_list(candidate: Candidate) -> list[Span]:
    """Every item of the counted list that the candidate is an item of."""
    text = candidate.article.text
    spans = sentences(text)
    here = next(n for n, span in enumerate(spans) if span.end >= candidate.end)
    first = here
    while first > 0 and _is_counted(text, spans[first - 1]):
        first -= 1
    return list(takewhile(lambda span: _is_counted(text, span), spans[first:]))[:MOST_ITEMS]


def _is_counted(text: str, span: Span) -> bool:
    return bool(_ORDINAL.match(text, opening_end(text, span)))


def _listed(text: str, following: Sequence[Span]) -> list[Span]:
    """The sentences at the start of `following` that are items of a list."""
    return list(takewhile(lambda span: _ITEM.match(text, span.start), following))


def _at(candidate: Candidate, span: Span) -> Candidate:
    """Another sentence of the same article, which stands or falls with the candidate."""
    start = opening_end(candidate.article.text, span)
    return replace(candidate, start=start, end=span.end)


def opening_end(text: str, span: Span) -> int:
    """Where a sentence starts behind `(TTXVN) `, `BBK - ` or the dash of an interview."""
    match = _OPENING.match(text, span.start, span.end)
    return match.end() if match else span.start
