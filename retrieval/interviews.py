"""Questions and answers of an interview, as newspapers print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from retrieval.text import Span, paragraphs, syllables

# Syllables; a longer paragraph that ends with a question mark is an argument, not a question.
_LONGEST_QUESTION = 100

_INTERVIEWER = re.compile(r"\s*[-–*•]?\s*(?:PV|P\.V|Phóng viên|Hỏi|MC|BTV)\b[^:.?!]{0,40}:", re.I)
_DASHES = "-–*•"
_CLOSERS = "”\"’') "


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and all that follows it up to the next one."""

    question: Span
    end: int

    @property
    def start(self) -> int:
        return self.question.start


@lru_cache(1_000)
def exchanges(text: str) -> tuple[Exchange, ...]:
    """The exchanges of an article, in order; none where nobody is interviewed.

    A question is a paragraph that names the interviewer, or stands behind a dash before a
    paragraph behind a plus, or ends with a question mark.
    """
    lines = paragraphs(text)
    questions = [number for number in range(len(lines)) if _is_question(text, lines, number)]
    return tuple(
        Exchange(lines[question], lines[following - 1].end)
        for question, following in pairwise([*questions, len(lines)])
    )


def _is_question(text: str, lines: list[Span], number: int) -> bool:
    line = text[lines[number].start : lines[number].end]
    if _INTERVIEWER.match(line):
        return True
    following = lines[number + 1 : number + 2]
    if line[0] in _DASHES and following and text[following[0].start] == "+":
        return True
    return line.rstrip(_CLOSERS).endswith("?") and len(syllables(line)) <= _LONGEST_QUESTION
