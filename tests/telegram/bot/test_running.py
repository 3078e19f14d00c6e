"""Starting, ending, being killed and starting again; polling and webhook; who is let in."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.scripted_server import scripted
from tests.telegram.bot.archives import built
from tests.telegram.bot.conftest import StartBot, webhook_settings
from tests.telegram.bot.test_streaming import WRITTEN, slowly
from tests.telegram.bot_process import BotProcess
from tests.telegram.control import Telegram

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
ANSWER = "91,3%; không có những vụ khiếu kiện"
GROUP = -100500


def test_what_came_while_it_was_down_is_answered_once(
    telegram: Telegram, start_bot: StartBot
) -> None:
    """Telegram keeps the questions; each gets its answer, in order."""
    asked = [telegram.private(1, QUESTION), telegram.private(1, "Giá vàng hôm nay bao nhiêu?")]
    start_bot()
    answers = telegram.wait_for_messages(1, 2)
    telegram.wait_until_quiet(silence=1.5)

    assert [one.reply_to for one in answers] == asked
    assert len(telegram.messages(1)) == 2


def test_an_update_that_comes_again_is_known(telegram: Telegram, start_bot: StartBot) -> None:
    """Killed before it could confirm what it had fetched, it does not answer that twice."""
    first = start_bot()
    telegram.wait_for(telegram.polling)
    telegram.fail("cut", "getUpdates", times=3)
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1)
    time.sleep(0.5)  # until the answer is written down as sent
    first.kill()
    left = len(telegram.pending())
    start_bot()
    telegram.private(1, "/moi")
    telegram.wait_for_messages(1, 2)
    telegram.wait_until_quiet(silence=1.5)

    assert left == 1
    assert len(telegram.messages(1)) == 2


def test_sigterm_lets_a_running_answer_finish(telegram: Telegram, start_bot: StartBot) -> None:
    """The model writes for four more seconds, and its answer arrives whole."""
    with scripted(slowly(4.0)) as (_, address):
        bot = start_bot(OPENAI_BASE_URL=address, LLM_MODEL="m")
        telegram.private(1, QUESTION)
        telegram.wait_for(lambda: telegram.draft(1))
        status = bot.end()
    (answer,) = telegram.messages(1)

    assert status == 0
    assert answer.text.startswith(WRITTEN)


def test_killed_in_mid_answer_it_answers_after_the_restart(
    telegram: Telegram, start_bot: StartBot
) -> None:
    """The update was confirmed to Telegram; it is in the file, and is answered once."""
    with scripted(slowly(4.0)) as (_, address):
        settings = {"OPENAI_BASE_URL": address, "LLM_MODEL": "m"}
        first = start_bot(**settings)
        asked = telegram.private(1, QUESTION)
        telegram.wait_for(lambda: telegram.draft(1) and not telegram.pending())
        first.kill()
        start_bot(**settings)
        (answer,) = telegram.wait_for_messages(1, 1, seconds=15.0)
        telegram.wait_until_quiet(silence=1.5)

    assert answer.reply_to == asked
    assert answer.text.startswith(WRITTEN)
    assert len(telegram.messages(1)) == 1


def test_killed_while_sending_it_tells_so(telegram: Telegram, start_bot: StartBot) -> None:
    """The message may have arrived: it is not sent again, but can be asked for."""
    first = start_bot()
    telegram.fail("delay", "sendMessage", seconds=3.0, after=True)
    asked = telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1)
    first.kill()
    start_bot()
    answer, told = telegram.wait_for_messages(1, 2)
    query = telegram.press(1, told.id, "Xem câu trả lời")
    again = telegram.wait_for_messages(1, 3)[-1]
    telegram.wait_for(lambda: telegram.callback_answer(query))
    telegram.wait_until_quiet(silence=1.5)

    assert (answer.reply_to, told.reply_to) == (asked, asked)
    assert told.text.startswith("Kết nối vừa bị gián đoạn đúng lúc gửi câu trả lời")
    assert again.text == answer.text
    assert len(telegram.messages(1)) == 3


def test_killed_at_many_moments_nothing_is_lost_or_said_twice(
    telegram: Telegram, start_bot: StartBot
) -> None:
    """Twelve kills, each a little later in the course of an answer: answered once, or told so."""
    asked = []
    bot = start_bot()
    for number in range(12):
        asked.append(telegram.private(1, QUESTION))
        telegram.wait_for(lambda: not telegram.pending())
        time.sleep(0.012 * number)
        bot.kill()
        bot = start_bot()
        telegram.wait_for(
            lambda: asked[-1] in [one.reply_to for one in telegram.messages(1)], seconds=15.0
        )
    telegram.wait_until_quiet(20.0, silence=2.0)
    replies = [(one.reply_to, ANSWER in one.text) for one in telegram.messages(1)]

    assert {reply for reply, _ in replies} == set(asked)
    assert sorted(set(replies)) == sorted(replies)


def test_by_webhook_with_a_secret(telegram: Telegram, start_bot: StartBot) -> None:
    """Telegram calls the bot; whoever does not know the secret is refused."""
    settings = webhook_settings()
    start_bot(**settings)
    forged = urllib.request.Request(
        settings["TELEGRAM_WEBHOOK_URL"], b"{}", {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(forged, timeout=5)
    asked = telegram.private(1, QUESTION)
    (answer,) = telegram.wait_for_messages(1, 1)
    query = telegram.press(1, answer.id, "👍")
    telegram.wait_for(lambda: telegram.callback_answer(query))

    assert answer.reply_to == asked
    assert ANSWER in answer.text
    assert len(telegram.webhook().secret) >= 32


def test_a_killed_webhook_loses_nothing(telegram: Telegram, start_bot: StartBot) -> None:
    """What Telegram could not deliver it brings again; what was accepted is in the file."""
    settings = webhook_settings() | {"TELEGRAM_WEBHOOK_SECRET": "bi-mat_1"}
    first = start_bot(**settings)
    telegram.private(1, QUESTION)
    telegram.wait_for(lambda: not telegram.pending())
    first.kill()
    asked = telegram.private(1, QUESTION)
    start_bot(**settings)
    answers = telegram.wait_for_messages(1, 2, seconds=20.0)

    assert answers[-1].reply_to == asked
    assert telegram.webhook().secret == "bi-mat_1"


def test_only_allowed_chats_are_answered(telegram: Telegram, start_bot: StartBot) -> None:
    """Others are told the number to hand in, admins are answered everywhere."""
    start_bot(TELEGRAM_ALLOWED_CHATS="1", TELEGRAM_ADMINS="3")
    telegram.private(1, QUESTION)
    telegram.private(2, QUESTION)
    telegram.private(3, QUESTION)
    telegram.group(GROUP, 2, "Chào cả nhà")
    telegram.group(GROUP, 2, f"/hoi {QUESTION}")
    inline = telegram.inline(2, QUESTION)
    (allowed,), (refused,), (admin,) = (telegram.wait_for_messages(chat, 1) for chat in (1, 2, 3))
    (group,) = telegram.wait_for_messages(GROUP, 1)
    telegram.wait_for(lambda: telegram.inline_answer(inline))

    assert ANSWER in allowed.text
    assert ANSWER in admin.text
    assert "Mã của cuộc trò chuyện này là 2:" in refused.text
    assert f"Mã của cuộc trò chuyện này là {GROUP}:" in group.text
    assert (telegram.inline_answer(inline) or {})["results"] == []


def test_an_open_bot_is_said_at_the_start(bot: BotProcess) -> None:
    """An empty allow-list lets everybody in who finds the bot."""
    assert "TELEGRAM_ALLOWED_CHATS is empty: everybody who finds the bot can ask it" in bot.text()


def test_questions_of_a_person_in_an_hour_are_limited(
    telegram: Telegram, start_bot: StartBot
) -> None:
    """The third question is refused politely, another person's is not."""
    start_bot(TELEGRAM_QUESTIONS_PER_HOUR="2")
    for person in (1, 1, 1, 2):
        telegram.private(person, QUESTION)
    mine, (other,) = telegram.wait_for_messages(1, 3), telegram.wait_for_messages(2, 1)
    mine.sort(key=lambda one: one.reply_to or 0)

    assert [ANSWER in one.text for one in (*mine, other)] == [True, True, False, True]
    assert mine[2].text == (
        "Mỗi người hỏi được 2 câu trong một giờ để ai cũng được trả lời. Xin hỏi tiếp sau 60 phút."
    )


