"""The word lists of this package: CSV files with their origin in the first lines."""

from __future__ import annotations

from importlib import resources

from retrieval.text import normalise


def read_data(name: str) -> list[dict[str, str]]:
    """The rows of a file in `bot/data`; lines that begin with # are remarks."""
    source = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    lines = [line for line in normalise(source).splitlines() if not line.startswith("#")]
    header, *rows = [line.split(",") for line in lines]
    return [dict(zip(header, row, strict=True)) for row in rows]
