"""The running of the bot, from its start to a clean end."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    Update,
)
from telegram.constants import UpdateType
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import ApplicationBuilder, BaseUpdateProcessor
from telegram.request import HTTPXRequest

from bot.conversations import Conversations
from bot.reloading import Reloading
from bot.service import Service
from bot.telegram import words
from bot.telegram.handlers import App, Handlers
from bot.telegram.inbox import (
    Inbox,
    RecordedQueue,
    State,
    Unfinished,
    is_fleeting,
    read_update,
)
from bot.telegram.pace import Pace
from retrieval.database import Database
from retrieval.endpoints import connection_fault
from retrieval.errors import SettingsError, StoreUnavailable
from retrieval.settings import Settings

_log = logging.getLogger(__name__)

_UPDATES = [
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MESSAGE_REACTION,
]
# Updates that are being dealt with, most of them waiting for their conversation's turn.
_AT_ONCE = 4_096
_CONNECTIONS = 64
# Seconds: for an answer of Telegram, for a place among the connections, for what runs at the end.
_PATIENCE = 20.0
_POOL_PATIENCE = 60.0
_ENDING = 25.0
_DAY = 86_400.0
_LONGEST_PAUSE = 60.0
_WEBHOOK_TRIES = 3


class RecordedUpdates(BaseUpdateProcessor):
    """Deals with updates beside each other, and writes down which are done.

    One whose way ends with the process stays undone, and is taken up at the next start.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(_AT_ONCE)
        self._inbox = inbox

    async def do_process_update(self, update: object, coroutine: object) -> None:
        await coroutine  # type: ignore[misc] # typed as Awaitable[Any] by the library
        if isinstance(update, Update) and not is_fleeting(update):
            try:
                await asyncio.to_thread(self._inbox.done, update.update_id)
            except StoreUnavailable as error:
                _log.error("%s", error)

    async def initialize(self) -> None:
        """Nothing is held open."""

    async def shutdown(self) -> None:
        """Nothing is held open."""


