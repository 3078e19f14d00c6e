"""What articles there are, and their passages, opened by buttons."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, replace

import pytest
from telegram import InlineKeyboardMarkup

from bot.conversations import Conversations
from bot.schema import Answer, Citation, Outcome
from bot.telegram import holdings, words
from bot.telegram.inbox import Inbox
from bot.telegram.sources import Opened, citation_of, open_article, open_citation
from retrieval.building import build
from retrieval.database import Database
from retrieval.index import Index
from retrieval.search import Retriever
from retrieval.traces import Trace, Versions
from tests.fakes import LetterEncoder

TRACE = "0123456789abcdef"
# Of the seeds: six passages, the second one from character 635 on.
BAC_KAN, SECOND_PASSAGE, THIRD_PASSAGE = "002_bacd95ad4e680c06.txt", 635, 1_052
NOON = datetime.datetime(2024, 7, 23, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    """Nineteen articles of Bắc Kạn, one a day in July 2024, and two of no place."""
    seeds = tmp_path_factory.mktemp("seeds")
    for day in range(1, 20):
        text = f"Thứ Ba, {day}/7/2024\nBắc Kạn: Hội nghị số {day}\n\nHội nghị số {day} đã bàn việc."
        (seeds / f"{day:02}.txt").write_text(text, encoding="utf-8")
    for name, day_line in (("a", "Ngày 5/3/2021\n"), ("b", "")):
        text = f"{day_line}Hội nghị dân vận {name}\n\nHội nghị đã bàn về công tác dân vận."
        (seeds / f"{name}.txt").write_text(text, encoding="utf-8")
    encoder = LetterEncoder()
    build(seeds, seeds / "vectors", encoder)
    return Retriever(Index.open(seeds / "vectors", encoder.fingerprint), encoder)


@pytest.fixture
def conversations() -> Conversations:
    return Conversations(Database.open(None), 1)


@pytest.fixture
def inbox(conversations: Conversations) -> Inbox:
    return Inbox(conversations.database)


def buttons(opened: Opened) -> list[list[str]]:
    """What the buttons of each row do, or the text that they copy."""
    keyboard = opened.buttons or InlineKeyboardMarkup([])
    return [
        [str(one.callback_data or (one.copy_text and one.copy_text.text)) for one in row]
        for row in keyboard.inline_keyboard
    ]


def test_what_there_is_of_the_seeds(retriever: Retriever) -> None:
    """The newest year first, the place with most articles first; two places a row."""
    opened = holdings.overview(retriever)

    assert [text.html for text in opened.texts] == [
        "Kho có 5 bài, từ ngày 14/10/2017 đến ngày 23/7/2024.\n\n"
        "<b>Theo năm</b>\n2024: 1 · 2023: 1 · 2022: 1 · 2017: 2\n\n"
        "<b>Theo địa phương (chạm để xem bài)</b>"
    ]
    assert [len(row) for row in buttons(opened)] == [2, 2]
    assert sorted(one for row in buttons(opened) for one in row) == [
        "k:Bắc Kạn:0",
        "k:Hậu Giang:0",
        "k:Quảng Bình:0",
        "k:Quảng Ninh:0",
    ]
    assert buttons(opened)[0][0] == "k:Bắc Kạn:0"


def test_articles_without_place_or_day_are_counted(archive: Retriever) -> None:
    """As such, by a button of their own."""
    opened = holdings.overview(archive)

    assert opened.texts[0].plain == (
        "Kho có 21 bài, từ ngày 5/3/2021 đến ngày 19/7/2024.\n\n"
        "Theo năm\n2024: 19 · 2021: 1 · không rõ ngày: 1\n\n"
        "Theo địa phương (chạm để xem bài)"
    )
    assert opened.buttons is not None
    assert [one.text for one in opened.buttons.inline_keyboard[0]] == [
        "Bắc Kạn (19)",
        "Không rõ địa phương (2)",
    ]
    assert buttons(opened) == [["k:Bắc Kạn:0", "k:?:0"]]


@pytest.mark.parametrize(
    ("page", "days", "turning"),
    [
        (0, range(19, 11, -1), ["k:Bắc Kạn:1"]),
        (1, range(11, 3, -1), ["k:Bắc Kạn:0", "k:Bắc Kạn:2"]),
        (2, range(3, 0, -1), ["k:Bắc Kạn:1"]),
        # The archive may have become smaller since the button was made.
        (9, range(3, 0, -1), ["k:Bắc Kạn:1"]),
        (-1, range(19, 11, -1), ["k:Bắc Kạn:1"]),
    ],
)
def test_articles_of_a_place(
    archive: Retriever, inbox: Inbox, page: int, days: range, turning: list[str]
) -> None:
    """Eight a page, the newest first; each can be opened, by its number in the whole list."""
    opened = holdings.listed(archive, inbox, "Bắc Kạn", page)
    numbers = [20 - day for day in days]
    keys = [f"a:{inbox.key_of(f'{day:02}.txt')}:0" for day in days]

    assert opened.texts[0].plain.split("\n") == [
        f"Bắc Kạn: 19 bài, trang {min(max(page, 0), 2) + 1}/3",
        *(
            f"{number}. Bắc Kạn, {day}/7/2024 — Bắc Kạn: Hội nghị số {day}"
            for number, day in zip(numbers, days, strict=True)
        ),
    ]
    assert buttons(opened) == [*filter(None, (keys[:4], keys[4:])), turning]
    assert opened.buttons is not None
    assert opened.buttons.inline_keyboard[0][0].text == f"📄 {numbers[0]}"


def test_articles_of_no_place(archive: Retriever, inbox: Inbox) -> None:
    """The one without a day is the last; a place without any has no button."""
    opened = holdings.listed(archive, inbox, "?", 0)
    none = holdings.listed(archive, inbox, "Hà Nội", 0)

    assert opened.texts[0].plain.split("\n") == [
        "Không rõ địa phương: 2 bài",
        "1. Không rõ nguồn, 5/3/2021 — Hội nghị dân vận a",
        "2. Không rõ nguồn, không rõ ngày — Hội nghị dân vận b",
    ]
    assert len(buttons(opened)) == 1
    assert (none.texts[0].plain, none.buttons) == ("Hà Nội: 0 bài", None)


def cited(retriever: Retriever, start: int = SECOND_PASSAGE, length: int = 40) -> Citation:
    """A quote from the article of Bắc Kạn."""
    article = next(one for one in retriever.index.records.articles() if one.id == BAC_KAN)
    quote = article.text[start : start + length]
    return Citation(2, article.label, article.title, BAC_KAN, quote, start, start + length)


def place_of(opened: Opened) -> str:
    """`đoạn 2/6`, from below the title."""
    return opened.texts[0].plain.split("\n")[1].split(" · ")[-1]


def test_a_source_is_opened_at_its_quote(retriever: Retriever) -> None:
    """In bold; with its neighbours, and a button that copies it with its label."""
    citation = cited(retriever)
    opened = open_citation(retriever, citation, TRACE)

    assert place_of(opened) == "đoạn 2/6"
    assert f"<b>{citation.quote.strip()}" in opened.texts[0].html
    assert buttons(opened) == [
        [f"p:{TRACE}:2:-1", f"p:{TRACE}:2:1"],
        [f"{' '.join(citation.quote.split())} [Bắc Kạn, 23/7/2024]"],
    ]


@pytest.mark.parametrize(
    ("step", "place", "turning"),
    [
        (-1, "đoạn 1/6", ["0"]),
        (0, "đoạn 2/6", ["-1", "1"]),
        (1, "đoạn 3/6", ["0", "2"]),
        (4, "đoạn 6/6", ["3"]),
        (-9, "đoạn 1/6", ["0"]),
        (99, "đoạn 6/6", ["3"]),
    ],
)
def test_pages_are_turned_from_the_quote(
    retriever: Retriever, step: int, place: str, turning: list[str]
) -> None:
    """Steps count from the passage of the quote, and end with the article."""
    opened = open_citation(retriever, cited(retriever), TRACE, step)

    assert place_of(opened) == place
    assert buttons(opened)[0] == [f"p:{TRACE}:2:{one}" for one in turning]
    assert len(buttons(opened)) == 2


@pytest.mark.parametrize(
    ("start", "place"),
    [
        (0, "đoạn 1/6"),
        (SECOND_PASSAGE - 1, "đoạn 1/6"),
        (SECOND_PASSAGE, "đoạn 2/6"),
        (THIRD_PASSAGE - 1, "đoạn 2/6"),
        (4_290, "đoạn 6/6"),
    ],
)
def test_a_quote_is_in_the_passage_where_it_begins(
    retriever: Retriever, start: int, place: str
) -> None:
    """Also where it goes on in the next one."""

    assert place_of(open_citation(retriever, cited(retriever, start, 5), TRACE)) == place


def test_a_source_that_changed_is_its_quote(retriever: Retriever) -> None:
    """Or is gone, or there is no index: what was quoted is still known."""
    citation = cited(retriever)
    changed = replace(citation, quote="Khác.")
    gone = replace(changed, article="gone.txt")
    expected = (
        f"<i>{words.ARTICLE_CHANGED}</i>\n\n<b>{citation.title}</b>\n"
        "<code>Bắc Kạn, 23/7/2024</code>\n\nKhác."
    )

    for opened in (
        open_citation(retriever, changed, TRACE),
        open_citation(retriever, gone, TRACE, 1),
        open_citation(None, changed, TRACE),
    ):
        assert [text.html for text in opened.texts] == [expected]
        assert buttons(opened) == [["Khác. [Bắc Kạn, 23/7/2024]"]]


@pytest.mark.parametrize(
    ("place", "shown", "turning"),
    [(0, 1, [1]), (3, 4, [2, 4]), (5, 6, [4]), (99, 6, [4]), (-1, 1, [1])],
)
def test_an_article_is_opened_from_the_list(
    retriever: Retriever, inbox: Inbox, place: int, shown: int, turning: list[int]
) -> None:
    """Passage by passage, nothing in bold but its title."""
    key = inbox.key_of(BAC_KAN)
    opened = open_article(retriever, inbox, key, place)

    assert place_of(opened) == f"đoạn {shown}/6"
    assert opened.texts[0].html.count("<b>") == 1
    assert buttons(opened) == [[f"a:{key}:{to}" for to in turning]]


def test_an_article_of_one_passage_has_nothing_to_turn(archive: Retriever, inbox: Inbox) -> None:
    """And no button at all."""
    opened = open_article(archive, inbox, inbox.key_of("01.txt"))

    assert [text.html for text in opened.texts] == [
        "<b>Bắc Kạn: Hội nghị số 1</b>\n<code>Bắc Kạn, 1/7/2024</code> · <i>đoạn 1/1</i>\n\n"
        "Hội nghị số 1 đã bàn việc."
    ]
    assert opened.buttons is None


def test_an_article_that_is_gone_is_said_so(retriever: Retriever, inbox: Inbox) -> None:
    """Of another archive, of no known key, or without an index."""
    for opened in (
        open_article(retriever, inbox, inbox.key_of("01.txt")),
        open_article(retriever, inbox, "0000000000000000"),
        open_article(None, inbox, inbox.key_of(BAC_KAN)),
    ):
        assert [text.plain for text in opened.texts] == [words.ARTICLE_GONE]
        assert opened.buttons is None


def test_a_citation_is_found_by_its_trace(conversations: Conversations) -> None:
    """By its number; nothing of another number, of a forgotten answer, or without a store."""
    citation = Citation(2, "Bắc Kạn, 23/7/2024", "Tựa", "a.txt", "Một.", 0, 4, ("TTXVN, 1/1/2024",))
    shown = Answer("1", Outcome.ANSWERED, "Một.", (), (replace(citation, number=1), citation), {})
    kept = json.loads(json.dumps(asdict(shown)))
    versions = Versions("2024", "aa", "e5", "0.1.0")
    conversations.remember("a", "Gì?", TRACE)
    conversations.traces.record(Trace(TRACE, NOON, "Gì?", NOON.date(), None, (), kept, versions))

    assert citation_of(conversations, TRACE, 2) == citation
    assert citation_of(conversations, TRACE, 3) is None
    assert citation_of(conversations, "fedcba9876543210", 2) is None
    assert citation_of(None, TRACE, 2) is None
    conversations.forget("a")
    assert citation_of(conversations, TRACE, 2) is None
