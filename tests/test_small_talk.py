from __future__ import annotations

import pytest

from retrieval.small_talk import small_talk_kind, without_small_talk
from retrieval.text import fold

SAID = [
    ("Xin chào", "greeting"),
    ("chào bạn nhé", "greeting"),
    ("hello bot", "greeting"),
    ("cảm ơn", "thanks"),
    ("hay đấy, cảm ơn", "thanks"),
    ("dạ em cảm ơn ạ", "thanks"),
    ("không, cảm ơn", "thanks"),
    ("thanks!", "thanks"),
    ("cảm ơn, tạm biệt", "farewell"),
    ("bye bye", "farewell"),
    ("ok", "filler"),
    ("hay quá", "filler"),
    ("thế thôi nhé", "filler"),
    ("vâng", "filler"),
    ("không", "filler"),
    ("bạn là ai?", "about"),
    ("chào bạn, bạn làm được gì?", "about"),
]


@pytest.mark.parametrize(("text", "kind"), SAID)
def test_small_talk_has_a_kind(text: str, kind: str) -> None:
    """However it is typed."""
    assert small_talk_kind(text) == kind
    assert small_talk_kind(fold(text).upper()) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn, còn ở Quảng Ninh thì sao?",
        "ok còn Quảng Ninh",
        "Cảm ơn là gì?",
        "Chào cờ có ý nghĩa gì?",
        "cảm ơn anh Nam",
        "vàng",
        "hay không?",
        "ai?",
        "thì sao?",
        "câu trả lời",
        "Bạn là ai trong công tác dân vận?",
        "👍",
        "",
    ],
)
def test_what_may_ask_is_no_small_talk(text: str) -> None:
    """One word outside the lists is enough."""
    assert small_talk_kind(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Cảm ơn, còn ở Quảng Ninh thì sao?", "còn ở Quảng Ninh thì sao?"),
        ("ok còn Quảng Ninh?", "còn Quảng Ninh?"),
        ("hay quá! Ai chủ trì?", "Ai chủ trì?"),
        ("Cảm ơn", "Cảm ơn"),
        ("Ai chủ trì?", "Ai chủ trì?"),
    ],
)
def test_small_talk_before_a_question_is_dropped(text: str, rest: str) -> None:
    """Alone it stays as it is."""
    assert without_small_talk(text) == rest
