"""Passages of articles, opened from the button of a source or from the list of what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversations import Conversations
from bot.schema import Citation, read_answer
from bot.telegram import words
from bot.telegram.buttons import Does, button
from bot.telegram.inbox import Inbox
from bot.telegram.rendering import copy_button, passage_texts, plain_texts
from bot.telegram.splitting import Piece, Text, split
from retrieval.records import Records
from retrieval.search import Retriever
from retrieval.text import Span


@dataclass(frozen=True, slots=True)
class Opened:
    """What a message shows of an article."""

    texts: list[Text]
    buttons: InlineKeyboardMarkup | None = None


def citation_of(conversations: Conversations | None, trace_id: str, number: int) -> Citation | None:
    """A citation of an answer that was given; None where it is no longer known.

    Raises:
        StoreUnavailable: the traces can not be read.
    """
    trace = conversations.traces.get(trace_id) if conversations else None
    if trace is None:
        return None
    found = [c for c in read_answer(trace.answer).citations if c.number == number]
    return found[0] if found else None


def open_citation(
    retriever: Retriever | None, citation: Citation, trace_id: str, step: int = 0
) -> Opened:
    """The passage that holds the quote, or one `step` passages from it."""
    copying = [copy_button(citation.label, citation.quote)]
    records = retriever.index.records if retriever else None
    starts = list(records.passage_starts(citation.article)) if records else []
    home = _holding(records, citation, starts) if records else None
    if records is None or home is None:
        pieces = [
            Piece(words.ARTICLE_CHANGED, ("i",)),
            Piece(citation.title, ("b",), "\n\n"),
            Piece(citation.label, ("code",), "\n"),
            Piece(citation.quote, (), "\n\n"),
        ]
        return Opened(split(pieces), InlineKeyboardMarkup([copying]))

    def turning(text: str, to: int) -> InlineKeyboardButton:
        return button(text, Does.TURN_PAGE, trace_id, citation.number, to - home)

    place = min(max(home + step, 0), len(starts) - 1)
    quote = Span(citation.start, citation.end)
    return _opened(records, citation.article, place, quote, turning, [copying])


def open_article(retriever: Retriever | None, inbox: Inbox, key: str, place: int = 0) -> Opened:
    """A passage of an article that was listed; the first one where nothing else is said."""
    article_id = inbox.text_of(key)
    records = retriever.index.records if retriever else None
    starts = records.passage_starts(article_id) if records and article_id else {}
    if not records or not article_id or not starts:
        return Opened(plain_texts(words.ARTICLE_GONE))

    def turning(text: str, to: int) -> InlineKeyboardButton:
        return button(text, Does.OPEN_ARTICLE, key, to)

    place = min(max(place, 0), len(starts) - 1)
    return _opened(records, article_id, place, None, turning, [])


def _holding(records: Records, citation: Citation, starts: list[int]) -> int | None:
    """Which passage holds the beginning of a quote; None where the article has changed."""
    if not starts:
        return None
    rows = records.passage_starts(citation.article)
    article, _ = records.passages([rows[starts[0]]])[0]
    if article.text[citation.start : citation.end] != citation.quote:
        return None
    return max(i for i, start in enumerate(starts) if start <= max(citation.start, starts[0]))


def _opened(
    records: Records,
    article_id: str,
    place: int,
    quote: Span | None,
    turning: Callable[[str, int], InlineKeyboardButton],
    below: list[list[InlineKeyboardButton]],
) -> Opened:
    """A passage with the buttons to its neighbours."""
    rows = list(records.passage_starts(article_id).values())
    article, passage = records.passages([rows[place]])[0]
    pages = []
    if place > 0:
        pages.append(turning(words.BEFORE, place - 1))
    if place < len(rows) - 1:
        pages.append(turning(words.AFTER, place + 1))
    shown = passage_texts(article, passage, f"đoạn {place + 1}/{len(rows)}", quote)
    keyboard = [row for row in (pages, *below) if row]
    return Opened(shown, InlineKeyboardMarkup(keyboard) if keyboard else None)
