"""The entities that Telegram finds itself: commands, mentions, hashtags, addresses."""

from __future__ import annotations

import re
from typing import Any

from tests.telegram.fake_server.units import length

KINDS = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "url",
        re.compile(
            r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]"
            r"|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:vn|com|org|net|me|info|edu|gov)(?:/[^\s<>\"]*)?(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
    ("mention", re.compile(r"(?<![\w/@])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)
LEFT_ALONE = ("code", "pre", "text_link", "text_mention")


def detected(text: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is found outside the given code and links; the first kind has a place for itself."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in given
        if entity["type"] in LEFT_ALONE
    ]
    entities = []
    for kind, pattern in KINDS:
        for found in pattern.finditer(text):
            offset = length(text[: found.start()])
            end = offset + length(found.group())
            if any(offset < other_end and begin < end for begin, other_end in taken):
                continue
            taken.append((offset, end))
            entities.append({"type": kind, "offset": offset, "length": end - offset})
    return sorted(entities, key=lambda entity: entity["offset"])
