"""Inputs drawn by hypothesis, a second each; `make fuzz` goes on where this ends."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.errors import QuestionError
from retrieval.filters import GivenFilters
from retrieval.schema import Article
from retrieval.search import Retriever
from retrieval.text import normalise, sentences
from tests.fuzz import material
from tests.fuzz.guarantees import (
    SECONDS,
    TooSlow,
    check_answer,
    check_file,
    check_passages,
    check_question,
    within,
)

_Made = TypeVar("_Made")

# Characters; `make fuzz` makes longer ones.
LONGEST = 8_000


class Drawn:
    """Choices that hypothesis makes, and makes smaller where something fails."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))

    def text(self, longest: int) -> str:
        return self._draw(st.text(st.characters(), max_size=longest))

    def data(self, longest: int) -> bytes:
        return self._draw(st.binary(max_size=longest))


def made(make: Callable[[material.Choices], _Made]) -> st.SearchStrategy[_Made]:
    return st.composite(lambda draw: make(Drawn(draw)))()


def fuzzed(examples: int) -> settings:
    """The second is counted by `within`, of the processor; hypothesis would count the clock's."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What is loaded once for all inputs is no part of any input's second."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in material.SUFFIXES:
            data, _ = material.any_file(_First(suffix), LONGEST)
            check_file(data, suffix, Path(folder), 60)
    check_question("Chỉ số hài lòng ở Bắc Kạn?", ("How many models in 2017?",), 60)


class _First:
    """Always the least, but for the suffix and for a page that is an article."""

    def __init__(self, suffix: str) -> None:
        self._next = [material.SUFFIXES.index(suffix), 1, 1]

    def number(self, least: int, most: int) -> int:
        return self._next.pop(0) if self._next else least

    def text(self, longest: int) -> str:
        return ""

    def data(self, longest: int) -> bytes:
        return b""


@fuzzed(400)
@given(file=made(lambda choices: material.any_file(choices, LONGEST)))
def test_any_file_gives_a_reason_or_an_article_of_true_offsets(file: tuple[bytes, str]) -> None:
    """Whatever stands in a file, under whichever of the names."""
    with tempfile.TemporaryDirectory() as folder:
        check_file(*file, Path(folder))


@fuzzed(300)
@given(text=made(lambda choices: material.page(choices, 4 * LONGEST)))
def test_any_text_is_split_without_losing_a_character(text: str) -> None:
    """Also a text that no reader would let through, such as marks alone."""
    check_passages(as_article(text))


@fuzzed(300)
@given(
    question=made(material.question) | made(material.short_question),
    history=st.lists(made(material.short_question), max_size=2),
)
def test_any_question_is_understood_or_refused(question: str, history: list[str]) -> None:
    """A refusal is a QuestionError; nothing else is raised."""
    check_question(question, history)


FILTERS = st.builds(
    GivenFilters,
    province=st.just(()) | st.lists(st.sampled_from(["Bắc Kạn", "hue", "?", ""]), max_size=2),
    date_from=st.none() | st.sampled_from(["2017", "31/2/2017", "7/2024", "9999", "", "ơ"]),
    date_to=st.none() | st.sampled_from(["2017", "0", "1/1/1"]),
)


@fuzzed(150)
@given(
    question=made(material.short_question) | made(material.question),
    history=st.lists(made(material.short_question), max_size=2),
    filters=st.just(GivenFilters()) | FILTERS,
)
def test_any_answer_quotes_what_its_articles_say(
    retriever: Retriever, question: str, history: list[str], filters: GivenFilters
) -> None:
    """Every citation's quote is `text[start:end]` of its article; a refusal has none."""
    check_answer(retriever, question, history, filters)


def as_article(text: str) -> Article:
    return Article("a.txt", "Tiêu đề", normalise(text), None, None, None, "a.txt")


@pytest.mark.parametrize("unit", ["! ", "? ", ". ", "- a. ", "\n-", "\nHỏi: a?\nĐáp: b.\n", "PV: "])
def test_many_of_the_same_are_split_within_a_second(unit: str) -> None:
    """Sentences without a word, or of one, or exchanges: their number costs no square of it."""
    check_passages(as_article(unit * (50_000 // len(unit))))


def test_a_heading_of_many_signs_is_read_within_a_second(tmp_path: Path) -> None:
    """Where its text ends is found from the end of the line, not tried at each sign."""
    check_file(f"# a{' #' * 40_000} b\n{material.SENTENCE}".encode(), ".md", tmp_path)


def test_a_leader_of_dots_is_read_once() -> None:
    """A run of marks that ends no sentence is not tried again from each of its marks."""
    with within(SECONDS):
        found = sentences("Mục lục " + "…" * 100_000 + "12")

    assert len(found) == 1


def test_a_line_of_many_sentences_is_read_once() -> None:
    """What follows a full stop is looked at, not copied to the end of the line each time."""
    with within(3):
        found = sentences("Ngày 3-11, tỉnh Quảng Bình. " * 75_000)

    assert len(found) == 75_000


def test_what_takes_too_long_is_ended() -> None:
    """The guard itself: work that would not end is told apart, though a reader catches errors."""

    def never_ends() -> None:
        while True:
            with suppress(Exception):
                raise QuestionError("empty", "")

    with pytest.raises(TooSlow), within(0.05):
        never_ends()
