"""What a process that stays has beside the service: it keeps itself current.

service     answers
reloading   takes up a new index
archive     changes what there is
metrics     counts
suggestions what one may ask
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.archive import Archive
from bot.metrics import Metrics
from bot.reloading import Reloading
from bot.service import Service, open_service
from bot.suggestions import Suggestions
from retrieval.encoders import Encoder, open_encoder
from retrieval.errors import IndexUnavailable, StoreUnavailable
from retrieval.search import Retriever, open_retriever
from retrieval.settings import Settings
from retrieval.snapshot import models_folder

_log = logging.getLogger(__name__)

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class LastingService:
    """What Telegram and HTTP share, alone or in one process."""

    service: Service
    settings: Settings
    reloading: Reloading
    archive: Archive
    metrics: Metrics
    suggestions: Suggestions = field(default_factory=Suggestions)

    @classmethod
    def open(cls, settings: Settings, processes: int = 1) -> LastingService:
        """
        Args:
            processes: that answer beside each other, and share the cores.

        Raises:
            SettingsError: the embedding model can not be loaded.
        """
        encoder = open_encoder(settings.embedding_model, models_folder(settings.vectors_dir))
        encoder.warm()
        at_once = max(1, (os.cpu_count() or 1) // processes)
        service = open_service(settings, _open_retriever(settings, encoder), at_once)
        service.watcher = metrics = Metrics()
        service.gate.on_change = metrics.waiting
        reloading = Reloading(service, settings, encoder)
        return cls(service, settings, reloading, Archive(service, settings, reloading), metrics)

    @asynccontextmanager
    async def kept_current(self) -> AsyncIterator[None]:
        """A new index is taken up, and what is too old is deleted, for as long as this lasts."""
        tasks = [
            asyncio.create_task(self.reloading.run()),
            asyncio.create_task(self._expire()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _expire(self) -> None:
        """Once a day; opening the file has done so at the start."""
        while True:
            await asyncio.sleep(_DAY)
            if self.service.conversations is None:
                continue
            try:
                await asyncio.to_thread(self.service.conversations.expire)
            except StoreUnavailable as error:
                _log.error("%s", error)


def _open_retriever(settings: Settings, encoder: Encoder) -> Retriever | None:
    """None where there is no index: it is taken up as soon as there is one."""
    try:
        return open_retriever(settings, encoder)
    except IndexUnavailable as error:
        _log.error("%s", error)
        return None
