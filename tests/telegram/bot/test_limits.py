"""What the platform refuses: the answer still arrives, once and whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.telegram.bot.archives import built
from tests.telegram.bot.conftest import StartBot
from tests.telegram.bot_process import BotProcess
from tests.telegram.control import Telegram

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
ANSWER = "91,3%; không có những vụ khiếu kiện"
GROUP = -100500


@pytest.fixture(scope="module")
def long_vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose sentences are very long, and hold what HTML is made of."""
    seeds, vectors = tmp_path_factory.mktemp("long"), tmp_path_factory.mktemp("long_vectors")
    clause = "ưu tiên xã & bản có tỷ lệ nghèo > 40% 🌾, "
    for place in ("Bắc Kạn", "Quảng Ninh"):
        lines = [f"{place}: Những hạn chế của công tác dân vận", f"{place.upper()}, 5/6/2024"]
        lines += [
            f"Hạn chế thứ {number} của công tác dân vận ở {place} là {clause * 28}còn chậm."
            for number in ("nhất", "hai", "ba")
        ]
        (seeds / f"{place}.txt").write_text("\n".join(lines), encoding="utf-8")
    assert built(vectors, seeds) == 2
    return vectors


def test_a_long_answer_is_split_between_sentences(
    telegram: Telegram, start_bot: StartBot, long_vectors: Path
) -> None:
    """Every part is within 4096 units, the first replies, the last has the buttons."""
    start_bot(long_vectors)
    asked = telegram.private(1, "So sánh hạn chế của công tác dân vận ở Bắc Kạn và Quảng Ninh")
    telegram.wait_for_messages(1, 2)
    telegram.wait_until_quiet(20.0, silence=2.0)
    parts = telegram.messages(1)
    sizes = [len(part.text.encode("utf-16-le")) // 2 for part in parts]
    whole = " ".join(part.text for part in parts)

    assert len(parts) > 1
    assert max(sizes) <= 4096
    assert [part.reply_to for part in parts] == [asked] + [None] * (len(parts) - 1)
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert all(part.text.endswith("còn chậm.") or "[" in part.text[-30:] for part in parts)
    assert whole.count("là ưu tiên xã & bản có tỷ lệ nghèo > 40% 🌾") == 4


def test_a_flood_is_waited_out_in_that_chat_alone(telegram: Telegram, bot: BotProcess) -> None:
    """The answer comes after `retry_after`; another chat's at once."""
    telegram.fail("flood", "sendMessage", chat=1, retry_after=3)
    telegram.private(1, QUESTION)
    telegram.wait_for(lambda: telegram.floods())
    telegram.private(2, QUESTION)
    telegram.wait_for_messages(2, 1, seconds=1.5)
    told = [len(telegram.messages(chat)) for chat in (1, 2)]
    (late,) = telegram.wait_for_messages(1, 1)

    assert told == [0, 1]
    assert ANSWER in late.text


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_the_server_is_waited_out(
    telegram: Telegram, bot: BotProcess, status: int
) -> None:
    """Twice in a row, once as a page of the gateway; the answer comes once."""
    telegram.fail("error", "sendMessage", status=status)
    telegram.fail("error", "sendMessage", status=status, page=True)
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1)
    telegram.wait_until_quiet(silence=1.5)

    assert len(telegram.messages(1)) == 1


def test_a_broken_connection_is_told_with_the_answer_at_hand(
    telegram: Telegram, bot: BotProcess
) -> None:
    """The server took the message, the bot can not know: it says so, and shows it on request."""
    telegram.fail("cut", "sendMessage", after=True)
    asked = telegram.private(1, QUESTION)
    answer, told = telegram.wait_for_messages(1, 2)
    query = telegram.press(1, told.id, "Xem câu trả lời")
    again = telegram.wait_for_messages(1, 3)[-1]
    telegram.wait_for(lambda: telegram.callback_answer(query))

    assert ANSWER in answer.text
    assert told.reply_to == asked
    assert told.text.startswith("Kết nối vừa bị gián đoạn đúng lúc gửi câu trả lời")
    assert again.text == answer.text


def test_a_slow_server_is_no_fault(telegram: Telegram, bot: BotProcess) -> None:
    """Some seconds of silence: one answer, and nothing told."""
    telegram.fail("delay", "sendMessage", seconds=6.0, after=True)
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1)
    telegram.wait_until_quiet(20.0, silence=3.0)

    assert len(telegram.messages(1)) == 1


def test_a_deleted_question_is_answered(telegram: Telegram, bot: BotProcess) -> None:
    """The answer then replies to nothing."""
    telegram.fail("delay", "sendChatAction", seconds=0.1)
    telegram.group(GROUP, 1, "Xin chào")
    asked = telegram.group(GROUP, 1, f"/hoi {QUESTION}")
    telegram.delete(GROUP, asked)
    (answer,) = telegram.wait_for_messages(GROUP, 1)

    assert ANSWER in answer.text


def test_a_person_who_blocked_the_bot_is_no_error(telegram: Telegram, bot: BotProcess) -> None:
    """Nobody can be told; the log has no error, others are answered."""
    telegram.private(1, "/start")
    telegram.wait_for_messages(1, 1)
    telegram.private(1, QUESTION)
    telegram.block(1)
    telegram.private(2, QUESTION)
    telegram.wait_for_messages(2, 1)
    telegram.wait_until_quiet()

    assert "ERROR" not in bot.text()


def test_a_group_gets_no_more_than_20_a_minute(telegram: Telegram, start_bot: StartBot) -> None:
    """25 questions of a group: nobody is refused by Telegram, the rest comes a minute later."""
    start_bot()
    for number in range(25):
        telegram.group(GROUP, number + 1, f"/hoi {QUESTION}")
    telegram.wait_for_messages(GROUP, 20, seconds=40.0)
    first = len(telegram.messages(GROUP))
    telegram.wait_for_messages(GROUP, 25, seconds=80.0)
    times = [frame.at for frame in telegram.frames(GROUP)]

    assert first <= 21
    assert times[20] - times[0] >= 60.0
    assert [call for call in telegram.floods() if call.method == "sendMessage"] == []


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads the size of a process from /proc")
def test_the_process_is_small_and_has_no_torch(telegram: Telegram, start_bot: StartBot) -> None:
    """At most 400 MB after an answer; questions are encoded without PyTorch."""
    bot = start_bot()
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1)
    process = Path(f"/proc/{bot.pid}")
    (size,) = [
        int(line.split()[1]) / 1024
        for line in (process / "status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]

    assert "libtorch" not in (process / "maps").read_text()
    assert size < 400
