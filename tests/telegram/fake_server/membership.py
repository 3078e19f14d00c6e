"""The bot's own membership: users block it, groups add and remove it."""

from __future__ import annotations

from tests.telegram.fake_server.chats import Chat, User, member_json
from tests.telegram.fake_server.world import World


def set_blocked(world: World, user: User, blocked: bool) -> None:
    """A user blocks the bot, or starts it again."""
    user.blocked = blocked
    user.started = True
    chat = world.chats.chats[user.id]
    _tell(world, chat, user, ("kicked", "member")[not blocked], ("member", "kicked")[not blocked])


def set_status(world: World, chat: Chat, user: User, status: str) -> None:
    """A user of a group makes the bot a member or administrator, or removes it."""
    old, chat.bot = chat.bot, status
    chat.members.setdefault(user.id, "creator" if not chat.members else "member")
    _tell(world, chat, user, status, old)
    if old in ("left", "kicked") and status in ("member", "administrator"):
        message = world.messages.add(chat, user.json(), {"new_chat_members": [world.bot]})
        world.updates.add("message", message.shown)


def _tell(world: World, chat: Chat, user: User, new: str, old: str) -> None:
    content = {
        "chat": chat.json(),
        "from": user.json(),
        "date": world.clock.date(),
        "old_chat_member": member_json(world.bot, old),
        "new_chat_member": member_json(world.bot, new),
    }
    world.updates.add("my_chat_member", content)
