from __future__ import annotations

import re

import pytest

from retrieval.asked_places import find_asked_places
from retrieval.follow_ups import Slot, Slots, make_whole

LIMITS = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
TOPIC = "Công tác dân vận ở Bắc Kạn còn những hạn chế"
MODELS = "Năm 2017 Quảng Ninh có bao nhiêu mô hình dân vận khéo?"
UNMARKED = "cong tac dan van o bac kan con han che gi"


def slots(text: str) -> Slots:
    """Places from the gazetteer; periods are years here."""
    places = find_asked_places(text).mentions
    years = re.finditer(r"(?i)n[ăa]m \d{4}", text)
    return Slots(
        tuple(Slot(m.start, m.end, m.names[0]) for m in places),
        tuple(Slot(*m.span(), m[0].lower()) for m in years),
    )


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        (LIMITS, "Còn ở Quảng Ninh thì sao?", LIMITS.replace("Bắc Kạn", "Quảng Ninh")),
        (LIMITS, "con o quang ninh thi sao", LIMITS.replace("Bắc Kạn", "Quảng Ninh")),
        (LIMITS, "Quảng Ninh?", LIMITS.replace("Bắc Kạn", "Quảng Ninh")),
        (LIMITS, "Còn Cà Mau và Huế?", LIMITS.replace("Bắc Kạn", "Cà Mau và Huế")),
        (MODELS, "Năm 2018 thì sao?", MODELS.replace("2017", "2018")),
        (MODELS, "Còn năm 2019 ở Huế?", MODELS.replace("2017 Quảng Ninh", "2019 Huế")),
        (LIMITS, "Năm 2018 thì sao?", LIMITS.replace("gì?", "gì năm 2018?")),
        ("Dân vận khéo có gì mới?", "Ở Bắc Kạn thì sao?", "Dân vận khéo có gì mới ở Bắc Kạn?"),
        (UNMARKED, "con o quang ninh thi sao", UNMARKED.replace("bac kan", "Quảng Ninh")),
        (LIMITS, "thì sao?", LIMITS),
    ],
)  # fmt: skip
def test_a_place_or_period_replaces_the_earlier_one(
    earlier: str, question: str, whole: str
) -> None:
    """The rest of the earlier question is asked again."""

    assert make_whole(question, earlier, slots) == whole


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("Ai chủ trì?", f"{TOPIC}, ai chủ trì?"),
        ("Tại sao?", f"{TOPIC}, tại sao?"),
        ("Nguyên nhân là gì?", f"{TOPIC}, nguyên nhân là gì?"),
        ("Thế còn giải pháp?", f"{TOPIC}, giải pháp?"),
        ("Ở đó có bao nhiêu hộ nghèo?", f"{TOPIC}, ở đó có bao nhiêu hộ nghèo?"),
        ("Còn giải pháp ở Huế?", f"{TOPIC.replace('Bắc Kạn', 'Huế')}, giải pháp ở Huế?"),
    ],
)  # fmt: skip
def test_a_question_without_topic_takes_the_earlier_one(question: str, whole: str) -> None:
    """Without the words by which the earlier one asked."""

    assert make_whole(question, LIMITS, slots) == whole


@pytest.mark.parametrize(
    "question",
    [
        "GPMB là gì?",
        "Ai là Chủ tịch UBND tỉnh Hậu Giang?",
        "Chỉ số hài lòng năm 2020 là bao nhiêu?",
        "Giá vàng hôm nay?",
        "Dân vận khéo là gì?",
        "Cảm ơn",
        "Quảng Bình trao đổi kinh nghiệm gì?",
    ],
)
def test_a_question_of_its_own_is_left_alone(question: str) -> None:
    """However short it is."""

    assert make_whole(question, LIMITS, slots) is None
