"""Drives the fake Telegram from the tests: what users do, and what they and the server saw."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

from tests.telegram.records import (
    Call,
    CallbackAnswer,
    Frame,
    SentMessage,
    Violation,
    Webhook,
    read_frame,
    read_message,
)
from tests.telegram.users import Users


class Telegram(Users):
    """A running fake server.

    Attributes:
        base_url: python-telegram-bot's `base_url` (the token follows it).
        base_file_url: its `base_file_url`.
        address: without a path.
        token: the bot's; each reset brings another.
    """

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.base_url = f"{self.address}/bot"
        self.base_file_url = f"{self.address}/file/bot"
        self._know(self._do("about"))

    def _know(self, about: dict[str, Any]) -> None:
        self.token: str = about["token"]
        self.bot_id: int = about["bot"]["id"]
        self.bot_name: str = about["bot"]["username"]

    def reset(self) -> None:
        """Forget everything; the bot of before has a wrong token from now on."""
        self._know(self._do("reset"))

    # What goes wrong.

    def configure(
        self,
        *,
        limits: bool | None = None,
        callback_seconds: float | None = None,
        fault_rate: float | None = None,
        seed: int = 0,
    ) -> None:
        """Limits on or off; a query's time to be answered; the share of calls with a fault."""
        self._do(
            "configure",
            limits=limits,
            callback_seconds=callback_seconds,
            fault_rate=fault_rate,
            seed=seed,
        )

    def fail(
        self,
        kind: Literal["flood", "error", "delay", "cut"],
        method: str = "",
        *,
        chat: int | None = None,
        times: int = 1,
        after: bool = False,
        retry_after: int = 1,
        status: int = 500,
        seconds: float = 1.0,
        page: bool = False,
    ) -> None:
        """The next calls fail: `flood` (429), `error` (5xx), `delay` or `cut`.

        `after` carries the call out first; `page` answers with a gateway's HTML page.
        """
        self._do(
            "fail",
            kind=kind,
            method=method,
            chat=chat,
            times=times,
            after=after,
            retry_after=retry_after,
            status=status,
            seconds=seconds,
            page=page,
        )

    def heal(self) -> None:
        """Forget the faults that have not come yet."""
        self._do("heal")

    def advance(self, seconds: float) -> None:
        """Put the server's clock forward."""
        self._do("advance", seconds=seconds)

    # What there is to see.

    def messages(self, chat: int) -> list[SentMessage]:
        """What the bot sent to a chat, in its present state, deleted ones left out."""
        return [read_message(noted) for noted in self._do("messages", chat=chat)]

    def frames(self, chat: int) -> list[Frame]:
        """Everything that was seen in a chat, in order: drafts, messages, edits, deletions."""
        return [read_frame(noted) for noted in self._do("frames", chat=chat)]

    def draft(self, chat: int) -> Frame | None:
        """The draft that is visible now."""
        noted = self._do("draft", chat=chat)
        return read_frame(noted) if noted else None

    def actions(self, chat: int) -> list[str]:
        """The chat actions (`typing`) shown so far."""
        return [str(noted["action"]) for noted in self._do("actions", chat=chat)]

    def calls(self, method: str | None = None) -> list[Call]:
        return [Call(**noted) for noted in self._do("calls", method=method)]

    def floods(self) -> list[Call]:
        """The calls that were answered with 429."""
        return [call for call in self.calls() if call.status == 429]

    def violations(self) -> list[Violation]:
        """What no correct bot does, and buttons that were not answered in time."""
        return [Violation(noted["method"], noted["what"]) for noted in self._do("violations")]

    def forgive(self) -> None:
        """Forget the violations and unanswered buttons that a test provoked."""
        self._do("forgive")

    def unanswered_callbacks(self) -> list[str]:
        """The data of the pressed buttons that have no answer yet."""
        return [str(noted["data"]) for noted in self._do("unanswered")]

    def callback_answer(self, query_id: str) -> CallbackAnswer | None:
        """What the bot answered to a pressed button."""
        answer = self._do("callback", query_id=query_id)["answer"]
        return CallbackAnswer(answer["text"], answer["show_alert"]) if answer else None

    def inline_answer(self, query_id: str) -> dict[str, Any] | None:
        """The parameters of answerInlineQuery; each result with its `message` and `html`."""
        answer: dict[str, Any] | None = self._do("inline_answer", query_id=query_id)
        return answer

    def inline_message(self, inline_message_id: str) -> dict[str, Any]:
        """A sent inline result: `text`, `entities`, `reply_markup`."""
        return dict(self._do("inline_message", inline_message_id=inline_message_id))

    def commands(
        self, scope: dict[str, Any] | None = None, language: str = ""
    ) -> list[tuple[str, str]]:
        """The bot's commands and their descriptions, as set for exactly this scope."""
        kept = self._do("commands", scope=scope, language=language)
        return [(command["command"], command["description"]) for command in kept]

    def description(self, language: str = "") -> str:
        return str(self._do("description", name="description", language=language))

    def short_description(self, language: str = "") -> str:
        return str(self._do("description", name="short_description", language=language))

    def webhook(self) -> Webhook:
        kept = self._do("webhook")
        return Webhook(kept["url"], kept["secret"], kept["max_connections"], kept["last_error"])

    def pending(self) -> list[dict[str, Any]]:
        """The updates that the bot has not confirmed."""
        return list(self._do("pending"))

    def polling(self) -> bool:
        """Whether a bot waits for updates now."""
        return bool(self._do("polling"))

    # Waiting.

    def wait_for(self, predicate: Callable[[], object], seconds: float = 30.0) -> None:
        """Until the predicate holds; an AssertionError tells what the bot did instead."""
        until = time.monotonic() + seconds
        while not predicate():
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds:g} s; {self._story()}")
            time.sleep(0.03)

    def wait_for_messages(self, chat: int, count: int, seconds: float = 30.0) -> list[SentMessage]:
        """Until the bot sent so many messages to the chat."""
        self.wait_for(lambda: len(self.messages(chat)) >= count, seconds)
        return self.messages(chat)

    def wait_until_quiet(self, seconds: float = 30.0, silence: float = 0.5) -> None:
        """Until every update is confirmed and no call but polling was made for a while."""
        until = time.monotonic() + seconds
        before, since = -1, time.monotonic()
        while time.monotonic() - since < silence:
            calls = self.calls()
            made = [call for call in calls if call.method != "getUpdates"]
            if len(made) != before or self.pending() or any(call.open for call in made):
                before, since = len(made), time.monotonic()
            if time.monotonic() > until:
                raise AssertionError(f"not quiet within {seconds:g} s; {self._story()}")
            time.sleep(0.05)

    def _story(self) -> str:
        calls = [call for call in self.calls() if call.method != "getUpdates"][-8:]
        lines = [f"{c.method} {c.status} {c.description} {c.parameters}"[:300] for c in calls]
        return "\n".join(
            [f"{len(self.pending())} updates pending; the last calls:", *lines, "violations:"]
            + [f"{violation}" for violation in self.violations()]
        )
