"""The fake Telegram keeps messages as Telegram does: replies, edits, buttons, drafts, chats."""

from __future__ import annotations

from typing import Any

import pytest

from tests.telegram.control import Telegram
from tests.telegram.raw_bot import RawBot

GROUP = -1001
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Nút", **button}]]}


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"callback_data": "đ" * 35}, "BUTTON_DATA_INVALID"),
        ({"callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"url": "a b"}, "inline keyboard button URL 'a b' is invalid: Wrong HTTP URL"),
        (
            {},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"callback_data": "a", "url": "https://vov.vn"},
            "inline keyboard button has several actions: url, callback_data",
        ),
    ],
)
def test_faulty_buttons(
    telegram: Telegram, raw_bot: RawBot, button: dict[str, Any], error: str
) -> None:
    """A button does exactly one thing, within its limits."""
    reply = raw_bot("sendMessage", chat_id=1, text="a", reply_markup=keyboard(**button))

    assert (400, f"Bad Request: {error}") == reply.refusal
    assert [f"Bad Request: {error}"] == [violation.what for violation in telegram.violations()]
    telegram.forgive()


def test_buttons_are_shown_and_pressed(telegram: Telegram, raw_bot: RawBot) -> None:
    """A press by data or by text reaches the bot, and its answer the user."""
    sent = raw_bot.send(1, "a", reply_markup=keyboard(callback_data="like"))
    queries = [telegram.press(1, sent, "like"), telegram.press(1, sent, "Nút")]
    updates = [update["callback_query"] for update in raw_bot.updates()[1:]]
    assert telegram.unanswered_callbacks() == ["like", "like"]
    for query in queries:
        raw_bot.do("answerCallbackQuery", callback_query_id=query, text="Cảm ơn")

    assert queries == [update["id"] for update in updates]
    assert sent == updates[0]["message"]["message_id"]
    answer = telegram.callback_answer(queries[0])
    assert answer is not None
    assert answer.text == "Cảm ơn"
    again = raw_bot("answerCallbackQuery", callback_query_id=queries[0])
    assert again.refusal == (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    with pytest.raises(ValueError, match="no button"):
        telegram.press(1, sent, "other")


def test_a_button_without_an_answer_is_a_violation(telegram: Telegram, raw_bot: RawBot) -> None:
    """After its time a query cannot be answered, and is reported."""
    sent = raw_bot.send(1, "a", reply_markup=keyboard(callback_data="like"))
    query = telegram.press(1, sent, "like")
    assert telegram.violations() == []
    telegram.advance(16)
    late = raw_bot("answerCallbackQuery", callback_query_id=query)

    assert late.status == 400
    assert [v.what for v in telegram.violations()] == ["button 'like' was not answered in 15 s"]
    telegram.forgive()


def test_editing(telegram: Telegram, raw_bot: RawBot) -> None:
    """An edit replaces text and buttons, and must change something."""
    sent = raw_bot.send(1, "<b>một</b>", reply_markup=keyboard(callback_data="x"))
    place = {"chat_id": 1, "message_id": sent}
    edited = raw_bot.do("editMessageText", **place, text="<i>hai</i>", parse_mode="HTML")
    same = raw_bot("editMessageText", **place, text="<i>hai</i>", parse_mode="HTML")
    marked = raw_bot.do("editMessageReplyMarkup", **place, reply_markup=keyboard(url="vov.vn"))

    assert (
        edited["text"],
        edited["entities"],
    ) == ("hai", [{"type": "italic", "offset": 0, "length": 3}])
    assert "reply_markup" not in edited
    assert same.refusal == (400, NOT_MODIFIED)
    assert marked["text"] == "hai"
    assert [(frame.kind, frame.text) for frame in telegram.frames(1)] == [
        ("sent", "một"),
        ("edited", "hai"),
        ("edited", "hai"),
    ]
    assert telegram.messages(1)[0].html == "<i>hai</i>"


def test_what_cannot_be_edited(telegram: Telegram, raw_bot: RawBot) -> None:
    """There are refusals for messages of others, without text, and that are no more."""
    own = telegram.private(1, "của tôi")
    document = raw_bot.request(
        "sendDocument", data={"chat_id": "1"}, files={"document": ("a.txt", b"abc")}
    ).result["message_id"]
    edits = [
        raw_bot("editMessageText", chat_id=1, message_id=message, text="x").refusal[1]
        for message in (own, document, 999)
    ]

    assert edits == [
        "Bad Request: message can't be edited",
        "Bad Request: there is no text in the message to edit",
        "Bad Request: message to edit not found",
    ]
    telegram.forgive()


def test_deleting(telegram: Telegram, raw_bot: RawBot) -> None:
    """A deleted message is gone, and is not deleted twice."""
    sent = raw_bot.send(1, "a")
    raw_bot.do("deleteMessage", chat_id=1, message_id=sent)
    again = raw_bot("deleteMessage", chat_id=1, message_id=sent)

    assert telegram.messages(1) == []
    assert again.refusal == (400, "Bad Request: message to delete not found")


def test_replies(telegram: Telegram, raw_bot: RawBot) -> None:
    """A reply names an existing message, or allows for its absence."""
    asked = telegram.private(1, "hỏi")
    raw_bot.send(1, "a", reply_parameters={"message_id": asked})
    telegram.delete(1, asked)
    lost = raw_bot("sendMessage", chat_id=1, text="b", reply_parameters={"message_id": asked})
    raw_bot.send(
        1, "c", reply_parameters={"message_id": asked, "allow_sending_without_reply": True}
    )

    assert lost.refusal == (400, "Bad Request: message to be replied not found")
    assert [asked, None] == [message.reply_to for message in telegram.messages(1)]


def test_drafts(telegram: Telegram, raw_bot: RawBot) -> None:
    """A draft is a frame and no message; it goes with a message, or after half a minute."""
    raw_bot.do("sendMessageDraft", chat_id=1, draft_id=7)
    raw_bot.do("sendMessageDraft", chat_id=1, draft_id=7, text="<b>a</b>", parse_mode="HTML")
    draft = telegram.draft(1)
    assert draft is not None
    assert (draft.text, draft.id) == ("a", 7)
    raw_bot.send(1, "ab")
    assert None is telegram.draft(1)
    raw_bot.do("sendMessageDraft", chat_id=1, draft_id=8, text="c")
    telegram.advance(31)

    assert None is telegram.draft(1)
    assert [frame.text for frame in telegram.frames(1)] == ["", "a", "ab", "c"]
    assert [message.text for message in telegram.messages(1)] == ["ab"]


def test_a_stopped_draft(telegram: Telegram, raw_bot: RawBot) -> None:
    """The stop button of a draft tells the bot which draft it was."""
    raw_bot.do("sendMessageDraft", chat_id=1, draft_id=7, text="a", can_stop=True)
    telegram.stop_draft(1)

    assert raw_bot.updates()[-1]["stopped_message_generation"]["draft_id"] == 7
    assert None is telegram.draft(1)


def test_no_drafts_in_groups(telegram: Telegram, raw_bot: RawBot) -> None:
    """Drafts are for private chats, and have an id."""
    telegram.group(GROUP, 1, "/hoi")
    group = raw_bot("sendMessageDraft", chat_id=GROUP, draft_id=1, text="a")
    no_id = raw_bot("sendMessageDraft", chat_id=1, draft_id=0, text="a")

    assert group.refusal == (400, "Bad Request: TEXTDRAFT_PEER_INVALID")
    assert no_id.status == 400
    assert len(telegram.violations()) == 2
    telegram.forgive()


def test_chats_that_cannot_be_written_to(telegram: Telegram, raw_bot: RawBot) -> None:
    """Blocked, unknown, never started, kicked: each has its refusal, and none is a violation."""
    telegram.block(1)
    telegram.person(2, first_name="Lan")
    telegram.group(GROUP, 3, "/hoi")
    telegram.bot_status(GROUP, 3, "kicked")
    refusals = [raw_bot("sendMessage", chat_id=chat, text="a").refusal for chat in (1, 9, 2, GROUP)]

    assert refusals == [
        (403, "Forbidden: bot was blocked by the user"),
        (400, "Bad Request: chat not found"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
    ]


def test_topics(telegram: Telegram, raw_bot: RawBot) -> None:
    """A message in a topic says so; an answer goes there by its thread, or with a reply."""
    asked = telegram.group(GROUP, 1, "/hoi", thread=5)
    shown = raw_bot.updates()[-1]["message"]
    raw_bot.send(GROUP, "a", message_thread_id=5)
    raw_bot.send(GROUP, "b", reply_parameters={"message_id": asked})
    nowhere = raw_bot("sendMessage", chat_id=GROUP, text="c", message_thread_id=6)

    assert (
        shown["message_thread_id"],
        shown["is_topic_message"],
        shown["chat"]["is_forum"],
    ) == (5, True, True)
    assert [message.thread for message in telegram.messages(GROUP)] == [5, 5]
    assert nowhere.refusal == (400, "Bad Request: message thread not found")


def test_replies_in_a_group_without_topics(telegram: Telegram, raw_bot: RawBot) -> None:
    """A reply there has a thread that is no topic, and which the bot may name."""
    asked = telegram.group(GROUP, 1, "/hoi")
    telegram.group(GROUP, 2, "/hoi lại", reply_to=asked)
    shown = raw_bot.updates()[-1]["message"]
    raw_bot.send(GROUP, "a", message_thread_id=shown["message_thread_id"])

    assert shown["message_thread_id"] == asked
    assert "is_topic_message" not in shown
    assert telegram.messages(GROUP)[0].thread is None


def test_old_messages_stay(telegram: Telegram, raw_bot: RawBot) -> None:
    """After two days a message is not deleted any more."""
    sent = raw_bot.send(1, "a")
    telegram.advance(49 * 3600)

    assert raw_bot("deleteMessage", chat_id=1, message_id=sent).refusal == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )


def test_reactions_of_the_bot(telegram: Telegram, raw_bot: RawBot) -> None:
    """A bot reacts with one emoji of Telegram's set."""
    sent = raw_bot.send(1, "a")
    place = {"chat_id": 1, "message_id": sent}
    raw_bot.do("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}])
    unknown = raw_bot("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "🐌"}])

    assert telegram.messages(1)[0].reactions == ("👍",)
    assert unknown.refusal == (400, "Bad Request: REACTION_INVALID")
    telegram.forgive()
