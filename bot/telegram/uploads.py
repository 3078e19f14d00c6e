"""Documents that an admin sends: read, shown what was read, and taken in after a yes.

A document waits beside the file of conversations, so that its buttons work after a restart. How
it gets into the archive: `bot/archive.py`. Should the process end meanwhile, the next one goes on
with the same file, for where it was put is written down beside it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import shutil
import time
from pathlib import Path

from telegram import Document, InlineKeyboardMarkup, Message, Update

from bot.archive import Archive, IngestFailed, safe_name
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
from retrieval.settings import Settings

_log = logging.getLogger(__name__)

# What the Bot API hands out at most.
_MOST_BYTES = 20_000_000
_KEPT_SECONDS = 2 * 86_400.0
# Beside a waiting document: the name that it got in the archive.
_TARGET = ".target"
_KEY = re.compile(r"[0-9a-f]{16}")


class Uploads:
    """Reads, keeps and takes in. One for the process."""

    def __init__(
        self,
        bot: Bot,
        archive: Archive,
        settings: Settings,
        access: Access,
        replies: Replies,
    ) -> None:
        self._bot = bot
        self._archive = archive
        self._settings = settings
        self._access = access
        self._replies = replies
        self._folder = settings.conversations_db.parent / "uploads"
        self._deciding: set[str] = set()

    async def sent(self, update: Update, context: Context) -> None:
        """A document in a private chat."""
        message = update.effective_message
        assert message is not None
        assert message.document is not None
        if not self._access.is_admin(message.from_user.id if message.from_user else None):
            await self._replies.say(update, words.UPLOAD_REFUSED)
            return
        name = safe_name(message.document.file_name or "")
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
        try:
            await self._archive.add(path, self._target(path))
        except IngestFailed:
            path.with_name(_TARGET).unlink()
            return words.UPLOAD_FAILED
        shutil.rmtree(path.parent)
        return words.upload_done(self._archive.articles)

    def _target(self, path: Path) -> Path:
        """Where it goes in the archive; the same place if it was begun before."""
        noted = path.with_name(_TARGET)
        if not noted.exists():
            name = self._archive.place_for(path.name).name
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


def _read(path: Path) -> str:
    """What was read, in words. Raises ArticleError."""
    article = read_article(path)
    return words.upload_read(article.title, article.label, len(split_article(article)))
