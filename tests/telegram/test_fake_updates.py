"""The fake Telegram hands out updates as Telegram does: until confirmed, and only what it may."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.telegram.control import Telegram
from tests.telegram.raw_bot import RawBot

GROUP = -1001


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def test_updates_stay_until_they_are_confirmed(telegram: Telegram, raw_bot: RawBot) -> None:
    """Only a higher offset removes an update, so that a killed bot gets it again."""
    telegram.private(1, "một")
    telegram.private(1, "hai")
    first = raw_bot.updates(limit=2)
    again = raw_bot.updates()
    rest = raw_bot.updates(offset=first[-1]["update_id"] + 1)

    assert texts(first) == ["/start", "một"]
    assert texts(again) == ["/start", "một", "hai"]
    assert texts(rest) == ["hai"]
    assert telegram.pending() == rest


def test_a_negative_offset_forgets_the_past(telegram: Telegram, raw_bot: RawBot) -> None:
    """Offset -1 keeps the last update only."""
    telegram.private(1, "một")

    assert texts(raw_bot.updates(offset=-1)) == ["một"]
    assert texts(telegram.pending()) == ["một"]


def test_a_long_poll_ends_with_an_update(telegram: Telegram, raw_bot: RawBot) -> None:
    """A poll waits for its time at most, and not at all once something happens."""
    raw_bot.updates(offset=-1)
    begin = telegram.pending()[0]["update_id"] + 1
    with ThreadPoolExecutor() as threads:
        poll = threads.submit(raw_bot.updates, offset=begin, timeout=20)
        telegram.wait_for(telegram.polling)
        telegram.private(1, "chào")
        assert texts(poll.result(timeout=5)) == ["chào"]
    before = time.monotonic()
    assert raw_bot.updates(offset=begin + 1, timeout=1) == []
    assert 0.9 < time.monotonic() - before < 3


def test_two_polls_are_a_conflict(telegram: Telegram, raw_bot: RawBot) -> None:
    """The later poll goes on; the earlier one is told of the conflict."""
    raw_bot.updates(offset=-1)
    begin = telegram.pending()[0]["update_id"] + 1
    with ThreadPoolExecutor() as threads:
        poll = threads.submit(raw_bot, "getUpdates", offset=begin, timeout=20)
        telegram.wait_for(telegram.polling)
        raw_bot.updates(offset=begin)
        assert poll.result(timeout=5).refusal == (
            409,
            "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        )


def test_no_polling_beside_a_webhook(raw_bot: RawBot) -> None:
    """While a webhook is set, polling is a conflict."""
    raw_bot.do("setWebhook", url="https://vov.example/hook")
    polled = raw_bot("getUpdates")
    raw_bot.do("deleteWebhook", drop_pending_updates=True)

    assert polled.refusal == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )
    assert raw_bot.updates() == []


def test_reactions_come_only_when_asked_for(telegram: Telegram, raw_bot: RawBot) -> None:
    """The default leaves reactions out; the choice stays until the next one."""
    sent = raw_bot.send(1, "a")
    assert telegram.react(1, 1, sent, "👍") is False
    raw_bot.updates(allowed_updates=["message", "message_reaction"])
    assert telegram.react(1, 1, sent, "👎") is True
    assert telegram.react(1, 1, sent, "") is True
    raw_bot.updates()
    reactions = [update["message_reaction"] for update in raw_bot.updates(offset=-2)]

    assert [(one["old_reaction"], one["new_reaction"]) for one in reactions] == [
        ([{"type": "emoji", "emoji": "👍"}], [{"type": "emoji", "emoji": "👎"}]),
        ([{"type": "emoji", "emoji": "👎"}], []),
    ]


def test_privacy_mode(telegram: Telegram, raw_bot: RawBot) -> None:
    """Of a group's messages the bot gets commands and mentions of it, and replies to it."""
    raw_bot.updates(offset=-1)
    sent = raw_bot.send(GROUP, "a") if telegram.group(GROUP, 1, "/hoi ai") else 0
    other = telegram.group(GROUP, 2, "chuyện riêng")
    for text in ("/hoi@dan_van_test_bot a", "@dan_van_test_bot ơi", "/hoi@ai_do_bot", "@ai_do ơi"):
        telegram.group(GROUP, 2, text)
    telegram.group(GROUP, 2, "trả lời bot", reply_to=sent)
    telegram.group(GROUP, 2, "trả lời người", reply_to=other)

    assert texts(telegram.pending()[1:]) == [
        "/hoi ai",
        "/hoi@dan_van_test_bot a",
        "@dan_van_test_bot ơi",
        "trả lời bot",
    ]


