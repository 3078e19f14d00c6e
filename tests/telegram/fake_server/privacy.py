"""Privacy mode: which messages of a group reach a bot that is no administrator."""

from __future__ import annotations

from tests.telegram.fake_server.chats import Chat
from tests.telegram.fake_server.messages import Message, text_and_entities
from tests.telegram.fake_server.units import part
from tests.telegram.fake_server.world import World


def reaches_bot(world: World, chat: Chat, message: Message, replied: Message | None) -> bool:
    """Private messages, commands and mentions of the bot, replies to it, service messages."""
    if chat.user is not None or chat.bot == "administrator":
        return True
    shown = message.shown
    if replied is not None and replied.from_bot:
        return True
    if not {"text", "document", "voice"} & set(shown):
        return True
    text, entities = text_and_entities(shown)
    own = f"@{world.bot['username']}".lower()
    for entity in entities:
        covered = part(text, entity["offset"], entity["length"]).lower()
        if entity["type"] == "mention" and covered == own:
            return True
        if entity["type"] == "bot_command" and covered.partition("@")[2] in ("", own[1:]):
            return True
    return False
