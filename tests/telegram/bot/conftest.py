"""The real bot, running against the fake Telegram; its log must not tell of a failed handler."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.telegram.bot_process import BotProcess, running_bot
from tests.telegram.control import Telegram

StartBot = Callable[..., BotProcess]


@pytest.fixture
def start_bot(telegram: Telegram, tmp_path: Path, seed_vectors: Path) -> Iterator[StartBot]:
    """Starts the bot with the settings that a test names; it is ended with the test."""
    bots: list[BotProcess] = []
    with ExitStack() as running:

        def start(
            vectors: Path = seed_vectors, *, is_waited_for: bool = True, **settings: str
        ) -> BotProcess:
            bot = running_bot(telegram, tmp_path, vectors, settings, is_waited_for=is_waited_for)
            bots.append(running.enter_context(bot))
            return bots[-1]

        yield start
        # A button that was pressed last may still be answered.
        if not all(bot.has_ended() for bot in bots):
            telegram.wait_until_quiet(silence=0.2)
    for bot in bots:
        assert "a handler failed" not in bot.text()
        assert "Traceback" not in bot.text()


@pytest.fixture(params=["polling", "webhook"])
def bot(start_bot: StartBot, request: pytest.FixtureRequest) -> BotProcess:
    """The bot with the settings that an installation has by default, fetching or being called."""
    return start_bot(**(webhook_settings() if request.param == "webhook" else {}))


def webhook_settings() -> dict[str, str]:
    """Settings for Telegram to call the bot, at a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    return {
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "TELEGRAM_WEBHOOK_PORT": port,
    }
