"""The Bot API itself: reads a request, meets it with its fault, carries it out, notes it."""

from __future__ import annotations

import asyncio
import json
import re
import time
import traceback
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.telegram.fake_server import answering, looking_up, sending, settings, signs
from tests.telegram.fake_server.bodies import not_unicode, readable, request_parameters
from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.faults import Fault
from tests.telegram.fake_server.refusals import Refused, mistake, too_many
from tests.telegram.fake_server.schema import METHODS, api_name, check_result, read_request
from tests.telegram.fake_server.updates import HAS_WEBHOOK
from tests.telegram.fake_server.world import Call, World

HANDLERS: dict[str, Callable[[World, Json], Any]] = {
    function.__name__.replace("_", ""): function
    for function in (
        answering.answer_callback_query,
        answering.answer_inline_query,
        looking_up.get_chat,
        looking_up.get_chat_administrators,
        looking_up.get_chat_member,
        looking_up.get_file,
        looking_up.leave_chat,
        sending.delete_message,
        sending.edit_message_reply_markup,
        sending.edit_message_text,
        sending.send_document,
        sending.send_message,
        sending.send_message_draft,
        settings.delete_my_commands,
        settings.delete_webhook,
        settings.get_me,
        settings.get_my_commands,
        settings.get_my_description,
        settings.get_my_short_description,
        settings.get_webhook_info,
        settings.set_my_commands,
        settings.set_my_description,
        settings.set_my_short_description,
        settings.set_webhook,
        signs.send_chat_action,
        signs.set_message_reaction,
    )
}
DONE = {"setwebhook": "Webhook was set", "deletewebhook": "Webhook was deleted"}
GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
ERRORS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


async def answer_request(world: World, request: Any) -> Any:
    """The response to one request of a bot."""
    if refused := wrong_token(world, request.match_info["token"]):
        return respond(refused.code, refused.payload())
    method = request.match_info["method"].lower()
    raw, unreadable = await request_parameters(request)
    call = Call(api_name(method), readable(raw), world.clock.now())
    world.calls.append(call)
    answered = asyncio.ensure_future(_timed(world, request, call, method, raw, unreadable))
    if method == "getupdates":
        return await answered
    # Telegram carries out what it has read, though the bot waits for the answer no longer.
    world.under_way.add(answered)
    answered.add_done_callback(world.under_way.discard)
    return await asyncio.shield(answered)


async def _timed(
    world: World, request: Any, call: Call, method: str, raw: Json, unreadable: str
) -> Any:
    begin = time.monotonic()
    try:
        return await _with_fault(world, request, call, method, raw, unreadable)
    finally:
        call.seconds = time.monotonic() - begin


def wrong_token(world: World, token: str) -> Refused | None:
    if token == world.token:
        return None
    if re.fullmatch(r"\d+:[\w-]{20,}", token):
        return Refused(401, "Unauthorized")
    return Refused(404, "Not Found")


async def _with_fault(
    world: World, request: Any, call: Call, method: str, raw: Json, unreadable: str
) -> Any:
    fault = world.faults.next(method, _chat_of(raw))
    if fault is None:
        return noted(call, *await carry_out(world, method, raw, unreadable))
    call.fault = fault.kind
    if fault.kind == "delay":
        if not fault.after:
            await asyncio.sleep(fault.seconds)
        status, payload = await carry_out(world, method, raw, unreadable)
        if fault.after:
            await asyncio.sleep(fault.seconds)
        return noted(call, status, payload)
    if fault.after:
        await carry_out(world, method, raw, unreadable)
    if fault.kind == "cut":
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    return _failure(call, fault)


def _failure(call: Call, fault: Fault) -> Any:
    if fault.kind == "flood":
        return noted(call, 429, too_many(fault.retry_after).payload())
    if fault.page:
        call.status, call.description = fault.status, "Bad Gateway"
        return web.Response(status=fault.status, text=GATEWAY_PAGE, content_type="text/html")
    return noted(
        call, fault.status, Refused(fault.status, ERRORS.get(fault.status, "Error")).payload()
    )


def noted(call: Call, status: int, payload: Json) -> Any:
    call.status = status
    call.description = payload.get("description", "")
    return respond(status, payload)


def respond(status: int, payload: Json) -> Any:
    headers = {}
    if "parameters" in payload:
        headers["Retry-After"] = str(payload["parameters"]["retry_after"])
    return web.json_response(payload, status=status, headers=headers)


async def carry_out(world: World, method: str, raw: Json, unreadable: str = "") -> tuple[int, Json]:
    """The status and body for a call; a mistake of the bot is noted as a violation."""
    try:
        result = await _result(world, method, raw, unreadable)
    except Refused as refused:
        if refused.mistake:
            world.violate(api_name(method), refused.description, readable(raw))
        return refused.code, refused.payload()
    except Exception as error:
        traceback.print_exc()
        world.violate(api_name(method), f"the server failed: {error!r}", readable(raw))
        return 500, Refused(500, "Internal Server Error").payload()
    payload: Json = {"ok": True, "result": result}
    if method in DONE:
        payload["description"] = DONE[method]
    return 200, payload


async def _result(world: World, method: str, raw: Json, unreadable: str) -> Any:
    if unreadable:
        raise mistake(unreadable)
    if not_unicode(raw):
        raise mistake("strings must be encoded in UTF-8")
    if method not in METHODS:
        raise Refused(404, "Not Found: method not found", mistake=True)
    given = read_request(method, raw)
    if method == "getupdates":
        if world.webhook.url:
            raise Refused(409, HAS_WEBHOOK)
        result: Any = await world.updates.poll(given)
    elif method in HANDLERS:
        result = HANDLERS[method](world, given)
    else:
        raise mistake(f"this server does not know {api_name(method)}")
    result = json.loads(json.dumps(result))
    try:
        check_result(method, result)
    except ValueError as error:
        world.violate(api_name(method), f"the server's own result: {error}", result)
    return result


def _chat_of(raw: Json) -> int | None:
    try:
        return int(raw["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None
