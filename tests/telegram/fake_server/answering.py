"""Methods that answer queries of buttons and of the inline mode."""

from __future__ import annotations

from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.keyboards import check_markup
from tests.telegram.fake_server.refusals import bad_request, mistake
from tests.telegram.fake_server.texts import message_text, read_text
from tests.telegram.fake_server.units import length
from tests.telegram.fake_server.world import World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MOST_RESULTS = 50


def answer_callback_query(world: World, given: Json) -> bool:
    if length(given.get("text") or "") > 200:
        raise mistake("MESSAGE_TOO_LONG")
    if given.get("url") and not given["url"].startswith(("https://t.me/", "tg://")):
        raise mistake("URL_INVALID")
    query = world.callbacks.get(given["callback_query_id"])
    if query is None or query.answer is not None or world.late(query):
        raise bad_request(TOO_OLD)
    query.answer = {"text": given.get("text", ""), "show_alert": bool(given.get("show_alert"))}
    return True


def answer_inline_query(world: World, given: Json) -> bool:
    results = given["results"]
    if len(results) > MOST_RESULTS:
        raise mistake("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(one.encode()) <= 64 for one in ids):
        raise mistake("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise mistake("RESULT_ID_DUPLICATE")
    if len((given.get("next_offset") or "").encode()) > 64:
        raise mistake("NEXT_OFFSET_INVALID")
    shown = [_shown(world, result) for result in results]
    query = world.inline_queries.get(given["inline_query_id"])
    if query is None or query.answer is not None or world.late(query):
        raise bad_request(TOO_OLD)
    query.answer = {**given, "results": shown}
    return True


def _shown(world: World, result: Json) -> Json:
    """The result with the message that it would send, checked as any message is."""
    if result["type"] == "article" and not result["title"].strip():
        raise mistake("ARTICLE_TITLE_EMPTY")
    keyboard = check_markup(result.get("reply_markup"))
    content = result.get("input_message_content") or {}
    if "message_text" not in content:
        return result
    formatted = message_text(
        read_text(
            content["message_text"],
            content.get("parse_mode"),
            content.get("entities"),
            world.chats.known_user,
        )
    )
    message: Json = {"text": formatted.text, "entities": formatted.entities}
    if keyboard:
        message["reply_markup"] = keyboard
    return {**result, "message": message, "html": formatted.source}
