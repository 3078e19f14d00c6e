"""The LLM's words become sentences with keys, however they are written and cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm_faults import LLMUnavailable, Reason
from bot.reply import CitedSentence, ReplyReader, cited_sentences, read_reply


def pairs(text: str) -> list[tuple[str, str]]:
    return [(sentence.text, " ".join(sentence.keys)) for sentence in read_reply(text)]


@pytest.mark.parametrize(
    ("mark", "keys"),
    [
        ("[1]", "1"),
        ("[1, 2]", "1 2"),
        ("[1][2]", "1 2"),
        ("[1] [2]", "1 2"),
        ("[1; 3]", "1 3"),
        ("[2-4]", "2 3 4"),
        ("【1】", "1"),
        ("[n1]", "1"),
        ("[n1, n2]", "1 2"),
        ("[Đoạn 2]", "2"),
        ("[^1]", "1"),
        ("[7]", "7"),
        ("[0]", "0"),
        ("[n]", "n"),
        ("[1-900]", "1 900"),
    ],
)
def test_marks(mark: str, keys: str) -> None:
    """Before the stop, behind it, without a space, without a stop; unknown keys are kept."""
    whole = [("Chỉ số đạt 91,3%.", keys), ("Năm 2021 tăng.", "5")]

    assert pairs(f"Chỉ số đạt 91,3% {mark}. Năm 2021 tăng [5].") == whole
    assert pairs(f"Chỉ số đạt 91,3%. {mark} Năm 2021 tăng. [5]") == whole
    assert pairs(f"Chỉ số đạt 91,3%.{mark} Năm 2021 tăng.[5]") == whole
    assert pairs(f"Chỉ số đạt 91,3%{mark}.Năm") == [("Chỉ số đạt 91,3%.Năm", keys)]
    assert pairs(f"Chỉ số đạt 91,3% {mark}") == [("Chỉ số đạt 91,3%", keys)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Giá là 5.000 đồng [1].", [("Giá là 5.000 đồng.", "1")]),
        ("TP. Hồ Chí Minh có Th.S Lê A [1].", [("TP. Hồ Chí Minh có Th.S Lê A.", "1")]),
        ("Ngày 23.7.2024, 16/CT-TTg [2].", [("Ngày 23.7.2024, 16/CT-TTg.", "2")]),
        ("Đạt [1] 91,3% [2].", [("Đạt 91,3%.", "1 2")]),
        ("A tăng [1]; B giảm [2].", [("A tăng; B giảm.", "1 2")]),
        ("A tăng [1]. trong đó B [2].", [("A tăng.", "1"), ("trong đó B.", "2")]),
        ("“Tốt!” [1] Ông nói vậy. [1]", [("“Tốt!”", "1"), ("Ông nói vậy.", "1")]),
        ("- Một [1]\n* Hai [2]\n1. Ba [3]\n2) Bốn", "Một:1 Hai:2 Ba:3 Bốn:"),
        ("[1] Một. [2] Hai.", [("Một.", "1"), ("Hai.", "2")]),
        ("Một.\n[1]\nHai [2].", [("Một.", "1"), ("Hai.", "2")]),
        ("Năm [2020] và [abc] [1].", [("Năm [2020] và [abc].", "1")]),
        ("**Một** `hai` [1].", [("Một hai.", "1")]),
        ("Trả lời: Một [1].", [("Một.", "1")]),
        ("<think>Nghĩ [9]. Rồi.</think>Một [1].", [("Một.", "1")]),
        ("<think>Nghĩ mãi [9]. Không xong", []),
        ("```text\nMột [1].\n```", [("Một.", "1")]),
        ("Một [1].\n\nNguồn:\n[1] Bắc Kạn, 23/7/2024", [("Một.", "1")]),
        ("Nguồn lực tăng [1].", [("Nguồn lực tăng.", "1")]),
        ("Bắc Ka\u0323n [1].", [("Bắc Kạn.", "1")]),
        ("Một [1].<|im_end|>\n<|im_start|>user\nHai [2].", [("Một.", "1")]),
        ("Một.<end_of_turn> [1] Hai", [("Một.", "")]),
        ("[1]", []),
        ("", []),
        (" \n. … -\n", []),
    ],
)
def test_forms(text: str, expected: list[tuple[str, str]] | str) -> None:
    """What models write; numbers and abbreviations end no sentence."""
    if isinstance(expected, str):
        expected = [(text, keys) for text, keys in (item.split(":") for item in expected.split())]

    assert pairs(text) == expected


def test_the_sentence_for_no_answer() -> None:
    """It is known by its exact words, with or without a stop or mark."""
    found = [
        read_reply(text)[0].says_nothing
        for text in ("KHÔNG CÓ THÔNG TIN.", "KHÔNG CÓ THÔNG TIN [1]", "Không có thông tin mới.")
    ]

    assert found == [True, True, False]


def test_a_sentence_comes_as_soon_as_the_next_begins() -> None:
    """The mark behind the stop is waited for, and not more than the next word."""
    reader = ReplyReader()

    assert reader.feed("Một câu. ") == []
    assert reader.feed("[1") == []
    assert reader.feed("] ") == []
    assert reader.feed("H") == [CitedSentence("Một câu.", ("1",))]
    assert reader.feed("ai") == []
    assert reader.finish() == [CitedSentence("Hai", ())]


PARTS = (
    "Chỉ số hài lòng đạt 91,3%|TP.|Th.S|5.000 đồng|16/CT-TTg|ngày 23/7/2024|[1]|[1, 2]|【3】|[n4]|"
    "[n|]|. |.|! |… |\n|\n- |\n1. |1. |<think>|</think>|```|```\n|**|“|” |nhưng| |Nguồn:|[|a\u0301|"
    "KHÔNG CÓ THÔNG TIN|<end_of_turn>|Trả lời: |(|)|,|:|-|<|/"
).split("|")


@given(st.lists(st.sampled_from(PARTS), max_size=24).map("".join), st.data())
def test_however_it_is_cut_the_same_comes_out(text: str, data: st.DataObject) -> None:
    """Pieces of one character, the whole, and anything between."""
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    reader = ReplyReader()
    streamed = [sentence for piece in pieces for sentence in reader.feed(piece)] + reader.finish()

    assert streamed == read_reply(text)


def test_a_stream_that_fails_gives_its_whole_sentences() -> None:
    """The one that was being written is not given, and the stream is closed."""
    closed = []

    async def pieces() -> AsyncGenerator[str, None]:
        try:
            yield "Một [1]. Hai"
            raise LLMUnavailable(Reason.CUT_OFF)
        finally:
            closed.append(True)

    found = []

    async def collect() -> None:
        async for sentence in cited_sentences(pieces()):
            found.append(sentence)

    with pytest.raises(LLMUnavailable):
        asyncio.run(collect())

    assert found == [CitedSentence("Một.", ("1",))]
    assert closed == [True]
