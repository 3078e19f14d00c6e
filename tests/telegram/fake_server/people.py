"""What users do: they write, press, react, block; each deed becomes an update where it should."""

from __future__ import annotations

import secrets

from tests.telegram.fake_server import privacy
from tests.telegram.fake_server.chats import Chat, Json, StoredFile, User
from tests.telegram.fake_server.detection import detected
from tests.telegram.fake_server.messages import Message
from tests.telegram.fake_server.texts import LONGEST_TEXT
from tests.telegram.fake_server.units import length
from tests.telegram.fake_server.world import CallbackQuery, InlineQuery, World


def write(
    world: World,
    chat: Chat,
    user: User,
    content: Json,
    *,
    thread: int | None = None,
    reply_to: int | None = None,
) -> Message:
    """A user's message; groups with privacy mode keep most of them from the bot."""
    if chat.user is not None:
        user.started, user.blocked = True, False
    elif chat.bot in ("kicked", "left"):
        raise ValueError("the bot is not in this group")
    else:
        chat.members.setdefault(user.id, "member")
    if thread is not None:
        chat.is_forum = True
        chat.threads.setdefault(thread, f"Chủ đề {thread}")
        content["message_thread_id"] = thread
    replied = _existing(world, chat.id, reply_to) if reply_to is not None else None
    message = world.messages.add(chat, user.json(), content, reply_to=replied)
    message.visible = privacy.reaches_bot(world, chat, message, replied)
    if message.visible:
        world.updates.add("message", message.shown)
    return message


def text_content(text: str) -> Json:
    """A text as an app sends it."""
    text = text.strip()
    if not 1 <= length(text) <= LONGEST_TEXT:
        raise ValueError("an app sends texts of 1 to 4096 characters")
    entities = detected(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def file_content(kind: str, stored: StoredFile, caption: str = "", duration: int = 3) -> Json:
    """A document or a voice message."""
    shown: Json = {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "mime_type": stored.mime_type,
        "file_size": stored.size,
    }
    shown |= {"duration": duration} if kind == "voice" else {"file_name": stored.name}
    content: Json = {kind: shown}
    if caption:
        content["caption"] = caption
        if entities := detected(caption, []):
            content["caption_entities"] = entities
    return content


def edit(world: World, chat: int, message_id: int, text: str) -> None:
    """A user edits a message of theirs."""
    message = _existing(world, chat, message_id)
    if message.from_bot:
        raise ValueError("users edit only their own messages")
    message.shown.pop("entities", None)
    message.shown |= text_content(text) | {"edit_date": world.clock.date()}
    if message.visible:
        world.updates.add("edited_message", message.shown)


def press(world: World, chat: int, message_id: int, wanted: str, user_id: int) -> str:
    """A user presses a button, named by its data or its text; the query's id."""
    message = _existing(world, chat, message_id)
    markup = message.shown.get("reply_markup", {"inline_keyboard": []})
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    pressed = [
        button for button in buttons if wanted in (button.get("callback_data"), button["text"])
    ]
    if not pressed:
        raise ValueError(f"message {message_id} has no button {wanted!r}: {buttons}")
    if "callback_data" not in pressed[0]:
        raise ValueError(f"this button tells the bot nothing: {pressed[0]}")
    query_id = str(secrets.randbelow(10**18))
    data = pressed[0]["callback_data"]
    content = {
        "id": query_id,
        "from": world.chats.user(user_id).json(),
        "message": dict(message.shown),
        "chat_instance": str(abs(hash((chat, "instance")))),
        "data": data,
    }
    update = world.updates.add("callback_query", content)
    query = CallbackQuery(query_id, data, user_id, world.clock.now(), update)
    world.callbacks[query_id] = query
    return query_id


def inline(world: World, user_id: int, text: str, offset: str) -> str:
    """A user types a query after the bot's name; the query's id."""
    if length(text) > 256:
        raise ValueError("an inline query has up to 256 characters")
    query_id = str(secrets.randbelow(10**18))
    content = {
        "id": query_id,
        "from": world.chats.user(user_id).json(),
        "query": text,
        "offset": offset,
        "chat_type": "sender",
    }
    world.inline_queries[query_id] = InlineQuery(query_id, text, user_id, world.clock.now())
    world.updates.add("inline_query", content)
    return query_id


def choose(world: World, query_id: str, result_id: str) -> str:
    """A user sends an inline result; the inline message's id."""
    query = world.inline_queries[query_id]
    if query.answer is None:
        raise ValueError("this inline query has no results yet")
    result = next(one for one in query.answer["results"] if one["id"] == result_id)
    inline_id = f"BAAA{secrets.token_hex(8)}"
    message: Json = dict(result.get("message", {}))
    world.inline_messages[inline_id] = message
    content = {
        "result_id": result_id,
        "from": world.chats.user(query.user).json(),
        "query": query.query,
    }
    if "reply_markup" in message:
        content["inline_message_id"] = inline_id
    world.updates.add("chosen_inline_result", content)
    return inline_id


def react(world: World, chat_id: int, user_id: int, message_id: int, emoji: str) -> bool:
    """A user's reaction, none for an empty text; whether the bot is told."""
    message = _existing(world, chat_id, message_id)
    chat = world.chats.chats[chat_id]
    old = message.of_users.get(user_id, [])
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    message.of_users[user_id] = new
    if chat.user is None and chat.bot != "administrator":
        return False
    content = {
        "chat": chat.json(),
        "message_id": message_id,
        "user": world.chats.user(user_id).json(),
        "date": world.clock.date(),
        "old_reaction": old,
        "new_reaction": new,
    }
    return world.updates.add("message_reaction", content) is not None


def stop_draft(world: World, user_id: int) -> None:
    """A user presses the stop button of the draft that they see."""
    draft = world.messages.draft(user_id)
    if draft is None or not draft.can_stop:
        raise ValueError("there is no draft with a stop button")
    chat = world.chats.chats[user_id]
    world.messages.saw_stop(draft)
    world.updates.add("stopped_message_generation", {"chat": chat.json(), "draft_id": draft.id})


def delete(world: World, chat: int, message_id: int) -> None:
    """A user deletes a message; the Bot API tells nothing of it."""
    _existing(world, chat, message_id)
    del world.messages.kept[chat, message_id]


def _existing(world: World, chat: int, message_id: int) -> Message:
    message = world.messages.find(chat, message_id)
    if message is None:
        raise ValueError(f"there is no message {message_id} in chat {chat}")
    return message
