"""Which adapters a command runs: `telegram`, `http`, or `serve` for both."""

from __future__ import annotations

import asyncio
import signal

from bot.lasting import LastingService
from bot.running import Adapter, run_adapters, run_command
from retrieval.errors import SettingsError
from retrieval.settings import Settings


def run_telegram() -> int:
    """`python -m bot telegram`; the process's exit status."""
    return run_command("telegram", _telegram)


def run_http() -> int:
    """`python -m bot http`; the process's exit status."""
    return run_command("http", _http)


def run_serve() -> int:
    """`python -m bot serve`; the process's exit status."""
    return run_command("serve", _serve)


def run_mcp() -> int:
    """`python -m bot mcp`; the process's exit status."""
    return run_command("mcp", _mcp)


def _mcp(settings: Settings) -> None:
    """Over stdin and stdout, on which nothing else is printed, until stdin is closed."""
    from bot.mcp_server import build_server

    # A thread waits for stdin, which nothing wakes up: Ctrl-C ends all at once, as SIGTERM does.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    async def serve() -> None:
        lasting = LastingService.open(settings)
        async with lasting.kept_current():
            await build_server(lasting.service).run_stdio_async()

    asyncio.run(serve())


def _telegram(settings: Settings) -> None:
    _demand_token(settings)
    run_adapters(settings, [_open_telegram])


def _http(settings: Settings) -> None:
    if settings.http_workers == 1:
        run_adapters(settings, [_open_http])
        return
    from bot.http.workers import run_workers

    run_workers(settings)


def _serve(settings: Settings) -> None:
    _demand_token(settings)
    if settings.http_workers != 1:
        raise SettingsError(
            "HTTP_WORKERS is not 1, and `serve` is one process: run `http` and `telegram` instead"
        )
    run_adapters(settings, [_open_http, _open_telegram])


def _demand_token(settings: Settings) -> None:
    if not settings.telegram_bot_token.get_secret_value():
        raise SettingsError("TELEGRAM_BOT_TOKEN is not set: take it from @BotFather")


def _open_telegram(lasting: LastingService) -> Adapter:
    from bot.telegram.app import TelegramBot

    return TelegramBot(lasting.service, lasting.settings, lasting.archive)


def _open_http(lasting: LastingService) -> Adapter:
    from bot.http.server import HttpServer

    return HttpServer(lasting)
