"""A bot without a library: each test sees the HTTP of the Bot API itself."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import httpx

from tests.telegram.control import Telegram


@dataclass(frozen=True)
class Reply:
    """The status and body of a response."""

    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, str]:
        return self.status, str(self.body["description"])


class RawBot:
    """Calls methods with JSON, or as told."""

    def __init__(self, telegram: Telegram) -> None:
        self.url = f"{telegram.base_url}{telegram.token}"
        self._client = httpx.Client(timeout=30, trust_env=False)

    def __call__(self, method: str, **parameters: Any) -> Reply:
        return self.request(method, json=parameters)

    def do(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must succeed."""
        return self(method, **parameters).result

    def request(self, method: str, verb: str = "POST", **parts: Any) -> Reply:
        response = self._client.request(verb, f"{self.url}/{method}", **parts)
        return Reply(response.status_code, response.json())

    def send(self, chat: int, text: str, **parameters: Any) -> int:
        """A message in HTML; its id."""
        sent = self("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **parameters)
        return int(sent.result["message_id"])

    def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        return list(self("getUpdates", **parameters).result)

    def download(self, address: str) -> tuple[int, bytes]:
        response = self._client.get(address)
        return response.status_code, response.content

    def poll_briefly(self, offset: int) -> None:
        """A poll whose bot ends while it waits."""
        with contextlib.suppress(httpx.ReadTimeout):
            self.request("getUpdates", json={"offset": offset, "timeout": 30}, timeout=0.3)

    def close(self) -> None:
        self._client.close()
