"""HTTP to Telegram: the status of a fault is kept, which the library's own errors leave out."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest

# Seconds: for an answer of Telegram, for a place among the connections.
_PATIENCE = 20.0
_POOL_PATIENCE = 60.0
_CONNECTIONS = 64
# They say themselves that nothing was done; a gateway (502, 504) does not know.
_NOT_DONE = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE})


class ServerFault(NetworkError):
    """Telegram answered with a 5xx."""

    def __init__(self, status: int) -> None:
        super().__init__(f"server fault {status}")
        self.is_done_perhaps = status not in _NOT_DONE


class Request(HTTPXRequest):
    """Requests of the bot.

    Attributes:
        is_refused: set when Telegram no longer accepts the token.
    """

    def __init__(self, connections: int = _CONNECTIONS) -> None:
        super().__init__(
            connections,
            read_timeout=_PATIENCE,
            write_timeout=_PATIENCE,
            connect_timeout=_PATIENCE,
            pool_timeout=_POOL_PATIENCE,
        )
        self.is_refused = asyncio.Event()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """
        Raises:
            ServerFault: of a 5xx.
        """
        status, payload = await super().do_request(*args, **kwargs)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerFault(status)
        if status == HTTPStatus.UNAUTHORIZED:
            self.is_refused.set()
        return status, payload
