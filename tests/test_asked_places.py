from __future__ import annotations

import pytest

from retrieval.asked_places import find_asked_places


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Công tác dân vận ở Bắc Kạn?", ("Bắc Kạn",)),
        ("công tác dân vận ở bắc kạn?", ("Bắc Kạn",)),
        ("cong tac dan van o bac kan", ("Bắc Kạn",)),
        ("khánh hoà thế nào", ("Khánh Hòa",)),
        ("So sánh Quảng Ninh với Hậu Giang", ("Quảng Ninh", "Hậu Giang")),
        ("khu vực Thái Bình Dương", ()),
        ("khu vuc thai binh duong", ()),
        ("giữ gìn hòa bình", ()),
        ("giu gin hoa binh", ()),
        ("dien bien phuc tap", ()),
        ("dan van o hoa binh", ("Hòa Bình",)),
        ("Học tập tư tưởng Hồ Chí Minh", ()),
    ],
)
def test_provinces_of_a_question(question: str, expected: tuple[str, ...]) -> None:
    """Named with or without marks; common words that look like places are none."""

    assert find_asked_places(question).provinces == expected


@pytest.mark.parametrize(
    ("question", "restored", "expected"),
    [
        ("Dân vận ở huyện Ba Bể", None, [("huyện Ba Bể", ("Bắc Kạn",))]),
        ("dân vận ở huyện ba bể", None, [("huyện ba bể", ("Bắc Kạn",))]),
        ("dan van o huyen ba be", "dân vận ở huyện ba bể", [("huyện ba bể", ("Bắc Kạn",))]),
        ("tp vinh co gi moi", "tp vinh có gì mới", [("tp vinh", ("Nghệ An",))]),
        ("huyện đoàn có gì mới", None, []),
        ("thành phố Huế có gì mới", None, []),
    ],
)
def test_districts_of_a_question(
    question: str, restored: str | None, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    """With their kind word, as the text with its marks has them."""
    found = find_asked_places(question, restored).districts

    assert [(mention.text, mention.names) for mention in found] == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Báo Nhân Dân viết gì về dân vận?", ("Nhân Dân",)),
        ("bao nhan dan viet gi ve dan van", ("Nhân Dân",)),
        ("Theo TTXVN, hội nghị diễn ra khi nào?", ("TTXVN",)),
        ("Thông tấn xã Việt Nam đưa tin gì", ("TTXVN",)),
        ("báo Tuổi Trẻ và báo Lao Động", ("Tuổi Trẻ", "Lao Động")),
        ("người lao động ở Quảng Ninh", ()),
        ("báo cáo về thanh niên", ()),
        ("Quân khu 7 làm gì?", ()),
        ("nhân dân được gì", ()),
        ("báo Quảng Ninh viết gì", ()),
        ("Hai nhật báo văn hoá ở Paris tên gì?", ()),
        ("Các báo văn hoá ở Paris tên gì?", ()),
        ("báo văn hoá viết gì", ("Văn Hóa",)),
        ("Đường chạy VnExpress Marathon ra sao?", ()),
        ("VnExpress viết gì?", ("VnExpress",)),
    ],
)
def test_newspapers_of_a_question(question: str, expected: tuple[str, ...]) -> None:
    """Names that are common words only behind `báo`; a province's paper means the province."""

    assert find_asked_places(question).sources == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Tin Bắc Kạn về dân vận khéo", ("Bắc Kạn",)),
        ("bao quang ninh noi gi ve GPMB", ("Quảng Ninh",)),
        ("Báo điện tử Quảng Ninh nói gì", ("Quảng Ninh",)),
        ("Các bài của Hậu Giang", ("Hậu Giang",)),
        ("Bắc Kạn còn hạn chế gì?", ()),
        ("Báo cáo của Bắc Kạn", ()),
        ("Các bài học của Bắc Kạn", ()),
    ],
)
def test_places_said_of_the_articles(question: str, expected: tuple[str, ...]) -> None:
    """`báo Quảng Ninh` is about the articles; a place of the matter is not."""

    assert find_asked_places(question).of_articles == expected


def test_mentions_stand_where_they_say() -> None:
    """Offsets are characters of the question, also for names typed without marks."""
    question = "so sanh quang ninh voi huyen ba be"
    found = find_asked_places(question, "so sánh quảng ninh với huyện ba bể").mentions

    assert [question[mention.start : mention.end] for mention in found] == [
        "quang ninh",
        "huyen ba be",
    ]
