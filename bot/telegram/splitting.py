"""Marked-up text of any length -> messages that Telegram takes.

A message has at most 4096 UTF-16 units once its tags are read. It ends between two sentences
wherever one fits, and no tag is left open.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST_MESSAGE = 4_096


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is not cut unless it alone is longer than a message.

    Attributes:
        text: plain.
        tags: that surround it, the outermost first: `("blockquote expandable",)`.
        gap: plain text before it, left out where it begins a message.
        is_head: it is not parted from what follows, where that can be helped.
    """

    text: str
    tags: tuple[str, ...] = ()
    gap: str = ""
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A message's text, with its tags and without."""

    html: str
    plain: str


def units(text: str) -> int:
    """The length of a text as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(pieces: Iterable[Piece], longest: int = LONGEST_MESSAGE) -> list[Text]:
    """The texts of the messages, none of them empty.

    Args:
        longest: units of a message; at least 2, which one character may take.
    """
    if longest < 2:
        raise ValueError(f"a message of {longest} units holds nothing")
    messages: list[list[Piece]] = [[]]
    room = longest
    for run in _runs(pieces):
        together = sum(units(piece.gap + piece.text) for piece in run)
        if room < together <= longest and messages[-1]:
            messages.append([])
            room = longest
        for part in (part for piece in run for part in _cut(piece, longest)):
            needed = units(part.text) + (units(part.gap) if messages[-1] else 0)
            if needed > room:
                messages.append([])
                room, needed = longest, units(part.text)
            messages[-1].append(part)
            room -= needed
    return [_joined(message) for message in messages if message]


def _runs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Each piece with the heads before it."""
    run: list[Piece] = []
    for piece in pieces:
        run.append(piece)
        if not piece.is_head:
            yield run
            run = []
    if run:
        yield run


def _cut(piece: Piece, longest: int) -> list[Piece]:
    """A piece that is too long, cut between words where it has any."""
    parts = []
    rest, gap = piece.text, piece.gap
    while units(rest) > longest:
        end = _fitting(rest, longest)
        space = rest.rfind(" ", 1, end + 1)
        cut = space if space > 0 else end
        parts.append(Piece(rest[:cut], piece.tags, gap))
        rest, gap = rest[cut:].lstrip(" "), " "
    if rest:
        parts.append(Piece(rest, piece.tags, gap))
    return parts


def _fitting(text: str, longest: int) -> int:
    """How many characters of a text fit; a character outside the first plane takes two units."""
    taken = 0
    for number, character in enumerate(text):
        taken += 2 if ord(character) > 0xFFFF else 1
        if taken > longest:
            return number
    return len(text)


def _joined(pieces: Sequence[Piece]) -> Text:
    """Neighbours with the same tags share them."""
    marked, plain = "", ""
    open_tags: tuple[str, ...] = ()
    for number, piece in enumerate(pieces):
        gap = piece.gap if number else ""
        plain += gap + piece.text
        if piece.tags == open_tags:
            marked += html.escape(gap + piece.text, quote=False)
            continue
        marked += _closed(open_tags) + html.escape(gap, quote=False)
        marked += "".join(f"<{tag}>" for tag in piece.tags) + html.escape(piece.text, quote=False)
        open_tags = piece.tags
    return Text(marked + _closed(open_tags), plain)


def _closed(tags: Sequence[str]) -> str:
    return "".join(f"</{tag.split(' ')[0]}>" for tag in reversed(tags))
