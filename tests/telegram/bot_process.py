"""The real bot as a process of its own, talking to the fake Telegram."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from retrieval.settings import PROJECT
from tests.telegram.control import Telegram

_SECONDS = 30.0


class BotProcess:
    """`python -m bot telegram`, as an installation would run it."""

    def __init__(
        self,
        telegram: Telegram,
        folder: Path,
        settings: Mapping[str, str],
        command: str = "telegram",
    ) -> None:
        """
        Args:
            folder: for its file of conversations and its log; both outlive a restart.
            command: or another one that runs the bot.

        Attributes:
            log: what it writes to stderr.
            environment: its settings among all else.
        """
        self._telegram = telegram
        self._command = command
        self.log = folder / "bot.log"
        self.environment = os.environ | {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_BASE_URL": telegram.address,
            "CONVERSATIONS_DB": str(folder / "conversations.sqlite"),
            "OPENAI_BASE_URL": "",
            "LLM_MODEL": "",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, is_waited_for: bool = True) -> None:
        """Until it says that it runs."""
        told = self.text().count("is running")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", self._command],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        if not is_waited_for:
            return
        self._telegram.wait_for(
            lambda: self.text().count("is running") > told or self.has_ended(), _SECONDS
        )
        assert not self.has_ended(), self.text()

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def text(self) -> str:
        """What it has logged so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def end(self, seconds: float = _SECONDS) -> int:
        """SIGTERM; its exit status."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(seconds)

    @property
    def status(self) -> int | None:
        """Its exit status, once it has ended."""
        return self._process.poll() if self._process else None

    def kill(self) -> None:
        """SIGKILL: as a power cut does it."""
        assert self._process
        self._process.kill()
        self._process.wait(_SECONDS)

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid


@contextmanager
def running_bot(
    telegram: Telegram,
    folder: Path,
    vectors: Path,
    settings: Mapping[str, str],
    *,
    is_waited_for: bool = True,
    command: str = "telegram",
) -> Iterator[BotProcess]:
    """A bot that is ended at the end; with its log, which goes on where there was one."""
    bot = BotProcess(telegram, folder, {"VECTORS_DIR": str(vectors), **settings}, command)
    try:
        bot.start(is_waited_for=is_waited_for)
        yield bot
    finally:
        if not bot.has_ended():
            bot.end()
