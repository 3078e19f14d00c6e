"""What a person states about an article, which beats anything that was guessed.

Either `NAME.json` beside the article or a front matter of `key: value` lines in Markdown,
with the fields title, source, province and date. A front matter may have any other field, as
the site that wrote it needs them; a sidecar is written for this project and has none.
"""

from __future__ import annotations

import datetime
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.dates import find_dates, make_date
from retrieval.errors import ArticleError
from retrieval.gazetteer import Gazetteer
from retrieval.text import normalise, squeeze

FIELDS = ("title", "source", "province", "date")
_MAX_SIDECAR_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Overrides:
    """Values that were stated; `stated` tells a null, which clears, from no statement."""

    stated: frozenset[str] = frozenset()
    title: str | None = None
    source: str | None = None
    province: str | None = None
    date: datetime.date | None = None


def sidecar_path(path: Path) -> Path:
    """Where the fields of an article may be stated: `a.txt` has `a.json`."""
    return path.with_suffix(".json")


def read_overrides(path: Path, header: str | None, gazetteer: Gazetteer) -> Overrides:
    """Front matter, and over it the sidecar. Raises ArticleError that names the field."""
    fields: dict[str, tuple[Any, str]] = {}
    if header is not None:
        stated = _read_header(header).items()
        fields |= {key: (value, "front matter") for key, value in stated if key in FIELDS}
    fields |= {key: (value, sidecar_path(path).name) for key, value in _read_sidecar(path).items()}
    return overrides_of(fields, gazetteer)


def overrides_of(fields: Mapping[str, tuple[Any, str]], gazetteer: Gazetteer) -> Overrides:
    """From each field its value, and where it was stated.

    Raises:
        ArticleError: names the field, and where it stands.
    """
    for key, (_, where) in fields.items():
        if key not in FIELDS:
            raise ArticleError(f"{where}: unknown field {key!r} (known: {', '.join(FIELDS)})")

    def value(key: str) -> Any:
        return fields[key][0] if key in fields else None

    def fail(key: str, wanted: str) -> ArticleError:
        return ArticleError(f"{fields[key][1]}: field {key!r} is not {wanted}: {value(key)!r}")

    for key in fields:
        if value(key) is None and key != "title":
            continue
        if not isinstance(value(key), str) or not squeeze(normalise(value(key))):
            raise fail(key, "a text")
    texts = {key: squeeze(normalise(value(key))) for key in fields if value(key) is not None}
    day = _read_day(texts["date"]) if "date" in texts else None
    if "date" in texts and day is None:
        raise fail("date", "a day as 2024-07-23 or 23/7/2024")
    province = gazetteer.province(texts["province"]) if "province" in texts else None
    if "province" in texts and province is None:
        raise fail("province", "a province of Vietnam")
    name = province.name if province else None
    return Overrides(frozenset(fields), texts.get("title"), texts.get("source"), name, day)


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{1,2}:\d{2}.*")


def _read_day(text: str) -> datetime.date | None:
    """A day, also one with its hour, as site generators write it; then in Vietnam's time."""
    if _ISO_TIME.fullmatch(text):
        mentions = find_dates(text)
        whole = len(mentions) == 1 and mentions[0].end == len(text)
        return mentions[0].day if whole else None
    if match := _ISO.fullmatch(text):
        return make_date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return make_date(int(match[3]), int(match[2]), int(match[1]))
    return None


def _read_sidecar(path: Path) -> dict[str, Any]:
    sidecar = sidecar_path(path)
    if sidecar == path or not sidecar.is_file():
        return {}
    try:
        if sidecar.stat().st_size > _MAX_SIDECAR_BYTES:
            raise ArticleError(f"{sidecar.name}: larger than 64 kB")
        data = json.loads(sidecar.read_text(encoding="utf-8-sig"), object_pairs_hook=_unique)
    except (OSError, ValueError, RecursionError) as error:
        raise ArticleError(f"{sidecar.name}: not valid JSON ({error})") from None
    if not isinstance(data, dict):
        raise ArticleError(f"{sidecar.name}: not a JSON object")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"field {key!r} twice")
    return dict(pairs)


_KEY = re.compile(r"(?P<key>[\w-]+)\s*:(?:\s+(?P<value>.*))?", re.ASCII)
_BLOCK = re.compile(r"[|>][+-]?")  # YAML: the value is in the indented lines below


def _read_header(header: str) -> dict[str, str | None]:
    """The top level of a YAML front matter; lists and nested fields are not looked into."""
    fields: dict[str, str | None] = {}
    lines = header.split("\n")
    for number, line in enumerate(lines):
        match = _KEY.fullmatch(line.rstrip())
        if match is None:
            continue
        key, value = match["key"].lower(), (match["value"] or "").strip()
        if key in fields and key in FIELDS:
            raise ArticleError(f"front matter: field {key!r} twice")
        if _BLOCK.fullmatch(value):
            below = itertools.takewhile(lambda each: each[:1] in " \t", lines[number + 1 :])
            value = " ".join(each.strip() for each in below)
        elif len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        fields[key] = None if value in {"", "null", "~"} else value
    return fields
