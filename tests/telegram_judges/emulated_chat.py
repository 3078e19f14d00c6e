"""The bot as a process with a webhook, before telemelya."""

from __future__ import annotations

import html
import itertools
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tests.telegram.bot_process import BotProcess
from tests.telegram.control import Telegram
from tests.telegram_judges.bot_logs import unforeseen
from tests.telegram_judges.emulator import UNKNOWN_TO_IT, Emulator, Session, running_emulator
from tests.telegram_judges.relay import Relay, free_port, running_relay
from tests.telegram_judges.seen import Button, Message, Press

_SECRET = "of-no-use-anywhere-else"
# Seconds without a call after which the bot has said everything.
_SILENCE = 0.5
_TAG = re.compile(r"<[^>]*>")


class EmulatedChat:
    """A private chat with the bot in telemelya."""

    def __init__(self, emulator: Emulator, chat: int) -> None:
        self.session = Session(emulator, chat)
        self._emulator = emulator

    def say(self, text: str) -> Message:
        """Write to the bot; the one message that it answers with."""
        known = self._messages()
        self._deliver(**({"command": text} if text.startswith("/") else {"text": text}))
        (message,) = self._new(known, 1)
        return message

    def press(self, message: Message, text: str, messages: int = 0) -> Press:
        """Press the button with this text in its own; so many new messages are waited for."""
        known, answered = self._messages(), len(self._answers())
        data = message.button(text).data
        self._deliver(callback_data=data, callback_message_id=message.id)
        self._emulator.wait_for(lambda: len(self._answers()) > answered)
        new = self._new(known, messages)
        return Press(self._answers()[answered]["text"] or "", new)

    def _deliver(self, **what: object) -> None:
        delivery = self.session.send(**what)
        assert delivery["status_code"] == 200, delivery

    def _answers(self) -> list[dict[str, Any]]:
        return [call for call in self.session.calls() if call["method"] == "answerCallbackQuery"]

    def _new(self, known: dict[int, Message], count: int) -> tuple[Message, ...]:
        """The new messages, once there are so many and nothing more comes."""

        def new() -> tuple[Message, ...]:
            return tuple(one for number, one in self._messages().items() if number not in known)

        self._emulator.wait_for(
            lambda: len(new()) >= count and not any(m.is_preview for m in new())
        )
        before = -1
        while before != len(self.session.calls()):
            before = len(self.session.calls())
            time.sleep(_SILENCE)
        assert len(new()) == count, new()
        return new()

    def _messages(self) -> dict[int, Message]:
        """The bot's messages by their ids, as they are now."""
        messages: dict[int, Message] = {}
        for call in self.session.calls():
            if call["method"] in ("sendMessage", "editMessageText"):
                messages[call["message_id"]] = _message(call)
            elif call["method"] == "deleteMessage":
                messages.pop(call["message_id"], None)
        return messages


def _message(call: dict[str, Any]) -> Message:
    written: str = call["text"]
    rows: Sequence[Sequence[dict[str, Any]]] = (call["reply_markup"] or {}).get(
        "inline_keyboard", ()
    )
    buttons = [Button(one["text"], one.get("callback_data", "")) for row in rows for one in row]
    text = html.unescape(_TAG.sub("", written))
    return Message(call["message_id"], text, written, tuple(buttons))


@dataclass(frozen=True)
class EmulatorJudge:
    """telemelya, and the bot before it."""

    emulator: Emulator
    bot: BotProcess
    relay: Relay
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_001))

    def new_chat(self) -> EmulatedChat:
        """A chat that the bot does not know yet."""
        return EmulatedChat(self.emulator, next(self._numbers))

    def faults(self) -> list[str]:
        """What the judge refused and what the bot logged, as far as neither was foreseen."""
        refused = [
            f"{method}: {status}"
            for method, status in self.emulator.calls()
            if status != 200 and not (status == 404 and method in UNKNOWN_TO_IT)
        ]
        return [*refused, *unforeseen(self.bot.text().splitlines())]


@contextmanager
def emulator_judge(folder: Path, vectors: Path) -> Iterator[EmulatorJudge]:
    """The bot before telemelya, for as long as the context lasts."""
    port = free_port()
    target = f"http://127.0.0.1:{port}/webhook"
    with running_emulator(folder) as emulator, running_relay(target, _SECRET) as relay:
        settings = {
            "VECTORS_DIR": str(vectors),
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_URL": relay.url,
            "TELEGRAM_WEBHOOK_PORT": str(port),
            "TELEGRAM_WEBHOOK_SECRET": _SECRET,
        }
        bot = BotProcess(cast("Telegram", emulator), folder, settings)
        bot.start()
        try:
            yield EmulatorJudge(emulator, bot, relay)
        finally:
            if not bot.has_ended():
                bot.end()
