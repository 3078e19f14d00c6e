"""Delivers updates to the bot's address, one after the other, until it takes each."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from tests.telegram.fake_server.api import carry_out
from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.world import Webhook, World

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0


async def deliver_forever(world: World) -> None:
    """Runs as long as the world does."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        pause = FIRST_PAUSE
        while True:
            if not world.webhook.url:
                world.webhook_changed.clear()
                await world.webhook_changed.wait()
            elif not world.updates.queue:
                await _new_update_or_webhook(world)
            elif await _taken(world, world.webhook, session, world.updates.queue[0]):
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)


async def _new_update_or_webhook(world: World) -> None:
    world.webhook_changed.clear()
    waiting = [
        asyncio.ensure_future(world.updates.changed()),
        asyncio.ensure_future(world.webhook_changed.wait()),
    ]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


async def _taken(world: World, webhook: Webhook, session: Any, update: Json) -> bool:
    """Whether the bot took the update; its body may hold a call."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
    try:
        async with session.post(webhook.url, json=update, headers=headers, ssl=False) as response:
            body = await response.read()
            status = response.status
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        return _failed(world, webhook, str(error) or type(error).__name__)
    if not 200 <= status < 300:
        return _failed(world, webhook, f"Wrong response from the webhook: {status}")
    world.updates.confirm(update["update_id"] + 1)
    await _called_in_reply(world, body)
    return True


def _failed(world: World, webhook: Webhook, what: str) -> bool:
    webhook.last_error, webhook.last_error_at = what, world.clock.date()
    return False


async def _called_in_reply(world: World, body: bytes) -> None:
    try:
        call = json.loads(body)
    except ValueError:
        return
    if isinstance(call, dict) and isinstance(call.get("method"), str):
        method = call.pop("method").lower()
        await carry_out(world, method, call)
