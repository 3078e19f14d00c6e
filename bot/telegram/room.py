"""Where a conversation takes place: a chat, or one topic of a forum."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message
from telegram.constants import ChatType


@dataclass(frozen=True, slots=True)
class Room:
    """A chat and its topic."""

    chat: int
    topic: int | None
    is_private: bool

    @classmethod
    def of(cls, message: Message) -> Room:
        topic = message.message_thread_id if message.is_topic_message else None
        return cls(message.chat.id, topic, message.chat.type == ChatType.PRIVATE)

    @property
    def conversation(self) -> str:
        """The name under which its questions are remembered."""
        return f"telegram:{self.chat}:{self.topic or 0}"


def person_of(user_id: int) -> str:
    """The name under which a person's opinion of an answer is kept."""
    return f"telegram:{user_id}"
