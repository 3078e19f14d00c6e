"""Which messages ask something of the bot, and what."""

from __future__ import annotations

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType


def person_id(message: Message) -> int:
    """Who wrote it; a group's anonymous admin counts as the group."""
    if message.from_user:
        return message.from_user.id
    return (message.sender_chat or message.chat).id


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
    names = [name for entity, name in entities.items() if _is_name(entity, name, bot)]
    if not names:
        return None
    for name in names:
        text = text.replace(name, " ", 1)
    return text.strip(" ,:;.-–\n")


def _is_name(entity: MessageEntity, name: str, bot: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    is_mention = entity.type == MessageEntity.MENTION
    return is_mention and name.lower() == f"@{bot.username}".lower()
