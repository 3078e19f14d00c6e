from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.wording import filter_invalid
from retrieval.errors import FilterError, QuestionError
from retrieval.filters import NONE_GIVEN, GivenFilters, read_filters
from retrieval.gazetteer import load
from retrieval.record_file import Entry, write_records
from retrieval.records import Records
from retrieval.schema import Article, Filters, Passage
from retrieval.search import Retriever

SOURCES = ("Nhân Dân", "TTXVN", "backan.gov.vn")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (GivenFilters(["bac kan"]), Filters(provinces=("Bắc Kạn",))),
        (GivenFilters(["tỉnh Thái Nguyên"]), Filters(provinces=("Thái Nguyên", "Bắc Kạn"))),
        (GivenFilters(source=["nhan dan"]), Filters(sources=("Nhân Dân",))),
        (GivenFilters(source=["Báo Nhân Dân"]), Filters(sources=("Nhân Dân",))),
        (GivenFilters(source=["Thông tấn xã Việt Nam"]), Filters(sources=("TTXVN",))),
        (GivenFilters(date_from="2024"), Filters(date_from=day("2024-01-01"))),
        (GivenFilters(date_to="2024"), Filters(date_to=day("2024-12-31"))),
        (GivenFilters(date_from="2/2024"), Filters(date_from=day("2024-02-01"))),
        (GivenFilters(date_to="2024-02"), Filters(date_to=day("2024-02-29"))),
        (GivenFilters(date_to=" 23/7/2024 "), Filters(date_to=day("2024-07-23"))),
        (GivenFilters(date_to="2024-7-23"), Filters(date_to=day("2024-07-23"))),
        (GivenFilters(), Filters()),
    ],
)
def test_filters_as_people_type_them(given: GivenFilters, expected: Filters) -> None:
    """Without diacritics, as a day, a month or a year."""

    assert read_filters(given, SOURCES) == expected


@pytest.mark.parametrize(
    ("given", "field", "accepted"),
    [
        (GivenFilters(["Bắc Cạng"]), "province", "Bắc Kạn"),
        (GivenFilters(["quang nin"]), "province", "Quảng Ninh"),
        (GivenFilters([""]), "province", ""),
        (GivenFilters(source=["Nhân Dan Ngày"]), "source", "Nhân Dân"),
        (GivenFilters(date_from="30/2/2024"), "from", "23/7/2024"),
        (GivenFilters(date_from="13/2024"), "from", "7/2024"),
        (GivenFilters(date_to="0000"), "to", "2024"),
        (GivenFilters(date_to="tuần trước"), "to", "2024"),
        (GivenFilters(date_to=""), "to", "2024"),
    ],
)
def test_what_is_no_filter(given: GivenFilters, field: str, accepted: str) -> None:
    """It is refused with what is accepted, and never guessed."""
    with pytest.raises(FilterError) as caught:
        read_filters(given, SOURCES)

    assert caught.value.field == field
    assert accepted in "".join(caught.value.accepted[:1]) or accepted in caught.value.accepted


def test_a_period_that_ends_before_it_begins() -> None:
    """Refused as such."""
    with pytest.raises(QuestionError, match="before"):
        read_filters(GivenFilters(date_from="2024", date_to="2023"), SOURCES)


@pytest.mark.parametrize(
    ("filters", "labels"),
    [
        (Filters(provinces=("Bắc Kạn",)), {"Bắc Kạn, 23/7/2024", "Bắc Kạn, 5/7/2023"}),
        (Filters(date_from=day("2024-01-01")), {"Bắc Kạn, 23/7/2024"}),
        (Filters(("Bắc Kạn",), (), None, day("2023-12-31")), {"Bắc Kạn, 5/7/2023"}),
        (Filters(date_to=day("2000-01-01")), set()),
    ],
)
def test_filters_are_hard(retriever: Retriever, filters: Filters, labels: set[str]) -> None:
    """Every hit passes, and everything that passes can be found, whatever is asked."""
    hits = retriever.search("mô hình dân vận khéo ở Quảng Ninh", 100, filters=filters).hits

    assert {hit.article.label for hit in hits} == labels


def test_a_filter_adds_to_what_the_question_says(retriever: Retriever) -> None:
    """`tin Bắc Kạn` with --to: both hold; --province takes the place of the question's."""
    filters = Filters(date_to=day("2023-12-31"))
    both = retriever.search("tin Bắc Kạn về dân vận", 100, filters=filters).hits
    instead = retriever.search("tin Bắc Kạn", 100, filters=Filters(provinces=("Hậu Giang",))).hits

    assert {hit.article.label for hit in both} == {"Bắc Kạn, 5/7/2023"}
    assert {hit.article.label for hit in instead} == {"Hậu Giang, 26/12/2022"}


@pytest.mark.parametrize("field", ["province", "date_from", "date_to", "source"])
def test_what_was_typed_is_shown_without_escapes_and_cut(field: str) -> None:
    """A terminal obeys nothing of it, and a message stays a message."""
    typed = "\x1b[31mred\u202e" + "x" * 500
    value = [typed] if field in ("province", "source") else typed
    typed_so: dict[str, Any] = {field: value}
    given = NONE_GIVEN._replace(**typed_so)
    with pytest.raises(FilterError) as caught:
        read_filters(given, ("TTXVN",))

    shown = "[31mred" + "x" * 52 + "…"
    assert f"“{shown}”" in str(caught.value)
    assert f"“{shown}”" in filter_invalid(caught.value)
    assert len(filter_invalid(caught.value)) < 250


@pytest.mark.parametrize("typed", ["Thanh Niên", "báo thanh niên", "TNO", "thanhnien.vn"])
def test_a_paper_has_one_name(typed: str) -> None:
    """However the articles and the filter state it."""
    read = read_filters(GivenFilters(source=[typed]), ("Báo Thanh Niên",))

    assert [load().source_name(name) for name in read.sources] == ["Thanh Niên"]


def test_articles_of_a_paper_pass_however_they_state_it(tmp_path: Path) -> None:
    """A filter by one of its names finds the articles of every other."""
    stated = ["Báo Thanh Niên", "TNO", "thanhnien.vn", "Tuổi Trẻ", None]
    articles = [Article(str(n), "T", "Câu.", s, None, None, "") for n, s in enumerate(stated)]
    entries = [
        Entry(article, Passage(article.id, 0, 4, "Câu."), b"", b"", "") for article in articles
    ]
    write_records(tmp_path / "records.sqlite", entries)
    records = Records.open(tmp_path / "records.sqlite")

    passing = records.articles_passing(Filters(sources=("Thanh Niên",)))
    assert passing.tolist() == [0, 1, 2]
    assert records.sources() == ("Thanh Niên", "Tuổi Trẻ")