def test_the_log_holds_no_token_and_no_question(telegram: Telegram, start_bot: StartBot) -> None:
    """Not when all is well, and not when requests fail and are made again."""
    bot = start_bot()
    telegram.fail("error", "sendMessage", times=2)
    telegram.fail("cut", "getUpdates", times=2)
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1, seconds=20.0)
    telegram.private(1, f"/hoi {QUESTION}")
    telegram.wait_for_messages(1, 2, seconds=20.0)

    assert telegram.token not in bot.text()
    assert "hài lòng" not in bot.text()


def test_a_second_process_with_the_token_is_told(
    telegram: Telegram, start_bot: StartBot, tmp_path: Path
) -> None:
    """One of the two fetches, the log of the other says what to do."""
    first = start_bot()
    start_bot(CONVERSATIONS_DB=str(tmp_path / "other.sqlite"))
    said = "another process fetches this bot's updates: end one of the two"
    telegram.wait_for(lambda: said in first.text())


def test_a_second_process_with_the_file_waits_for_the_first(
    telegram: Telegram, start_bot: StartBot
) -> None:
    """Both would answer what is in the file; when the first ends, the second begins."""
    first = start_bot()
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 1)
    second = start_bot(is_waited_for=False)
    telegram.wait_for(lambda: "waiting for it to end" in second.text())
    first.end()
    telegram.private(1, QUESTION)
    telegram.wait_for_messages(1, 2)
    telegram.wait_until_quiet(silence=1.0)

    assert len(telegram.messages(1)) == 2


