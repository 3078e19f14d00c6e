"""What the buttons below an answer do, also after a restart, and what reactions count."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.settings import PROJECT
from tests.telegram.bot.conftest import StartBot
from tests.telegram.bot_process import BotProcess
from tests.telegram.control import Telegram
from tests.telegram.records import SentMessage

QUESTION = "Công tác dân vận ở Bắc Kạn còn những hạn chế gì?"
ELSEWHERE = "Chỉ số hài lòng của người dân ở Cà Mau năm 2020 là bao nhiêu?"
GROUP = -100500


def answered(telegram: Telegram, question: str = QUESTION, chat: int = 1) -> SentMessage:
    before = len(telegram.messages(chat))
    telegram.private(chat, question)
    return telegram.wait_for_messages(chat, before + 1)[-1]


def press(telegram: Telegram, message: SentMessage, text: str, user: int | None = None) -> str:
    """Presses a button; what was shown over the chat."""
    query = telegram.press(message.chat, message.id, message.button(text).data, user)
    telegram.wait_for(lambda: telegram.callback_answer(query))
    answer = telegram.callback_answer(query)
    assert answer
    return answer.text


def ratings(bot: BotProcess) -> list[tuple[int, int, list[str]]]:
    """Of each rated answer the ups, the downs and the reasons, as the export has them."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "feedback", "export"],
        cwd=PROJECT,
        env=bot.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [(row["up"], row["down"], row["reasons"]) for row in rows if "question" in row]


def test_every_button_fits_and_carries_the_answer(telegram: Telegram, bot: BotProcess) -> None:
    """At most 64 bytes each, one button a source, and both opinions."""
    buttons = [one for row in answered(telegram).buttons for one in row]

    assert [one.text for one in buttons] == ["📄 Nguồn 1", "👍", "👎"]
    assert all(0 < len(one.data.encode()) <= 64 for one in buttons)


def test_a_source_opens_with_its_neighbours_and_can_be_copied(
    telegram: Telegram, bot: BotProcess
) -> None:
    """The whole passage with the quote in bold; its pages turn in place."""
    answer = answered(telegram)
    press(telegram, answer, "📄 Nguồn 1")
    opened = telegram.wait_for_messages(1, 2)[-1]
    bold = [entity.covered for entity in opened.entities if entity.type == "bold"]
    press(telegram, opened, "Đoạn sau")
    telegram.wait_for(lambda: telegram.messages(1)[-1].edited)
    turned = telegram.messages(1)[-1]

    assert opened.reply_to == answer.id
    assert "Bắc Kạn, 23/7/2024 · đoạn" in opened.text
    assert any(text.startswith("Bên cạnh những kết quả đã đạt được") for text in bold)
    assert opened.button("chép").copy_text.endswith("… [Bắc Kạn, 23/7/2024]")
    assert (turned.id, len(telegram.messages(1))) == (opened.id, 2)
    assert turned.text != opened.text


def test_buttons_work_after_a_restart(telegram: Telegram, start_bot: StartBot) -> None:
    """They name what is kept in the file of conversations, nothing in memory."""
    first = start_bot()
    answer, refused = answered(telegram), answered(telegram, "Giá vàng hôm nay bao nhiêu?")
    first.end()
    start_bot()
    press(telegram, answer, "📄 Nguồn 1")
    telegram.wait_for_messages(1, 3)
    press(telegram, refused, "❓ Bắc Kạn")
    asked = telegram.wait_for_messages(1, 4)[-1]

    assert asked.text.startswith("❓ Bắc Kạn còn những hạn chế gì?\n\n")
    assert "[Bắc Kạn, 23/7/2024]" in asked.text


def test_a_place_without_articles_can_be_widened(telegram: Telegram, bot: BotProcess) -> None:
    """The same question everywhere: the place restricts nothing any more."""
    refused = answered(telegram, ELSEWHERE)
    press(telegram, refused, "Tìm ở mọi nơi")
    widened = telegram.wait_for_messages(1, 2)[-1]

    assert refused.text.startswith("Kho chưa có bài nào của Cà Mau")
    assert refused.button("Tìm ở mọi thời gian")
    assert widened.reply_to == refused.id
    assert widened.text.startswith(f"❓ {ELSEWHERE}\n\n")
    assert "91,3%" in widened.text


