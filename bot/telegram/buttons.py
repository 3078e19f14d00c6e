"""The buttons below a message: what each does, in the 64 bytes that Telegram gives back.

    s:<trace>:<citation>            the passage of a source, opened
    p:<trace>:<citation>:<step>     a neighbour of it, `step` passages on or back
    +:<trace>  -:<trace>            the answer was good, or was not
    r:<trace>:<reason>              why it was not
    w:<trace>:<dimension>           the same question everywhere, or at any time
    v:<trace>                       the answer, shown again
    q:<key>                         a suggested question
    k:<province>:<page>             the articles of a province
    a:<key>:<passage>               an article, opened at a passage
    x:<yes or no>                   delete what is known of this chat
    u:<key>:<yes or no>             take a document into the archive

They hold ids, not places in memory: a button works as long as what it names is kept, also after
a restart.
"""

from __future__ import annotations

from enum import StrEnum

from telegram import InlineKeyboardButton

LONGEST_DATA = 64


class Does(StrEnum):
    """What a button does."""

    OPEN_SOURCE = "s"
    TURN_PAGE = "p"
    LIKE = "+"
    DISLIKE = "-"
    GIVE_REASON = "r"
    WIDEN = "w"
    VIEW_ANSWER = "v"
    ASK = "q"
    LIST_ARTICLES = "k"
    OPEN_ARTICLE = "a"
    DELETE = "x"
    UPLOAD = "u"


# How many values a kind has, where it is not one.
_VALUES = {
    Does.OPEN_SOURCE: 2,
    Does.TURN_PAGE: 3,
    Does.GIVE_REASON: 2,
    Does.WIDEN: 2,
    Does.LIST_ARTICLES: 2,
    Does.OPEN_ARTICLE: 2,
    Does.UPLOAD: 2,
}


def button(text: str, does: Does, *values: str | int) -> InlineKeyboardButton:
    """
    Raises:
        ValueError: the data would be longer than Telegram takes.
    """
    data = ":".join([does, *map(str, values)])
    if len(data.encode()) > LONGEST_DATA:
        raise ValueError(f"button data is {len(data.encode())} bytes long")
    return InlineKeyboardButton(text, callback_data=data)


def read_data(data: str) -> tuple[Does, list[str]] | None:
    """What a pressed button does, and with what; None for data that no button here has."""
    kind, *values = data.split(":")
    if kind not in set(Does) or len(values) != _VALUES.get(Does(kind), 1):
        return None
    return Does(kind), values
