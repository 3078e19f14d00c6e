"""Drives telemelya: its process, and what people do in the chats that it emulates."""

from __future__ import annotations

import re
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.telegram_judges.environments import telemelya_python

# Of the Bot API's methods it has those that a simple bot needs; the others get 404.
UNKNOWN_TO_IT = frozenset({"setMyCommands", "setMyShortDescription", "sendMessageDraft"})
_CALL = re.compile(r'"POST /bot[^/ ]+/(\w+) HTTP/1\.1" (\d+)')
_SCRIPT = Path(__file__).with_name("emulator_process.py")
_SECONDS = 30.0


@dataclass(frozen=True)
class Emulator:
    """A running telemelya; has what `BotProcess` asks of a platform.

    Attributes:
        log: what it wrote, one line a request.
    """

    address: str
    log: Path
    token: str = "123456789:of-no-use-anywhere-else"

    def wait_for(self, predicate: Callable[[], object], seconds: float = _SECONDS) -> None:
        """Until the predicate holds."""
        until = time.monotonic() + seconds
        while not predicate():
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds:g} s; {self.calls()[-8:]}")
            time.sleep(0.05)

    def calls(self) -> list[tuple[str, int]]:
        """The bot's calls with their HTTP status."""
        told = _CALL.findall(self.log.read_text(encoding="utf-8"))
        return [(method, int(status)) for method, status in told]

    def request(self, verb: str, path: str, session: str, **parts: Any) -> Any:
        """What its interface for tests answers."""
        headers = {"Authorization": "Bearer anybody", "X-Test-Session": session}
        response = httpx.request(
            verb,
            f"{self.address}/api/v1/test/{path}",
            headers=headers,
            timeout=_SECONDS,
            trust_env=False,
            **parts,
        )
        assert response.status_code == 200, response.text
        return response.json()


class Session:
    """telemelya's record of one chat; the bot's calls are found by the chat's number."""

    def __init__(self, emulator: Emulator, chat: int) -> None:
        self._emulator = emulator
        self._chat = chat
        self._name = str(uuid.uuid4())

    def send(self, **what: object) -> dict[str, Any]:
        """An update of the chat; how its delivery to the bot's webhook went."""
        sent = self._emulator.request(
            "POST",
            "send_update",
            self._name,
            params={"bot_token": self._emulator.token},
            json={"chat_id": self._chat, **what},
        )
        delivery: dict[str, Any] = sent["delivery"]
        return delivery

    def calls(self) -> list[dict[str, Any]]:
        """What the bot called for the chat."""
        kept = self._emulator.request("GET", "responses", self._name)
        return list(kept["responses"])


@contextmanager
def running_emulator(folder: Path) -> Iterator[Emulator]:
    """telemelya's process, for as long as the context lasts; its log is kept in the folder."""
    log = folder / "telemelya.log"
    with log.open("wb") as written:
        # It would read the `.env` of the folder that it runs in. -P: nothing beside the script.
        process = subprocess.Popen(
            [str(telemelya_python()), "-P", str(_SCRIPT)],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"telemelya ended: {log.read_text(encoding='utf-8')}")
        yield Emulator(f"http://127.0.0.1:{port}", log)
    finally:
        process.stdin.close()
        _end(process)
        process.stdout.close()


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
