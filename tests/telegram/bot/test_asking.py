"""Asking in private chats, groups, forums and by inline mode, with the real bot process."""

from __future__ import annotations

from tests.telegram.bot.conftest import StartBot
from tests.telegram.bot_process import BotProcess
from tests.telegram.control import Telegram

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
LABEL = "[Bắc Kạn, 23/7/2024]"
GROUP = -100500


def test_a_private_question_is_answered_with_its_source(
    telegram: Telegram, bot: BotProcess
) -> None:
    """One reply: the sentence with its label, below it title and quote, folded up, no preview."""
    asked = telegram.private(1, QUESTION)
    (answer,) = telegram.wait_for_messages(1, 1)
    kinds = [entity.type for entity in answer.entities]
    quote = [entity.covered for entity in answer.entities if "blockquote" in entity.type]

    assert answer.reply_to == asked
    assert f"91,3%; không có những vụ khiếu kiện, khiếu nại lớn, kéo dài {LABEL}." in answer.text
    assert "\n\nNguồn\n1. Bắc Kạn, 23/7/2024 — Bắc Kạn: Đoàn công tác liên ngành" in answer.text
    assert kinds == ["bold", "code", "text_link", "expandable_blockquote"]
    assert "91,3%" in quote[0]
    assert answer.preview == ""


def test_the_same_without_diacritics(telegram: Telegram, bot: BotProcess) -> None:
    """What most people type."""
    telegram.private(1, "chi so hai long cua nguoi dan bac kan nam 2020 la bao nhieu")
    (answer,) = telegram.wait_for_messages(1, 1)

    assert "91,3%" in answer.text
    assert LABEL in answer.text


def test_a_follow_up_goes_on_and_a_new_conversation_does_not(
    telegram: Telegram, bot: BotProcess
) -> None:
    """`Còn ở Quảng Ninh thì sao?` leans on the question before; after /moi it does not."""
    telegram.private(1, "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?")
    telegram.private(1, "Còn ở Quảng Ninh thì sao?")
    (_, followed) = telegram.wait_for_messages(1, 2)
    telegram.private(1, "/moi")
    telegram.private(1, "Còn ở Quảng Ninh thì sao?")
    (*_, said, alone) = telegram.wait_for_messages(1, 4)

    assert "Hiểu câu hỏi là: Công tác dân vận ở Quảng Ninh còn những hạn chế gì?" in followed.text
    assert said.text.startswith("Đã bắt đầu cuộc trò chuyện mới")
    assert "Hiểu câu hỏi là" not in alone.text


def test_a_group_is_answered_only_where_the_bot_is_meant(
    telegram: Telegram, bot: BotProcess
) -> None:
    """By name, by command and by reply; below a message without words, that is the question."""
    name = f"@{telegram.bot_name}"
    telegram.group(GROUP, 1, "Ai đi họp chiều nay?")
    by_name = telegram.group(GROUP, 1, f"{name} {QUESTION}")
    (first,) = telegram.wait_for_messages(GROUP, 1)
    by_reply = telegram.group(GROUP, 2, QUESTION, reply_to=first.id)
    by_command = telegram.group(GROUP, 2, f"/hoi {QUESTION}")
    telegram.wait_for_messages(GROUP, 3)
    plain = telegram.group(GROUP, 3, QUESTION)
    handed_on = telegram.group(GROUP, 1, name, reply_to=plain)
    answers = telegram.wait_for_messages(GROUP, 4)

    assert [one.reply_to for one in answers] == [by_name, by_reply, by_command, handed_on]
    assert all("91,3%" in one.text for one in answers)
    assert telegram.actions(GROUP) == ["typing"] * 4
    assert [frame.kind for frame in telegram.frames(GROUP)] == ["sent"] * 4


def test_an_empty_call_in_a_group_is_told_how_to_ask(telegram: Telegram, bot: BotProcess) -> None:
    """The bot's name alone, and the command alone."""
    telegram.group(GROUP, 1, f"@{telegram.bot_name}")
    telegram.group(GROUP, 1, "/hoi")
    told = telegram.wait_for_messages(GROUP, 2)

    assert [one.text.split(",")[0] for one in told] == [
        "Xin gõ câu hỏi sau tên bot",
        "Xin gõ câu hỏi sau lệnh",
    ]


