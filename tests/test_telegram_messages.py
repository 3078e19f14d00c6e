"""Which messages ask something of the bot, and what; as Telegram sends them."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Message, User

from bot.telegram.messages import person_id, question_in
from bot.telegram.room import Room, person_of

BOT = User(99, "Hỏi đáp", is_bot=True, username="HoiDap_bot")
AN = {"id": 7, "is_bot": False, "first_name": "An"}
ITSELF = {"id": 99, "is_bot": True, "first_name": "Hỏi đáp", "username": "HoiDap_bot"}
OTHER_BOT = {"id": 98, "is_bot": True, "first_name": "Khác", "username": "Khac_bot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "An"}
GROUP = {"id": -100, "type": "supergroup", "title": "Nhóm"}
ASKED = "Ai chủ trì hội nghị?"


def message(chat: dict[str, Any] = GROUP, **content: Any) -> Message:
    """From An, unless it is said otherwise."""
    data = {"message_id": 2, "date": 1, "chat": chat, "from": AN, **content}
    if "from_" in data:
        data["from"] = data.pop("from_")
    return Message.de_json({key: value for key, value in data.items() if value is not None}, None)


def above(**content: Any) -> dict[str, Any]:
    return {"message_id": 1, "date": 1, "chat": GROUP, "from": AN, **content}


def named(text: str, *names: str, kind: str = "mention", **more: Any) -> list[dict[str, Any]]:
    """The names in a text; Telegram counts in units of UTF-16."""
    return [
        {
            "type": kind,
            "offset": len(text[: text.index(name)].encode("utf-16-le")) // 2,
            "length": len(name.encode("utf-16-le")) // 2,
            **more,
        }
        for name in names
    ]


def test_every_text_in_private_is_a_question() -> None:
    """To the letter; a caption as well, and nothing where there are no words."""

    assert question_in(message(PRIVATE, text=f" {ASKED}\n"), BOT) == f" {ASKED}\n"
    assert question_in(message(PRIVATE, caption=ASKED), BOT) == ASKED
    assert question_in(message(PRIVATE), BOT) == ""


@pytest.mark.parametrize("chat", [PRIVATE, GROUP])
def test_what_inline_mode_sent_is_no_question(chat: dict[str, Any]) -> None:
    """It is an answer of this bot; what another bot wrote for somebody may be one."""
    text = f"@HoiDap_bot {ASKED}"
    entities = named(text, "@HoiDap_bot")
    own = message(chat, text=text, entities=entities, via_bot=ITSELF)
    other = message(chat, text=text, entities=entities, via_bot=OTHER_BOT)

    assert question_in(own, BOT) is None
    assert question_in(other, BOT) == (text if chat is PRIVATE else ASKED)


def test_a_group_s_talk_is_left_alone() -> None:
    """Also where it answers somebody, names another bot, or has a name that is no mention."""
    for one in (
        message(text=ASKED),
        message(caption=ASKED),
        message(),
        message(text=ASKED, reply_to_message=above(text="Gì?")),
        message(text=ASKED, reply_to_message=above(**{"from": OTHER_BOT, "text": "Gì?"})),
        message(text=f"@Khac_bot {ASKED}", entities=named(f"@Khac_bot {ASKED}", "@Khac_bot")),
        message(text=f"@HoiDap_bot {ASKED}"),
        message(text="@HoiDap_bot", entities=named("@HoiDap_bot", "@HoiDap_bot", kind="code")),
    ):
        assert question_in(one, BOT) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"@HoiDap_bot {ASKED}", ASKED),
        (f"@hoidap_BOT: {ASKED}", ASKED),
        (f"{ASKED} @HoiDap_bot", ASKED),
        (f"😀 @HoiDap_bot, {ASKED}", f"😀  , {ASKED}"),
        (f"@HoiDap_bot\n{ASKED}\nVà ở đâu?", f"{ASKED}\nVà ở đâu?"),
        ("@HoiDap_bot", ""),
        ("@HoiDap_bot ,", ""),
    ],
)
def test_a_group_names_the_bot(text: str, expected: str) -> None:
    """In any letter case, in any place; the name and the signs around it are no question."""
    name = next(word for word in ("@HoiDap_bot", "@hoidap_BOT") if word in text)

    assert question_in(message(text=text, entities=named(text, name)), BOT) == expected


def test_the_bot_may_be_named_twice() -> None:
    """Among others, whose names stay."""
    text = f"@Khac_bot @HoiDap_bot {ASKED} @hoidap_bot"
    entities = named(text, "@Khac_bot", "@HoiDap_bot", "@hoidap_bot")

    assert question_in(message(text=text, entities=entities), BOT) == f"@Khac_bot   {ASKED}"


def test_a_longer_name_that_begins_alike_stays() -> None:
    """What is cut out is what Telegram says is the name."""
    text = f"@HoiDap_bot2 sai. @HoiDap_bot {ASKED}"
    entities = [
        {"type": "mention", "offset": 0, "length": 12},
        {"type": "mention", "offset": 18, "length": 11},
    ]

    asked = question_in(message(text=text, entities=entities), BOT)
    assert (asked or "").split() == f"@HoiDap_bot2 sai. {ASKED}".split()


def test_a_bot_is_named_by_a_link_to_it() -> None:
    """As clients name somebody; a link to somebody else is none."""
    text = f"Hỏi đáp ơi, {ASKED}"
    own = named(text, "Hỏi đáp", kind="text_mention", user=ITSELF)
    other = named(text, "Hỏi đáp", kind="text_mention", user=AN)

    assert question_in(message(text=text, entities=own), BOT) == f"ơi, {ASKED}"
    assert question_in(message(text=text, entities=other), BOT) is None


def test_a_picture_s_caption_may_name_the_bot() -> None:
    """Its names are kept apart from those of texts."""
    text = f"@HoiDap_bot {ASKED}"
    one = message(caption=text, caption_entities=named(text, "@HoiDap_bot"))

    assert question_in(one, BOT) == ASKED


def test_an_answer_to_the_bot_is_a_question() -> None:
    """As it stands; without words it is addressed to the bot all the same."""
    answered = above(**{"from": ITSELF, "text": "Trả lời."})

    assert question_in(message(text=ASKED, reply_to_message=answered), BOT) == ASKED
    assert question_in(message(caption=ASKED, reply_to_message=answered), BOT) == ASKED
    assert question_in(message(reply_to_message=answered), BOT) == ""


def test_the_bot_is_named_below_somebody_s_question() -> None:
    """Their words are the question, unless the one who names it has some."""
    alone: dict[str, Any] = {"text": "@HoiDap_bot", "entities": named("@HoiDap_bot", "@HoiDap_bot")}
    text = f"@HoiDap_bot {ASKED}"
    own: dict[str, Any] = {"text": text, "entities": named(text, "@HoiDap_bot")}

    assert question_in(message(**alone, reply_to_message=above(text="Bao nhiêu?")), BOT) == (
        "Bao nhiêu?"
    )
    assert question_in(message(**alone, reply_to_message=above(caption="Ở đâu?")), BOT) == "Ở đâu?"
    assert question_in(message(**alone, reply_to_message=above()), BOT) == ""
    assert question_in(message(**own, reply_to_message=above(text="Bao nhiêu?")), BOT) == ASKED


def test_a_topic_that_the_bot_opened_is_not_talk_with_it() -> None:
    """In a forum every message answers the one that opened its topic."""
    opening = above(
        **{"from": ITSELF, "forum_topic_created": {"name": "Dân vận", "icon_color": 1}},
        message_thread_id=1,
    )
    forum: dict[str, Any] = {
        "message_thread_id": 1,
        "is_topic_message": True,
        "reply_to_message": opening,
    }
    text = f"@HoiDap_bot {ASKED}"

    assert question_in(message(text=ASKED, **forum), BOT) is None
    assert (
        question_in(message(text=text, entities=named(text, "@HoiDap_bot"), **forum), BOT) == ASKED
    )
    assert question_in(message(text="@HoiDap_bot", **forum, entities=named("@", "@")), BOT) is None


def test_who_wrote_it() -> None:
    """A person by their number; a channel's post has no person."""
    channel = {"id": -200, "type": "channel", "title": "Kênh"}

    assert person_id(message(text=ASKED)) == 7
    assert person_id(message(channel, text=ASKED, from_=None)) == -200
    assert person_id(message(text=ASKED, from_=None, sender_chat=channel)) == -200
    assert person_of(7) == "telegram:7"


