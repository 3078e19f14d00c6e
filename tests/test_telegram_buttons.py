"""What a button holds in the 64 bytes that Telegram gives back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.buttons import Does, button, read_data
from retrieval.gazetteer import load

VALUES = st.lists(st.text(st.sampled_from("az09 ỳĐ?-"), max_size=8), max_size=4)
# As the head of the module has them.
ARITY = dict.fromkeys(Does, 1) | {
    Does.OPEN_SOURCE: 2,
    Does.TURN_PAGE: 3,
    Does.GIVE_REASON: 2,
    Does.WIDEN: 2,
    Does.LIST_ARTICLES: 2,
    Does.OPEN_ARTICLE: 2,
    Does.UPLOAD: 2,
}


@pytest.mark.parametrize(
    ("does", "values", "data"),
    [
        (Does.OPEN_SOURCE, ("0123456789abcdef", 2), "s:0123456789abcdef:2"),
        (Does.TURN_PAGE, ("0123456789abcdef", 2, -1), "p:0123456789abcdef:2:-1"),
        (Does.LIKE, ("0123456789abcdef",), "+:0123456789abcdef"),
        (Does.DISLIKE, ("0123456789abcdef",), "-:0123456789abcdef"),
        (Does.GIVE_REASON, ("0123456789abcdef", "partial"), "r:0123456789abcdef:partial"),
        (Does.WIDEN, ("0123456789abcdef", "place"), "w:0123456789abcdef:place"),
        (Does.VIEW_ANSWER, ("0123456789abcdef",), "v:0123456789abcdef"),
        (Does.ASK, ("00ff",), "q:00ff"),
        (Does.LIST_ARTICLES, ("Bà Rịa - Vũng Tàu", 12), "k:Bà Rịa - Vũng Tàu:12"),
        (Does.OPEN_ARTICLE, ("00ff", 0), "a:00ff:0"),
        (Does.DELETE, ("yes",), "x:yes"),
        (Does.UPLOAD, ("0011223344556677", "no"), "u:0011223344556677:no"),
    ],
)
def test_what_is_put_in_comes_out(does: Does, values: tuple[str | int, ...], data: str) -> None:
    """The form is kept: buttons of older messages must go on working."""
    made = button("Chữ", does, *values)

    assert (made.text, made.callback_data) == ("Chữ", data)
    assert read_data(data) == (does, [str(value) for value in values])


@settings(deadline=None)
@given(st.sampled_from(Does), VALUES)
def test_what_has_another_number_of_values_is_nothing(does: Does, values: list[str]) -> None:
    """Each kind has its own; whoever reads them need not count."""
    expected = (does, values) if len(values) == ARITY[does] else None

    assert read_data(":".join([does, *values])) == expected


def test_64_bytes_are_taken_and_no_more() -> None:
    """Counted as UTF-8: `ố` has three of them."""
    fitting = button("x", Does.ASK, "ố" * 20 + "ab")

    assert len(str(fitting.callback_data).encode()) == 64
    with pytest.raises(ValueError, match="65 bytes"):
        button("x", Does.ASK, "ố" * 20 + "abc")


def test_every_province_fits() -> None:
    """The longest names, with a page that no archive has."""
    names = [province.name for province in load().provinces]

    assert len(names) > 60
    for name in names:
        assert read_data(str(button("x", Does.LIST_ARTICLES, name, 99_999).callback_data)) == (
            Does.LIST_ARTICLES,
            [name, "99999"],
        )


@pytest.mark.parametrize("data", ["", ":", "z:1", "ss:1", "like:1", " s:1", "OPEN_SOURCE"])
def test_what_no_button_has_is_nothing(data: str) -> None:
    """Whatever a client makes up."""

    assert read_data(data) is None
