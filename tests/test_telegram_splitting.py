"""Marked-up text cut into messages: nothing too long, nothing left open, nothing lost."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.splitting import LONGEST_MESSAGE, Piece, Text, split, units

# What Telegram knows of HTML and the bot uses.
ALLOWED = {"b", "i", "code", "blockquote"}
TAGS = st.sampled_from([(), ("b",), ("i",), ("code",), ("blockquote expandable",), ("b", "i")])
GAPS = st.sampled_from(["", " ", "\n", "\n\n", " · "])
WORDS = st.text(st.sampled_from("aốđ<>&\"' \n😀👍\u0301"), max_size=40)
PIECES = st.lists(st.builds(Piece, WORDS, TAGS, GAPS, st.booleans()), max_size=8)


class Reader(HTMLParser):
    """The text of a message, and what is open at its end; an unknown tag is an error."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert attrs in ([], [("expandable", None)])
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def plain(texts: list[Text]) -> list[str]:
    return [text.plain for text in texts]


def without_spaces(text: str) -> str:
    return "".join(character for character in text if character not in " \n·")


def test_a_message_takes_4096_units() -> None:
    """As Telegram has it."""

    assert LONGEST_MESSAGE == 4_096


@pytest.mark.parametrize(
    ("text", "expected"), [("", 0), ("ốđa", 3), ("😀", 2), ("a\u0301", 2), ("\ud83d", 1)]
)
def test_a_text_is_counted_in_units_of_utf_16(text: str, expected: int) -> None:
    """A character outside the first plane counts two, half of one counts one."""

    assert units(text) == expected


def test_pieces_that_fit_are_one_message() -> None:
    """The first gap is left out, the others are outside of the tags."""
    pieces = [Piece("Một", ("b",), "\n\n"), Piece("hai", (), " "), Piece("ba", ("i",), "\n")]

    assert split(pieces) == [Text("<b>Một</b> hai\n<i>ba</i>", "Một hai\nba")]


def test_neighbours_with_the_same_tags_share_them() -> None:
    """With the gap between them inside, so that a quote stays one."""
    quote = ("blockquote expandable",)

    assert split([Piece("Một.", quote), Piece("Hai.", quote, " ")]) == [
        Text("<blockquote expandable>Một. Hai.</blockquote>", "Một. Hai.")
    ]


def test_tags_close_in_the_other_order() -> None:
    """The outermost is the first."""

    assert split([Piece("x", ("b", "i"))]) == [Text("<b><i>x</i></b>", "x")]


def test_what_html_would_read_is_escaped() -> None:
    """Quotes stay as they are: there are no attributes that they could end."""

    assert split([Piece("a<b>&\"'", ("code",)), Piece("c", (), " < ")]) == [
        Text("<code>a&lt;b&gt;&amp;\"'</code> &lt; c", "a<b>&\"' < c")
    ]


def test_a_message_ends_between_two_pieces() -> None:
    """The gap counts where it is shown: 5 + 1 + 4 are ten, with one more it is too long."""
    fitting = [Piece("12345"), Piece("6789", (), " ")]
    longer = [Piece("12345"), Piece("67890", (), " ")]

    assert plain(split(fitting, 10)) == ["12345 6789"]
    assert plain(split(longer, 10)) == ["12345", "67890"]


def test_a_heading_is_not_parted_from_what_follows() -> None:
    """All the headings before a piece go with it, unless they would be too long together."""
    heads = [Piece("H", (), "\n", is_head=True), Piece("I", (), " ", is_head=True)]
    before, after = Piece("12345"), Piece("678", (), " ")

    assert plain(split([before, heads[0], Piece("678", (), " ")], 11)) == ["12345\nH 678"]
    assert plain(split([before, *heads, after], 11)) == ["12345", "H I 678"]
    assert plain(split([before, *heads, after], 7)) == ["12345\nH", "I 678"]
    assert plain(split([before, *heads], 9)) == ["12345\nH I"]
    assert plain(split([before, *heads], 8)) == ["12345", "H I"]


def test_room_is_that_of_the_new_message_after_a_cut() -> None:
    """A third piece that fits with the second one is beside it."""
    pieces = [Piece("1234567"), Piece("12345", (), " "), Piece("1234", (), " ")]

    assert plain(split(pieces, 10)) == ["1234567", "12345 1234"]


