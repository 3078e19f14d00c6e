"""The server: uvicorn in this process; `workers.py` has several."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn

from bot.http.app import create_app
from bot.lasting import LastingService
from retrieval.errors import SettingsError
from retrieval.settings import Settings

_log = logging.getLogger(__name__)

# Seconds for what is running at the end.
_FINISHING = 30
_MOST_CONNECTIONS = 1_000


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs it beside something else."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """The adapter for HTTP. To be run once."""

    def __init__(self, lasting: LastingService) -> None:
        """
        Raises:
            SettingsError: see `create_app`.
        """
        self._settings = lasting.settings
        self._app = create_app(lasting)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is running then is finished.

        Raises:
            SettingsError: the address can not be listened at.
        """
        listening = listen(self._settings)
        _log.info("listening at http://%s:%d", *listening.getsockname()[:2])
        server = _Server(uvicorn.Config(self._app, **server_options()))
        serving = asyncio.create_task(server.serve([listening]))
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
            server.should_exit = True
            await serving
        finally:
            stopped.cancel()
            listening.close()


def listen(settings: Settings) -> socket.socket:
    """
    Raises:
        SettingsError: HTTP_HOST or HTTP_PORT can not be used.
    """
    where = f"HTTP_HOST={settings.http_host} HTTP_PORT={settings.http_port}"
    try:
        found = socket.getaddrinfo(
            settings.http_host, settings.http_port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise SettingsError(f"{where} can not be listened at: {error.strerror}") from error
    return listening


def server_options() -> dict[str, Any]:
    """Of uvicorn, in one process and in several."""
    return {
        # Of its own logs, those of requests would hold what was asked.
        "log_config": None,
        "access_log": False,
        "server_header": False,
        # `access.py` knows which proxies to trust.
        "proxy_headers": False,
        # Bounds what it takes of a request's head.
        "http": "h11",
        "ws": "none",
        "limit_concurrency": _MOST_CONNECTIONS,
        # Longer than a proxy keeps its connections, so that it never uses one that is closing.
        "timeout_keep_alive": 75,
        "timeout_graceful_shutdown": _FINISHING,
    }
