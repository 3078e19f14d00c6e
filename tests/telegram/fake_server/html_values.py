"""The values in Telegram's HTML: character references, addresses, emoji, times."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.telegram.fake_server.refusals import Refused, mistake

Entity = dict[str, Any]
FindUser = Callable[[int], "dict[str, Any] | None"]

CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(rb"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
_DATE_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


def cannot_parse(what: str) -> Refused:
    return mistake(f"can't parse entities: {what}")


def decoded_reference(source: bytes, place: int) -> tuple[str, int]:
    """The character of `&lt;` and its like, if Telegram knows it, and where it ends."""
    found = _REFERENCE.match(source, place)
    if found is None:
        return "", place + 1
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        character = CHARACTERS.get(name.decode(), "")
    else:
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        character = chr(code) if 0 < code < 0x10FFFF else ""
        if 0xD800 <= code <= 0xDFFF:
            raise cannot_parse("Text contains invalid Unicode characters")
    return (character, found.end()) if character else ("", place + 1)


def add_link(entity: Entity, address: str, find_user: FindUser) -> bool:
    """Whether the address makes a link; Telegram drops what does not."""
    if found := re.fullmatch(r"tg:(?://)?user\?id=(\d+)", address):
        user = find_user(int(found[1]))
        if user is None:
            return False
        entity["type"] = "text_mention"
        entity["user"] = user
        return True
    checked = checked_address(address)
    if checked is None:
        return False
    entity["url"] = checked
    return True


def checked_address(address: str) -> str | None:
    """The address as Telegram stores it, or nothing if it is none."""
    address = address.strip()
    if re.match(r"(?:tg|ton|tonsite):", address):
        return address
    found = re.fullmatch(
        r"(https?://)?([^\s/?#@:]+\.[^\W\d_]{2,}|localhost|[\d.]{7,15})(:\d+)?([/?#]\S*)?",
        address,
        re.IGNORECASE,
    )
    if found is None:
        return None
    scheme, host, port, rest = (part or "" for part in found.groups())
    return f"{scheme.lower() or 'http://'}{host.lower()}{port}{rest or '/'}"


def emoji_number(text: str) -> str:
    if not text.isdecimal() or int(text) == 0:
        raise cannot_parse("Invalid custom emoji identifier specified")
    return text


def date_time(attributes: dict[str, str]) -> Entity:
    unix = attributes.get("unix", "")
    if not unix.isdecimal():
        raise cannot_parse("Invalid Unix time specified")
    chosen = attributes.get("format", "")
    if not _DATE_FORMAT.fullmatch(chosen):
        raise cannot_parse("Invalid date-time format specified")
    return {"unix_time": int(unix), **({"date_time_format": chosen} if chosen else {})}
