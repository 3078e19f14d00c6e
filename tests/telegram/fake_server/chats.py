"""Who and what there is: users, chats, files."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from tests.telegram.fake_server.refusals import bad_request, forbidden

Json = dict[str, Any]


@dataclass
class User:
    """A person.

    Attributes:
        started: whether the user has written to the bot; before that it may not write to them.
    """

    id: int
    first_name: str
    username: str = ""
    language_code: str = "vi"
    started: bool = False
    blocked: bool = False

    def json(self) -> Json:
        shown = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        optional = {"username": self.username, "language_code": self.language_code}
        return shown | {name: value for name, value in optional.items() if value}


@dataclass
class Chat:
    """A private chat or a supergroup.

    Attributes:
        members: the status of each user.
        bot: the bot's own status in a group.
        threads: names of the forum's topics.
        roots: messages with replies, which are threads of a group without topics.
    """

    id: int
    type: str
    title: str = ""
    user: User | None = None
    is_forum: bool = False
    bot: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    threads: dict[int, str] = field(default_factory=dict)
    roots: set[int] = field(default_factory=set)

    def json(self) -> Json:
        shown: Json = {"id": self.id, "type": self.type}
        if self.user is not None:
            shown["first_name"] = self.user.first_name
            if self.user.username:
                shown["username"] = self.user.username
            return shown
        shown["title"] = self.title
        if self.is_forum:
            shown["is_forum"] = True
        return shown


@dataclass
class StoredFile:
    """A file of Telegram's; `size` may be more than the bytes that are kept."""

    id: str
    unique_id: str
    name: str
    content: bytes
    mime_type: str
    size: int

    @property
    def path(self) -> str:
        return f"documents/file_{self.unique_id}{PurePosixPath(self.name).suffix}"


@dataclass
class Chats:
    """All users, chats and files."""

    bot: Json
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)

    def user(self, user_id: int, **details: str) -> User:
        """The user, who comes into being when first named."""
        user = self.users.get(user_id)
        if user is None:
            user = User(user_id, f"Người {user_id}", f"nguoi_{user_id}")
            self.users[user_id] = user
            self.chats[user_id] = Chat(user_id, "private", user=user)
        for name, value in details.items():
            setattr(user, name, value)
        return user

    def group(self, chat_id: int, *, is_forum: bool = False, bot: str = "member") -> Chat:
        """The supergroup, which comes into being when first named."""
        if chat_id >= 0:
            raise ValueError("a group's id is below zero")
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat(chat_id, "supergroup", f"Nhóm {-chat_id}", bot=bot)
        chat = self.chats[chat_id]
        chat.is_forum = chat.is_forum or is_forum
        return chat

    def find(self, chat_id: int | str) -> Chat:
        """The chat that a bot names."""
        if chat_id in ("", 0):
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str):
            raise bad_request("chat not found")
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def writable(self, chat_id: int | str, thread: int | None = None) -> Chat:
        """The chat, if the bot may write there."""
        chat = self.find(chat_id)
        if chat.user is not None:
            if chat.user.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.user.started:
                raise forbidden("bot can't initiate conversation with a user")
        elif chat.bot == "kicked":
            raise forbidden("bot was kicked from the supergroup chat")
        elif chat.bot == "left":
            raise forbidden("bot is not a member of the supergroup chat")
        if thread is not None and thread not in {*chat.threads, *chat.roots}:
            raise bad_request("message thread not found")
        return chat

    def known_user(self, user_id: int) -> Json | None:
        if user_id == self.bot["id"]:
            return self.bot
        user = self.users.get(user_id)
        return user.json() if user else None

    def keep_file(self, name: str, content: bytes, mime_type: str, size: int = 0) -> StoredFile:
        unique = secrets.token_hex(6)
        stored = StoredFile(
            f"BQACAgUAAxkBAAI{secrets.token_hex(12)}",
            unique,
            name,
            content,
            mime_type,
            size or len(content),
        )
        self.files[stored.id] = stored
        return stored

    def member(self, chat: Chat, user_id: int) -> Json:
        """A ChatMember of the Bot API."""
        user = self.known_user(user_id)
        if user is None:
            raise bad_request("user not found" if chat.user is None else "PARTICIPANT_ID_INVALID")
        if user_id == self.bot["id"]:
            status = chat.bot if chat.user is None else "member"
        elif chat.user is not None:
            status = "member" if user_id == chat.user.id else "left"
        else:
            status = chat.members.get(user_id, "left")
        return member_json(user, status)


ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
)
OTHER_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_promote_members",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def member_json(user: Json, status: str) -> Json:
    shown: Json = {"user": user, "status": status}
    if status == "administrator":
        shown |= dict.fromkeys(ADMINISTRATOR_RIGHTS, True) | dict.fromkeys(OTHER_RIGHTS, False)
    elif status == "creator":
        shown["is_anonymous"] = False
    elif status == "kicked":
        shown["until_date"] = 0
    return shown
