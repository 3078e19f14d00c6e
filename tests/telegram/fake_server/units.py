"""Telegram counts in UTF-16 code units."""

from __future__ import annotations


def length(text: str) -> int:
    """The text's length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def part(text: str, offset: int, size: int) -> str:
    """The part of the text that an entity covers."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[2 * offset : 2 * (offset + size)].decode("utf-16-le", "replace")


def splits_a_character(text: str, place: int) -> bool:
    """Whether the place is in the middle of a surrogate pair."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    unit = int.from_bytes(encoded[2 * place : 2 * place + 2], "little")
    return 0xDC00 <= unit <= 0xDFFF