def test_a_topic_is_a_conversation(telegram: Telegram, bot: BotProcess) -> None:
    """The answer goes into the topic, and a follow-up there leans on that topic's questions."""
    telegram.group(GROUP, 1, f"/hoi {QUESTION}", thread=7)
    telegram.group(GROUP, 1, "/hoi Còn ở Quảng Ninh thì sao?", thread=9)
    answers = telegram.wait_for_messages(GROUP, 2)

    assert [one.thread for one in answers] == [7, 9]
    assert "Hiểu câu hỏi là" not in answers[1].text


def test_a_corrected_question_is_asked_again(telegram: Telegram, bot: BotProcess) -> None:
    """An edit in a private chat gets an answer of its own."""
    asked = telegram.private(1, "Giá vàng hôm nay bao nhiêu?")
    telegram.wait_for_messages(1, 1)
    telegram.edit(1, asked, QUESTION)
    (_, again) = telegram.wait_for_messages(1, 2)

    assert again.reply_to == asked
    assert "91,3%" in again.text


def test_commands_say_what_they_do(telegram: Telegram, bot: BotProcess) -> None:
    """/trogiup, /nguon, /dung and one that there is not."""
    for text in ("/trogiup", "/nguon", "/dung", "/khongco"):
        telegram.private(1, text)
    told = telegram.wait_for_messages(1, 4)
    # /dung does not wait for its turn.
    helped, sources, stopped, unknown = sorted(told, key=lambda one: one.reply_to or 0)

    assert "/xoadulieu" in helped.text
    assert sources.text.startswith("Kho có 5 bài, từ ngày 14/10/2017 đến ngày 23/7/2024.")
    assert sources.button("Bắc Kạn (2)").data == "k:Bắc Kạn:0"
    assert stopped.text == "Không có câu hỏi nào đang được trả lời."
    assert unknown.text.startswith("Không có lệnh này.")


def test_commands_are_registered_by_scope_and_language(telegram: Telegram, bot: BotProcess) -> None:
    """Vietnamese for all, English for who uses Telegram in English."""
    scopes = [{"type": "all_private_chats"}, {"type": "all_group_chats"}]
    names = ["hoi", "nguon", "moi", "dung", "trogiup", "xoadulieu"]
    telegram.wait_for(
        lambda: all(telegram.commands(scope, code) for scope in scopes for code in ("", "en"))
    )

    for scope in scopes:
        assert [name for name, _ in telegram.commands(scope)] == names
        assert telegram.commands(scope)[1][1] == "Kho có những bài nào"
        assert telegram.commands(scope, "en")[1][1] == "What articles there are"


def test_a_failed_registration_is_no_reason_not_to_run(
    telegram: Telegram, start_bot: StartBot
) -> None:
    """The menu is missing, the bot answers."""
    telegram.fail("error", "setMyCommands", times=8, status=500)
    bot = start_bot()
    telegram.private(1, QUESTION)
    (answer,) = telegram.wait_for_messages(1, 1)

    telegram.wait_for(lambda: "the menu of commands was not set" in bot.text())

    assert "91,3%" in answer.text


def test_inline_mode_answers_from_the_quotes(telegram: Telegram, bot: BotProcess) -> None:
    """The answer as a result to send; nothing for a beginning of a question."""
    typing = telegram.inline(5, "chỉ")
    telegram.wait_for(lambda: telegram.inline_answer(typing))
    asked = telegram.inline(5, QUESTION)
    telegram.wait_for(lambda: telegram.inline_answer(asked))
    hint, answer = telegram.inline_answer(typing), telegram.inline_answer(asked)
    sent = telegram.inline_message(telegram.choose(asked, "answer"))

    assert hint
    assert hint["results"] == []
    assert answer
    assert [result["title"] for result in answer["results"]] == ["Câu trả lời"]
    assert f"kéo dài {LABEL}." in sent["text"]
    assert telegram.calls("sendMessage") == []


def test_what_can_not_be_read_gets_a_sentence(telegram: Telegram, bot: BotProcess) -> None:
    """A voice message, a document of somebody who is no admin, nothing but signs."""
    telegram.voice(1)
    telegram.document(1, "bai.txt", b"abc")
    telegram.private(1, "???")
    voice, document, signs = telegram.wait_for_messages(1, 3)

    assert voice.text.startswith("Dịch vụ chưa nghe được tin nhắn thoại. Xin gõ câu hỏi")
    assert document.text.startswith("Chỉ người quản trị mới thêm được bài vào kho.")
    assert signs.text.startswith("Chưa thấy chữ hay số nào trong câu hỏi.")
