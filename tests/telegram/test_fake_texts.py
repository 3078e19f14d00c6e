"""The fake Telegram reads texts as Telegram does: tags, offsets, lengths, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Message

from tests.telegram.control import Telegram
from tests.telegram.raw_bot import RawBot

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REFUSED = {
    "chào <h2>bạn</h2>": 'Unsupported start tag "h2" at byte offset 6',
    "<P>": 'Unsupported start tag "p" at byte offset 0',
    "<b>chào": 'Can\'t find end tag corresponding to start tag "b"',
    "chào</b>": "Unexpected end tag at byte offset 5",
    "<b>ơi <i>à</b></i>": 'Unmatched end tag at byte offset 12, expected "</i>", found "</b>"',
    "<b": "Unclosed start tag at byte offset 0",
    "<b>a</b": "Unclosed end tag at byte offset 4",
    "1 < 2": 'Unsupported start tag "" at byte offset 2',
    "<span>a</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    "<a href>x</a>": (
        'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'
    ),
    "<a href=x/y>x</a>": "Unexpected end of name token at byte offset 8",
    '<a href="x>x</a>': "Unclosed start tag at byte offset 0",
    '<tg-emoji emoji-id="x">👍</tg-emoji>': "Invalid custom emoji identifier specified",
    "<blockquote>a<blockquote>b</blockquote></blockquote>": (
        "Blockquotes can't be nested at byte offset 13"
    ),
}
READ: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "<b>đậm</b> và <strong>đậm</strong>": (
        "đậm và đậm",
        [
            {"type": "bold", "offset": 0, "length": 3},
            {"type": "bold", "offset": 7, "length": 3},
        ],
    ),
    "😀 <i>a</i>": ("😀 a", [{"type": "italic", "offset": 3, "length": 1}]),
    "<u><s>ab</s></u>": (
        "ab",
        [
            {"type": "strikethrough", "offset": 0, "length": 2},
            {"type": "underline", "offset": 0, "length": 2},
        ],
    ),
    "<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>": (
        "ab",
        [
            {"type": "spoiler", "offset": 0, "length": 1},
            {"type": "spoiler", "offset": 1, "length": 1},
        ],
    ),
    "&lt;b&gt; &amp; &quot; &#39; &#x1F600; &nbsp;": ("<b> & \" ' 😀 &nbsp;", []),
    '<pre><code class="language-python">x</code></pre>': (
        "x",
        [{"type": "pre", "offset": 0, "length": 1, "language": "python"}],
    ),
    "<code>/start @ai_do</code>": ("/start @ai_do", [{"type": "code", "offset": 0, "length": 13}]),
    "<blockquote expandable>a</blockquote>": (
        "a",
        [{"type": "expandable_blockquote", "offset": 0, "length": 1}],
    ),
    '<a href="https://Vov.vn/a?b=1&amp;c=2">báo</a>': (
        "báo",
        [{"type": "text_link", "offset": 0, "length": 3, "url": "https://vov.vn/a?b=1&c=2"}],
    ),
    '<a href="không phải">báo</a>': ("báo", []),
    '<tg-time unix="1647531900" format="wDT">mai</tg-time>': (
        "mai",
        [
            {
                "type": "date_time",
                "offset": 0,
                "length": 3,
                "unix_time": 1647531900,
                "date_time_format": "wDT",
            }
        ],
    ),
    " \n <b></b>a /help@ai_do_bot, @ai_do #thi_đua https://vov.vn. ": (
        "a /help@ai_do_bot, @ai_do #thi_đua https://vov.vn.",
        [
            {"type": "bot_command", "offset": 2, "length": 15},
            {"type": "mention", "offset": 19, "length": 6},
            {"type": "hashtag", "offset": 26, "length": 8},
            {"type": "url", "offset": 35, "length": 14},
        ],
    ),
}


@pytest.mark.parametrize(("html", "error"), REFUSED.items())
def test_faulty_markup_is_refused(
    telegram: Telegram, raw_bot: RawBot, html: str, error: str
) -> None:
    """Telegram's own words say what is wrong with the markup, and it is a violation."""
    reply = raw_bot("sendMessage", chat_id=1, text=html, parse_mode="HTML")

    assert (400, f"Bad Request: can't parse entities: {error}") == reply.refusal
    assert [reply.refusal[1]] == [violation.what for violation in telegram.violations()]
    telegram.forgive()


