"""A person talks to the bot, before both judges."""

from __future__ import annotations

import pytest

from tests.telegram_judges.seen import Chat, Message, Press

QUESTION = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
LABEL = "Bắc Kạn, 23/7/2024"
UNANSWERABLE = "Giá vàng hôm nay bao nhiêu?"


def test_start_welcomes_and_suggests(chat: Chat) -> None:
    """`/start` says what this is, and a suggested question is one touch away."""
    welcome = chat.say("/start")
    pressed = chat.press(welcome, "❓", messages=1)

    assert welcome.text.startswith("Xin chào!")
    assert all(button.text.startswith("❓ ") for button in welcome.buttons)
    _assert_answered(welcome, pressed)


@pytest.mark.parametrize("question", [QUESTION, "cong tac dan van o Bac Kan con nhung han che gi?"])
def test_question_is_answered_with_its_source(chat: Chat, question: str) -> None:
    """Every sentence names its article by place and day; the quote stands below."""
    answer = chat.say(question)

    told, below = answer.text.split("\n\nNguồn\n")
    assert f"[{LABEL}]" in told
    assert "hạn chế" in told
    assert f"1. {LABEL} — " in below
    assert f"<code>{LABEL}</code>" in answer.html
    assert "<blockquote expandable>" in answer.html
    assert answer.button("📄 Nguồn 1").data
    assert answer.button("👍").data
    assert answer.button("👎").data


def test_source_opens(chat: Chat) -> None:
    """The button of a source brings its passage, with a button that copies the quote."""
    opened = chat.press(chat.say(QUESTION), "📄 Nguồn 1", messages=1)

    (passage,) = opened.messages
    assert LABEL in passage.text
    assert "đoạn " in passage.text
    assert passage.button("Sao chép trích dẫn")


def test_opinion_is_thanked_for(chat: Chat) -> None:
    """👍 is answered over the chat, and no message is sent for it."""
    liked = chat.press(chat.say(QUESTION), "👍")

    assert liked.toast == "Cảm ơn Anh/Chị đã đánh giá."
    assert liked.messages == ()


def test_refusal_suggests_what_can_be_asked(chat: Chat) -> None:
    """What the articles do not say is not answered; a suggested question is, when pressed."""
    refusal = chat.say(UNANSWERABLE)
    answered = chat.press(refusal, "❓", messages=1)

    assert refusal.text.startswith("Các bài viết trong kho không có thông tin")
    assert "[" not in refusal.text
    _assert_answered(refusal, answered)


def test_holdings_are_listed(chat: Chat) -> None:
    """`/nguon` tells what there is, and a place opens its articles."""
    holdings = chat.say("/nguon")
    listed = chat.press(holdings, "Bắc Kạn", messages=1)

    assert holdings.text.startswith("Kho có 5 bài, từ ngày ")
    (articles,) = listed.messages
    assert articles.text.startswith("Bắc Kạn: ")
    assert LABEL in articles.text


def _assert_answered(suggesting: Message, pressed: Press) -> None:
    """The pressed question is repeated, for nobody typed it, and has an answer with a source."""
    (answer,) = pressed.messages
    assert answer.text.startswith(suggesting.button("❓").text)
    assert "\n\nNguồn\n" in answer.text
