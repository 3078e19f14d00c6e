"""What a person does and sees in a chat, whichever judge stands between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Button:
    """A button below a message; one that only copies or opens a page has no data."""

    text: str
    data: str


@dataclass(frozen=True)
class Message:
    """A message of the bot in its present state.

    Attributes:
        text: as it is shown.
        html: as the bot wrote it.
    """

    id: int
    text: str
    html: str
    buttons: tuple[Button, ...]

    @property
    def is_preview(self) -> bool:
        """Whether it is the beginning of an answer that takes its time."""
        return self.html.endswith("…</i>")

    def button(self, text: str) -> Button:
        """The first button with this text in its own."""
        for button in self.buttons:
            if text in button.text:
                return button
        raise LookupError(f"no button {text!r} in {self.buttons}")


@dataclass(frozen=True)
class Press:
    """What came of a pressed button: a few words over the chat, and new messages."""

    toast: str
    messages: tuple[Message, ...]


class Chat(Protocol):
    """A private chat with the bot."""

    def say(self, text: str) -> Message:
        """Write to the bot; the one message that it answers with."""

    def press(self, message: Message, text: str, messages: int = 0) -> Press:
        """Press the button with this text in its own; so many new messages are waited for."""


class Judge(Protocol):
    """A judge, and the bot that is before it."""

    def new_chat(self) -> Chat:
        """A chat that the bot does not know yet."""

    def faults(self) -> list[str]:
        """What the judge refused and what the bot logged, as far as neither was foreseen."""