def test_a_token_that_is_withdrawn_ends_the_process(
    telegram: Telegram, start_bot: StartBot
) -> None:
    """A bot that can fetch nothing more does not go on as if all were well."""
    bot = start_bot()
    telegram.fail("error", "getUpdates", status=401)
    telegram.private(1, "/moi")
    telegram.wait_for(bot.has_ended, 30.0)

    assert bot.status == 1
    assert "Telegram does not accept TELEGRAM_BOT_TOKEN" in bot.text()


def test_it_ends_while_it_still_tries_to_begin(telegram: Telegram, start_bot: StartBot) -> None:
    """Telegram answers nothing but faults; SIGTERM is heeded all the same."""
    telegram.fail("error", "getMe", times=1)
    telegram.fail("error", "deleteWebhook", times=500)
    bot = start_bot(is_waited_for=False)
    telegram.wait_for(lambda: telegram.calls("deleteWebhook"), 30.0)

    assert bot.end() == 0


def test_an_outage_while_it_ends_loses_nothing(telegram: Telegram, start_bot: StartBot) -> None:
    """No message goes through, the process is told to end; the next one answers or tells."""
    first = start_bot()
    telegram.fail("delay", "sendMessage", times=8, seconds=30.0)
    asked = [telegram.private(chat, QUESTION) for chat in range(1, 9)]
    telegram.wait_for(lambda: len(telegram.calls("sendMessage")) == 8)
    first.end(60.0)
    telegram.heal()
    start_bot()
    telegram.wait_for(lambda: all(telegram.messages(chat) for chat in range(1, 9)), 30.0)

    assert [telegram.messages(chat)[0].reply_to for chat in range(1, 9)] == asked


def test_a_wrong_token_is_one_clear_line(telegram: Telegram, start_bot: StartBot) -> None:
    """The process ends, and says what to do; not what the token is."""
    with pytest.raises(AssertionError, match="take it from @BotFather") as failed:
        start_bot(TELEGRAM_BOT_TOKEN="123:wrong-and-secret")

    assert "wrong-and-secret" not in str(failed.value)


def test_a_new_index_is_taken_up(
    telegram: Telegram, start_bot: StartBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The bot starts without one, says so to who asks, and answers once there is one."""
    vectors = tmp_path_factory.mktemp("later")
    start_bot(vectors)
    telegram.private(1, QUESTION)
    (missing,) = telegram.wait_for_messages(1, 1)
    built(vectors)
    time.sleep(5.0)
    telegram.private(1, QUESTION)
    (_, answer) = telegram.wait_for_messages(1, 2)

    assert missing.text.startswith("Kho bài viết chưa sẵn sàng")
    assert ANSWER in answer.text
