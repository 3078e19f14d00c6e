"""Which messages ask something of the bot, and what."""

from __future__ import annotations

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType


def person_id(message: Message) -> int:
    """Who wrote it; an anonymous admin, or a channel, counts as the chat that it writes as."""
    return (message.sender_chat or message.from_user or message.chat).id


def question_in(message: Message, bot: User) -> str | None:
    """The question that a message asks of the bot; None where it is not addressed to it.

    In a private chat every text is one. In a group the bot must be named, or answered to; whoever
    names it below somebody's message hands that message's question on.
    """
    if message.via_bot and message.via_bot.id == bot.id:
        return None  # an answer that was sent by inline mode
    text = message.text or message.caption or ""
    if message.chat.type == ChatType.PRIVATE:
        return text
    above = message.reply_to_message
    named = _without_name(message, text, bot)
    if named is not None:
        return named or ((above.text or above.caption or "") if above else "")
    answers_bot = above and above.from_user and above.from_user.id == bot.id
    # In a forum every message answers the one that opened the topic.
    if answers_bot and above and not above.forum_topic_created:
        return text
    return None


def _without_name(message: Message, text: str, bot: User) -> str | None:
    """The text without the bot's name, None where it does not name the bot."""
    entities = message.parse_entities() if message.text else message.parse_caption_entities()
    names = [entity for entity, name in entities.items() if _is_name(entity, name, bot)]
    if not names:
        return None
    # Offsets count UTF-16 units.
    encoded = text.encode("utf-16-le")
    for name in sorted(names, key=lambda entity: -entity.offset):
        start, end = 2 * name.offset, 2 * (name.offset + name.length)
        encoded = encoded[:start] + " ".encode("utf-16-le") + encoded[end:]
    return encoded.decode("utf-16-le").strip(" ,:;.-–\n")


def _is_name(entity: MessageEntity, name: str, bot: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    is_mention = entity.type == MessageEntity.MENTION
    return is_mention and name.lower() == f"@{bot.username}".lower()
