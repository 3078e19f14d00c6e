"""Paragraphs out of lines that were broken at a fixed width."""

from __future__ import annotations

import itertools
import re

from retrieval.dates import read_page_dates
from retrieval.letterheads import is_office_line
from retrieval.page_marks import is_boilerplate

_STOPS = (".", "!", "?", ":", ";", "…", "./.")
_WIDEST_WRAPPED = 120
_WIDTH_QUANTILE = 0.95
# Letters differ in width: a line is broken for want of room from some nine tenths on.
_FULL = 0.88
_LIST_NUMBER = re.compile(r"\(?\d{1,2}[.)/]\s|\d+[.,]\d+\.?\s")
_FEWEST_WORDS = 3


def join_wrapped(lines: list[str], always: bool = False) -> list[str]:
    """Paragraphs of lines that were broken at a fixed width; the empty lines go.

    A page saved as text has a paragraph a line, and nothing is joined unless the lines
    show a common width. `always` says that the format breaks every line, as PDF does.
    """
    widths = sorted(len(line) for line in lines if line)
    if not widths:
        return []
    # One line longer than all others, such as a link, must not set the width.
    width = widths[int(_WIDTH_QUANTILE * (len(widths) - 1))]
    wrapped = always or (width <= _WIDEST_WRAPPED and _is_broken(lines))
    if not wrapped:
        return [line for line in lines if line]
    paragraphs: list[list[str]] = []
    open_line = ""
    for line in lines:
        if open_line and line and _continues(open_line, line, width, always):
            paragraphs[-1].append(line)
        elif line:
            paragraphs.append([line])
        open_line = line
    return [" ".join(paragraph) for paragraph in paragraphs]


def _is_broken(lines: list[str]) -> bool:
    """Whether sentences run over line ends: the next line goes on in small letters."""
    pairs = [(a, b) for a, b in itertools.pairwise(lines) if a and b]
    running = sum(b[0].islower() and not a.endswith(_STOPS) for a, b in pairs)
    return running >= 3 and running > 0.25 * len(pairs)


def _continues(previous: str, line: str, width: int, always: bool) -> bool:
    if is_boilerplate(previous) or read_page_dates(previous) or read_page_dates(line):
        return False
    ended = previous.rstrip("”\"’'»)]").endswith(_STOPS)
    if line[0].islower():
        return not ended or previous.endswith((",", "-"))
    if line[0] in "-–+•*" and line[1:2] == " ":
        return False
    if is_office_line(previous) and is_office_line(line):
        return False
    both_capitals = previous.isupper() and line.isupper()
    if always and _goes_on_with_number(previous, line):
        return not ended
    # A line whose next word had room was ended on purpose, as a heading is.
    full = len(previous) + 1 + len(line.split()[0]) > _FULL * width
    return not ended and (full or both_capitals)


def _goes_on_with_number(previous: str, line: str) -> bool:
    """`… vận động làm` / `4 cây cầu bê tông`: no paragraph begins so, only items of a list."""
    return (
        line[0].isdigit()
        and not _LIST_NUMBER.match(line)
        and min(len(previous.split()), len(line.split())) >= _FEWEST_WORDS
        and not is_office_line(previous)
        and "|" not in line
    )
