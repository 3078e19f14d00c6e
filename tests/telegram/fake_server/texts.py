"""Message texts: markup or entities in, plain text with checked entities out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from tests.telegram.fake_server.detection import detected
from tests.telegram.fake_server.html_markup import HtmlReader
from tests.telegram.fake_server.html_values import Entity, FindUser, add_link, cannot_parse
from tests.telegram.fake_server.refusals import bad_request, mistake
from tests.telegram.fake_server.units import length, part, splits_a_character

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_ENTITIES = 100  # Telegram drops what is over it
STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
CODES = ("code", "pre")
GIVEN = (*STYLES, *QUOTES, *CODES, "text_link", "text_mention", "custom_emoji", "date_time")
FOUND_BY_SERVER = (
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bank_card_number",
)


@dataclass(frozen=True)
class Formatted:
    """A text as Telegram stores it, and as the bot wrote it."""

    text: str
    entities: list[Entity]
    source: str


def read_text(
    source: str,
    parse_mode: str | None,
    entities: list[Entity] | None,
    find_user: FindUser,
) -> Formatted:
    """The text without its markup, trimmed as Telegram does it."""
    mode = (parse_mode or "").lower()
    if mode == "html":
        reader = HtmlReader(source.encode("utf-8", "surrogatepass"), find_user)
        reader.read()
        text, found = reader.text, reader.entities
    elif mode in ("markdown", "markdownv2"):
        raise mistake("this server reads no Markdown; the bot is to send HTML or entities")
    elif mode:
        raise mistake("unsupported parse_mode")
    else:
        text, found = source, [checked(entity, source, find_user) for entity in entities or []]
    text, found = trimmed(text.replace("\r", ""), fixed([e for e in found if e]))
    own = _with_found(found[:MOST_ENTITIES], detected(text, found))
    return Formatted(text, own, source)


def _with_found(given: list[Entity], found: list[Entity]) -> list[Entity]:
    """Both, nested: a style is cut at the border of what Telegram found across it."""
    rigid = [entity for entity in given if entity["type"] not in STYLES]
    found = [entity for entity in found if not any(_crosses(entity, other) for other in rigid)]
    cut: list[Entity] = []
    for style in (entity for entity in given if entity["type"] in STYLES):
        borders = {
            place
            for entity in found
            if _crosses(entity, style)
            for place in (entity["offset"], _end(entity))
            if style["offset"] < place < _end(style)
        }
        places = sorted({style["offset"], _end(style), *borders})
        cut += [
            {**style, "offset": begin, "length": end - begin}
            for begin, end in itertools.pairwise(places)
        ]
    return sorted(rigid + cut + found, key=_place)


def _crosses(one: Entity, other: Entity) -> bool:
    """Whether they share characters, and neither holds the other."""
    first, second = sorted((one, other), key=_place)
    return int(second["offset"]) < _end(first) < _end(second)


def message_text(formatted: Formatted, *, edit: bool = False) -> Formatted:
    """The text, if it may be a message's."""
    if not formatted.source.strip():
        raise mistake("message text is empty")
    if not formatted.text:
        raise mistake("text must be non-empty")
    if length(formatted.text) > LONGEST_TEXT:
        raise mistake("MESSAGE_TOO_LONG" if edit else "message is too long")
    return formatted


def caption(formatted: Formatted) -> Formatted:
    if length(formatted.text) > LONGEST_CAPTION:
        raise mistake("message caption is too long")
    return formatted


def checked(entity: dict[str, Any], text: str, find_user: FindUser) -> Entity:
    """An entity that the bot gave, if it fits the text; empty for one that Telegram ignores."""
    kind, offset, size = entity["type"], entity["offset"], entity["length"]
    if kind in FOUND_BY_SERVER:
        return {}
    if kind not in GIVEN:
        raise mistake(f"can't parse MessageEntity: unsupported type {kind} specified")
    if offset < 0 or size <= 0 or offset + size > length(text):
        raise mistake("ENTITY_BOUNDS_INVALID")
    if splits_a_character(text, offset) or splits_a_character(text, offset + size):
        raise mistake("entity begins or ends in a middle of a UTF-16 symbol")
    if kind == "text_link" and not add_link(dict(entity), entity.get("url") or "", find_user):
        raise mistake(f"ENTITY_URL_INVALID: {entity.get('url')}")
    if kind == "text_mention" and find_user(entity["user"]["id"]) is None:
        raise bad_request("ENTITY_MENTION_USER_INVALID")
    return dict(entity)


def fixed(entities: list[Entity]) -> list[Entity]:
    """Nested as Telegram allows it: nothing in code, no quotation in another, no crossing."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=_place):
        entity = {k: v for k, v in entity.items() if v is not None}
        if entity["type"] == "code":
            entity.pop("language", None)
        outer = [other for other in kept if other["offset"] + other["length"] > entity["offset"]]
        if any(_end(entity) > _end(other) for other in outer):
            raise cannot_parse("entities cross each other")
        kinds = {other["type"] for other in outer}
        if kinds.intersection(QUOTES) and entity["type"] in QUOTES:
            raise cannot_parse("blockquotes can't be nested")
        if entity["type"] in kinds or kinds.intersection(CODES):
            continue
        if entity["type"] in CODES:
            kept = [other for other in kept if other not in outer or other["type"] in QUOTES]
        kept.append(entity)
    return kept


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space at the end, and before the first entity."""
    text = text.rstrip()
    limit = length(text)
    first = min((entity["offset"] for entity in entities), default=limit)
    lead = len(part(text, 0, first)) - len(part(text, 0, first).lstrip(" \n"))
    moved = []
    for entity in entities:
        end = min(_end(entity), limit)
        if end > entity["offset"]:
            size = end - entity["offset"]
            moved.append({**entity, "offset": entity["offset"] - lead, "length": size})
    return text[lead:], moved


def _place(entity: Entity) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _end(entity: Entity) -> int:
    return int(entity["offset"] + entity["length"])
