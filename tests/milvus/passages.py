"""Seven passages, made so that every rank can be told by hand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.encoders import Vectors
from retrieval.searcher import PassageRow
from retrieval.text import terms

# A name that would end its literal, were it not escaped, and let everything pass.
QUOTED = 'Báo "Dân vận"'
HOSTILE = 'x"] or day >= 0 or source in ["'
# Another name of TTXVN.
AGENCY = "Thông tấn xã Việt Nam"
BACKSLASHED = "Báo \\"


def vector(*values: float) -> Vectors:
    """Of length 1."""
    array = np.array(values, np.float32)
    result: Vectors = array / np.linalg.norm(array)
    return result


def row(
    number: str,
    direction: Vectors,
    text: str,
    province: str | None = None,
    source: str | None = None,
    date: str | None = None,
) -> PassageRow:
    day = datetime.date.fromisoformat(date) if date else None
    return PassageRow(f"{number}.txt:0", direction, text, province, source, day)


# Inner products with the first axis: 1.0, .96, .8, .6, .28, .0, -1.0.
ROWS = (
    row("a", vector(1, 0, 0, 0), "lũ quét", "Bắc Kạn", "TTXVN", "2023-12-31"),
    row("b", vector(0.96, 0.28, 0, 0), "lũ quét ở xã vùng cao", "Bắc Kạn", QUOTED, "2024-01-01"),
    row("c", vector(0.8, 0.6, 0, 0), "mô hình dân vận khéo", "Quảng Ninh", AGENCY, "2024-07-23"),
    row("d", vector(0.6, 0.8, 0, 0), "dân vận khéo dân vận", "Quảng Ninh", None, "2025-07-01"),
    row("e", vector(0.28, 0.96, 0, 0), "thu hoạch lúa đông xuân", None, BACKSLASHED, None),
    row("f", vector(0, 1, 0, 0), "đường liên xã hoàn thành", "Thái Nguyên", None, "2025-08-01"),
    row("g", vector(-1, 0, 0, 0), "họp báo quý một", "Sơn La", "TTXVN", None),
)
FIRST_AXIS = vector(1, 0, 0, 0)
SECOND_AXIS = vector(0, 1, 0, 0)


def ids(found: Sequence[tuple[str, float]]) -> str:
    """`abc` for the passages a, b and c, best first."""
    return "".join(name.partition(".")[0] for name, _ in found)


def words(text: str) -> list[str]:
    """The terms of a question."""
    return list(terms(text))


def changed(name: str, **changes: object) -> PassageRow:
    """One of the rows with other values."""
    (found,) = (row for row in ROWS if row.id == f"{name}.txt:0")
    return replace(found, **changes)  # type: ignore[arg-type]
