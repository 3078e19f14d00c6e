"""Documents of admins: their names, and what becomes of them when something ends midway."""

from __future__ import annotations

import asyncio
import datetime
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Document, InlineKeyboardMarkup, Message, Update

from bot.archive import Archive
from bot.telegram import words
from bot.telegram.access import Access
from bot.telegram.delivery import Bot
from bot.telegram.replies import Replies
from bot.telegram.uploads import Uploads
from retrieval.settings import Settings

ADMIN, STRANGER, KEY = 5, 7, "00112233445566ff"
TEXT = "Thứ Ba, 5/3/2024\nBắc Kạn: Hội nghị dân vận\n\nHội nghị đã bàn về công tác dân vận."
MESSAGE = Message.de_json(
    {"message_id": 3, "date": 1, "chat": {"id": ADMIN, "type": "private"}, "text": "?"}, None
)


class Bench:
    """An installation of its own, whose ingests end as is told here."""

    def __init__(self, folder: Path) -> None:
        self.seeds = folder / "seeds"
        self.waiting = folder / "uploads"
        self.told: list[str] = []
        self.said: list[tuple[str, InlineKeyboardMarkup | None]] = []
        self.ingested: list[dict[str, str]] = []
        self.ingest: Callable[[], Any] = self.succeed
        self._settings = Settings.model_validate(
            {
                "seeds_dir": self.seeds,
                "vectors_dir": folder / "vectors",
                "conversations_db": folder / "c.sqlite",
                "telegram_admins": str(ADMIN),
            }
        )
        self.seeds.mkdir()

    async def succeed(self) -> bool:
        return True

    async def fail(self) -> bool:
        return False

    async def end_midway(self) -> bool:
        raise asyncio.CancelledError

    def uploads(self) -> Uploads:
        """Those of a process that has just started."""
        service = SimpleNamespace(retriever=None)
        look = SimpleNamespace(look=lambda: None)
        archive = Archive(cast(Any, service), self._settings, cast(Any, look))

        async def ingest() -> bool:
            self.ingested.append(self.archive())
            return bool(await self.ingest())

        archive.ingest = ingest  # type: ignore[method-assign]
        access = Access(self._settings)
        return Uploads(cast(Bot, self), archive, self._settings, access, cast(Replies, self))

    def put(self, name: str = "bài.txt", key: str = KEY, text: str = TEXT) -> None:
        """A document that waits."""
        (self.waiting / key).mkdir(parents=True)
        (self.waiting / key / name).write_text(text, encoding="utf-8")

    def archive(self) -> dict[str, str]:
        return {one.name: one.read_text(encoding="utf-8") for one in self.seeds.iterdir()}

    def kept(self) -> list[str]:
        """What waits, by folder and name."""
        return sorted(str(one.relative_to(self.waiting)) for one in self.waiting.glob("*/*"))

    def press(self, decision: str = "yes", person: int = ADMIN, key: str = KEY) -> None:
        """In a process of its own."""
        asyncio.run(self.uploads().decide(MESSAGE, person, key, decision))

    async def edit_message_text(self, text: str, *_: object, **__: object) -> bool:
        self.told.append(text)
        return True

    async def say(
        self, update: Update, text: str, buttons: InlineKeyboardMarkup | None = None
    ) -> None:
        self.said.append((text, buttons))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_yes_takes_it_in(bench: Bench) -> None:
    """It is in the archive when ingest begins, and waits no longer; a second yes comes late."""
    bench.put()
    bench.press()
    bench.press()

    assert bench.ingested == [{"bài.txt": TEXT}]
    assert list(bench.waiting.iterdir()) == []
    assert bench.told == [words.UPLOAD_WORKING, words.upload_done(0), words.UPLOAD_OUTDATED]


def test_a_no_drops_it(bench: Bench) -> None:
    """Nothing of it is left."""
    bench.put()
    bench.press("no")

    assert (bench.archive(), list(bench.waiting.iterdir())) == ({}, [])
    assert bench.told == [words.UPLOAD_DROPPED]


@pytest.mark.parametrize("key", ["", "..", "../seeds", "0" * 15, "0" * 16, "../uploads/" + KEY])
def test_a_key_of_nothing_is_outdated(bench: Bench, key: str) -> None:
    """Whatever a client makes up; no other file is touched."""
    bench.put()
    (bench.seeds / "a.txt").write_text("a", encoding="utf-8")
    bench.press("no", key=key)

    assert bench.told == [words.UPLOAD_OUTDATED]
    assert bench.kept() == [f"{KEY}/bài.txt"]
    assert bench.archive() == {"a.txt": "a"}


def test_half_a_deletion_is_outdated(bench: Bench) -> None:
    """The note of a name is not the document, which was taken in before the process ended."""
    bench.put(".target", text="bài.txt")
    bench.press()

    assert (bench.told, bench.ingested) == ([words.UPLOAD_OUTDATED], [])


def test_only_an_admin_decides(bench: Bench) -> None:
    """Somebody else's press does nothing, in a chat where the button was forwarded."""
    bench.put()
    bench.press(person=STRANGER)
    bench.press("no", person=STRANGER)

    assert (bench.told, bench.ingested, bench.kept()) == ([], [], [f"{KEY}/bài.txt"])


def test_what_can_not_be_ingested_is_taken_out_again(bench: Bench) -> None:
    """The archive is as before, another document of the same name included; it may be retried."""
    (bench.seeds / "bài.txt").write_text("another", encoding="utf-8")
    bench.put()
    bench.ingest = bench.fail
    bench.press()

    assert bench.ingested == [{"bài.txt": "another", "bài (2).txt": TEXT}]
    assert bench.archive() == {"bài.txt": "another"}
    assert bench.kept() == [f"{KEY}/bài.txt"]
    assert bench.told == [words.UPLOAD_WORKING, words.UPLOAD_FAILED]
    bench.ingest = bench.succeed
    bench.press()
    assert bench.archive() == {"bài.txt": "another", "bài (2).txt": TEXT}


