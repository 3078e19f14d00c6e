"""Several processes at one socket. They map the same files of the index into memory."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from bot.http.access import Access
from bot.http.app import create_app
from bot.http.server import listen, server_options
from bot.lasting import LastingService
from bot.running import prepare_logs
from retrieval.errors import ServiceError, SettingsError
from retrieval.settings import Settings, read_settings

_log = logging.getLogger(__name__)

# Seconds in which a worker must show that it lives; a long search holds its loop up.
_SIGN_OF_LIFE = 30


def run_workers(settings: Settings) -> None:
    """HTTP_WORKERS processes, until told to end (SIGTERM, Ctrl-C). One that dies is replaced.

    Raises:
        SettingsError: the service can not be started; a worker has logged why.
    """
    Access(settings)
    listening = listen(settings)
    with tempfile.TemporaryDirectory(prefix="metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        config = uvicorn.Config(
            "bot.http.workers:worker_app",
            factory=True,
            workers=settings.http_workers,
            timeout_worker_healthcheck=_SIGN_OF_LIFE,
            **server_options(),
        )
        _log.info(
            "%d processes at http://%s:%d", settings.http_workers, *listening.getsockname()[:2]
        )
        workers = _Workers(config, [listening])
        workers.run()
    if any(worker.exitcode == STARTUP_FAILURE for worker in workers.processes):
        raise SettingsError("a worker could not start; the log says why")


class _Workers(Multiprocess):
    """Forgets what one that has died was counting: its waiting questions wait no more."""

    def keep_subprocess_alive(self) -> None:
        before = {worker.pid for worker in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {worker.pid for worker in self.processes}:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]


def worker_app() -> FastAPI:
    """The app of a worker, in its process."""
    try:
        settings = read_settings()
        prepare_logs(settings)
        lasting = LastingService.open(settings, settings.http_workers)
        app = create_app(lasting)
    except ServiceError as error:
        _log.error("%s", error)
        sys.exit(STARTUP_FAILURE)

    of_the_app = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with lasting.kept_current(), of_the_app(app):
            yield

    app.router.lifespan_context = lifespan
    return app
