"""An answer as messages: its sentences with their labels, below them each source with its quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.citations import with_label
from bot.schema import Answer, Citation, Outcome, Sentence
from bot.telegram import words
from bot.telegram.buttons import Does, button
from bot.telegram.splitting import Piece, Text, split, units
from bot.words import words_of
from retrieval.schema import Article, Passage, Query
from retrieval.text import Span, sentences

# A row of buttons with longer texts than this is cut by narrow screens.
_SOURCES_A_ROW = 3
_LONGEST_COPY = 256
_QUOTE = ("blockquote expandable",)


def plain_texts(text: str) -> list[Text]:
    """Words of our own, or an answer without sources."""
    return split(_sentences_of(text))


def answer_texts(
    shown: Answer, *, question: str | None = None, bot: str | None = None
) -> list[Text]:
    """The whole answer.

    Args:
        question: where the chat does not show it yet.
        bot: its user name, for links that open the sources wherever the answer is forwarded.
    """
    pieces = [Piece(f"❓ {question}", ("b",))] if question else []
    pieces += _sentences_of(shown.text, "\n\n" if question else "")
    if shown.citations:
        heading = words_of(shown.language).SOURCES
        pieces.append(Piece(heading, ("b",), "\n\n", is_head=True))
    for citation in shown.citations:
        is_linked = bot and shown.trace_id
        link = f"https://t.me/{bot}?start=s{shown.trace_id}_{citation.number}" if is_linked else ""
        pieces += _source(citation, link)
    return split(pieces)


def preview_text(understood: str, told: Sequence[str]) -> Text:
    """The beginning of an answer that is still being written; the last that fits."""
    pieces = [Piece(understood or words.PREVIEW, ("i",))]
    pieces += [Piece(one, gap="\n\n" if not number else " ") for number, one in enumerate(told)]
    if understood or told:
        pieces.append(Piece(words.WRITING if told else "…", ("i",), "\n\n" if told else " "))
    return split(pieces)[-1]


def passage_texts(article: Article, passage: Passage, place: str, quote: Span | None) -> list[Text]:
    """A passage of an article, its quote underlined."""
    pieces = [
        Piece(article.title, ("b",)),
        Piece(article.label, ("code",), "\n"),
        Piece(place, ("i",), " · "),
    ]
    text, gap = article.text, "\n\n"
    start, end = passage.start, passage.end
    inside = quote and Span(max(quote.start, start), min(quote.end, end))
    cuts = [(start, end, False)]
    if inside and inside.start < inside.end:
        cuts = [
            (start, inside.start, False),
            (inside.start, inside.end, True),
            (inside.end, end, False),
        ]
    for first, last, is_quote in cuts:
        for span in sentences(text, first, last):
            tags = ("b",) if is_quote else ()
            pieces.append(Piece(text[span.start : span.end].strip(), tags, gap))
            gap = _gap(text, span.end)
    return split(pieces)


def _gap(text: str, end: int) -> str:
    rest = text[end : end + 3]
    return "\n" if "\n" in rest[: len(rest) - len(rest.lstrip())] else " "


def _source(citation: Citation, link: str = "") -> list[Piece]:
    """`1. [label]`, which can be copied by a touch, title and quote."""
    labels = " · ".join((citation.label, *citation.also))
    pieces = [
        Piece(f"{citation.number}.", (), "\n", is_head=True),
        Piece(labels, ("code",), " ", is_head=True),
        Piece("—", (), " ", is_head=True),
        Piece(citation.title, (f'a href="{link}"',) if link else (), " ", is_head=True),
    ]
    quote = " ".join(citation.quote.split())
    gap = "\n"
    for span in sentences(quote):
        pieces.append(Piece(quote[span.start : span.end], _QUOTE, gap))
        gap = " "
    return pieces


_LINE = re.compile(r"[^\n]+")


def _sentences_of(text: str, gap: str = "") -> list[Piece]:
    """Each sentence, with the line break or the space before it."""
    pieces = []
    for line in _LINE.finditer(text):
        for span in sentences(line[0]):
            pieces.append(Piece(line[0][span.start : span.end], (), gap))
            gap = " "
        gap = "\n"
    return pieces


def told(sentence: Sentence, citations: Sequence[Citation]) -> str:
    """A sentence of a preview, with its labels."""
    return with_label(sentence.text, [c.label for c in citations if c.number in sentence.citations])


def answer_buttons(
    shown: Answer, query: Query | None, suggested: Sequence[tuple[str, str]] = ()
) -> InlineKeyboardMarkup | None:
    """What can be done with an answer; nothing where nothing was recorded.

    Args:
        query: of its trace.
        suggested: questions to ask instead, each with the key of its text.
    """
    rows: list[list[InlineKeyboardButton]] = []
    trace = shown.trace_id
    if trace and shown.citations:
        opening = [
            button(f"{words.OPEN_SOURCE} {c.number}", Does.OPEN_SOURCE, trace, c.number)
            for c in shown.citations
        ]
        rows += [opening[i : i + _SOURCES_A_ROW] for i in range(0, len(opening), _SOURCES_A_ROW)]
    if trace and query and shown.outcome is Outcome.NO_ARTICLE_FOR_PLACE_OR_PERIOD:
        if query.provinces or query.filters.provinces or query.filters.sources:
            rows.append([button(words.EVERYWHERE, Does.WIDEN, trace, "place")])
        if any(period.is_bounded for period in query.periods):
            rows.append([button(words.ANY_TIME, Does.WIDEN, trace, "period")])
    rows += [[button(f"❓ {text}", Does.ASK, key)] for text, key in suggested]
    if trace:
        rows.append([button("👍", Does.LIKE, trace), button("👎", Does.DISLIKE, trace)])
    return InlineKeyboardMarkup(rows) if rows else None


def copy_button(label: str, quote: str) -> InlineKeyboardButton:
    """Puts a quote with its label on the clipboard, as far as Telegram lets it."""
    suffix = f" [{_shortened(label, _LONGEST_COPY // 2)}]"
    shown = _shortened(" ".join(quote.split()), _LONGEST_COPY - units(suffix))
    return InlineKeyboardButton(words.COPY, copy_text=CopyTextButton(f"{shown}{suffix}"))


def _shortened(text: str, longest: int) -> str:
    if units(text) <= longest:
        return text
    return f"{split([Piece(text)], longest - 1)[0].plain}…"
