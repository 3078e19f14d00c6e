"""Everything that one fake Telegram knows; a reset makes a new one."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.fake_server.chats import Chats, Json
from tests.telegram.fake_server.clock import Clock
from tests.telegram.fake_server.faults import Faults
from tests.telegram.fake_server.limits import Limits
from tests.telegram.fake_server.messages import Messages
from tests.telegram.fake_server.refusals import too_many
from tests.telegram.fake_server.updates import Updates

BOT_ID = 7_000_000_001
BOT_NAME = "dan_van_test_bot"


@dataclass
class Call:
    """A request of the bot.

    Attributes:
        status: the HTTP status; 0 while it is carried out, or when its connection was cut.
        fault: the kind of the fault that met it.
    """

    method: str
    parameters: Json
    at: float
    status: int = 0
    description: str = ""
    seconds: float = 0.0
    fault: str = ""


@dataclass
class CallbackQuery:
    id: str
    data: str
    user: int
    at: float
    update: int | None
    answer: Json | None = None


@dataclass
class InlineQuery:
    id: str
    query: str
    user: int
    at: float
    answer: Json | None = None


@dataclass
class Webhook:
    """Where updates go to; no address means that the bot polls."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


@dataclass
class World:
    """The state, and what is noted of it for the tests."""

    callback_seconds: float = 15.0
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    updates: Updates = field(default_factory=Updates)
    webhook: Webhook = field(default_factory=Webhook)
    calls: list[Call] = field(default_factory=list)
    violations: list[Json] = field(default_factory=list)
    callbacks: dict[str, CallbackQuery] = field(default_factory=dict)
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    inline_messages: dict[str, Json] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    actions: list[Json] = field(default_factory=list)
    under_way: set[asyncio.Future[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bot: Json = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Dân vận",
            "username": BOT_NAME,
        }
        self.token = f"{BOT_ID}:{secrets.token_hex(18)}"
        self.chats = Chats(self.bot)
        self.messages = Messages(self.clock)
        self.limits = Limits(self.clock)
        self.webhook_changed = asyncio.Event()

    def violate(self, method: str, what: str, parameters: Any = None) -> None:
        self.violations.append({"method": method, "what": what, "parameters": parameters})

    def spend(self, kind: str, chat: int) -> None:
        """Let one call pass the limits, or refuse it."""
        if seconds := self.limits.wait(kind, chat):
            raise too_many(seconds)

    def unanswered(self) -> list[CallbackQuery]:
        """The queries of pressed buttons that the bot got and did not answer."""
        return [query for query in self.callbacks.values() if query.answer is None]

    def late(self, query: CallbackQuery | InlineQuery) -> bool:
        return self.clock.now() - query.at > self.callback_seconds
