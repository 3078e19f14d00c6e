"""Filters as people and programs give them (`--province`, `--from`) -> `Filters`.

Unlike what is read from a question these are hard, so a value that is not understood is
refused with what is accepted, and never guessed.
"""

from __future__ import annotations

import argparse
import datetime
import difflib
import re
from calendar import monthrange
from collections.abc import Sequence
from typing import Literal, NamedTuple

from retrieval.dates import make_date
from retrieval.errors import FilterError, QuestionError
from retrieval.gazetteer import load
from retrieval.schema import Filters
from retrieval.text import canonical, fold, normalise, squeeze, syllables

_DAY = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})")
_ISO_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_MONTH = re.compile(r"(?P<m>\d{1,2})[/.-](?P<y>\d{4})|(?P<iso_y>\d{4})-(?P<iso_m>\d{1,2})")
_YEAR = re.compile(r"(?P<y>\d{4})")
_ACCEPTED_DAYS = ("23/7/2024", "2024-07-23", "7/2024", "2024")
_MOST_NAMED = 5


class GivenFilters(NamedTuple):
    """Filters as they were typed; None where nothing was."""

    province: Sequence[str] = ()
    date_from: str | None = None
    date_to: str | None = None
    source: Sequence[str] = ()


NONE_GIVEN = GivenFilters()


def read_filters(given: GivenFilters, sources: Sequence[str]) -> Filters:
    """
    Args:
        sources: those that the archive has articles of, as `Records.sources` has them.

    Raises:
        FilterError: a value is not understood.
        QuestionError: the period ends before it begins.
    """
    first = _read_day(given.date_from, "from")
    last = _read_day(given.date_to, "to")
    if first and last and last < first:
        raise QuestionError("filter_order", f"--to {last} is before --from {first}")
    provinces = [name for typed in given.province for name in _read_province(typed)]
    return Filters(
        provinces=tuple(dict.fromkeys(provinces)),
        sources=tuple(dict.fromkeys(_read_source(typed, sources) for typed in given.source)),
        date_from=first,
        date_to=last,
    )


def _read_province(typed: str) -> tuple[str, ...]:
    """The province and all that were merged into it: their articles keep the old name."""
    gazetteer = load()
    province = gazetteer.province(typed) if syllables(normalise(typed)) else None
    if province is None:
        raise FilterError("province", typed, gazetteer.nearest(typed))
    return gazetteer.predecessors(province.name)


def _read_source(typed: str, sources: Sequence[str]) -> str:
    name_of = load().source_name
    by_key = {_key(name): source for source in sources for name in (name_of(source), source)}
    for name in (typed, name_of(typed)):
        if source := by_key.get(_key(name)):
            return source
    near = difflib.get_close_matches(_key(typed), by_key, n=_MOST_NAMED, cutoff=0.0)
    raise FilterError("source", typed, tuple(by_key[key] for key in near))


def _key(name: str) -> str:
    return " ".join(word.text for word in syllables(fold(canonical(squeeze(normalise(name))))))


def _read_day(typed: str | None, field: Literal["from", "to"]) -> datetime.date | None:
    """A day, or the first (from) or last (to) day of a month or year."""
    if typed is None:
        return None
    text = squeeze(normalise(typed))
    day = _parse_day(text, is_last=field == "to")
    if day is None:
        raise FilterError(field, typed, _ACCEPTED_DAYS)
    return day


def _parse_day(text: str, *, is_last: bool) -> datetime.date | None:
    if match := _DAY.fullmatch(text) or _ISO_DAY.fullmatch(text):
        return make_date(int(match["y"]), int(match["m"]), int(match["d"]))
    if match := _MONTH.fullmatch(text):
        year, month = int(match["y"] or match["iso_y"]), int(match["m"] or match["iso_m"])
        if not 1 <= month <= 12 or year < 1:
            return None
        return make_date(year, month, monthrange(year, month)[1] if is_last else 1)
    if match := _YEAR.fullmatch(text):
        return make_date(int(match["y"]), 12, 31) if is_last else make_date(int(match["y"]), 1, 1)
    return None


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """`--province`, `--from`, `--to`, `--source`, for every command that searches."""
    group = parser.add_argument_group("filters", "only articles that pass all of them")
    group.add_argument("--province", action="append", default=[], metavar="NAME")
    group.add_argument("--from", dest="date_from", metavar="DAY", help="23/7/2024, 7/2024 or 2024")
    group.add_argument("--to", dest="date_to", metavar="DAY", help="inclusive")
    group.add_argument("--source", action="append", default=[], metavar="NAME")


def given_filters(options: argparse.Namespace) -> GivenFilters:
    return GivenFilters(options.province, options.date_from, options.date_to, options.source)
