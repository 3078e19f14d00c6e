"""Methods about the bot itself: its commands, descriptions and webhook."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.refusals import mistake
from tests.telegram.fake_server.units import length
from tests.telegram.fake_server.world import Webhook, World

MOST_COMMANDS = 100


def get_me(world: World, given: Json) -> Json:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def scope_key(scope: Json | None, language: str | None) -> tuple[str, str]:
    """How a scope and language are kept."""
    scope = scope or {"type": "default"}
    parts = [str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope]
    return ":".join(parts), language or ""


def set_my_commands(world: World, given: Json) -> bool:
    key = _checked_key(world, given)
    commands = given["commands"]
    if len(commands) > MOST_COMMANDS:
        raise mistake("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"].removeprefix("/")):
            raise mistake("BOT_COMMAND_INVALID")
        if not 1 <= length(command["description"].strip()) <= 256:
            raise mistake("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[key] = [
        {**command, "command": command["command"].removeprefix("/")} for command in commands
    ]
    return True


def get_my_commands(world: World, given: Json) -> list[Json]:
    return world.commands.get(_checked_key(world, given), [])


def delete_my_commands(world: World, given: Json) -> bool:
    world.commands.pop(_checked_key(world, given), None)
    return True


def _checked_key(world: World, given: Json) -> tuple[str, str]:
    scope, language = given.get("scope"), given.get("language_code") or ""
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise mistake("invalid language code specified")
    if scope and "chat_id" in scope:
        world.chats.find(scope["chat_id"])
    return scope_key(scope, language)


def set_my_description(world: World, given: Json) -> bool:
    return _describe(world, given, "description", 512)


def set_my_short_description(world: World, given: Json) -> bool:
    return _describe(world, given, "short_description", 120)


def _describe(world: World, given: Json, name: str, longest: int) -> bool:
    text = given.get(name) or ""
    if length(text) > longest:
        raise mistake("description is too long")
    world.descriptions[name, given.get("language_code") or ""] = text
    return True


def get_my_description(world: World, given: Json) -> Json:
    return {"description": _described(world, given, "description")}


def get_my_short_description(world: World, given: Json) -> Json:
    return {"short_description": _described(world, given, "short_description")}


def _described(world: World, given: Json, name: str) -> str:
    own = world.descriptions.get((name, given.get("language_code") or ""))
    return own or world.descriptions.get((name, ""), "")


def set_webhook(world: World, given: Json) -> bool:
    if not given["url"]:
        return delete_webhook(world, given)
    secret = given.get("secret_token") or ""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise mistake("secret token contains unallowed characters")
    if len(secret) > 256:
        raise mistake("secret token is too long")
    most = given.get("max_connections", 40)
    if not 1 <= most <= 100:
        raise mistake("max_connections must be from 1 to 100")
    if not may_receive(given["url"]):
        raise mistake("bad webhook: An HTTPS URL must be provided for webhook")
    world.updates.allow(given.get("allowed_updates"))
    if given.get("drop_pending_updates"):
        world.updates.drop()
    world.webhook = Webhook(given["url"], secret, most)
    world.updates.end_poll()
    world.webhook_changed.set()
    return True


def may_receive(url: str) -> bool:
    """Whether updates may go there: encrypted, or to this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    if parts.scheme != "http":
        return False
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def delete_webhook(world: World, given: Json) -> bool:
    if given.get("drop_pending_updates"):
        world.updates.drop()
    world.webhook = Webhook()
    world.webhook_changed.set()
    return True


def get_webhook_info(world: World, given: Json) -> Json:
    webhook = world.webhook
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.queue),
        "allowed_updates": sorted(world.updates.allowed),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error:
        info |= {
            "last_error_date": webhook.last_error_at,
            "last_error_message": webhook.last_error,
        }
    return info
