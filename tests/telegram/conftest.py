"""A fake Telegram for the session; each test has it anew, and no test may leave a violation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.telegram.control import Telegram
from tests.telegram.process import running_server
from tests.telegram.raw_bot import RawBot


@pytest.fixture(scope="session")
def telegram_process() -> Iterator[Telegram]:
    """The process; importing aiogram takes seconds, so there is one for all tests."""
    with running_server() as telegram:
        yield telegram


@pytest.fixture
def telegram(telegram_process: Telegram) -> Iterator[Telegram]:
    """A fake Telegram without any chat; a bot that broke a rule of the Bot API fails the test."""
    telegram_process.reset()
    yield telegram_process
    assert telegram_process.violations() == []
    assert telegram_process.unanswered_callbacks() == []


@pytest.fixture
def raw_bot(telegram: Telegram) -> Iterator[RawBot]:
    """A bot of bare HTTP, to whom user 1 has written."""
    telegram.private(1, "/start")
    bot = RawBot(telegram)
    yield bot
    bot.close()
