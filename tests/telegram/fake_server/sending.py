"""Methods that send, edit and delete messages."""

from __future__ import annotations

from tests.telegram.fake_server.chats import Chat, Json
from tests.telegram.fake_server.keyboards import check_markup
from tests.telegram.fake_server.messages import Message
from tests.telegram.fake_server.refusals import Refused, bad_request, mistake
from tests.telegram.fake_server.schema import Upload
from tests.telegram.fake_server.texts import Formatted, caption, message_text, read_text
from tests.telegram.fake_server.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600
LARGEST_UPLOAD = 50 * 1024 * 1024


def send_message(world: World, given: Json) -> Json:
    chat = world.chats.writable(given["chat_id"], given.get("message_thread_id"))
    formatted = message_text(formatted_text(world, given, "text"))
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    if given.get("link_preview_options"):
        content["link_preview_options"] = given["link_preview_options"]
    return _sent(world, chat, given, content, formatted)


def send_document(world: World, given: Json) -> Json:
    chat = world.chats.writable(given["chat_id"], given.get("message_thread_id"))
    document = given["document"]
    if isinstance(document, Upload):
        if not document.content:
            raise mistake("file must be non-empty")
        if len(document.content) > LARGEST_UPLOAD:
            raise Refused(413, "Request Entity Too Large", mistake=True)
        stored = world.chats.keep_file(document.name, document.content, document.mime_type)
    elif document in world.chats.files:
        stored = world.chats.files[document]
    else:
        raise mistake("wrong file identifier/HTTP URL specified")
    content: Json = {
        "document": {
            "file_id": stored.id,
            "file_unique_id": stored.unique_id,
            "file_name": stored.name,
            "mime_type": stored.mime_type,
            "file_size": stored.size,
        }
    }
    formatted = caption(formatted_text(world, given, "caption"))
    if formatted.text:
        content["caption"] = formatted.text
        if formatted.entities:
            content["caption_entities"] = formatted.entities
    return _sent(world, chat, given, content, formatted)


def formatted_text(world: World, given: Json, name: str) -> Formatted:
    """The text of a parameter, by its parse mode or entities."""
    prefix = "caption_" if name == "caption" else ""
    return read_text(
        given.get(name) or "",
        given.get("parse_mode"),
        given.get(f"{prefix}entities"),
        world.chats.known_user,
    )


def _sent(world: World, chat: Chat, given: Json, content: Json, formatted: Formatted) -> Json:
    markup = given.get("reply_markup")
    keyboard = check_markup(markup)
    if keyboard:
        content["reply_markup"] = keyboard
    reply_to = _replied(world, chat, given.get("reply_parameters"))
    thread = given.get("message_thread_id") or (
        reply_to.shown.get("message_thread_id") if reply_to else None
    )
    if thread is not None:
        content["message_thread_id"] = thread
    if given.get("protect_content"):
        content["has_protected_content"] = True
    world.spend("message", chat.id)
    message = world.messages.add(chat, world.bot, content, reply_to=reply_to)
    message.html = formatted.source
    message.reply_keyboard = markup is not None and "inline_keyboard" not in markup
    world.messages.saw(message, "sent")
    return message.shown


def _replied(world: World, chat: Chat, reply: Json | None) -> Message | None:
    if not reply:
        return None
    if reply.get("chat_id") not in (None, chat.id):
        raise mistake("this server knows no replies to other chats")
    if "message_id" not in reply:
        raise mistake("message identifier is not specified")
    message = world.messages.find(chat.id, reply["message_id"])
    if message is None:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    if (quote := reply.get("quote")) and quote not in message.shown.get("text", ""):
        raise mistake("QUOTE_TEXT_INVALID")
    return message


def edit_message_text(world: World, given: Json) -> Json | bool:
    formatted = message_text(formatted_text(world, given, "text"), edit=True)
    keyboard = check_markup(given.get("reply_markup"))
    new: Json = {"text": formatted.text}
    optional = {
        "entities": formatted.entities,
        "reply_markup": keyboard,
        "link_preview_options": given.get("link_preview_options"),
    }
    new |= {name: value for name, value in optional.items() if value}
    if "inline_message_id" in given:
        return _edit_inline(world, given, new)
    message = _editable(world, given)
    if "text" not in message.shown:
        raise bad_request("there is no text in the message to edit")
    _replace(world, message, ("text", *optional), new, formatted.source)
    return message.shown


def edit_message_reply_markup(world: World, given: Json) -> Json | bool:
    keyboard = check_markup(given.get("reply_markup"))
    new: Json = {"reply_markup": keyboard} if keyboard else {}
    if "inline_message_id" in given:
        return _edit_inline(world, given, new)
    message = _editable(world, given)
    _replace(world, message, ("reply_markup",), new, message.html)
    return message.shown


def _replace(
    world: World, message: Message, names: tuple[str, ...], new: Json, source: str
) -> None:
    old = {name: message.shown[name] for name in names if name in message.shown}
    if old == new:
        raise bad_request(NOT_MODIFIED)
    world.spend("edit", message.chat)
    for name in names:
        message.shown.pop(name, None)
    message.shown |= new | {"edit_date": world.clock.date()}
    message.html = source
    world.messages.saw(message, "edited")


def _editable(world: World, given: Json) -> Message:
    if "chat_id" not in given:
        raise mistake("chat_id is empty")
    if not given.get("message_id"):
        raise mistake("message identifier is not specified")
    chat = world.chats.writable(given["chat_id"])
    message = world.messages.find(chat.id, given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot or message.reply_keyboard:
        raise mistake("message can't be edited")
    return message


def _edit_inline(world: World, given: Json, new: Json) -> bool:
    kept = world.inline_messages.get(given["inline_message_id"])
    if kept is None:
        raise bad_request("MESSAGE_ID_INVALID")
    if {**kept, **new} == kept:
        raise bad_request(NOT_MODIFIED)
    kept |= new
    return True


def delete_message(world: World, given: Json) -> bool:
    chat = world.chats.writable(given["chat_id"])
    message = world.messages.find(chat.id, given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not message.from_bot and chat.user is None and chat.bot != "administrator":
        raise bad_request("message can't be deleted for everyone")
    if world.clock.now() - message.shown["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del world.messages.kept[chat.id, message.id]
    world.messages.saw(message, "deleted")
    return True


def send_message_draft(world: World, given: Json) -> bool:
    chat = world.chats.writable(given["chat_id"], given.get("message_thread_id"))
    if chat.user is None:
        raise mistake("TEXTDRAFT_PEER_INVALID")
    if given["draft_id"] == 0:
        raise mistake("draft_id must be non-zero")
    formatted = formatted_text(world, given, "text")
    if formatted.text:
        message_text(formatted)
    world.spend("draft", chat.id)
    world.messages.saw_draft(
        chat.id,
        given["draft_id"],
        formatted.text,
        formatted.source,
        formatted.entities,
        bool(given.get("can_stop")),
    )
    return True
