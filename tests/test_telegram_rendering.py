"""An answer as messages and buttons; the texts written out as Telegram gets them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, InputTextMessageContent

from bot.schema import Answer, Citation, Outcome, Sentence
from bot.telegram import words
from bot.telegram.inline import inline_results
from bot.telegram.rendering import (
    answer_buttons,
    answer_texts,
    copy_button,
    passage_texts,
    plain_texts,
    preview_text,
    told,
)
from bot.telegram.splitting import Text, units
from bot.words import words_of
from retrieval.question import understand
from retrieval.schema import Article, Filters, Passage, Period, Query
from retrieval.text import Span

TRACE = "0123456789abcdef"
FIRST = Citation(
    number=1,
    label="Bắc Kạn, 23/7/2024",
    title="Hội nghị A & B",
    article="a.txt",
    quote='Năm 2020 đạt 91,3%.\nCòn "khó" <lắm>.',
    start=0,
    end=37,
    also=("TTXVN, 24/7/2024",),
)
SECOND = Citation(2, "Hậu Giang, 5/3/2021", "Tựa", "b.txt", "Có 5 nơi.", 10, 19)
ANSWER = Answer(
    id="1",
    outcome=Outcome.ANSWERED,
    text='Năm 2020 đạt 91,3% [Bắc Kạn, 23/7/2024]. Có <5 & "nhiều" nơi [Hậu Giang, 5/3/2021].',
    sentences=(Sentence("Năm 2020 đạt 91,3%.", (1,)), Sentence('Có <5 & "nhiều" nơi.', (2,))),
    citations=(FIRST, SECOND),
    timings_ms={},
    trace_id=TRACE,
)
REFUSED = replace(
    ANSWER,
    outcome=Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD,
    text="Kho chưa có bài nào.",
    sentences=(),
    citations=(),
)
HTML = (
    'Năm 2020 đạt 91,3% [Bắc Kạn, 23/7/2024]. Có &lt;5 &amp; "nhiều" nơi [Hậu Giang, 5/3/2021].\n\n'
    "<b>Nguồn</b>\n"
    "1. <code>Bắc Kạn, 23/7/2024 · TTXVN, 24/7/2024</code> — Hội nghị A &amp; B\n"
    '<blockquote expandable>Năm 2020 đạt 91,3%. Còn "khó" &lt;lắm&gt;.</blockquote>\n'
    "2. <code>Hậu Giang, 5/3/2021</code> — Tựa\n"
    "<blockquote expandable>Có 5 nơi.</blockquote>"
)
ARTICLE = Article(
    id="a.txt",
    title="Tựa <1>",
    text="Câu một. Câu hai.\nCâu ba. Câu bốn.",
    source=None,
    province="Bắc Kạn",
    date=None,
    path="a.txt",
)
HEAD = "<b>Tựa &lt;1&gt;</b>\n<code>Bắc Kạn, không rõ ngày</code> · <i>đoạn 1/2</i>\n\n"


def below(buttons: InlineKeyboardMarkup | None) -> list[list[tuple[str, str]]]:
    rows = buttons.inline_keyboard if buttons else ()
    return [[(one.text, str(one.callback_data)) for one in row] for row in rows]


def query(text: str = "Gì?", filters: Filters | None = None) -> Query:
    read = understand(text)
    return replace(read, filters=filters) if filters else read


def test_an_answer_with_its_sources() -> None:
    """Each source with its label, the same story's other papers, its title and its quote."""

    assert [text.html for text in answer_texts(ANSWER)] == [HTML]


def test_the_question_stands_above_where_a_button_asked_it() -> None:
    """In bold, escaped as everything is."""

    assert answer_texts(ANSWER, question="Ai & ai?")[0].html == f"<b>❓ Ai &amp; ai?</b>\n\n{HTML}"


def test_titles_are_links_to_their_sources() -> None:
    """Of this bot, wherever the answer is forwarded; by the number of the citation."""
    link = f"https://t.me/HoiDap_bot?start=s{TRACE}_"
    expected = HTML.replace("Hội nghị A &amp; B", f'<a href="{link}1">Hội nghị A &amp; B</a>')

    assert [text.html for text in answer_texts(ANSWER, bot="HoiDap_bot")] == [
        expected.replace("— Tựa", f'— <a href="{link}2">Tựa</a>')
    ]
    assert answer_texts(ANSWER, bot="HoiDap_bot")[0].plain == answer_texts(ANSWER)[0].plain