def test_the_next_process_goes_on_with_the_same_file(bench: Bench) -> None:
    """It was put in before the process ended, and is not put in twice under two names."""
    (bench.seeds / "bài.txt").write_text("another", encoding="utf-8")
    bench.put()
    bench.ingest = bench.end_midway
    with pytest.raises(asyncio.CancelledError):
        bench.press()
    assert bench.kept() == [f"{KEY}/.target", f"{KEY}/bài.txt"]
    bench.ingest = bench.succeed
    bench.press()

    assert bench.archive() == {"bài.txt": "another", "bài (2).txt": TEXT}
    assert list(bench.waiting.iterdir()) == []


def test_a_second_press_meanwhile_does_nothing(bench: Bench) -> None:
    """Neither a yes nor a no; another document waits for its turn in ingest."""
    bench.put()
    bench.put("khác.txt", "f" * 16)
    at_once: list[int] = []

    async def run() -> None:
        made, end, running = bench.uploads(), asyncio.Event(), [0]

        async def slowly() -> bool:
            running[0] += 1
            at_once.append(running[0])
            await end.wait()
            running[0] -= 1
            return True

        bench.ingest = slowly
        pressed = [
            asyncio.create_task(made.decide(MESSAGE, ADMIN, key, decision))
            for key, decision in ((KEY, "yes"), (KEY, "yes"), (KEY, "no"), ("f" * 16, "yes"))
        ]
        while not at_once:
            await asyncio.sleep(0.001)
        await asyncio.wait(pressed[1:3], timeout=5)
        while bench.told.count(words.UPLOAD_WORKING) < 2:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)  # the other one would have begun by now
        end.set()
        await asyncio.gather(*pressed)

    asyncio.run(asyncio.wait_for(run(), 10))

    assert at_once == [1, 1]
    assert bench.archive() == {"bài.txt": TEXT, "khác.txt": TEXT}
    assert sorted(bench.told) == sorted([words.UPLOAD_WORKING, words.upload_done(0)] * 2)


def test_what_nobody_decided_on_is_deleted_after_two_days(bench: Bench) -> None:
    """What is being taken in at this moment is not."""
    hours = {"0" * 16: 49.0, "1" * 16: 47.0, "2" * 16: 49.0}
    for key, age in hours.items():
        bench.put(key=key)
        then = time.time() - age * 3_600
        os.utime(bench.waiting / key, (then, then))
    made = bench.uploads()
    made._deciding.add("2" * 16)
    made.expire()

    assert bench.kept() == [f"{key}/bài.txt" for key in ("1" * 16, "2" * 16)]


def test_nothing_waits_where_nothing_was_sent(bench: Bench) -> None:
    """There is no folder then."""
    bench.uploads().expire()

    assert not bench.waiting.exists()


def sent(bench: Bench, name: str | None, size: int | None = 100, person: int = ADMIN) -> None:
    """A document comes; what is fetched is the text of an article, or nothing where it is empty."""
    user = {"id": person, "is_bot": False, "first_name": "An"}
    document = {"file_id": "1", "file_unique_id": "1", "file_name": name, "file_size": size}
    message = {
        "message_id": 3,
        "date": int(datetime.datetime(2024, 7, 23, tzinfo=datetime.UTC).timestamp()),
        "chat": {"id": person, "type": "private"},
        "from": user,
        "document": document,
    }
    update = Update.de_json({"update_id": 1, "message": message}, None)

    async def fetch(document: Document, path: Path) -> None:
        path.parent.mkdir(parents=True)
        path.write_text(TEXT if document.file_size else "", encoding="utf-8")

    made = bench.uploads()
    made._fetch = fetch  # type: ignore[method-assign]
    asyncio.run(made.sent(update, cast(Any, None)))


def data(buttons: InlineKeyboardMarkup | None) -> Sequence[str]:
    rows = buttons.inline_keyboard if buttons else ()
    return [str(one.callback_data) for row in rows for one in row]


def test_what_was_read_is_shown_first(bench: Bench) -> None:
    """With a yes and a no of its own key; the archive is as before."""
    sent(bench, "../Bài.TXT")
    ((text, buttons),) = bench.said
    (kept,) = bench.kept()
    key = kept.split("/")[0]

    assert kept == f"{key}/Bài.TXT"
    assert text == words.upload_read("Bắc Kạn: Hội nghị dân vận", "Bắc Kạn, 5/3/2024", 1)
    assert data(buttons) == [f"u:{key}:yes", f"u:{key}:no"]
    assert bench.archive() == {}


@pytest.mark.parametrize(
    ("name", "size", "person", "said"),
    [
        ("a.txt", 100, STRANGER, words.UPLOAD_REFUSED),
        ("a.exe", 100, ADMIN, words.UPLOAD_FORMAT),
        (".txt", 100, ADMIN, words.UPLOAD_FORMAT),
        (None, 100, ADMIN, words.UPLOAD_FORMAT),
        ("a.txt", 20_000_001, ADMIN, words.UPLOAD_FORMAT),
        ("a.txt", 0, ADMIN, words.UPLOAD_UNREADABLE + words.UPLOAD_UNREADABLE_KINDS),
    ],
)
def test_what_is_no_article_is_not_kept(
    bench: Bench, name: str | None, size: int, person: int, said: str
) -> None:
    """Of a stranger, of another kind, too large, or without a text."""
    sent(bench, name, size, person)

    assert bench.said == [(said, None)]
    assert bench.kept() == []
