from __future__ import annotations

import datetime

import numpy as np
import pytest

from retrieval.origins import Origin, Origins, Stated
from retrieval.schema import Filters, Succession


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


MERGED = Succession("Bắc Kạn", "Thái Nguyên", day("2025-07-01"))
STATED = [
    Stated("Bắc Kạn", "Báo Thanh Niên", day("2024-07-23")),
    Stated("Thái Nguyên", "TNO", day("2025-07-01")),
    Stated("Thái Nguyên", None, day("2025-06-30")),
    Stated("Thái Nguyên", "Tuổi Trẻ", None),
    Stated(None, None, day("2023-01-01")),
    Stated(None, None, None),
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), [0, 1, 2, 3, 4, 5]),
        (Filters(provinces=("Bắc Kạn",)), [0]),
        (Filters(provinces=("Bắc Kạn",), successors=(MERGED,)), [0, 1]),
        (Filters(provinces=("Hà Nội",)), []),
        (Filters(provinces=("Hà Nội", "Thái Nguyên")), [1, 2, 3]),
        (Filters(sources=("Thanh Niên",)), [0, 1]),
        (Filters(sources=("Thanh Niên",), provinces=("Thái Nguyên",)), [1]),
        (Filters(date_from=day("2024-07-23")), [0, 1, 2]),
        (Filters(date_to=day("2024-07-23")), [0, 4]),
        (Filters(date_from=day("2024-07-24"), date_to=day("2025-06-30")), [2]),
    ],
)
def test_what_passes(filters: Filters, expected: list[int]) -> None:
    """Of what is not known nothing passes; a successor's articles do from their day on."""
    assert Origins.of(STATED).passing(filters).tolist() == expected


def test_what_is_known_of_them() -> None:
    """By the numbers that are asked for."""
    origins = Origins.of(STATED)

    assert origins.by_number(np.array([1, 5])) == {
        1: Origin("Thái Nguyên", day("2025-07-01")),
        5: Origin(None, None),
    }
    assert Origins.of([]).passing(Filters(sources=("Thanh Niên",))).tolist() == []
