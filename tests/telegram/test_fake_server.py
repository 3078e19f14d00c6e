"""The fake Telegram is strict: tokens, methods, parameters, limits, and faults on demand."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.telegram import process
from tests.telegram.control import Telegram
from tests.telegram.raw_bot import RawBot

GROUP = -1001


def test_the_environment_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without its environment the server does not start, and says what to do."""
    monkeypatch.setattr(process, "PYTHON", tmp_path / "python")
    with pytest.raises(RuntimeError, match="make test-telegram"), process.running_server():
        pass


def test_tokens(telegram: Telegram) -> None:
    """A wrong token is unauthorized, and no token is nothing at all."""
    bot = RawBot(telegram)
    bot.url = f"{telegram.base_url}123:{'a' * 35}"
    unauthorized = bot("getMe")
    bot.url = f"{telegram.base_url}abc"
    nothing = bot("getMe")
    bot.close()

    assert unauthorized.body == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert nothing.body == {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.parametrize(
    "parts",
    [
        {"json": {"chat_id": 1, "text": "a", "reply_parameters": {"message_id": 1}}},
        {"data": {"chat_id": "1", "text": "a", "reply_parameters": '{"message_id": 1}'}},
        {
            "data": {"chat_id": "1", "text": "a", "reply_parameters": '{"message_id": 1}'},
            "files": {"x": None},
        },
        {
            "verb": "GET",
            "params": {"chat_id": "1", "text": "a", "reply_parameters": '{"message_id": 1}'},
        },
    ],
    ids=["json", "form", "multipart", "query"],
)
def test_every_kind_of_body(telegram: Telegram, raw_bot: RawBot, parts: dict[str, Any]) -> None:
    """JSON, forms, forms with files and queries mean the same; methods have no case."""
    if "files" in parts:
        parts = {"files": {name: (None, value) for name, value in parts["data"].items()}}
    assert raw_bot.request("SENDMESSAGE", **parts).result["reply_to_message"]["message_id"] == 1
    assert [call.method for call in telegram.calls()] == ["sendMessage"]


@pytest.mark.parametrize(
    ("method", "parameters", "error"),
    [
        ("sendMessag", {}, (404, "Not Found: method not found")),
        ("sendPoll", {"chat_id": 1, "question": "a", "options": []}, (400, "")),
        ("sendMessage", {"chat_id": 1, "txt": "a"}, (400, "sendMessage has no parameter txt")),
        ("sendMessage", {"chat_id": 1}, (400, "message text is empty")),
        ("sendMessage", {"text": "a"}, (400, "chat_id is empty")),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "reply_to_message_id": 1},
            (400, "sendMessage has no parameter reply_to_message_id any more"),
        ),
        ("sendMessage", {"chat_id": 1, "text": 5}, (400, "sendMessage: text: ")),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "reply_parameters": {"message": 1}},
            (400, "sendMessage knows no reply_parameters.message"),
        ),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "a",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "data": "b"}]]},
            },
            (400, "sendMessage knows no reply_markup.inline_keyboard.0.0.data"),
        ),
        ("sendChatAction", {"chat_id": 1, "action": "thinking"}, (400, "wrong parameter action")),
        ("setMyCommands", {"commands": [{"command": "Hỏi", "description": "a"}]}, (400, "BOT_")),
        ("sendMessage", {"chat_id": 1, "text": "a", "parse_mode": "XML"}, (400, "unsupported")),
    ],
)
def test_what_the_schema_forbids(
    telegram: Telegram,
    raw_bot: RawBot,
    method: str,
    parameters: dict[str, Any],
    error: tuple[int, str],
) -> None:
    """What aiogram's types do not know is refused and noted, at any depth."""
    status, description = raw_bot(method, **parameters).refusal

    assert status == error[0]
    assert error[1] in description
    assert [violation.what for violation in telegram.violations()] == [description]
    telegram.forgive()


def test_commands_and_descriptions(telegram: Telegram, raw_bot: RawBot) -> None:
    """Commands are kept by scope and language."""
    scope = {"type": "all_group_chats"}
    command = {"command": "hoi", "description": "Hỏi"}
    raw_bot.do("setMyCommands", commands=[command], scope=scope, language_code="vi")
    raw_bot.do("setMyCommands", commands=[command, {"command": "a", "description": "b"}])
    raw_bot.do("deleteMyCommands")
    raw_bot.do("setMyDescription", description="Trả lời")
    raw_bot.do("setMyShortDescription", short_description="Ngắn", language_code="vi")

    assert telegram.commands(scope, "vi") == [("hoi", "Hỏi")]
    assert raw_bot.do("getMyCommands", scope=scope, language_code="vi") == [command]
    assert raw_bot.do("getMyCommands") == []
    assert (telegram.description(), telegram.short_description("vi")) == ("Trả lời", "Ngắn")


