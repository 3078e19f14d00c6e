"""Methods that show signs of life: chat actions and reactions."""

from __future__ import annotations

from typing import Any

from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.refusals import bad_request, mistake
from tests.telegram.fake_server.schema import CHAT_ACTIONS
from tests.telegram.fake_server.world import World

JOINER = "\u200d"
REACTIONS = frozenset(
    (
        "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤_🔥 "
        "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨_💻 👀 🎃 🙈 😇 😨 "
        "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷_♂ 🤷 🤷_♀ 😡 "
    )
    .replace("_", JOINER)
    .split()
)


def send_chat_action(world: World, given: Json) -> bool:
    chat = world.chats.writable(given["chat_id"], given.get("message_thread_id"))
    if given["action"] not in CHAT_ACTIONS:
        raise mistake("wrong parameter action in request")
    world.actions.append({"chat": chat.id, "action": given["action"], "at": world.clock.now()})
    return True


def set_message_reaction(world: World, given: Json) -> bool:
    chat = world.chats.writable(given["chat_id"])
    message = world.messages.find(chat.id, given["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    wanted: list[Any] = given.get("reaction") or []
    if len(wanted) > 1:
        raise mistake("REACTIONS_TOO_MANY")
    if any(one["type"] != "emoji" or _plain(one["emoji"]) not in REACTIONS for one in wanted):
        raise mistake("REACTION_INVALID")
    message.reactions = [one["emoji"] for one in wanted]
    return True


def _plain(emoji: str) -> str:
    """Without the selector of the colourful form, which may be left out."""
    return emoji.replace("\ufe0f", "")
