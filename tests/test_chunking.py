from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.chunking import LONGEST, SHORTEST, split_article
from retrieval.schema import Article
from retrieval.text import normalise, syllables


def article(text: str) -> Article:
    return Article("a.txt", "Tiêu đề", text, None, None, None, "a.txt")


def words(count: int, end: str = ".") -> str:
    return "Chữ " + " ".join(["chữ"] * (count - 1)) + end


def lengths(text: str) -> list[int]:
    return [len(syllables(passage.text)) for passage in split_article(article(text))]


@settings(max_examples=60)
@given(st.lists(st.text(st.sampled_from("aăB đ.?!;,\n-+1“”"), max_size=400), max_size=6))
def test_offsets_and_completeness(parts: list[str]) -> None:
    """Every passage is its stretch of the text, in order, and no visible character is lost."""
    text = normalise("\n".join(parts))
    passages = split_article(article(text))

    assert all(text[passage.start : passage.end] == passage.text for passage in passages)
    joined = "".join(passage.text for passage in passages)
    assert "".join(joined.split()) == "".join(text.split())


def test_short_article_is_one_passage() -> None:
    """Nothing is gained by cutting what fits."""

    assert lengths(words(60)) == [60]


def test_a_remainder_is_shared_out() -> None:
    """210 syllables become two passages of nearly equal length, not 200 and 10."""

    assert sorted(lengths("\n".join([words(30)] * 7))) == [90, 120]


def test_passages_have_the_wanted_length() -> None:
    """A long article gives passages of 120 to 200 syllables."""
    found = lengths("\n".join(words(n) for n in [35, 80, 15, 60, 42, 90, 28, 70, 33, 66, 50] * 3))

    assert all(SHORTEST <= length <= LONGEST for length in found)


def test_a_sentence_that_is_too_long_is_cut_at_its_semicolon() -> None:
    """A clause is a better end than the middle of one."""
    found = split_article(article(f"{words(150, ';')} {words(150)}"))

    assert [passage.text[-1] for passage in found] == [";", "."]


def test_an_unbroken_stretch_is_cut_by_count() -> None:
    """Text without any mark still gives passages that the encoder can read whole."""

    assert max(lengths(words(1_000))) <= LONGEST


def test_an_interview_question_stays_with_its_answer() -> None:
    """A question and an answer that fit into one passage are never parted."""
    turns = [f"PV: Thưa ông, {words(20, '?')}\n{words(100)}" for _ in range(4)]
    found = split_article(article("\n".join(turns)))

    assert [passage.text.startswith("PV:") for passage in found] == [True] * 4


def test_a_question_keeps_the_beginning_of_a_long_answer() -> None:
    """No passage ends with a question whose answer starts the next one."""
    text = "\n".join(
        [words(130), f"- Xin đồng chí cho biết {words(20)}", f"+ {words(150)}", words(90)]
    )
    found = split_article(article(text))

    assert not any("- Xin" in passage.text and "+ " not in passage.text for passage in found)
