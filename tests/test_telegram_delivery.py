"""Messages to a chat, in spite of what the platform says to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest
from telegram import InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.telegram.buttons import Does, button
from bot.telegram.delivery import (
    Bot,
    DeliveryUnknown,
    Unreachable,
    deliver,
    edit,
    reply_to,
    send,
)
from bot.telegram.pace import Wish
from bot.telegram.requests import ServerFault
from bot.telegram.room import Room
from bot.telegram.splitting import Text

ROOM = Room(-100, 5, False)
ONE, TWO, THREE = (Text(f"<b>{n}</b>", f"{n}") for n in (1, 2, 3))
BUTTONS = InlineKeyboardMarkup([[button("x", Does.DELETE, "yes")]])
NOT_PARSED = BadRequest("Can't parse entities: unclosed tag")
NO_TOPIC = BadRequest("Message thread not found")


class Sent:
    def __init__(self, message_id: int) -> None:
        self.message_id = message_id


class FaultyBot:
    """Notes what it was told to send or to change; the first calls end with faults.

    Messages are numbered from 1.
    """

    def __init__(self, *faults: TelegramError | None) -> None:
        self.told: list[dict[str, Any]] = []
        self._faults = list(faults)
        self._sent = 0

    def _note(self, chat: int, text: str, **more: Any) -> None:
        kept = {name: value for name, value in more.items() if value is not None}
        if kept.pop("parse_mode", None) != "HTML":
            kept["plain"] = True
        if "reply_parameters" in kept:
            reply = kept.pop("reply_parameters")
            assert reply.allow_sending_without_reply
            kept["below"] = reply.message_id
        assert kept.pop("link_preview_options").is_disabled
        assert kept.pop("read_timeout") == 30
        self.told.append({"chat": chat, "text": text, **kept})
        fault = self._faults.pop(0) if self._faults else None
        if fault:
            raise fault

    async def send_message(self, chat: int, text: str, **more: Any) -> Sent:
        self._note(chat, text, **more)
        self._sent += 1
        return Sent(self._sent)

    async def edit_message_text(self, text: str, chat: int, message: int, **more: Any) -> bool:
        self._note(chat, text, edited=message, **more)
        return True


def sent(bot: FaultyBot, *texts: Text, room: Room = ROOM, **more: Any) -> list[int]:
    return asyncio.run(deliver(cast(Bot, bot), room, texts, **more))


def told(bot: FaultyBot) -> Sequence[tuple[int, object, str]]:
    """Chat, topic and text of each attempt."""
    return [(one["chat"], one.get("message_thread_id"), one["text"]) for one in bot.told]


def test_messages_leave_in_order() -> None:
    """The first one answers the question, the last one has the buttons."""
    bot = FaultyBot()

    assert sent(bot, ONE, TWO, THREE, question=7, buttons=BUTTONS) == [1, 2, 3]
    topic = {"chat": -100, "message_thread_id": 5}
    assert bot.told == [
        {**topic, "text": "<b>1</b>", "below": 7},
        {**topic, "text": "<b>2</b>"},
        {**topic, "text": "<b>3</b>", "reply_markup": BUTTONS},
    ]


def test_a_preview_becomes_the_first_message() -> None:
    """It answers the question already; a second one is sent."""
    bot = FaultyBot()

    assert sent(bot, ONE, TWO, question=7, buttons=BUTTONS, preview=70) == [70, 1]
    assert bot.told == [
        {"chat": -100, "text": "<b>1</b>", "edited": 70},
        {"chat": -100, "text": "<b>2</b>", "message_thread_id": 5, "reply_markup": BUTTONS},
    ]


@pytest.mark.parametrize(
    "said",
    ["Message to edit not found", "Message can't be edited", "MESSAGE_ID_INVALID"],
)
def test_a_preview_that_is_gone_is_sent_anew(said: str) -> None:
    """With all that belongs to it."""
    bot = FaultyBot(BadRequest(said))

    assert sent(bot, ONE, question=7, buttons=BUTTONS, preview=70) == [1]
    assert bot.told[1] == {
        "chat": -100,
        "text": "<b>1</b>",
        "message_thread_id": 5,
        "below": 7,
        "reply_markup": BUTTONS,
    }


def test_a_preview_that_says_it_already_is_the_message() -> None:
    """Telegram calls that a bad request."""
    bot = FaultyBot(BadRequest("Message is not modified: specified new message content"))

    assert sent(bot, ONE, preview=70) == [70]
    assert len(bot.told) == 1


def test_what_is_wished_reaches_who_paces_the_requests() -> None:
    """With each message that is sent; an edit may always be repeated, and needs none."""
    wish = Wish(is_repeatable=True)
    bot = FaultyBot()
    sent(bot, ONE, TWO, preview=70, wish=wish)

    assert [one.get("rate_limit_args") for one in bot.told] == [None, wish]


@pytest.mark.parametrize(("preview", "later"), [(None, [False, True, True]), (70, [True, True])])
def test_later_parts_never_go_back_to_waiting(preview: int | None, later: list[bool]) -> None:
    """Nothing may be said twice once a part of it is there: for them `stayed` is `leaving`."""

    async def hook() -> None:
        """Never called here."""

    async def other() -> None:
        """Nor is this one."""

    bot = FaultyBot()
    sent(bot, ONE, TWO, THREE, preview=preview, wish=Wish(leaving=hook, stayed=other))
    wishes = [one["rate_limit_args"] for one in bot.told if "edited" not in one]

    assert [one.leaving is hook for one in wishes] == [True] * len(later)
    assert [one.stayed is hook for one in wishes] == later
    assert [one.stayed is other for one in wishes] == [not one for one in later]


def test_a_preview_that_is_gone_may_go_back_to_waiting() -> None:
    """Nothing is there yet: the first message is the first part again."""
    wish = Wish(is_repeatable=True)
    bot = FaultyBot(BadRequest("MESSAGE_ID_INVALID"))
    sent(bot, ONE, preview=70, wish=wish)

    assert bot.told[1]["rate_limit_args"] is wish


def test_a_question_that_is_gone_is_answered_all_the_same() -> None:
    """A message without one answers nothing."""
    reply = reply_to(7)

    assert reply is not None
    assert (reply.message_id, reply.allow_sending_without_reply) == (7, True)
    assert reply_to(None) is None


def test_what_is_not_understood_is_sent_plain(caplog: pytest.LogCaptureFixture) -> None:
    """The next message is tried as it is; the log has no word of the text."""
    bot = FaultyBot(NOT_PARSED)

    assert sent(bot, ONE, TWO) == [1, 2]
    assert [(one["text"], "plain" in one) for one in bot.told] == [
        ("<b>1</b>", False),
        ("1", True),
        ("<b>2</b>", False),
    ]
    assert "was not understood as HTML" in caplog.text


def test_a_message_of_a_topic_that_is_gone_goes_to_the_group() -> None:
    """Rather than nowhere."""
    bot = FaultyBot(NO_TOPIC)

    assert sent(bot, ONE) == [1]
    assert told(bot) == [(-100, 5, "<b>1</b>"), (-100, None, "<b>1</b>")]


def test_a_group_that_moved_is_followed() -> None:
    """To the number that Telegram names, and with another fault on the way."""
    bot = FaultyBot(ChatMigrated(-200), NOT_PARSED)

    assert sent(bot, ONE) == [1]
    assert told(bot) == [(-100, 5, "<b>1</b>"), (-200, 5, "<b>1</b>"), (-200, 5, "1")]


@pytest.mark.parametrize(
    "fault",
    [
        Forbidden("Forbidden: bot was blocked by the user"),
        BadRequest("Chat not found"),
        BadRequest("Not enough rights to send text messages to the chat"),
        BadRequest("TOPIC_CLOSED"),
    ],
)
@pytest.mark.parametrize("preview", [None, 70])
def test_a_chat_that_takes_nothing(fault: TelegramError, preview: int | None) -> None:
    """Nothing more is tried."""
    bot = FaultyBot(fault)

    with pytest.raises(Unreachable):
        sent(bot, ONE, TWO, preview=preview)
    assert len(bot.told) == 1


@pytest.mark.parametrize("fault", [NetworkError("reset"), TimedOut(), ServerFault(502)])
def test_a_connection_that_breaks(fault: TelegramError) -> None:
    """The message may have been delivered: it is not sent again, nor is one behind it."""
    bot = FaultyBot(None, fault)

    with pytest.raises(DeliveryUnknown):
        sent(bot, ONE, TWO, THREE)
    assert [one["text"] for one in bot.told] == ["<b>1</b>", "<b>2</b>"]


@pytest.mark.parametrize(
    "faults",
    [
        (BadRequest("Message is too long"),),
        (NOT_PARSED, NOT_PARSED),
    ],
)
def test_any_other_refusal_is_a_fault_of_ours(faults: Sequence[TelegramError]) -> None:
    """It is raised as it came; so is a topic that is missing where there is none."""
    with pytest.raises(BadRequest) as raised:
        sent(FaultyBot(*faults), ONE)
    assert raised.value is faults[-1]

    with pytest.raises(BadRequest):
        sent(FaultyBot(NO_TOPIC), ONE, room=Room(-100, None, False))
    with pytest.raises(BadRequest):
        asyncio.run(edit(cast(Bot, FaultyBot(*faults)), ROOM, 70, ONE))


def test_three_faults_are_enough() -> None:
    """A chat that moves on and on is not followed for ever."""
    bot = FaultyBot(*(ChatMigrated(-200 - n) for n in range(9)))

    with pytest.raises(Unreachable):
        asyncio.run(send(cast(Bot, bot), ROOM, ONE))
    assert [one["chat"] for one in bot.told] == [-100, -200, -201]