def test_tags_are_closed_and_opened_again_at_a_cut() -> None:
    """Each message is marked up by itself."""

    assert split([Piece("12345", ("b",)), Piece("67890", ("b",), " ")], 8) == [
        Text("<b>12345</b>", "12345"),
        Text("<b>67890</b>", "67890"),
    ]


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("một hai ba", 7, ["một hai", "ba"]),
        ("một hai ba", 6, ["một", "hai ba"]),
        ("một  hai", 5, ["một ", "hai"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("😀😀😀", 5, ["😀😀", "😀"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("ab 😀😀", 6, ["ab", "😀😀"]),
    ],
)
def test_a_piece_that_is_too_long_is_cut(text: str, longest: int, expected: list[str]) -> None:
    """Between words where it has any, never within a character."""

    assert plain(split([Piece(text)], longest)) == expected


def test_parts_of_a_long_piece_keep_its_tags() -> None:
    """What follows the last of them is beside it where it fits."""
    pieces = [Piece("một hai ba", ("i",)), Piece("bốn!", (), " ")]

    assert [text.html for text in split(pieces, 7)] == ["<i>một hai</i>", "<i>ba</i> bốn!"]


@pytest.mark.parametrize("pieces", [[], [Piece("")], [Piece("", ("b",), "\n"), Piece("")]])
def test_nothing_is_no_message(pieces: list[Piece]) -> None:
    """Telegram refuses an empty one."""

    assert split(pieces) == []


@settings(deadline=None)
@given(PIECES, st.integers(2, 60))
def test_no_message_is_too_long_or_empty(pieces: list[Piece], longest: int) -> None:
    """Neither by its plain text nor by what its tags leave; no half of a character."""
    texts = split(pieces, longest)

    assert all(0 < units(text.plain) <= longest for text in texts)
    for text in texts:
        text.html.encode()  # half of a character can not be encoded


@settings(deadline=None)
@given(PIECES, st.integers(2, 60))
def test_html_says_the_plain_text(pieces: list[Piece], longest: int) -> None:
    """Every tag is closed in its own message."""
    for text in split(pieces, longest):
        reader = read(text.html)

        assert (reader.text, reader.opened) == (text.plain, [])


@settings(deadline=None)
@given(PIECES, st.integers(2, 60))
def test_nothing_is_lost_but_space(pieces: list[Piece], longest: int) -> None:
    """In its order; gaps between pieces come and go, nothing else does."""
    whole = "".join(piece.text for piece in pieces)
    told = "".join(plain(split(pieces, longest)))

    assert without_spaces(told) == without_spaces(whole)


@settings(deadline=None)
@given(PIECES)
def test_what_fits_is_not_touched(pieces: list[Piece]) -> None:
    """One message is the texts with the gaps between them, to the letter."""
    pieces = [piece for piece in pieces if piece.text]
    whole = "".join((piece.gap if n else "") + piece.text for n, piece in enumerate(pieces))

    assert plain(split(pieces)) == ([whole] if whole else [])


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=30), st.integers(12, 40))
def test_messages_are_as_few_as_can_be(lengths: list[int], longest: int) -> None:
    """No first piece of a message would have fitted into the one before it."""
    pieces = [Piece(chr(0x61 + n % 26) * length, (), " ") for n, length in enumerate(lengths)]
    texts = plain(split(pieces, longest))

    for before, after in pairwise(texts):
        assert len(before) + 1 + len(after.split(" ")[0]) > longest


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=3), max_size=8), st.integers(15, 40)
)
def test_headings_stay_with_their_piece(lengths: list[list[int]], longest: int) -> None:
    """Runs of at most 15 units with their gaps, all but the last piece of each a heading."""
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    runs = [[next(letters) * length for length in run] for run in lengths]
    pieces = [Piece(text, (), " ", is_head=text is not run[-1]) for run in runs for text in run]
    texts = plain(split(pieces, longest))

    assert " ".join(texts) == " ".join(text for run in runs for text in run)
    for run in runs:
        assert any(" ".join(run) in text for text in texts)