def test_what_was_not_recorded_has_no_links() -> None:
    """They would lead nowhere."""
    shown = replace(ANSWER, trace_id=None)

    assert answer_texts(shown, bot="HoiDap_bot")[0].html == HTML


def test_an_english_answer_has_an_english_heading() -> None:
    """Its language is part of the answer."""
    shown = replace(ANSWER, language="en")

    assert answer_texts(shown)[0].html == HTML.replace("Nguồn", words_of("en").SOURCES)
    assert words_of("en").SOURCES != words_of("vi").SOURCES


def test_an_answer_without_sources_is_its_text() -> None:
    """With its lines; an empty one between two is left out."""
    shown = replace(REFUSED, text="Kho chưa có bài. Xin hỏi lại.\n\n • Một & hai (x)")

    assert answer_texts(shown) == [
        Text(
            "Kho chưa có bài. Xin hỏi lại.\n• Một &amp; hai (x)",
            "Kho chưa có bài. Xin hỏi lại.\n• Một & hai (x)",
        )
    ]


def test_a_long_answer_is_cut_between_sentences() -> None:
    """Ten sentences of 1,000 units: four fit into a message, with three spaces between."""
    sentence = f"{'a' * 999}."
    shown = replace(REFUSED, text=" ".join([sentence.capitalize()] * 10))

    assert [units(text.plain) for text in answer_texts(shown)] == [4_003, 4_003, 2_001]


def test_a_long_quote_goes_on_in_the_next_message() -> None:
    """As a quote there too."""
    sentence = f"A{'a' * 998}."
    shown = replace(ANSWER, citations=(replace(SECOND, number=1, quote=f"{sentence} " * 5),))
    first, second = answer_texts(shown)

    assert first.html.endswith(f"{sentence}</blockquote>")
    assert second.html.startswith(f"<blockquote expandable>{sentence}")
    assert first.html.count(sentence) + second.html.count(sentence) == 5


def test_a_source_s_label_is_not_parted_from_its_quote() -> None:
    """Where the label would fit into the first message and the quote's sentence would not."""
    sentence = f"A{'a' * 3_998}."
    shown = replace(ANSWER, text=f"B{'b' * 98}.", citations=(replace(SECOND, quote=sentence),))
    first, second = answer_texts(shown)

    assert first.plain == shown.text
    assert second.plain == f"Nguồn\n2. Hậu Giang, 5/3/2021 — Tựa\n{sentence}"


def test_our_own_words_keep_their_lines() -> None:
    """Help has some."""

    assert plain_texts(words.START) == [Text(words.START, words.START)]
    assert [text.plain for text in plain_texts("Một:\n• hai\n• ba. Bốn")] == [
        "Một:\n• hai\n• ba. Bốn"
    ]


def test_a_preview_grows_by_sentences() -> None:
    """First the question as it was understood, then what passed so far."""

    assert preview_text("Ai?", []).html == "<i>Ai? …</i>"
    assert preview_text("Ai?", ["Một [A].", "Hai <2> [B]."]).html == (
        "<i>Ai?</i>\n\nMột [A]. Hai &lt;2&gt; [B].\n\n<i>Đang viết câu trả lời…</i>"
    )


def test_the_first_preview_has_one_ellipsis() -> None:
    """Before the question is understood."""

    assert preview_text("", []).plain == "Đang tìm trong kho bài viết…"


def test_a_long_preview_is_its_end() -> None:
    """What was written last is what is news."""
    shown = preview_text("Ai?", [f"Câu {number} {'a' * 1_000} [A]." for number in range(9)])

    assert units(shown.plain) <= 4_096
    assert shown.plain.startswith("Câu ")
    assert "Câu 8" in shown.plain
    assert shown.plain.endswith("Đang viết câu trả lời…")


