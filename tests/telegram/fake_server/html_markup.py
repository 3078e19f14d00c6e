"""Telegram's HTML: its own tags, its own errors, and offsets in UTF-16 code units."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.telegram.fake_server.html_values import (
    Entity,
    FindUser,
    add_link,
    cannot_parse,
    date_time,
    decoded_reference,
    emoji_number,
)
from tests.telegram.fake_server.units import length

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
SPACES = b" \t\r\n\0\x0b"
_SPACES = tuple(SPACES[place : place + 1] for place in range(len(SPACES)))
_NAME_TOKEN = re.compile(rb"[0-9a-zA-Z.-]*")


@dataclass
class OpenTag:
    name: str
    offset: int
    text_begin: int
    attributes: dict[str, str]


@dataclass
class HtmlReader:
    """Reads one text; `text` and `entities` hold the outcome."""

    source: bytes
    find_user: FindUser
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    _place: int = 0
    _open: list[OpenTag] = field(default_factory=list)

    def read(self) -> None:
        while self._place < len(self.source):
            rest = self.source[self._place :]
            if rest.startswith(b"</"):
                self._end_tag()
            elif rest.startswith(b"<"):
                self._start_tag()
            elif rest.startswith(b"&"):
                self._reference()
            else:
                self._plain()
        if self._open:
            raise cannot_parse(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"'
            )
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))

    def _plain(self) -> None:
        ends = [
            place for mark in (b"<", b"&") if (place := self.source.find(mark, self._place)) > 0
        ]
        end = min(ends, default=len(self.source))
        self.text += self.source[self._place : end].decode()
        self._place = end

    def _reference(self) -> None:
        character, end = decoded_reference(self.source, self._place)
        self.text += character or "&"
        self._place = end

    def _start_tag(self) -> None:
        begin = self._place
        name, self._place = self._word(begin + 1, b">")
        if self._place >= len(self.source):
            raise cannot_parse(f"Unclosed start tag at byte offset {begin}")
        if name not in KINDS:
            raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        if name == "blockquote" and any(tag.name == name for tag in self._open):
            # Telegram's documentation forbids it; what its server says to it is not documented.
            raise cannot_parse(f"Blockquotes can't be nested at byte offset {begin}")
        self._open.append(OpenTag(name, length(self.text), len(self.text), attributes))

    def _word(self, place: int, stop: bytes) -> tuple[str, int]:
        begin = place
        while place < len(self.source) and self.source[place : place + 1] not in (stop, *_SPACES):
            place += 1
        return self.source[begin:place].decode(errors="replace").lower(), place

    def _skip_spaces(self) -> None:
        while self._place < len(self.source) and self.source[self._place] in SPACES:
            self._place += 1

    def _next(self) -> bytes:
        return self.source[self._place : self._place + 1]

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        unclosed = cannot_parse(f'Unclosed start tag "{tag}" at byte offset {begin}')
        while True:
            self._skip_spaces()
            if self._next() == b">":
                self._place += 1
                return attributes
            name = self._attribute_name()
            if not self._next():
                raise unclosed
            if not name:
                raise cannot_parse(
                    f'Empty attribute name in the tag "{tag}" at byte offset {begin}'
                )
            self._skip_spaces()
            if self._next() == b"=":
                self._place += 1
                self._skip_spaces()
                if not self._next():
                    raise unclosed
                attributes[name] = self._attribute_value(begin)
            elif (tag, name) == ("blockquote", "expandable"):
                attributes[name] = ""
            else:
                raise cannot_parse(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" '
                    f"at byte offset {begin}"
                )

    def _attribute_name(self) -> str:
        begin = self._place
        while self._next() and self._next() not in (b"=", b">", *_SPACES):
            self._place += 1
        return self.source[begin : self._place].decode(errors="replace").lower()

    def _attribute_value(self, begin: int) -> str:
        quote = self._next()
        if quote not in (b"'", b'"'):
            return self._name_token()
        self._place += 1
        value = ""
        end = self.source.find(quote, self._place)
        if end < 0:
            raise cannot_parse(f"Unclosed start tag at byte offset {begin}")
        quoted = self.source[self._place : end]
        self._place = end + 1
        place = 0
        while place < len(quoted):
            if quoted[place : place + 1] == b"&":
                character, place = decoded_reference(quoted, place)
                value += character or "&"
                continue
            stop = quoted.find(b"&", place)
            stop = len(quoted) if stop < 0 else stop
            value += quoted[place:stop].decode()
            place = stop
        return value

    def _name_token(self) -> str:
        token = _NAME_TOKEN.match(self.source, self._place)
        assert token is not None
        begin, self._place = self._place, token.end()
        if self._next() not in (b">", *_SPACES):
            raise cannot_parse(f"Unexpected end of name token at byte offset {begin}")
        return token.group().decode().lower()

    def _end_tag(self) -> None:
        begin = self._place
        if not self._open:
            raise cannot_parse(f"Unexpected end tag at byte offset {begin}")
        name, self._place = self._word(begin + 2, b">")
        self._skip_spaces()
        if self._next() != b">":
            raise cannot_parse(f"Unclosed end tag at byte offset {begin}")
        self._place += 1
        tag = self._open.pop()
        if name not in ("", tag.name):
            raise cannot_parse(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if len(self.text) > tag.text_begin:
            self._close(tag)

    def _close(self, tag: OpenTag) -> None:
        entity: Entity = {
            "type": KINDS[tag.name],
            "offset": tag.offset,
            "length": length(self.text) - tag.offset,
        }
        if tag.name == "a":
            if not add_link(
                entity, tag.attributes.get("href") or self._inside(tag), self.find_user
            ):
                return
        elif tag.name in ("code", "pre"):
            if self._joined_code(tag, entity):
                return
        elif tag.name == "tg-emoji":
            entity["custom_emoji_id"] = emoji_number(tag.attributes.get("emoji-id", ""))
        elif tag.name == "tg-time":
            entity |= date_time(tag.attributes)
        elif "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)

    def _inside(self, tag: OpenTag) -> str:
        return self.text[tag.text_begin :]

    def _joined_code(self, tag: OpenTag, entity: Entity) -> bool:
        """Whether `<pre>` and `<code class="language-…">` around the same text became one."""
        language = tag.attributes.get("class", "").removeprefix("language-")
        last = self.entities[-1] if self.entities else {}
        same = (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"])
        if tag.name == "pre" and same and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
            return True
        if tag.name == "code" and language:
            if same and last["type"] == "pre":
                last["language"] = language
                return True
            if any(outer.name == "pre" for outer in self._open):
                entity["language"] = language
        return False
