"""The tests' side: users' deeds, faults, and what the server noted."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

from aiohttp import web

from tests.telegram.fake_server import membership, people
from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.settings import scope_key
from tests.telegram.fake_server.world import World


class Resettable(Protocol):
    world: World

    async def reset(self) -> None: ...


async def answer_control(server: Resettable, request: Any) -> Any:
    """Carry out one verb; what a test does wrong is its answer."""
    verb = request.match_info["verb"]
    body = await request.json()
    if verb == "reset":
        await server.reset()
        verb = "about"
    if verb not in VERBS:
        return web.json_response({"error": f"there is no {verb}"}, status=400)
    try:
        inspect.signature(VERBS[verb]).bind(server.world, **body)
        result = VERBS[verb](server.world, **body)
    except (ValueError, TypeError, KeyError, StopIteration) as error:
        return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
    return web.json_response({"result": result})


def about(world: World) -> Json:
    return {"token": world.token, "bot": world.bot}


def configure(
    world: World,
    limits: bool | None = None,
    callback_seconds: float | None = None,
    fault_rate: float | None = None,
    seed: int = 0,
) -> None:
    if limits is not None:
        world.limits.enabled = limits
    if callback_seconds is not None:
        world.callback_seconds = callback_seconds
    if fault_rate is not None:
        world.faults.at_random(fault_rate, seed)


def advance(world: World, seconds: float) -> None:
    world.clock.advance(seconds)


def person(world: World, user_id: int, **details: str) -> None:
    world.chats.user(user_id, **details)


def private(world: World, user_id: int, text: str, reply_to: int | None = None) -> int:
    user = world.chats.user(user_id)
    chat = world.chats.chats[user_id]
    return people.write(world, chat, user, people.text_content(text), reply_to=reply_to).id


def group(
    world: World,
    chat_id: int,
    user_id: int,
    text: str,
    thread: int | None = None,
    reply_to: int | None = None,
) -> int:
    message = people.write(
        world,
        world.chats.group(chat_id),
        world.chats.user(user_id),
        people.text_content(text),
        thread=thread,
        reply_to=reply_to,
    )
    return message.id


def file(
    world: World,
    user_id: int,
    kind: str,
    name: str,
    content: str,
    mime_type: str,
    caption: str = "",
    size: int = 0,
    chat_id: int | None = None,
    reply_to: int | None = None,
) -> int:
    stored = world.chats.keep_file(name, base64.b64decode(content), mime_type, size)
    user = world.chats.user(user_id)
    chat = world.chats.group(chat_id) if chat_id is not None else world.chats.chats[user_id]
    sent = people.file_content(kind, stored, caption)
    return people.write(world, chat, user, sent, reply_to=reply_to).id


def bot_status(world: World, chat_id: int, user_id: int, status: str) -> None:
    chat = world.chats.group(chat_id, bot="left")
    membership.set_status(world, chat, world.chats.user(user_id), status)


def blocked(world: World, user_id: int, value: bool) -> None:
    membership.set_blocked(world, world.chats.user(user_id), value)


def messages(world: World, chat: int) -> list[Json]:
    return [
        {"shown": message.shown, "html": message.html, "reactions": message.reactions}
        for message in world.messages.of_bot(chat)
    ]


def frames(world: World, chat: int) -> list[Json]:
    return [asdict(frame) for frame in world.messages.frames if frame.chat == chat]


def draft(world: World, chat: int) -> Json | None:
    frame = world.messages.draft(chat)
    return asdict(frame) if frame else None


def calls(world: World, method: str | None = None) -> list[Json]:
    wanted = method and method.lower()
    return [asdict(call) for call in world.calls if wanted in (None, call.method.lower())]


def violations(world: World) -> list[Json]:
    late = [
        {
            "method": "answerCallbackQuery",
            "what": f"button {query.data!r} was not answered in {world.callback_seconds:g} s",
            "parameters": None,
        }
        for query in world.unanswered()
        if world.late(query) and query.update is not None
    ]
    return world.violations + late


def forgive(world: World) -> None:
    world.violations.clear()
    for query in world.unanswered():
        query.answer = {"forgiven": True}


def unanswered(world: World) -> list[Json]:
    return [asdict(query) for query in world.unanswered()]


def callback(world: World, query_id: str) -> Json:
    return asdict(world.callbacks[query_id])


def inline_answer(world: World, query_id: str) -> Json | None:
    return world.inline_queries[query_id].answer


def inline_message(world: World, inline_message_id: str) -> Json:
    return world.inline_messages[inline_message_id]


def commands(world: World, scope: Json | None, language: str) -> list[Json]:
    return world.commands.get(scope_key(scope, language), [])


def description(world: World, name: str, language: str) -> str:
    return world.descriptions.get((name, language), "")


def webhook(world: World) -> Json:
    return asdict(world.webhook)


def pending(world: World) -> list[Json]:
    return world.updates.queue


def polling(world: World) -> bool:
    return world.updates.polling


def fail(world: World, **wanted: Any) -> None:
    world.faults.plan(wanted)


def heal(world: World) -> None:
    """No planned fault is left."""
    world.faults.planned.clear()


def actions(world: World, chat: int) -> list[Json]:
    return [action for action in world.actions if action["chat"] == chat]


def raw_update(world: World, update: Json) -> int:
    return world.updates.add_raw(update)


VERBS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        about,
        actions,
        advance,
        blocked,
        bot_status,
        callback,
        calls,
        commands,
        configure,
        description,
        draft,
        fail,
        file,
        forgive,
        frames,
        group,
        heal,
        inline_answer,
        inline_message,
        messages,
        pending,
        person,
        polling,
        private,
        raw_update,
        unanswered,
        violations,
        webhook,
        people.choose,
        people.delete,
        people.edit,
        people.inline,
        people.press,
        people.react,
        people.stop_draft,
    )
}
