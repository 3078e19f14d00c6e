from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from retrieval.asked_places import find_asked_places
from retrieval.follow_ups import Slot, Slots, make_whole
from retrieval.question import understand
from retrieval.text import fold

TODAY = datetime.date(2026, 11, 25)
HERE = Path(__file__).parent


class Conversation(NamedTuple):
    """`whole` is None where the question stands alone, or is small talk."""

    earlier: list[str]
    question: str
    whole: str | None

    def read(self) -> str | None:
        query = understand(self.question, self.earlier, today=TODAY)
        return query.text if query.earlier else None

    def bare(self) -> Conversation:
        """All of it as typed without marks and capitals."""
        whole = None if self.whole is None else fold(self.whole).lower()
        earlier = [fold(text).lower() for text in self.earlier]
        return Conversation(earlier, fold(self.question).lower(), whole)


CONVERSATIONS = [
    Conversation(**json.loads(line))
    for line in (HERE / "follow_ups.jsonl").read_text(encoding="utf-8").splitlines()
]
ALONE = (HERE / "questions_of_their_own.txt").read_text(encoding="utf-8").splitlines()

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
        ("Ở đó ai chủ trì?", f"{TOPIC}, ở đó ai chủ trì?"),
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


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("Ở đó có bao nhiêu hộ nghèo?", "Ở Quảng Ninh có bao nhiêu hộ nghèo?"),
        ("Tỉnh này có bao nhiêu hộ nghèo?", "Quảng Ninh có bao nhiêu hộ nghèo?"),
        ("Hộ nghèo của tỉnh đó năm đó giảm bao nhiêu?",
         "Hộ nghèo của Quảng Ninh năm 2017 giảm bao nhiêu?"),
        ("tinh nay co bao nhieu ho ngheo", "Quảng Ninh co bao nhieu ho ngheo"),
    ],
)  # fmt: skip
def test_a_topic_of_its_own_takes_only_place_and_time(question: str, whole: str) -> None:
    """`ở đó` is the earlier question's place, not its matter."""
    assert make_whole(question, MODELS, slots) == whole


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ("Kết quả quý III/2024 của Bắc Kạn?", "quý IV thì sao?",
         "Kết quả quý IV năm 2024 của Bắc Kạn?"),
        ("Kết quả đầu năm 2024 ra sao?", "Còn cuối năm?", "Kết quả cuối năm 2024 ra sao?"),
        ("Kết quả tháng 7/2024 của Bắc Kạn?", "Còn tháng trước?",
         "Kết quả tháng trước của Bắc Kạn?"),
        ("ket qua nam 2020 cua bac kan", "con quang ninh", "ket qua nam 2020 cua Quang Ninh"),
        (LIMITS, "Huyện Ba Bể thì sao?", LIMITS.replace("Bắc Kạn", "huyện Ba Bể")),
        ("Ai là Bí thư Tỉnh ủy Quảng Ninh?", "Ông ấy nói gì?",
         "Bí thư Tỉnh ủy Quảng Ninh, ông ấy nói gì?"),
    ],
)  # fmt: skip
def test_what_the_query_becomes(earlier: str, question: str, whole: str) -> None:
    """A period takes the year of the one it replaces; what is typed without marks stays so."""
    assert understand(question, [earlier]).text == whole


def test_there_are_conversations() -> None:
    """An empty file would pass the tests below."""
    assert len(CONVERSATIONS) > 100
    assert len(ALONE) > 90


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda c: c.question)
def test_conversations(conversation: Conversation) -> None:
    """Each is read as written beside it."""
    assert conversation.read() == conversation.whole


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda c: c.question)
def test_conversations_without_marks(conversation: Conversation) -> None:
    """The same is understood; names keep their capitals."""
    bare = conversation.bare()
    whole = bare.read()

    assert (whole.lower() if whole else None) == bare.whole


@pytest.mark.parametrize("earlier", [LIMITS, "Thái Bình nuôi bao nhiêu ha ngao?"])
@pytest.mark.parametrize("question", ALONE)
def test_a_topic_change_takes_nothing_over(question: str, earlier: str) -> None:
    """With marks and without."""
    for typed in (question, fold(question).lower()):
        assert Conversation([earlier], typed, None).read() is None