def test_a_sentence_of_a_preview_has_its_labels() -> None:
    """Those that it cites, of the citations that are new with it."""
    both = Sentence("Đạt 91,3%.", (1, 2))

    assert told(both, [FIRST, SECOND]) == "Đạt 91,3% [Bắc Kạn, 23/7/2024] [Hậu Giang, 5/3/2021]."
    assert told(replace(both, citations=(2,)), [FIRST, SECOND]) == (
        "Đạt 91,3% [Hậu Giang, 5/3/2021]."
    )
    assert told(both, []) == "Đạt 91,3%."


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (None, "Câu một. Câu hai.\nCâu ba. Câu bốn."),
        (Span(9, 17), "Câu một. <b>Câu hai.</b>\nCâu ba. Câu bốn."),
        (Span(0, 8), "<b>Câu một.</b> Câu hai.\nCâu ba. Câu bốn."),
        (Span(9, 25), "Câu một. <b>Câu hai.\nCâu ba.</b> Câu bốn."),
        (Span(26, 34), "Câu một. Câu hai.\nCâu ba. <b>Câu bốn.</b>"),
        (Span(0, 34), "<b>Câu một. Câu hai.\nCâu ba. Câu bốn.</b>"),
    ],
)
def test_a_passage_shows_its_quote(quote: Span | None, expected: str) -> None:
    """In bold, with the article's own lines."""
    passage = Passage("a.txt", 0, 34, ARTICLE.text)

    assert passage_texts(ARTICLE, passage, "đoạn 1/2", quote)[0].html == f"{HEAD}{expected}"


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (Span(0, 17), "<b>Câu hai.</b>\nCâu ba."),
        (Span(18, 34), "Câu hai.\n<b>Câu ba.</b>"),
        (Span(0, 8), "Câu hai.\nCâu ba."),
        (Span(26, 34), "Câu hai.\nCâu ba."),
    ],
)
def test_a_quote_that_goes_beyond_its_passage(quote: Span, expected: str) -> None:
    """What of it is in this one; its neighbour has the rest."""
    passage = Passage("a.txt", 9, 25, ARTICLE.text[9:25])

    assert passage_texts(ARTICLE, passage, "đoạn 1/2", quote)[0].html == f"{HEAD}{expected}"


LIKES = [("👍", f"+:{TRACE}"), ("👎", f"-:{TRACE}")]


def test_each_source_can_be_opened() -> None:
    """Three in a row, and an opinion below."""
    seven = tuple(replace(SECOND, number=number) for number in range(1, 8))

    assert below(answer_buttons(replace(ANSWER, citations=seven), None)) == [
        [(f"📄 Nguồn {n}", f"s:{TRACE}:{n}") for n in (1, 2, 3)],
        [(f"📄 Nguồn {n}", f"s:{TRACE}:{n}") for n in (4, 5, 6)],
        [("📄 Nguồn 7", f"s:{TRACE}:7")],
        LIKES,
    ]


YEAR = Period(0, 3, "Năm", datetime.date(2019, 1, 1), datetime.date(2019, 12, 31))
LATEST = Period(0, 8, "mới nhất", datetime.date.min, datetime.date.max, is_latest=True)
EVERYWHERE = [("🔎 Tìm ở mọi nơi", f"w:{TRACE}:place")]
ANY_TIME = [("🔎 Tìm ở mọi thời gian", f"w:{TRACE}:period")]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (query(), []),
        (query("Năm 2019 có gì?"), [ANY_TIME]),
        (query("Ở Hà Nội có gì?"), [EVERYWHERE]),
        (query("Năm 2019 ở Hà Nội có gì?"), [EVERYWHERE, ANY_TIME]),
        (query(filters=Filters(provinces=("Hà Nội",))), [EVERYWHERE]),
        (query(filters=Filters(sources=("TTXVN",))), [EVERYWHERE]),
        (replace(query(), periods=(LATEST,)), []),
        (replace(query(), periods=(replace(YEAR, is_base=True),)), []),
        (replace(query(), periods=(LATEST, YEAR)), [ANY_TIME]),
        (None, []),
    ],
)
def test_a_search_can_be_widened(
    asked: Query | None, expected: list[list[tuple[str, str]]]
) -> None:
    """By what the question named and no article has."""

    assert below(answer_buttons(REFUSED, asked)) == [*expected, LIKES]


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {REFUSED.outcome}))
def test_other_outcomes_are_not_widened(outcome: Outcome) -> None:
    """There was something of the place and the time, or it did not matter."""
    shown = replace(REFUSED, outcome=outcome)

    assert below(answer_buttons(shown, query("Năm 2019 ở Hà Nội có gì?"))) == [LIKES]


def test_other_questions_are_suggested() -> None:
    """Each in a row of its own, by the key of its text; also where nothing was recorded."""
    suggested = [("Ai chủ trì?", "00ff"), ("Bao nhiêu?", "11ff")]
    rows = [[("❓ Ai chủ trì?", "q:00ff")], [("❓ Bao nhiêu?", "q:11ff")]]

    assert below(answer_buttons(REFUSED, None, suggested)) == [*rows, LIKES]
    assert below(answer_buttons(replace(REFUSED, trace_id=None), None, suggested)) == rows


