"""What the fake server noted, as the tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entity:
    """A part of a text; offsets in UTF-16 code units, `covered` is the part itself."""

    type: str
    offset: int
    length: int
    covered: str
    url: str = ""
    language: str = ""


@dataclass(frozen=True)
class Button:
    """A button of an inline keyboard; what it does not do is empty."""

    text: str
    data: str = ""
    url: str = ""
    copy_text: str = ""


@dataclass(frozen=True)
class SentMessage:
    """A message of the bot in its present state.

    Attributes:
        text: as it is shown; a document's caption.
        html: as the bot wrote it.
        thread: the topic; nothing in a group without topics.
        preview: the address whose preview is shown; empty for none.
        raw: as the Bot API shows the message.
    """

    chat: int
    id: int
    text: str
    html: str
    entities: tuple[Entity, ...]
    reply_to: int | None
    thread: int | None
    buttons: tuple[tuple[Button, ...], ...]
    preview: str
    document: str
    reactions: tuple[str, ...]
    edited: bool
    raw: dict[str, Any]

    def button(self, text: str) -> Button:
        """The first button with this text in its own."""
        for row in self.buttons:
            for button in row:
                if text in button.text:
                    return button
        raise LookupError(f"no button {text!r} in {self.buttons}")


@dataclass(frozen=True)
class Frame:
    """What a user saw: `kind` is sent, edited, deleted, draft or stopped.

    Attributes:
        id: the message's id; of a draft its draft id.
        at: the server's time.
    """

    chat: int
    kind: str
    id: int
    at: float
    text: str
    html: str
    entities: tuple[Entity, ...]
    can_stop: bool


@dataclass(frozen=True)
class Call:
    """A request of the bot.

    Attributes:
        status: as answered, whether or not the bot still waited; 0 for no answer (yet).
        fault: the kind of the fault that met it.
    """

    method: str
    parameters: dict[str, Any]
    at: float
    status: int
    description: str
    seconds: float
    fault: str

    @property
    def open(self) -> bool:
        """Whether the server still works on it."""
        return self.status == 0 and self.seconds == 0


@dataclass(frozen=True)
class Violation:
    """Something that no correct bot does."""

    method: str
    what: str


@dataclass(frozen=True)
class CallbackAnswer:
    text: str
    show_alert: bool


@dataclass(frozen=True)
class Webhook:
    url: str
    secret: str
    max_connections: int
    last_error: str


def read_entities(text: str, entities: list[dict[str, Any]]) -> tuple[Entity, ...]:
    encoded = text.encode("utf-16-le")
    return tuple(
        Entity(
            entity["type"],
            entity["offset"],
            entity["length"],
            encoded[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode(
                "utf-16-le"
            ),
            entity.get("url", ""),
            entity.get("language", ""),
        )
        for entity in entities
    )


def read_message(noted: dict[str, Any]) -> SentMessage:
    shown = noted["shown"]
    text = shown.get("text", shown.get("caption", ""))
    entities = read_entities(text, shown.get("entities", shown.get("caption_entities", [])))
    rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
    return SentMessage(
        chat=shown["chat"]["id"],
        id=shown["message_id"],
        text=text,
        html=noted["html"],
        entities=entities,
        reply_to=shown.get("reply_to_message", {}).get("message_id"),
        thread=shown["message_thread_id"] if shown.get("is_topic_message") else None,
        buttons=tuple(tuple(_read_button(button) for button in row) for row in rows),
        preview=_preview(shown, entities),
        document=shown.get("document", {}).get("file_name", ""),
        reactions=tuple(noted["reactions"]),
        edited="edit_date" in shown,
        raw=shown,
    )


def read_frame(noted: dict[str, Any]) -> Frame:
    entities = read_entities(noted["text"], noted["entities"])
    return Frame(**{**noted, "entities": entities})


def _read_button(button: dict[str, Any]) -> Button:
    return Button(
        button["text"],
        button.get("callback_data", ""),
        button.get("url", ""),
        button.get("copy_text", {}).get("text", ""),
    )


def _preview(shown: dict[str, Any], entities: tuple[Entity, ...]) -> str:
    options = shown.get("link_preview_options", {})
    if options.get("is_disabled") or "text" not in shown:
        return ""
    links = [
        entity.url if entity.type == "text_link" else entity.covered
        for entity in entities
        if entity.type in ("url", "text_link")
    ]
    return str(options.get("url") or next(iter(links), ""))
