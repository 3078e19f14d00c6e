"""A new snapshot is taken up by a running service, without a question noticing."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.service import Service
from retrieval import snapshot
from retrieval.encoders import Encoder
from retrieval.errors import IndexUnreachable, ServiceError
from retrieval.search import open_retriever
from retrieval.settings import Settings

_log = logging.getLogger(__name__)

_SECONDS = 2.0


class Reloading:
    """Watches which snapshot is in use.

    An answer that has begun keeps the snapshot that it began with: its files stay mapped until
    nothing reads them any more.
    """

    def __init__(
        self, service: Service, settings: Settings, encoder: Encoder | None = None
    ) -> None:
        """
        Args:
            encoder: for the first snapshot, where there is none yet; later ones keep theirs.
        """
        self._service = service
        self._settings = settings
        self._opened = self._current() if service.retriever else None
        self._failed: Path | None = None
        self._unreached: Path | None = None
        self._encoder = service.retriever.encoder if service.retriever else encoder

    async def run(self) -> None:
        """Looks every two seconds, until it is cancelled."""
        while True:
            await asyncio.sleep(_SECONDS)
            try:
                await asyncio.to_thread(self.look)
            except Exception as error:  # whatever an engine throws at a new index
                self._failed = self._current()
                _log.error("the new index can not be opened: %s", type(error).__name__)

    def look(self) -> None:
        """Open the snapshot in use, where it is another than before.

        One that can not be opened is said once, and the earlier one goes on answering. Where only a
        server does not answer, it is tried again at each look.
        """
        current = self._current()
        if current is None or current in (self._opened, self._failed):
            return
        try:
            retriever = open_retriever(
                self._settings, self._encoder, or_earlier=self._service.retriever is None
            )
        except IndexUnreachable as error:
            if current != self._unreached:
                _log.error("the new index can not be opened yet: %s", error)
            self._unreached = current
            return
        except ServiceError as error:
            self._failed = current
            _log.error("the new index can not be opened: %s", error)
            return
        self._service.retriever = retriever
        self._encoder = retriever.encoder
        self._opened = current
        _log.info("a new index is in use: %d articles", retriever.index.manifest.articles)

    def _current(self) -> Path | None:
        try:
            return snapshot.current_folder(self._settings.vectors_dir)
        except ServiceError:
            return None
