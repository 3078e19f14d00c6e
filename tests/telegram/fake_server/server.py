"""The web server: the Bot API, its files, and the control API of the tests."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.telegram.fake_server.api import answer_request, respond, wrong_token
from tests.telegram.fake_server.control_api import answer_control
from tests.telegram.fake_server.looking_up import LARGEST_DOWNLOAD
from tests.telegram.fake_server.refusals import Refused
from tests.telegram.fake_server.webhook import deliver_forever
from tests.telegram.fake_server.world import World

LARGEST_REQUEST = 64 * 1024 * 1024


class Server:
    """One fake Telegram, which a reset replaces."""

    def __init__(self) -> None:
        self.world = World()
        self._delivery: asyncio.Task[None] | None = None

    def application(self) -> Any:
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.router.add_post("/control/{verb}", self._control)
        application.router.add_get("/file/bot{token}/{path:.+}", self._file)
        application.router.add_route("*", "/bot{token}/{method}", self._bot)
        application.router.add_route("*", "/{rest:.*}", self._nowhere)
        return application

    def begin(self) -> None:
        self._delivery = asyncio.ensure_future(deliver_forever(self.world))

    async def end(self) -> None:
        self.world.updates.end_poll()
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)

    async def reset(self) -> None:
        """Begin anew, with another token: a bot of the test before is no bot any more."""
        await self.end()
        self.world = World()
        self.begin()

    async def _control(self, request: Any) -> Any:
        return await answer_control(self, request)

    async def _bot(self, request: Any) -> Any:
        if request.method not in ("GET", "POST"):
            return respond(405, Refused(405, "Method Not Allowed").payload())
        return await answer_request(self.world, request)

    async def _file(self, request: Any) -> Any:
        if refused := wrong_token(self.world, request.match_info["token"]):
            return respond(refused.code, refused.payload())
        for stored in self.world.chats.files.values():
            if stored.path == request.match_info["path"] and stored.size <= LARGEST_DOWNLOAD:
                return web.Response(body=stored.content, content_type="application/octet-stream")
        return respond(404, Refused(404, "Not Found").payload())

    async def _nowhere(self, request: Any) -> Any:
        return respond(404, Refused(404, "Not Found").payload())
