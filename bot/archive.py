"""Articles that are added to and taken out of the archive while the service runs.

A file is put into SEEDS_DIR and ingested by a process of its own, which gives back what it took of
memory when it ends. What can not be ingested is as if it had never been there.
"""

from __future__ import annotations

import asyncio
import glob
import logging
import os
import re
import shutil
import sys
import unicodedata
from pathlib import Path

from bot.reloading import Reloading
from bot.service import Service
from retrieval.errors import ServiceError
from retrieval.overrides import sidecar_path
from retrieval.schema import Article
from retrieval.settings import PROJECT, Settings

_log = logging.getLogger(__name__)

# Bytes; a file system takes 255, and a number may be added.
_LONGEST_NAME = 200
_INGEST_SECONDS = 600.0


class IngestFailed(ServiceError):
    """The index was not brought up to date; the archive is as before."""


class Archive:
    """One for the process: changes come one after the other."""

    def __init__(self, service: Service, settings: Settings, reloading: Reloading) -> None:
        self._service = service
        self._settings = settings
        self._reloading = reloading
        self._changing = asyncio.Lock()

    def place_for(self, name: str) -> Path:
        """Where a new file of that name goes: `bao-cao (2).txt` where there is a `bao-cao.txt`."""
        return _free(self._settings.seeds_dir / safe_name(name))

    async def add_new(self, path: Path, name: str) -> Path:
        """A copy of a file, in the archive and in the index; where it is.

        Raises:
            IngestFailed: it is gone again.
        """
        async with self._changing:
            target = self._reserved(name)
            await self._add(path, target)
        return target

    def _reserved(self, name: str) -> Path:
        """A place that no other process takes meanwhile."""
        while True:
            target = self.place_for(name)
            try:
                target.touch(exist_ok=False)
            except FileExistsError:
                continue
            return target

    async def add(self, path: Path, target: Path) -> None:
        """The same at a place that was chosen before.

        Args:
            target: from `place_for`. It may hold the copy of an attempt that broke off.
        """
        async with self._changing:
            await self._add(path, target)

    async def _add(self, path: Path, target: Path) -> None:
        await asyncio.to_thread(shutil.copyfile, path, target)
        if not await self.ingest():
            target.unlink()
            raise IngestFailed(f"{target.name} could not be ingested")

    async def remove(self, article: Article) -> None:
        """An article out of the archive and out of the index, with its file and corrections.

        Raises:
            IngestFailed: it is still there, because no other article is left, or because its
                file is not in this archive: the index was built from another folder.
        """
        path = _normal(article.path)
        if _normal(self._settings.seeds_dir) not in path.parents:
            raise IngestFailed(f"{article.id} was not read from SEEDS_DIR")
        async with self._changing:
            files = _files_of(path)
            if not files:
                raise IngestFailed(f"{article.id} has no file of its own; take its line out")
            # A hidden file is no article; the process may end here and nothing is lost.
            aside = [one.rename(one.with_name(f".{one.name}.removed")) for one in files]
            if not await self.ingest():
                for one, original in zip(aside, files, strict=True):
                    one.rename(original)
                raise IngestFailed(f"{article.id} could not be taken out")
            for one in aside:
                one.unlink()

    @property
    def articles(self) -> int:
        """How many the index has now."""
        retriever = self._service.retriever
        return retriever.index.manifest.articles if retriever else 0

    async def ingest(self) -> bool:
        """Whether the index was brought up to date, and taken up."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "ingest.py",
            "--quiet",
            "--seeds",
            str(self._settings.seeds_dir),
            "--vectors",
            str(self._settings.vectors_dir),
            cwd=PROJECT,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), _INGEST_SECONDS)
        except TimeoutError:
            _log.error("ingest took more than %.0f s and was ended", _INGEST_SECONDS)
            return False
        finally:
            if process.returncode is None:  # also where the service itself ends
                process.kill()
        if said:
            _log.warning("ingest: %s", said.decode("utf-8", "replace").strip())
        await asyncio.to_thread(self._reloading.look)
        # 1: some files were skipped, as may have been so before.
        return process.returncode in (0, 1)


def _normal(path: Path | str) -> Path:
    """Absolute and without `..`; links are kept, since those below SEEDS_DIR are read too."""
    return Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would follow links)


def _files_of(path: Path) -> list[Path]:
    """The file of an article, and its corrections where they are no other article's too."""
    corrections = sidecar_path(path)
    shared = [
        one for one in path.parent.glob(f"{glob.escape(path.stem)}.*") if one.stem == path.stem
    ]
    is_its_own = set(shared) <= {path, corrections}
    return [one for one in (path, corrections) if one.exists() and (one == path or is_its_own)]


def safe_name(name: str) -> str:
    """A name without folders and signs that a file system may take amiss, and not too long."""
    composed = unicodedata.normalize("NFC", name).replace("\\", "/")
    bare = re.sub(r"[^\w .()\-]", "_", Path(composed).name).strip(" .")
    suffix = Path(bare).suffix
    stem = bare.removesuffix(suffix).encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return (stem or "bai") + suffix


def _free(path: Path) -> Path:
    tried, number = path, 1
    while tried.exists():
        number += 1
        tried = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return tried