def test_an_administrator_gets_everything(telegram: Telegram, raw_bot: RawBot) -> None:
    """Privacy mode does not hold for a bot that is an administrator."""
    telegram.bot_status(GROUP, 1, "administrator")
    telegram.group(GROUP, 2, "chuyện riêng")
    updates = raw_bot.updates()[1:]

    assert [sorted(set(update) - {"update_id"})[0] for update in updates] == [
        "my_chat_member",
        "message",
        "message",
    ]
    assert updates[0]["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert updates[2]["message"]["text"] == "chuyện riêng"


def test_edited_messages(telegram: Telegram, raw_bot: RawBot) -> None:
    """An edit of a user comes as an update of its own kind."""
    message = telegram.private(1, "hỏi")
    telegram.edit(1, message, "hỏi lại /help")
    written, edited = (list(update.values())[1] for update in raw_bot.updates(offset=-2))

    assert written["text"] == "hỏi"
    assert (edited["message_id"], edited["text"]) == (message, "hỏi lại /help")
    assert edited["entities"] == [{"type": "bot_command", "offset": 8, "length": 5}]


def test_inline_queries(telegram: Telegram, raw_bot: RawBot) -> None:
    """Results are checked like messages, and one can be sent."""
    query = telegram.inline(1, "Bắc Kạn")
    update = raw_bot.updates(offset=-1)[0]["inline_query"]
    result = {
        "type": "article",
        "id": "1",
        "title": "Bắc Kạn",
        "input_message_content": {"message_text": "<b>a</b>", "parse_mode": "HTML"},
    }
    twice = raw_bot("answerInlineQuery", inline_query_id=query, results=[result, result])
    many = [result | {"id": str(number)} for number in range(51)]
    too_many = raw_bot("answerInlineQuery", inline_query_id=query, results=many)
    raw_bot.do("answerInlineQuery", inline_query_id=query, results=[result], cache_time=0)

    assert (update["id"], update["query"]) == (query, "Bắc Kạn")
    assert [twice.refusal[1], too_many.refusal[1]] == [
        "Bad Request: RESULT_ID_DUPLICATE",
        "Bad Request: RESULTS_TOO_MUCH",
    ]
    assert telegram.inline_message(telegram.choose(query, "1"))["text"] == "a"
    telegram.forgive()


def test_files(telegram: Telegram, raw_bot: RawBot) -> None:
    """A bot downloads what a user sent, up to 20 MB."""
    telegram.document(1, "hỏi.txt", "Câu hỏi".encode(), "text/plain", caption="đọc /nay")
    telegram.voice(1, b"OggS...")
    telegram.document(1, "to.bin", b"", size=21 * 1024 * 1024)
    document, voice, large = (update["message"] for update in raw_bot.updates()[1:])
    file = raw_bot.do("getFile", file_id=document["document"]["file_id"])
    path = f"{telegram.base_file_url}{telegram.token}/{file['file_path']}"

    assert raw_bot.download(path) == (200, "Câu hỏi".encode())
    assert raw_bot.download(path + "x")[0] == 404
    assert document["caption_entities"] == [{"type": "bot_command", "offset": 4, "length": 4}]
    assert voice["voice"]["mime_type"] == "audio/ogg"
    assert raw_bot("getFile", file_id=large["document"]["file_id"]).refusal == (
        400,
        "Bad Request: file is too big",
    )


def test_raw_updates_must_fit_the_schema(telegram: Telegram) -> None:
    """A test may make up any update, but none that Telegram could not send."""
    message: dict[str, Any] = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}
    telegram.raw_update({"message": message})
    for wrong in (
        {"message": message | {"text": 1}},
        {"message": message | {"txt": "a"}},
        {"mesage": message},
        {},
    ):
        with pytest.raises(ValueError, match=r"\w+"):
            telegram.raw_update(wrong)


def test_a_killed_poll_is_no_conflict(telegram: Telegram, raw_bot: RawBot) -> None:
    """A poll whose connection is gone ends with it."""
    raw_bot.updates(offset=-1)
    begin = telegram.pending()[0]["update_id"] + 1
    gone = threading.Thread(target=raw_bot.poll_briefly, args=(begin,))
    gone.start()
    gone.join()
    telegram.wait_for(lambda: not telegram.polling())

    assert [call.status for call in telegram.calls("getUpdates")] == [200, 0]