@pytest.mark.parametrize(("html", "expected"), READ.items())
def test_markup_becomes_entities(
    raw_bot: RawBot, html: str, expected: tuple[str, list[dict[str, Any]]]
) -> None:
    """The text has no markup, and the entities have their places in UTF-16 code units."""
    shown = raw_bot.do("sendMessage", chat_id=1, text=html, parse_mode="HTML")
    entities = sorted(shown.get("entities", []), key=lambda one: (one["offset"], one["type"]))

    assert expected == (shown["text"], entities)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "message text is empty"),
        (" \n", "message text is empty"),
        ("<b> </b>", "text must be non-empty"),
        ("a" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
def test_length_of_texts(telegram: Telegram, raw_bot: RawBot, text: str, error: str) -> None:
    """A message has 1 to 4096 UTF-16 code units after its markup is read."""
    reply = raw_bot("sendMessage", chat_id=1, text=text, parse_mode="HTML")

    assert (400, f"Bad Request: {error}") == reply.refusal
    assert [f"Bad Request: {error}"] == [violation.what for violation in telegram.violations()]
    telegram.forgive()


def test_markup_does_not_count(raw_bot: RawBot) -> None:
    """4096 units of text pass with any markup around them."""
    raw_bot.send(1, f"<b>{'&lt;' * 2048}</b>{'😀' * 1024}")


def test_entities_instead_of_markup(telegram: Telegram, raw_bot: RawBot) -> None:
    """Entities that the bot gives are checked against the text."""
    bold = {"type": "bold", "offset": 3, "length": 2}
    shown = raw_bot.do("sendMessage", chat_id=1, text="😀 ab", entities=[bold])
    outside = raw_bot("sendMessage", chat_id=1, text="ab", entities=[bold])
    torn = raw_bot("sendMessage", chat_id=1, text="😀 ab", entities=[bold | {"offset": 1}])
    unknown = raw_bot("sendMessage", chat_id=1, text="😀 ab", entities=[bold | {"type": "h2"}])

    assert [bold] == shown["entities"]
    assert [reply.refusal[1] for reply in (outside, torn, unknown)] == [
        "Bad Request: ENTITY_BOUNDS_INVALID",
        "Bad Request: entity begins or ends in a middle of a UTF-16 symbol",
        "Bad Request: can't parse MessageEntity: unsupported type h2 specified",
    ]
    telegram.forgive()


def test_what_is_no_text(telegram: Telegram, raw_bot: RawBot) -> None:
    """Half a character, or bytes that are none, are refused."""
    text = b'{"chat_id": 1, "text": "\\ud83d"}'
    half = raw_bot.request("sendMessage", content=text, headers=JSON)
    broken = raw_bot.request("sendMessage", content=b"chat_id=1&text=%FF", headers=FORM)

    assert [half.refusal, broken.refusal] == [
        (400, "Bad Request: strings must be encoded in UTF-8")
    ] * 2
    telegram.forgive()


def test_most_entities(raw_bot: RawBot) -> None:
    """Telegram drops the entities after the hundredth."""
    shown = raw_bot.do("sendMessage", chat_id=1, text="<b>a</b> " * 120, parse_mode="HTML")

    assert len(shown["entities"]) == 100


def test_link_preview(telegram: Telegram, raw_bot: RawBot) -> None:
    """The first link has a preview, unless the bot says otherwise."""
    raw_bot.send(1, 'Báo <a href="https://vov.vn/1">một</a> và https://vov.vn/2')
    raw_bot.send(1, "https://vov.vn/1", link_preview_options={"is_disabled": True})
    raw_bot.send(1, "https://vov.vn/1", link_preview_options={"url": "https://vov.vn/3"})

    assert [message.preview for message in telegram.messages(1)] == [
        "https://vov.vn/1",
        "",
        "https://vov.vn/3",
    ]


STYLED = st.recursive(
    st.text(st.sampled_from("ab 😀ơ\n&<>\"'/@#."), min_size=1, max_size=6).map(
        lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ),
    lambda inner: st.tuples(
        st.sampled_from(["b", "i", "u", "s", "tg-spoiler"]), st.lists(inner, max_size=3)
    ).map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"),
    max_leaves=8,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STYLED)
def test_another_library_reads_the_same(telegram: Telegram, raw_bot: RawBot, html: str) -> None:
    """What python-telegram-bot writes again from text and entities means the same to the server."""
    telegram.configure(limits=False)
    content = f"a{html}z"
    shown = raw_bot.do("sendMessage", chat_id=1, text=content, parse_mode="HTML")
    message = Message.de_json(shown, None)
    assert message is not None
    again = raw_bot.do("sendMessage", chat_id=1, text=message.text_html, parse_mode="HTML")

    assert shown["text"] == again["text"]
    assert _styles(shown) == _styles(again)


def _styles(shown: dict[str, Any]) -> set[tuple[str, int]]:
    """Which unit of the text has which style; white space has none that shows."""
    return {
        (entity["type"], place)
        for entity in shown.get("entities", [])
        for place in range(entity["offset"], entity["offset"] + entity["length"])
    }
