"""The lines of a PDF: what is printed, without what runs along the edges of its pages.

A PDF has no paragraphs, only lines at places. A wider gap or another size of letters
shows where a heading or a paragraph ends; it is passed on as an empty line.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.cleaning import is_sentence
from retrieval.dates import read_page_dates
from retrieval.letterheads import DOCUMENT_KIND, is_office_line
from retrieval.page_marks import CAPITALS, is_letterhead
from retrieval.text import normalise, squeeze

if TYPE_CHECKING:
    from pypdf import PageObject

# Lines of one paragraph stand evenly; half a line more is a gap that the eye sees.
_GAP = 1.4
# Headings are set a point or more larger; rounding stays below a twentieth.
_OTHER_SIZE = 1.06
_EDGE_LINES = 2
_LONGEST_RUNNING_LINE = 120


@dataclass(slots=True)
class _Line:
    text: str = ""
    place: float | None = None  # distance from the foot of the page, in points
    size: float = 0.0


def read_lines(pages: list[PageObject]) -> list[str]:
    """Squeezed lines of all pages, `""` between paragraphs that the layout tells apart."""
    return without_running_lines([_page_lines(page) for page in pages])


def _page_lines(page: PageObject) -> list[str]:
    printed = [_Line()]

    def visit(text: str, page_matrix: Any, matrix: Any, font: Any, size: float) -> None:
        for index, part in enumerate(text.split("\n")):
            if index:
                printed.append(_Line())
            line = printed[-1]
            line.text += part
            if part.strip() and line.place is None:
                line.place = matrix[4] * page_matrix[1] + matrix[5] * page_matrix[3]
                line.place += page_matrix[5]
                line.size = abs(size * matrix[3] * page_matrix[3])

    whole = page.extract_text(visitor_text=visit)
    if squeeze("".join(line.text for line in printed)) != squeeze(whole.replace("\n", "")):
        # The library has put lines in another order than they were met in.
        return [squeeze(line) for line in _clean(whole).split("\n")]
    for line in printed:
        line.text = squeeze(_clean(line.text))
    return list(_with_gaps([line for line in printed if line.text]))


def _clean(text: str) -> str:
    return normalise(text.replace("\ud800", ""))


def _with_gaps(printed: list[_Line]) -> Iterator[str]:
    """The lines, a heading of several in one, `""` where the page leaves room."""
    step = _line_step(printed)
    body_size = _body_size(printed)
    heading = ""
    for index, line in enumerate(printed):
        above = printed[index - 1] if index else None
        apart = above is not None and _is_apart(above, line, step)
        large = line.size > _OTHER_SIZE * body_size
        if heading and not apart and large and not _stands_alone(line.text):
            heading += " " + line.text
            continue
        if heading:
            yield from (heading, "")
        elif apart and not line.text[0].islower():
            yield ""
        heading = line.text if large and not _stands_alone(line.text) else ""
        if not heading:
            yield line.text
    if heading:
        yield heading


def _stands_alone(line: str) -> bool:
    """Whether a line in large letters is no part of a headline over several lines."""
    return (
        is_office_line(line)
        or is_letterhead(line)
        or bool(read_page_dates(line))
        or DOCUMENT_KIND.fullmatch(line.strip(" :")) is not None
    )


def _line_step(printed: list[_Line]) -> float:
    """The distance of two lines within a paragraph: the usual one, and not the widest."""
    steps = sorted(
        above.place - below.place
        for above, below in itertools.pairwise(printed)
        if above.place is not None and below.place is not None and above.place > below.place
    )
    return steps[len(steps) // 3] if steps else 0.0


def _body_size(printed: list[_Line]) -> float:
    letters: Counter[float] = Counter()
    for line in printed:
        letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _is_apart(above: _Line, line: _Line, step: float) -> bool:
    sizes = sorted((above.size, line.size))
    if sizes[0] > 0 and sizes[1] > _OTHER_SIZE * sizes[0]:
        return True
    if above.place is None or line.place is None:
        return False
    return above.place - line.place > _GAP * step


_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:trang|page)?\s*\d{1,4}(?:\s*/\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
# "BÁO TRÀ VINH … Trang 3", "4 | Thứ Năm, ngày 23/8/2018".
_NUMBERED_EDGE = re.compile(
    rf".{{3,100}}\s[-–|]?\s?(?:[Tt]rang|TRANG|[Pp]age)\s\d{{1,4}}(?:\s?/\s?\d{{1,4}})?"
    rf"|\d{{1,4}}\s[-–|]\s[{CAPITALS}].{{3,100}}"
)


_MASTHEAD = re.compile(r"(?:BÁO|TẠP CHÍ|BẢN TIN|ĐẶC SAN)(?:\s[^\W\d_]+){1,5}")


def without_running_lines(pages: list[list[str]]) -> list[str]:
    """Pages one after another, so that a sentence goes on where its page ends.

    Page numbers, and headers or footers of further pages are left out; the first page's own
    stay, since its date or paper may stand there, a footer below everything else, and there
    too the paper's name that only a further page has.
    """
    pages = [_trimmed(page) for page in pages]
    heads = _repeated([page[:_EDGE_LINES] for page in pages])
    feet = _repeated([page[-_EDGE_LINES:] for page in pages])
    lines: list[str] = []
    last: list[str] = []
    for number, page in enumerate(pages):
        start, end = 0, len(page)
        while start < min(_EDGE_LINES, end) and _runs(page[start], heads, first=number == 0):
            start += 1
        while end > max(start, len(page) - _EDGE_LINES) and _ends_page(page[end - 1], feet):
            end -= 1
        if number == 0:
            last = [line for line in page[end:] if not _PAGE_NUMBER.fullmatch(line)]
        names = [line for line in page[:start] if _MASTHEAD.fullmatch(line)]
        last += [line for line in names if line not in (*last, *pages[0])]
        lines += _trimmed(page[start:end])
    return [*lines, *(["", *last] if last else [])]


def _trimmed(page: list[str]) -> list[str]:
    """A page without the empty lines at its edges, which say nothing of its paragraphs."""
    filled = [index for index, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1] if filled else []


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _repeated(edges: list[list[str]]) -> set[str]:
    """Edge lines that most pages share, but for their numbers, as no article's sentences do."""
    seen = [{_masked(line) for line in edge if line} for edge in edges]
    return {
        line
        for line in set().union(*seen)
        if sum(line in edge for edge in seen) > max(1, len(edges) // 2)
        and len(line) <= _LONGEST_RUNNING_LINE
        and not is_sentence(line)
    }


def _runs(line: str, heads: set[str], *, first: bool) -> bool:
    if not line or _PAGE_NUMBER.fullmatch(line):
        return True
    if first:
        return False
    if len(line) > _LONGEST_RUNNING_LINE or is_sentence(line):
        return False
    named = _masked(line) in heads or bool(
        _NUMBERED_EDGE.fullmatch(line) or _MASTHEAD.fullmatch(line)
    )
    return named or (bool(read_page_dates(line)) and not is_office_line(line))


def _ends_page(line: str, feet: set[str]) -> bool:
    if not line or _PAGE_NUMBER.fullmatch(line):
        return True
    return _masked(line) in feet or (
        _NUMBERED_EDGE.fullmatch(line) is not None and not is_sentence(line)
    )
