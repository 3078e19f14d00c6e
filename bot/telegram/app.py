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
)
from telegram.constants import UpdateType
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder

from bot.archive import Archive
from bot.conversations import Conversations
from bot.service import Service
from bot.telegram import words
from bot.telegram.delivery import DeliveryUnknown
from bot.telegram.handlers import App, Handlers
from bot.telegram.inbox import Inbox, State, Unfinished
from bot.telegram.pace import Pace
from bot.telegram.requests import Request
from bot.telegram.single import alone
from bot.telegram.updates import RecordedQueue, RecordedUpdates, read_update
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
# Seconds at the end: what is running is let alone first, then answered in quotes, then left.
_FINISHING, _HURRYING = 10.0, 15.0
_DAY = 86_400.0
_LONGEST_PAUSE = 60.0
_WEBHOOK_TRIES = 3


class TelegramBot:
    """The bot of a service. To be run once."""

    def __init__(self, service: Service, settings: Settings, archive: Archive) -> None:
        """
        Args:
            archive: what admins send goes there.
        """
        self._settings = settings
        self._service = service
        self._inbox = _open_inbox(service.conversations)
        self._queue = RecordedQueue(self._inbox)
        self._updates = RecordedUpdates(self._inbox)
        self._fetching = Request(1)
        self.app = self._build()
        self._handlers = Handlers(self.app.bot, service, self._inbox, settings, archive)
        self._handlers.add_to(self.app)

    def _build(self) -> App:
        base = self._settings.telegram_api_base_url.rstrip("/")
        builder = (
            ApplicationBuilder()
            .token(self._settings.telegram_bot_token.get_secret_value())
            .base_url(f"{base}/bot")
            .base_file_url(f"{base}/file/bot")
            .request(Request())
            .get_updates_request(self._fetching)
            .rate_limiter(Pace())
            .concurrent_updates(self._updates)
            .update_queue(self._queue)
            .job_queue(None)
        )
        return builder.build()  # type: ignore[return-value] # the queue of jobs is left out

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is running then is finished.

        Raises:
            SettingsError: Telegram does not accept the token, the webhook can not be set, or
                another process uses the same file of conversations.
        """
        self._warn()
        async with alone(self._settings.conversations_db, stop):
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
                raise SettingsError(_TOKEN_REFUSED) from error
            except (NetworkError, RetryAfter) as error:
                fault = connection_fault(error).text
                _log.error("Telegram can not be reached (%s); trying again", fault)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _run(self, stop: asyncio.Event) -> None:
        left = await self._left()
        # What was left comes before what is new.
        for one in left:
            if one.state is State.WAITING:
                await self._queue.take_up(read_update(one.body, self.app.bot))
        await self.app.start()
        beside = [
            asyncio.create_task(work)
            for work in (
                self._introduce(),
                self._handlers.prepare(),
                self._tidy(),
                self._mend(left),
            )
        ]
        await self._until_stopped(stop)
        _log.info("the bot ends: running answers are finished first")
        for task in beside:
            task.cancel()
        await self._end()
        if self._fetching.is_refused.is_set():
            raise SettingsError(_TOKEN_REFUSED)

    async def _until_stopped(self, stop: asyncio.Event) -> None:
        """Receives; also while it still tries to begin, the end is not waited for."""
        receiving = asyncio.create_task(self._receive())
        stopped = asyncio.create_task(stop.wait())
        refused = asyncio.create_task(self._fetching.is_refused.wait())
        try:
            await asyncio.wait({receiving, stopped, refused}, return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                receiving.result()
                _log.info("the bot @%s is running", self.app.bot.username)
                await asyncio.wait({stopped, refused}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (receiving, stopped, refused):
                task.cancel()
            await asyncio.wait({receiving, stopped, refused})

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

    async def _left(self) -> list[Unfinished]:
        """What the last process did not get done."""
        try:
            left = await asyncio.to_thread(self._inbox.unfinished)
        except StoreUnavailable as error:
            _log.error("%s", error)
            return []
        if left:
            _log.info("%d updates were left by the last run", len(left))
        return left

    async def _mend(self, left: Sequence[Unfinished]) -> None:
        """Tell people of what may have been sent to them, or not."""
        for one in left:
            try:
                await self._handlers.mend(one, self.app.bot)
                if one.state is State.SENDING:
                    await asyncio.to_thread(self._inbox.done, one.update_id)
            except (TelegramError, DeliveryUnknown, StoreUnavailable) as error:
                _log.error("an answer that was left stays so: %s", type(error).__name__)

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
            with suppress(TelegramError):  # a token that is refused is said later
                await updater.stop()
        for seconds in (_FINISHING, _HURRYING):
            if self._updates.running:
                await asyncio.wait(self._updates.running, timeout=seconds)
            self._handlers.hurry()
        if self._updates.running:
            _log.warning("%d questions are left for the next start", len(self._updates.running))
        for task in list(self._updates.running):
            task.cancel()
        await self.app.stop()

    async def _tidy(self) -> None:
        """Once a day, delete what is too old."""
        while True:
            try:
                await asyncio.to_thread(self._handlers.tidy)
                await asyncio.sleep(_DAY)
            except StoreUnavailable as error:
                _log.error("%s", error)
                await asyncio.sleep(_DAY)


_TOKEN_REFUSED = "Telegram does not accept TELEGRAM_BOT_TOKEN: take it from @BotFather"  # nosec B105


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