def test_members(telegram: Telegram, raw_bot: RawBot) -> None:
    """Members have their status; a bot that left does not write any more."""
    telegram.bot_status(GROUP, 1, "member")
    assert raw_bot.do("getChatMember", chat_id=GROUP, user_id=1)["status"] == "creator"
    assert raw_bot.do("getChatMember", chat_id=GROUP, user_id=telegram.bot_id)["status"] == "member"
    assert [m["user"]["id"] for m in raw_bot.do("getChatAdministrators", chat_id=GROUP)] == [1]
    assert raw_bot.do("getChat", chat_id=GROUP)["type"] == "supergroup"
    raw_bot.do("leaveChat", chat_id=GROUP)

    assert raw_bot("sendMessage", chat_id=GROUP, text="a").refusal == (
        403,
        "Forbidden: bot is not a member of the supergroup chat",
    )


def test_a_chat_takes_a_message_a_second(telegram: Telegram, raw_bot: RawBot) -> None:
    """A burst passes, then a chat wants a second for each message; other chats do not."""
    telegram.private(2, "/start")
    for _ in range(3):
        raw_bot.send(1, "a")
    flood = raw_bot("sendMessage", chat_id=1, text="a")
    raw_bot.send(2, "a")
    telegram.advance(1)
    raw_bot.send(1, "a")

    assert flood.body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert [call.method for call in telegram.floods()] == ["sendMessage"]


def test_a_group_takes_twenty_messages_a_minute(telegram: Telegram, raw_bot: RawBot) -> None:
    """However slowly they come, a group takes no more."""
    telegram.group(GROUP, 1, "/hoi")
    replies = []
    for number in range(40):
        telegram.advance(1)
        replies.append(raw_bot("sendMessage", chat_id=GROUP, text=f"{number}").status)
    assert 29 <= replies.count(200) <= 34
    telegram.configure(limits=False)
    raw_bot.send(GROUP, "a")


def test_faults_on_demand(telegram: Telegram, raw_bot: RawBot) -> None:
    """Each fault meets the calls that it is for, and happens before or after the deed."""
    telegram.private(2, "/start")
    telegram.fail("flood", "sendMessage", chat=1, retry_after=7)
    telegram.fail("error", "sendMessage", chat=1, status=500)
    telegram.fail("error", "sendMessage", chat=1, status=502, after=True)
    raw_bot.send(2, "a")
    replies = [raw_bot("sendMessage", chat_id=1, text=text) for text in "bcd"]
    raw_bot.send(1, "e")

    assert [reply.refusal for reply in replies] == [
        (429, "Too Many Requests: retry after 7"),
        (500, "Internal Server Error"),
        (502, "Bad Gateway"),
    ]
    assert [message.text for message in telegram.messages(1)] == ["d", "e"]
    assert [call.fault for call in telegram.calls("sendMessage")] == [
        "",
        "flood",
        "error",
        "error",
        "",
    ]


def test_cut_connections_and_delays(telegram: Telegram, raw_bot: RawBot) -> None:
    """A call may be carried out without an answer, or answered late, or with a page."""
    telegram.fail("cut")
    telegram.fail("cut", after=True)
    for text in "ab":
        with pytest.raises(httpx.RemoteProtocolError):
            raw_bot("sendMessage", chat_id=1, text=text)
    telegram.fail("delay", seconds=0.3)
    before = time.monotonic()
    raw_bot.send(1, "c")
    telegram.fail("error", status=502, page=True)
    with pytest.raises(ValueError, match="Expecting value"):
        raw_bot("getMe")

    assert time.monotonic() - before >= 0.3
    assert [message.text for message in telegram.messages(1)] == ["b", "c"]
    assert [call.status for call in telegram.calls()] == [0, 0, 200, 502]


def test_a_bot_that_does_not_wait(telegram: Telegram, raw_bot: RawBot) -> None:
    """A call is carried out though its bot gave up; so a second one says it twice."""
    telegram.fail("delay", seconds=0.5)
    with pytest.raises(httpx.ReadTimeout):
        raw_bot.request("sendMessage", json={"chat_id": 1, "text": "a"}, timeout=0.2)
    raw_bot.send(1, "a")
    telegram.wait_for_messages(1, 2)

    assert [message.text for message in telegram.messages(1)] == ["a", "a"]


def test_random_faults_are_repeatable(telegram: Telegram, raw_bot: RawBot) -> None:
    """The same seed brings the same faults."""

    def faults() -> list[str]:
        telegram.configure(fault_rate=0.3, seed=5)
        before = len(telegram.calls())
        for _ in range(30):
            with contextlib.suppress(httpx.RemoteProtocolError, ValueError):
                raw_bot("getMe")
        return [call.fault for call in telegram.calls()[before:]]

    first = faults()
    assert first == faults()
    assert 3 <= len(first) - first.count("") <= 18


def test_a_bot_of_a_test_before(telegram: Telegram, raw_bot: RawBot) -> None:
    """After a reset the old token is unknown, so that no forgotten bot disturbs."""
    telegram.reset()

    assert raw_bot("getMe").status == 401
