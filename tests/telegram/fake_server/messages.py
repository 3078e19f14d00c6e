"""The messages of all chats, and every frame that a user saw of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.telegram.fake_server.chats import Chat, Json
from tests.telegram.fake_server.clock import Clock

DRAFT_SECONDS = 30


def text_and_entities(shown: Json) -> tuple[str, list[Json]]:
    """A message's text or caption, and its entities."""
    name, prefix = ("text", "") if "text" in shown else ("caption", "caption_")
    return shown.get(name, ""), shown.get(f"{prefix}entities", [])


@dataclass
class Message:
    """A message as the Bot API shows it.

    Attributes:
        html: what the bot wrote, with its markup.
        reply_keyboard: whether it brought a keyboard that forbids editing.
        visible: whether the bot knows of it.
        reactions: the bot's own.
        of_users: the reactions of each user.
    """

    chat: int
    shown: Json
    from_bot: bool
    html: str = ""
    reply_keyboard: bool = False
    visible: bool = True
    reactions: list[str] = field(default_factory=list)
    of_users: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.shown["message_id"])

    def bare(self) -> Json:
        """Without the message it replies to: the Bot API nests only one."""
        return {k: v for k, v in self.shown.items() if k != "reply_to_message"}


@dataclass(frozen=True)
class Frame:
    """What a user saw at one moment: a message sent, edited or deleted, or a draft of one."""

    chat: int
    kind: str
    id: int
    at: float
    text: str
    html: str
    entities: list[Json]
    can_stop: bool = False


@dataclass
class Messages:
    """Kept by chat and id; ids of private chats come from one counter, as at Telegram."""

    clock: Clock
    kept: dict[tuple[int, int], Message] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    _counters: dict[int, int] = field(default_factory=dict)

    def next_id(self, chat: Chat) -> int:
        counter = chat.id if chat.id < 0 else 0
        self._counters[counter] = self._counters.get(counter, 0) + 1
        return self._counters[counter]

    def add(
        self, chat: Chat, sender: Json, content: Json, *, reply_to: Message | None = None
    ) -> Message:
        """A new message in the chat."""
        shown: Json = {
            "message_id": self.next_id(chat),
            "from": sender,
            "chat": chat.json(),
            "date": self.clock.date(),
        }
        thread = content.pop("message_thread_id", None)
        if thread in chat.threads:
            shown |= {"message_thread_id": thread, "is_topic_message": True}
        if reply_to is not None:
            shown["reply_to_message"] = reply_to.bare()
            if chat.user is None and "is_topic_message" not in shown:
                root = reply_to.shown.get("message_thread_id", reply_to.id)
                chat.roots.add(root)
                shown["message_thread_id"] = root
        message = Message(chat.id, shown | content, bool(sender["is_bot"]))
        self.kept[chat.id, message.id] = message
        return message

    def find(self, chat: int, message_id: int) -> Message | None:
        return self.kept.get((chat, message_id))

    def of_bot(self, chat: int) -> Iterator[Message]:
        return (m for m in self.kept.values() if m.chat == chat and m.from_bot)

    def saw(self, message: Message, kind: str) -> None:
        """Note a frame of a message."""
        shown = message.shown
        text, entities = text_and_entities(shown)
        self.frames.append(
            Frame(message.chat, kind, message.id, self.clock.now(), text, message.html, entities)
        )

    def saw_draft(
        self, chat: int, draft: int, text: str, html: str, entities: list[Any], can_stop: bool
    ) -> None:
        now = self.clock.now()
        self.frames.append(Frame(chat, "draft", draft, now, text, html, entities, can_stop))

    def saw_stop(self, draft: Frame) -> None:
        self.frames.append(replace(draft, kind="stopped", at=self.clock.now()))

    def draft(self, chat: int) -> Frame | None:
        """The draft that the user sees now: it goes with a message, or after half a minute."""
        for frame in reversed(self.frames):
            if frame.chat == chat and frame.kind in ("draft", "sent", "stopped"):
                fresh = self.clock.now() - frame.at < DRAFT_SECONDS
                return frame if frame.kind == "draft" and fresh else None
        return None
