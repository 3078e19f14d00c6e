"""Methods about chats and files."""

from __future__ import annotations

from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.refusals import bad_request, mistake
from tests.telegram.fake_server.world import World

LARGEST_DOWNLOAD = 20 * 1024 * 1024


def get_file(world: World, given: Json) -> Json:
    stored = world.chats.files.get(given["file_id"])
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


def get_chat(world: World, given: Json) -> Json:
    chat = world.chats.find(given["chat_id"])
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return chat.json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
    }


def get_chat_member(world: World, given: Json) -> Json:
    return world.chats.member(world.chats.find(given["chat_id"]), given["user_id"])


def get_chat_administrators(world: World, given: Json) -> list[Json]:
    chat = world.chats.find(given["chat_id"])
    if chat.user is not None:
        raise mistake("there are no administrators in the private chat")
    ids = [user for user, status in chat.members.items() if status in ("creator", "administrator")]
    if chat.bot == "administrator":
        ids.append(world.bot["id"])
    return [world.chats.member(chat, user) for user in ids]


def leave_chat(world: World, given: Json) -> bool:
    chat = world.chats.find(given["chat_id"])
    if chat.user is not None:
        raise mistake("chat member status can't be changed in private chats")
    chat.bot = "left"
    return True