@pytest.mark.parametrize("shown", [ANSWER, REFUSED])
def test_what_was_not_recorded_has_no_buttons(shown: Answer) -> None:
    """They would lead nowhere."""
    asked = query("Năm 2019 ở Hà Nội có gì?")

    assert answer_buttons(replace(shown, trace_id=None), asked) is None


def copied(label: str, quote: str) -> str:
    made = copy_button(label, quote)
    assert made.copy_text is not None
    return made.copy_text.text


def test_a_quote_is_copied_with_its_label() -> None:
    """On one line."""

    assert copied(FIRST.label, FIRST.quote) == (
        'Năm 2020 đạt 91,3%. Còn "khó" <lắm>. [Bắc Kạn, 23/7/2024]'
    )


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("a" * 252, f"{'a' * 252} [A]"),
        ("a" * 253, f"{'a' * 251}… [A]"),
        (f"{'a' * 200} {'b' * 51}", f"{'a' * 200} {'b' * 51} [A]"),
        (f"{'a' * 200} {'b' * 52}", f"{'a' * 200}… [A]"),
        (f"{'a' * 200} {'b' * 50} c", f"{'a' * 200} {'b' * 50}… [A]"),
        ("😀" * 126, f"{'😀' * 126} [A]"),
        ("😀" * 127, f"{'😀' * 125}… [A]"),
    ],
)
def test_a_long_quote_is_copied_up_to_a_word(quote: str, expected: str) -> None:
    """256 units with the label, of which ` [A]` takes four and `…` one."""

    assert copied("A", quote) == expected


@settings(deadline=None)
@given(
    st.text("Bắc Kạn,/0123()", max_size=60), st.text(st.sampled_from("aố <&\n😀."), max_size=400)
)
def test_what_is_copied_fits_and_names_its_article(label: str, quote: str) -> None:
    """Whatever the quote is."""
    text = copied(label, quote)

    assert 0 < units(text) <= 256
    assert text.endswith(f" [{label}]")


@pytest.mark.parametrize("length", [126, 127, 128, 253, 374, 5_000])
def test_a_label_that_leaves_no_room_is_cut(length: int) -> None:
    """To half of the room; a front matter may state a source of any length."""
    text = copied("x" * length, "Hai từ.")
    shown = "x" * length if length <= 128 else "x" * 127 + "…"

    assert text == f"Hai từ. [{shown}]"


def test_a_long_label_and_a_long_quote_share_the_room() -> None:
    """Each is cut, and together they fill it."""
    text = copied("x" * 300, "a" * 300)

    assert text == f"{'a' * 124}… [{'x' * 127}…]"
    assert units(text) == 256


def contents(shown: Answer) -> Sequence[tuple[str, str, str | None, str]]:
    found = []
    for one in inline_results(shown):
        assert isinstance(one.input_message_content, InputTextMessageContent)
        found.append((one.id, one.title, one.description, one.input_message_content.message_text))
    return found


def test_inline_results_are_the_answer_and_its_quotes() -> None:
    """Each quote can be sent alone, with its label."""

    assert contents(ANSWER) == [
        ("answer", "Câu trả lời", ANSWER.text, HTML),
        (
            "1",
            "Bắc Kạn, 23/7/2024 — Hội nghị A & B",
            'Năm 2020 đạt 91,3%. Còn "khó" <lắm>.',
            '<blockquote>Năm 2020 đạt 91,3%. Còn "khó" &lt;lắm&gt;.</blockquote>\n'
            "<code>Bắc Kạn, 23/7/2024</code> — Hội nghị A &amp; B",
        ),
        (
            "2",
            "Hậu Giang, 5/3/2021 — Tựa",
            "Có 5 nơi.",
            "<blockquote>Có 5 nơi.</blockquote>\n<code>Hậu Giang, 5/3/2021</code> — Tựa",
        ),
    ]


def test_one_quote_is_the_answer() -> None:
    """It is not offered twice; nor is anything where there is none."""
    single = replace(ANSWER, citations=(FIRST,))
    nothing = ("answer", "Các bài viết không có thông tin", REFUSED.text, REFUSED.text)

    assert [one[0] for one in contents(single)] == ["answer"]
    assert contents(REFUSED) == [nothing]
