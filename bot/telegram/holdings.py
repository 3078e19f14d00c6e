"""What articles there are, by place and by year: `/nguon`."""

from __future__ import annotations

import math
from collections import Counter

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.telegram import words
from bot.telegram.buttons import Does, button
from bot.telegram.inbox import Inbox
from bot.telegram.sources import Opened
from bot.telegram.splitting import Piece, split
from retrieval.search import Retriever

# The province of articles whose province is not known, in a button.
UNPLACED = "?"
_PLACES_A_ROW = 2
_MOST_PLACES = 64
_PAGE = 8


def overview(retriever: Retriever) -> Opened:
    """How many articles of which place and year, with a button for each place."""
    records = retriever.index.records
    origins = records.origins_passing().values()
    places = Counter(origin.province or UNPLACED for origin in origins)
    years = Counter(origin.date.year for origin in origins if origin.date)
    undated = len(origins) - sum(years.values())
    by_year = [f"{year}: {words.number(count)}" for year, count in sorted(years.items())[::-1]]
    if undated:
        by_year.append(f"{words.UNDATED}: {words.number(undated)}")
    pieces = [
        Piece(words.holdings(len(origins), records.days())),
        Piece(words.BY_YEAR, ("b",), "\n\n"),
        *(Piece(line, (), "\n" if not number else " · ") for number, line in enumerate(by_year)),
        Piece(words.BY_PLACE, ("b",), "\n\n"),
    ]
    buttons = [
        button(f"{_shown(place)} ({words.number(count)})", Does.LIST_ARTICLES, place, 0)
        for place, count in places.most_common(_MOST_PLACES)
    ]
    return Opened(split(pieces), _rows(buttons, _PLACES_A_ROW))


def listed(retriever: Retriever, inbox: Inbox, place: str, page: int) -> Opened:
    """Articles of a place, the newest first, with a button to open each."""
    province = None if place == UNPLACED else place
    records = retriever.index.records
    origins = records.origins_passing().values()
    count = sum(origin.province == province for origin in origins)
    pages = max(1, math.ceil(count / _PAGE))
    page = min(max(page, 0), pages - 1)
    shown = records.articles_of(province, _PAGE, page * _PAGE)
    pieces = [Piece(words.held_of(_shown(place), count, page + 1, pages), ("b",))]
    opening = []
    for number, article in enumerate(shown, page * _PAGE + 1):
        pieces.append(Piece(f"{number}. {article.label} — {article.title}", (), "\n"))
        opening.append(button(f"📄 {number}", Does.OPEN_ARTICLE, inbox.key_of(article.id), 0))
    turning = []
    if page > 0:
        turning.append(button(words.NEWER, Does.LIST_ARTICLES, place, page - 1))
    if page < pages - 1:
        turning.append(button(words.OLDER, Does.LIST_ARTICLES, place, page + 1))
    rows = [opening[i : i + 4] for i in range(0, len(opening), 4)] + ([turning] if turning else [])
    return Opened(split(pieces), InlineKeyboardMarkup(rows) if rows else None)


def _shown(place: str) -> str:
    return words.NO_PLACE if place == UNPLACED else place


def _rows(buttons: list[InlineKeyboardButton], width: int) -> InlineKeyboardMarkup | None:
    rows = [buttons[i : i + width] for i in range(0, len(buttons), width)]
    return InlineKeyboardMarkup(rows) if rows else None
