from __future__ import annotations

import unicodedata

import pytest

from retrieval.errors import QuestionError
from retrieval.question import LONGEST_QUESTION, understand


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
