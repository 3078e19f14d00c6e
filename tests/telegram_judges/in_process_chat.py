"""The bot's handlers before tg-auto-test, in a process with a newer Python."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from retrieval.settings import PROJECT
from tests.telegram_judges.bot_logs import unforeseen
from tests.telegram_judges.environments import tg_auto_test_python
from tests.telegram_judges.seen import Button, Message, Press

# An answer that takes its time is previewed by it.
UNKNOWN_TO_IT = frozenset({"sendMessageDraft"})


@dataclass
class InProcessJudge:
    """The process with the judge and the bot; it has one chat at a time."""

    requests: IO[str]
    answers: IO[str]
    log: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _forgiven: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_001))

    def ask(self, **request: object) -> dict[str, Any]:
        """What the process answers."""
        print(json.dumps(request), file=self.requests, flush=True)
        line = self.answers.readline()
        assert line, "the process ended; see its standard error"
        answer: dict[str, Any] = json.loads(line)
        self.log = answer["log"]
        self.refused += answer.get("refused", [])
        return answer

    def new_chat(self) -> InProcessChat:
        """A chat that the bot does not know yet."""
        self.ask(new=next(self._numbers))
        return InProcessChat(self)

    def faults(self) -> list[str]:
        """What the judge refused and what the bot logged, as far as neither was foreseen."""
        refused = [method for method in self.refused if method not in UNKNOWN_TO_IT]
        return [*refused, *unforeseen(self.log[self._forgiven :])]

    def forgive(self) -> None:
        """Forget the faults that a test provoked."""
        self._forgiven = len(self.log)


class InProcessChat:
    """A private chat with the bot in tg-auto-test."""

    def __init__(self, judge: InProcessJudge) -> None:
        self._judge = judge

    def say(self, text: str) -> Message:
        """Write to the bot; the one message that it answers with."""
        (message,) = _messages(self._judge.ask(say=text))
        return message

    def press(self, message: Message, text: str, messages: int = 0) -> Press:
        """Press the button with this text in its own; so many new messages are waited for."""
        label = message.button(text).text
        came = self._judge.ask(press=[message.id, label])
        assert "answerCallbackQuery" in came["methods"], came
        new = _messages(came)
        assert len(new) == messages, came
        return Press(came["toast"], new)

    def say_and_fail(self, text: str) -> Message:
        """Write to the bot while its service is broken; what it answers with."""
        (message,) = _messages(self._judge.ask(fail=text))
        return message


def _messages(came: dict[str, Any]) -> tuple[Message, ...]:
    return tuple(
        Message(
            one["id"], one["text"], one["html"], tuple(Button(*button) for button in one["buttons"])
        )
        for one in came["messages"]
    )


@contextmanager
def in_process_judge(folder: Path, vectors: Path) -> Iterator[InProcessJudge]:
    """The bot and tg-auto-test in one process, for as long as the context lasts."""
    settings = {
        "TELEGRAM_BOT_TOKEN": "123456789:of-no-use-anywhere-else",
        "CONVERSATIONS_DB": str(folder / "conversations.sqlite"),
        "VECTORS_DIR": str(vectors),
        "OPENAI_BASE_URL": "",
        "LLM_MODEL": "",
    }
    process = subprocess.Popen(
        [str(tg_auto_test_python()), "-m", "tests.telegram_judges.in_process"],
        cwd=PROJECT,
        env=os.environ | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield InProcessJudge(process.stdin, process.stdout)
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