def test_opinions_are_kept(telegram: Telegram, bot: BotProcess) -> None:
    """👍 by one person, 👎 with its reason by another, and reactions by two more."""
    telegram.group(GROUP, 1, f"/hoi {QUESTION}")
    (answer,) = telegram.wait_for_messages(GROUP, 1)
    telegram.bot_status(GROUP, 1, "administrator")
    liked = press(telegram, answer, "👍", 1)
    disliked = press(telegram, answer, "👎", 2)
    telegram.wait_for(lambda: "Thiếu ý" in str(telegram.messages(GROUP)[0].buttons))
    explained = press(telegram, telegram.messages(GROUP)[0], "Thiếu ý", 2)
    telegram.react(GROUP, 3, answer.id, "❤")
    telegram.react(GROUP, 4, answer.id, "👎")
    telegram.wait_until_quiet()

    assert liked == "Cảm ơn Anh/Chị đã đánh giá."
    assert disliked == "Cảm ơn. Xin cho biết vì sao, nếu tiện:"
    assert explained == "Đã ghi nhận. Xin cảm ơn."
    assert "Thiếu ý" not in str(telegram.messages(GROUP)[0].buttons)
    assert ratings(bot) == [(2, 2, ["Thiếu ý"])]


def test_what_was_asked_can_be_deleted(telegram: Telegram, bot: BotProcess) -> None:
    """After a yes; the old buttons then say that they are of no use."""
    answer = answered(telegram)
    telegram.private(1, "/xoadulieu")
    choice = telegram.wait_for_messages(1, 2)[-1]
    press(telegram, choice, "Xoá")
    telegram.wait_for(lambda: telegram.messages(1)[-1].edited)

    assert telegram.messages(1)[-1].text.startswith("Đã xoá 1 câu hỏi")
    assert press(telegram, answer, "📄 Nguồn 1").startswith("Nút này không còn dùng được")
    assert press(telegram, answer, "👍").startswith("Nút này không còn dùng được")


def test_in_a_group_its_admins_delete(telegram: Telegram, bot: BotProcess) -> None:
    """What a group asked is everybody's."""
    telegram.group(GROUP, 1, f"/hoi {QUESTION}")
    telegram.wait_for_messages(GROUP, 1)
    telegram.group(GROUP, 1, "/xoadulieu")
    choice = telegram.wait_for_messages(GROUP, 2)[-1]
    press(telegram, choice, "Xoá", 2)
    telegram.wait_for(lambda: telegram.messages(GROUP)[-1].edited)

    assert telegram.messages(GROUP)[-1].text.startswith("Trong nhóm, chỉ quản trị viên")


@pytest.mark.parametrize("data", ["", "s", "s:x", "s:x:y", "p:a:1:z", "zzz", "w:1:place", "k:?:9"])
def test_a_button_of_nobody_is_answered(telegram: Telegram, start_bot: StartBot, data: str) -> None:
    """Whatever data an old or a foreign button has."""
    start_bot()
    answer = answered(telegram)
    query = {
        "id": "77",
        "from": {"id": 1, "is_bot": False, "first_name": "A"},
        "message": answer.raw,
        "chat_instance": "1",
        "data": data,
    }
    telegram.raw_update({"callback_query": query})
    telegram.wait_for(lambda: telegram.calls("answerCallbackQuery"))

    # The server never heard of this query; what counts is that the bot ends its waiting.
    assert telegram.calls("answerCallbackQuery")[0].parameters["callback_query_id"] == "77"


def test_a_link_opens_a_source(telegram: Telegram, bot: BotProcess) -> None:
    """`/start` with the payload of a source, as a link brings it; and with any other."""
    answer = answered(telegram)
    trace = answer.button("📄").data.split(":")[1]
    telegram.private(1, f"/start s{trace}_1")
    telegram.private(1, "/start khac")
    _, opened, started = telegram.wait_for_messages(1, 3)

    assert "Bắc Kạn, 23/7/2024 · đoạn" in opened.text
    assert started.text.startswith("Xin chào!")


def test_the_archive_can_be_looked_through(telegram: Telegram, bot: BotProcess) -> None:
    """From /nguon to a place's articles, and into one."""
    telegram.private(1, "/nguon")
    (overview,) = telegram.wait_for_messages(1, 1)
    press(telegram, overview, "Bắc Kạn (2)")
    listed = telegram.wait_for_messages(1, 2)[-1]
    press(telegram, listed, "📄 2")
    opened = telegram.wait_for_messages(1, 3)[-1]

    assert listed.text.splitlines()[0] == "Bắc Kạn: 2 bài"
    assert listed.text.splitlines()[1].startswith("1. Bắc Kạn, 23/7/2024 — Bắc Kạn: Đoàn")
    assert opened.text.splitlines()[1].startswith("Bắc Kạn, 5/7/2023 · đoạn 1/")


def test_vectors_folder_is_the_tests_own(start_bot: StartBot, seed_vectors: Path) -> None:
    """No test of the bot touches the installation's index or its file of conversations."""
    bot = start_bot()
    assert bot.environment["VECTORS_DIR"] == str(seed_vectors)
    assert not bot.environment["CONVERSATIONS_DB"].startswith(str(PROJECT))
