"""`python -m bot telegram`: runs the bot until it is told to end (SIGTERM, Ctrl-C)."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from bot.service import Service, open_service
from bot.telegram.app import TelegramBot
from retrieval.errors import IndexUnavailable, ServiceError, SettingsError
from retrieval.search import open_retriever
from retrieval.settings import Settings, read_settings

_log = logging.getLogger("bot")


class _WithoutToken(logging.Formatter):
    """The last safeguard: whatever a library logs, with or without a traceback, no token."""

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace(self._token, "<token>")


def run_telegram() -> int:
    """The process's exit status: 0 ended as told, 1 the settings can not be used."""
    try:
        settings = read_settings()
        if not settings.telegram_bot_token.get_secret_value():
            raise SettingsError("TELEGRAM_BOT_TOKEN is not set: take it from @BotFather")
        prepare_logs(settings)
        asyncio.run(_run(settings))
    except ServiceError as error:
        print(f"bot telegram: {error}", file=sys.stderr)
        return 1
    return 0


def prepare_logs(settings: Settings) -> None:
    """With times; without the addresses that hold the token, and without updates."""
    logging.basicConfig(level=logging.WARNING, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_WithoutToken(settings.telegram_bot_token.get_secret_value()))
    logging.getLogger("bot").setLevel(logging.INFO)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It logs whole updates where one can not be read, and tracebacks with what was asked.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    await TelegramBot(_service(settings), settings).run(stop)


def _service(settings: Settings) -> Service:
    """Also without an index: it is taken up as soon as there is one."""
    try:
        return open_service(settings, open_retriever(settings))
    except IndexUnavailable as error:
        _log.error("%s", error)
        return open_service(settings, None)
