"""One process at a time: two of them would both answer what the file of conversations holds."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from retrieval.errors import SettingsError

_log = logging.getLogger(__name__)

# An earlier process that ends may still be finishing its answers.
_SECONDS = 60.0


@asynccontextmanager
async def alone(conversations_db: Path, stop: asyncio.Event) -> AsyncIterator[None]:
    """
    Raises:
        SettingsError: another process does not end.
    """
    path = conversations_db.with_name(f"{conversations_db.name}.telegram-lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        await _locked(file, stop)
        yield
    finally:
        os.close(file)


async def _locked(file: int, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + _SECONDS
    has_said = False
    while not stop.is_set():
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not has_said:
                has_said = True
                _log.warning("another bot uses this CONVERSATIONS_DB: waiting for it to end")
            if loop.time() > until:
                raise SettingsError(
                    "another bot uses this CONVERSATIONS_DB: end it, or give each its own"
                ) from None
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1.0)