def test_an_anonymous_admin_counts_as_the_group() -> None:
    """Or all such admins of all groups would be one person."""
    stand_in = {
        "id": 1_087_968_824,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    }

    assert person_id(message(text=ASKED, from_=stand_in, sender_chat=GROUP)) == -100


def test_a_channel_that_writes_in_a_group_is_itself() -> None:
    """Not the stand-in that Telegram names for all of them, nor the group."""
    stand_in = {"id": 136_817_688, "is_bot": True, "first_name": "Channel"}
    channel = {"id": -200, "type": "channel", "title": "Kênh"}

    assert person_id(message(text=ASKED, from_=stand_in, sender_chat=channel)) == -200


def test_where_it_was_written() -> None:
    """A topic of a forum is a conversation of its own; a thread of answers is none."""
    in_topic = message(text=ASKED, message_thread_id=5, is_topic_message=True)
    in_thread = message(text=ASKED, message_thread_id=5)

    assert Room.of(message(PRIVATE, text=ASKED)) == Room(7, None, True)
    assert Room.of(in_topic) == Room(-100, 5, False)
    assert Room.of(in_thread) == Room(-100, None, False)
    assert Room.of(in_topic).conversation == "telegram:-100:5"
    assert Room.of(in_thread).conversation == "telegram:-100:0"
