from __future__ import annotations

import unicodedata

import pytest

from retrieval.errors import QuestionError
from retrieval.question import LONGEST_QUESTION, provinces_named, understand


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("", "empty"),
        (" \u200b\n", "empty"),
        ("\x07\x00", "empty"),
        ("???", "no_words"),
        ("🙂🙂", "no_words"),
        ("a" * (LONGEST_QUESTION + 1), "too_long"),
    ],
)
def test_what_can_not_be_asked(question: str, kind: str) -> None:
    """Each refusal has its kind, from which the reader's words are chosen."""
    with pytest.raises(QuestionError) as caught:
        understand(question)

    assert caught.value.kind == kind


def test_spellings_become_one() -> None:
    """NFD, odd spaces and line ends do not reach the engines."""
    typed = unicodedata.normalize("NFD", "  Công tác\u00a0dân\nvận ")

    assert understand(typed).text == "Công tác dân vận"


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

    assert provinces_named(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Còn ở Quảng Ninh thì sao?", "Công tác dân vận có gì mới? Còn ở Quảng Ninh thì sao?"),
        ("Ai chủ trì?", "Công tác dân vận có gì mới? Ai chủ trì?"),
        (
            "Năm 2017 Quảng Ninh có bao nhiêu mô hình dân vận khéo?",
            "Năm 2017 Quảng Ninh có bao nhiêu mô hình dân vận khéo?",
        ),
    ],
)
def test_a_follow_up_is_made_whole(question: str, expected: str) -> None:
    """What leans on the question before it is searched together with that question."""

    assert understand(question, ["Công tác dân vận có gì mới?"]).text == expected


def test_a_place_in_the_follow_up_replaces_the_earlier_one() -> None:
    """`Còn ở Quảng Ninh thì sao?` no longer asks about Bắc Kạn."""
    query = understand("Còn ở Quảng Ninh thì sao?", ["Bắc Kạn còn hạn chế gì?"])

    assert query.provinces == ("Quảng Ninh",)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Tin Bắc Kạn về dân vận khéo", ("Bắc Kạn",)),
        ("bao quang ninh noi gi ve GPMB", ("Quảng Ninh",)),
        ("Các bài của Hậu Giang", ("Hậu Giang",)),
        ("Bắc Kạn còn hạn chế gì?", ()),
        ("Báo cáo của Bắc Kạn", ()),
    ],
)
def test_a_place_said_of_the_articles_is_a_filter(question: str, expected: tuple[str, ...]) -> None:
    """`báo Quảng Ninh` holds the search to that place; a place of the matter only raises it."""

    assert understand(question).filters.provinces == expected


def test_a_province_reaches_what_was_merged_into_it() -> None:
    """Not the other way round: Bắc Kạn does not mean all of today's Thái Nguyên."""

    assert understand("Dân vận ở Thái Nguyên").reached == ("Thái Nguyên", "Bắc Kạn")
    assert understand("Dân vận ở Bắc Kạn").reached == ("Bắc Kạn",)
