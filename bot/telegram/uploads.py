"""Documents that an admin sends: read, shown what was read, and taken in after a yes.

A document waits beside the file of conversations, so that its buttons work after a restart. It
is put into SEEDS_DIR and ingested by a process of its own: that takes PyTorch, which the bot
never loads. What can not be ingested is taken out again. Should the process end meanwhile, the
next one goes on with the same file, for where it was put is written down beside it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import shutil
import sys
import time
import unicodedata
from pathlib import Path

from telegram import Document, InlineKeyboardMarkup, Message, Update

from bot.reloading import Reloading
from bot.service import Service
from bot.telegram import words
from bot.telegram.access import Access
from bot.telegram.buttons import Does, button
from bot.telegram.delivery import Bot, edit
from bot.telegram.rendering import plain_texts
from bot.telegram.replies import Context, Replies
from bot.telegram.room import Room
from retrieval.articles import ARTICLE_SUFFIXES, read_article
from retrieval.chunking import split_article
from retrieval.errors import ArticleError
from retrieval.settings import PROJECT, Settings

_log = logging.getLogger(__name__)

# What the Bot API hands out at most.
_MOST_BYTES = 20_000_000
# Bytes; a file system takes 255, and a number may be added.
_LONGEST_NAME = 200
_KEPT_SECONDS = 2 * 86_400.0
# Beside a waiting document: the name that it got in the archive.
_TARGET = ".target"
_INGEST_SECONDS = 600.0
_KEY = re.compile(r"[0-9a-f]{16}")


class Uploads:
    """Reads, keeps and takes in. One for the process."""

    def __init__(
        self,
        bot: Bot,
        service: Service,
        settings: Settings,
        access: Access,
        replies: Replies,
        reloading: Reloading,
    ) -> None:
        self._bot = bot
        self._service = service
        self._settings = settings
        self._access = access
        self._replies = replies
        self._reloading = reloading
        self._folder = settings.conversations_db.parent / "uploads"
        self._ingesting = asyncio.Lock()
        self._deciding: set[str] = set()

    async def sent(self, update: Update, context: Context) -> None:
        """A document in a private chat."""
        message = update.effective_message
        assert message is not None
        assert message.document is not None
        if not self._access.is_admin(message.from_user.id if message.from_user else None):
            await self._replies.say(update, words.UPLOAD_REFUSED)
            return
        name = _safe_name(message.document.file_name or "")
        too_large = (message.document.file_size or 0) > _MOST_BYTES
        if too_large or Path(name).suffix.lower() not in ARTICLE_SUFFIXES:
            await self._replies.say(update, words.UPLOAD_FORMAT)
            return
        key = secrets.token_hex(8)
        path = self._folder / key / name
        await self._fetch(message.document, path)
        try:
            text = await asyncio.to_thread(_read, path)
        except ArticleError as error:
            _log.info("a document holds no article: %s", error)
            shutil.rmtree(path.parent)
            text = words.UPLOAD_UNREADABLE + words.UPLOAD_UNREADABLE_KINDS
            await self._replies.say(update, text)
            return
        choice = [
            button(words.UPLOAD_YES, Does.UPLOAD, key, "yes"),
            button(words.UPLOAD_NO, Does.UPLOAD, key, "no"),
        ]
        await self._replies.say(update, text, InlineKeyboardMarkup([choice]))

    async def _fetch(self, document: Document, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True)
        file = await document.get_file()
        await file.download_to_drive(path)

    async def decide(self, message: Message, person: int, key: str, decision: str) -> None:
        """An admin's yes or no. A second press meanwhile does nothing."""
        if not self._access.is_admin(person) or key in self._deciding:
            return
        self._deciding.add(key)
        try:
            await self._decide(message, key, decision == "yes")
        finally:
            self._deciding.discard(key)

    async def _decide(self, message: Message, key: str, is_wanted: bool) -> None:
        path = self._waiting(key)
        if path is None:
            text = words.UPLOAD_OUTDATED
        elif not is_wanted:
            shutil.rmtree(path.parent)
            text = words.UPLOAD_DROPPED
        else:
            await self._tell(message, words.UPLOAD_WORKING)
            async with self._ingesting:
                text = await self._take_in(path)
        await self._tell(message, text)

    async def _tell(self, message: Message, text: str) -> None:
        await edit(self._bot, Room.of(message), message.message_id, plain_texts(text)[0])

    def _waiting(self, key: str) -> Path | None:
        """The document of a key, while it waits."""
        if not _KEY.fullmatch(key):
            return None
        return next((one for one in (self._folder / key).glob("*") if one.name[0] != "."), None)

    async def _take_in(self, path: Path) -> str:
        """The document in the index, or everything as before; what to tell of it."""
        target = self._target(path)
        await asyncio.to_thread(shutil.copyfile, path, target)
        if not await self._ingest():
            target.unlink()
            path.with_name(_TARGET).unlink()
            return words.UPLOAD_FAILED
        shutil.rmtree(path.parent)
        await asyncio.to_thread(self._reloading.look)
        retriever = self._service.retriever
        return words.upload_done(retriever.index.manifest.articles if retriever else 0)

    def _target(self, path: Path) -> Path:
        """Where it goes in the archive; the same place if it was begun before."""
        noted = path.with_name(_TARGET)
        if not noted.exists():
            name = _free(self._settings.seeds_dir / path.name).name
            unfinished = noted.with_suffix(".writing")
            unfinished.write_text(name, encoding="utf-8")
            unfinished.replace(noted)
        return self._settings.seeds_dir / noted.read_text(encoding="utf-8")

    def expire(self) -> None:
        """Delete what nobody decided on for days."""
        before = time.time() - _KEPT_SECONDS
        for folder in self._folder.glob("*"):
            if folder.stat().st_mtime < before and folder.name not in self._deciding:
                shutil.rmtree(folder, ignore_errors=True)

    async def _ingest(self) -> bool:
        """Whether the index was brought up to date."""
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
            if process.returncode is None:  # also where the bot itself ends
                process.kill()
        if said:
            _log.warning("ingest: %s", said.decode("utf-8", "replace").strip())
        # 1: some files were skipped, as may have been so before.
        return process.returncode in (0, 1)


def _read(path: Path) -> str:
    """What was read, in words. Raises ArticleError."""
    article = read_article(path)
    return words.upload_read(article.title, article.label, len(split_article(article)))


def _safe_name(name: str) -> str:
    """A name without folders and signs that a file system may take amiss, and not too long."""
    composed = unicodedata.normalize("NFC", name).replace("\\", "/")
    bare = re.sub(r"[^\w .()\-]", "_", Path(composed).name).strip(" .")
    suffix = Path(bare).suffix
    stem = bare.removesuffix(suffix).encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return (stem or "bai") + suffix


def _free(path: Path) -> Path:
    """A path that no file has: `bao-cao (2).txt` where there is a `bao-cao.txt`."""
    tried, number = path, 1
    while tried.exists():
        number += 1
        tried = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return tried
