"""Paragraphs out of lines that were broken at a fixed width."""

from __future__ import annotations

import itertools

from retrieval.dates import read_page_dates
from retrieval.letterheads import is_office_line
from retrieval.page_marks import is_boilerplate

_STOPS = (".", "!", "?", ":", ";", "…", "./.")
_WIDEST_WRAPPED = 120


def join_wrapped(lines: list[str], always: bool = False) -> list[str]:
    """Paragraphs of lines that were broken at a fixed width; the empty lines go.

    A page saved as text has a paragraph a line, and nothing is joined unless the lines
    show a common width. `always` says that the format breaks every line, as PDF does.
    """
    widths = sorted(len(line) for line in lines if line)
    if not widths:
        return []
    # One line longer than all others, such as a link, must not set the width.
    width = widths[int(0.95 * (len(widths) - 1))]
    wrapped = always or (width <= _WIDEST_WRAPPED and _is_broken(lines))
    if not wrapped:
        return [line for line in lines if line]
    joined: list[str] = []
    open_line = ""
    for line in lines:
        if open_line and line and _continues(open_line, line, width):
            joined[-1] += " " + line
        elif line:
            joined.append(line)
        open_line = line
    return joined


def _is_broken(lines: list[str]) -> bool:
    """Whether sentences run over line ends: the next line goes on in small letters."""
    pairs = [(a, b) for a, b in itertools.pairwise(lines) if a and b]
    running = sum(b[0].islower() and not a.endswith(_STOPS) for a, b in pairs)
    return running >= 3 and running > 0.25 * len(pairs)


def _continues(previous: str, line: str, width: int) -> bool:
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
    return not ended and (len(previous) > 0.75 * width or both_capitals)
