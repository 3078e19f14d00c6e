"""`python -m bot telegram`, `http`, `serve`: run until told to end (SIGTERM, Ctrl-C)."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.lasting import LastingService
from retrieval.errors import ServiceError
from retrieval.settings import Settings, read_settings


class Adapter(Protocol):
    """Telegram or HTTP."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is running then is finished."""


OpenAdapter = Callable[[LastingService], Adapter]


class _WithoutToken(logging.Formatter):
    """The last safeguard: whatever a library logs, with or without a traceback, no token."""

    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text.replace(self._token, "<token>") if self._token else text


def run_command(command: str, work: Callable[[Settings], None]) -> int:
    """The process's exit status: 0 ended as told, 1 the settings can not be used."""
    try:
        settings = read_settings()
        prepare_logs(settings)
        work(settings)
    except ServiceError as error:
        print(f"bot {command}: {error}", file=sys.stderr)
        return 1
    return 0


def run_adapters(settings: Settings, opening: Sequence[OpenAdapter]) -> None:
    """Beside each other, until told to end.

    Raises:
        ServiceError: one of them can not go on; the others have ended in order.
    """
    asyncio.run(_run(settings, opening))


def prepare_logs(settings: Settings) -> None:
    """With times; without the addresses that hold the token, and without what was asked."""
    logging.basicConfig(level=logging.WARNING, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_WithoutToken(settings.telegram_bot_token.get_secret_value()))
    logging.getLogger("bot").setLevel(logging.INFO)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It logs whole updates where one can not be read, and tracebacks with what was asked.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


async def _run(settings: Settings, opening: Sequence[OpenAdapter]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    lasting = LastingService.open(settings)
    adapters = [open_adapter(lasting) for open_adapter in opening]
    async with lasting.kept_current():
        await _together(adapters, stop)


async def _together(adapters: Sequence[Adapter], stop: asyncio.Event) -> None:
    """Where one can not go on, the others end in order too, and what it said is raised."""
    tasks = [asyncio.create_task(adapter.run(stop)) for adapter in adapters]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await asyncio.wait(tasks)
    for task in tasks:
        task.result()
