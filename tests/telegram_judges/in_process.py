"""The bot's handlers and tg-auto-test in one process: JSON lines in, JSON lines out.

    {"new": 1001}                           a chat with this person     {}
    {"say": "/start"}                       a message to the bot        what came of it
    {"press": [7, "👍"]}                    a button of message 7       what came of it
    {"fail": "Xin chào"}                    a message whose handler     what came of it
                                            fails

Runs in tg-auto-test's own environment, so its objects are `Any` here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from tg_auto_test.test_utils.serverless_telegram_client import ServerlessTelegramClient

from bot.archive import Archive
from bot.reloading import Reloading
from bot.service import Service, open_service
from bot.telegram import app
from bot.telegram.handlers import App
from retrieval.search import open_retriever
from retrieval.settings import Settings, read_settings

_SECONDS = 30.0


class Log(logging.Handler):
    """Every warning and error of the process, whoever logs it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


class Conversation:
    """A person's chat with the bot, and all messages of the bot in it."""

    def __init__(self, client: Any, talk: Any) -> None:
        self._client = client
        self._talk = talk
        self._messages: dict[int, Any] = {}

    async def say(self, text: str) -> dict[str, Any]:
        """A message to the bot."""
        before = len(self._client._api_calls)
        await self._talk.send_message(text, parse_mode=None)
        return await self._came_of_it(before)

    async def press(self, message: int, text: str) -> dict[str, Any]:
        """A button; the judge shows the bot nothing of the message that it is below."""
        before = len(self._client._api_calls)
        answer = await self._messages[message].click(text=text)
        return {"toast": answer.message, **await self._came_of_it(before)}

    async def fail(self, text: str) -> dict[str, Any]:
        """A message to the bot, whose service fails."""
        with patch.object(Service, "ask", side_effect=RuntimeError("on purpose")):
            return await self.say(text)

    async def _came_of_it(self, before: int) -> dict[str, Any]:
        received = [message async for message in self._received()]
        self._messages |= {message.id: message for message in received}
        calls = self._client._api_calls
        written = {
            call.result["message_id"]: call.parameters["text"]
            for call in calls
            if isinstance(call.result, dict) and "text" in call.parameters
        }
        return {
            "messages": [_shown(message, written[message.id]) for message in received],
            "methods": [call.api_method for call in calls[before:]],
            "refused": [call.api_method for call in calls[before:] if call.result is None],
        }

    async def _received(self) -> AsyncIterator[Any]:
        while True:
            try:
                yield await self._talk.get_response(timeout=_SECONDS)
            except RuntimeError:  # nothing is waiting
                return


def _shown(message: Any, written: str) -> dict[str, Any]:
    buttons = [
        [button.text, button.data.decode()] for row in message.buttons or () for button in row
    ]
    return {"id": message.id, "text": message.text, "html": written, "buttons": buttons}


@asynccontextmanager
async def conversation(
    service: Service, settings: Settings, archive: Archive, person: int
) -> AsyncIterator[Conversation]:
    """The bot as an installation has it, but for the requests, which the judge answers."""

    def build(builder: Any) -> App:
        with patch.object(app, "Request", lambda *_, **__: builder._request):
            return app.TelegramBot(service, settings, archive).app

    client = ServerlessTelegramClient(build, user_id=person)
    await client.connect()
    try:
        async with client.conversation("bot", timeout=_SECONDS) as talk:
            yield Conversation(client, talk)
    finally:
        await client.disconnect()


async def _serve(log: Log) -> None:
    settings = read_settings()
    service = open_service(settings, open_retriever(settings))
    archive = Archive(service, settings, Reloading(service, settings))
    request = await _next_request()
    while request:
        async with conversation(service, settings, archive, request["new"]) as chat:
            _answer({}, log)
            while (request := await _next_request()) and "new" not in request:
                _answer(await _done(chat, request), log)


async def _next_request() -> dict[str, Any]:
    line = await asyncio.to_thread(sys.stdin.readline)
    return dict(json.loads(line)) if line else {}


def _answer(answer: dict[str, Any], log: Log) -> None:
    print(json.dumps({**answer, "log": log.lines}), flush=True)


async def _done(chat: Conversation, request: dict[str, Any]) -> dict[str, Any]:
    if "say" in request:
        return await chat.say(request["say"])
    if "press" in request:
        return await chat.press(*request["press"])
    return await chat.fail(request["fail"])


def main() -> None:
    """Serves until its standard input ends."""
    log = Log()
    logging.getLogger().addHandler(log)
    asyncio.run(_serve(log))


if __name__ == "__main__":
    main()