class TelegramBot:
    """The bot of a service. To be run once."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._settings = settings
        self._service = service
        self._inbox = _open_inbox(service.conversations)
        self._queue = RecordedQueue(self._inbox)
        self._reloading = Reloading(service, settings)
        self.app = self._build()
        self._handlers = Handlers(self.app.bot, service, self._inbox, settings, self._reloading)
        self._handlers.add_to(self.app)

    def _build(self) -> App:
        base = self._settings.telegram_api_base_url.rstrip("/")
        request = HTTPXRequest(
            _CONNECTIONS,
            read_timeout=_PATIENCE,
            write_timeout=_PATIENCE,
            connect_timeout=_PATIENCE,
            pool_timeout=_POOL_PATIENCE,
        )
        builder = (
            ApplicationBuilder()
            .token(self._settings.telegram_bot_token.get_secret_value())
            .base_url(f"{base}/bot")
            .base_file_url(f"{base}/file/bot")
            .request(request)
            .get_updates_request(HTTPXRequest(1, read_timeout=_PATIENCE))
            .rate_limiter(Pace())
            .concurrent_updates(RecordedUpdates(self._inbox))
            .update_queue(self._queue)
            .job_queue(None)
        )
        return builder.build()  # type: ignore[return-value] # the queue of jobs is left out

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is running then is finished.

        Raises:
            SettingsError: Telegram does not accept the token, or the webhook can not be set.
        """
        self._warn()
        await self._connect(stop)
        try:
            if not stop.is_set():
                await self._run(stop)
        finally:
            with suppress(RuntimeError, TelegramError):
                await self.app.shutdown()

    def _warn(self) -> None:
        if not self._settings.allowed_chats:
            _log.warning("TELEGRAM_ALLOWED_CHATS is empty: everybody who finds the bot can ask it")
        if not self._settings.admins:
            _log.warning("TELEGRAM_ADMINS is empty: nobody can add articles by sending them")

    async def _connect(self, stop: asyncio.Event) -> None:
        """As often as it takes: the network may come later than the bot."""
        pause = 1.0
        while not stop.is_set():
            try:
                await self.app.initialize()
                return
            except InvalidToken as error:
                raise SettingsError(
                    "Telegram does not accept TELEGRAM_BOT_TOKEN: take it from @BotFather"
                ) from error
            except NetworkError as error:
                fault = connection_fault(error).text
                _log.error("Telegram can not be reached (%s); trying again", fault)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run(self, stop: asyncio.Event) -> None:
        await self._introduce()
        beside = [asyncio.create_task(self._reloading.run()), asyncio.create_task(self._tidy())]
        # What was left comes before what is new.
        broken = await self._take_up()
        await self.app.start()
        beside.append(asyncio.create_task(self._tell_of_breaks(broken)))
        await self._receive()
        _log.info("the bot @%s is running", self.app.bot.username)
        await stop.wait()
        _log.info("the bot ends: running answers are finished first")
        for task in beside:
            task.cancel()
        await self._end()

    async def _introduce(self) -> None:
        """The commands in the menu; without them the bot works as well."""
        everything = tuple(words.COMMANDS)
        scopes: list[tuple[BotCommandScope, tuple[str, ...]]] = [
            (BotCommandScopeAllPrivateChats(), everything),
            (BotCommandScopeAllGroupChats(), everything),
        ]
        try:
            for scope, names in scopes:
                for language, meanings in (("", words.COMMANDS), ("en", words.COMMANDS_ENGLISH)):
                    commands = [BotCommand(name, meanings[name]) for name in names]
                    await self.app.bot.set_my_commands(
                        commands, scope, language_code=language or None
                    )
            await self.app.bot.set_my_short_description(words.DESCRIPTION)
        except TelegramError as error:
            _log.warning("the menu of commands was not set: %s", type(error).__name__)

    async def _take_up(self) -> list[Unfinished]:
        """Put what the last process left into the queue; what it may have done is returned."""
        try:
            left = await asyncio.to_thread(self._inbox.unfinished)
        except StoreUnavailable as error:
            _log.error("%s", error)
            return []
        for one in left:
            if one.state is State.WAITING:
                await self._queue.take_up(read_update(one.body, self.app.bot))
        if left:
            _log.info("%d updates were left by the last run", len(left))
        return [one for one in left if one.state is not State.WAITING]

    async def _tell_of_breaks(self, broken: Sequence[Unfinished]) -> None:
        for one in broken:
            await self._handlers.tell_of_break(one, self.app.bot)

    async def _receive(self) -> None:
        """Begin to fetch updates, or to be called with them."""
        updater = self.app.updater
        assert updater is not None
        settings = self._settings
        if settings.telegram_mode == "polling":
            await updater.start_polling(
                allowed_updates=_UPDATES, bootstrap_retries=-1, error_callback=_log_fetching
            )
            return
        if not settings.telegram_webhook_url:
            raise SettingsError("TELEGRAM_MODE=webhook needs TELEGRAM_WEBHOOK_URL")
        secret = settings.telegram_webhook_secret.get_secret_value() or secrets.token_urlsafe(32)
        try:
            await updater.start_webhook(
                listen=settings.telegram_webhook_listen,
                port=settings.telegram_webhook_port,
                url_path=urlsplit(settings.telegram_webhook_url).path.strip("/"),
                webhook_url=settings.telegram_webhook_url,
                secret_token=secret,
                allowed_updates=_UPDATES,
                bootstrap_retries=_WEBHOOK_TRIES,
            )
        except (TelegramError, OSError) as error:
            raise SettingsError(
                "the webhook can not be set: check TELEGRAM_WEBHOOK_URL, "
                f"TELEGRAM_WEBHOOK_LISTEN and TELEGRAM_WEBHOOK_PORT ({type(error).__name__})"
            ) from error

    async def _end(self) -> None:
        """No more updates; what is running has some time, the rest stays for the next start."""
        updater = self.app.updater
        if updater and updater.running:
            await updater.stop()
        try:
            await asyncio.wait_for(self.app.stop(), _ENDING)
        except TimeoutError:
            _log.warning("some questions are left for the next start")

    async def _tidy(self) -> None:
        """Once a day, delete what is too old."""
        while True:
            try:
                await asyncio.to_thread(self._inbox.expire)
                await asyncio.sleep(_DAY)
                if self._service.conversations:
                    await asyncio.to_thread(self._service.conversations.expire)
            except StoreUnavailable as error:
                _log.error("%s", error)
                await asyncio.sleep(_DAY)


def _open_inbox(conversations: Conversations | None) -> Inbox:
    """In the file of conversations; in memory where that can not be used."""
    if conversations is None:
        _log.error("questions are kept in memory only: one that is unanswered may be lost")
        # The tables of the inbox name that of the traces.
        return Inbox(Conversations(Database.open(None), 1).database)
    return Inbox(conversations.database)


def _log_fetching(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _log.error("another process fetches this bot's updates: end one of the two")
    else:
        _log.warning("fetching updates failed (%s); trying again", type(error).__name__)
