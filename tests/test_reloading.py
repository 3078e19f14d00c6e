"""A new snapshot is taken up by a running service; a damaged one is not."""

from __future__ import annotations

import asyncio
import gc
import shutil
from collections.abc import Callable
from pathlib import Path
from weakref import ref

import pytest

from bot import reloading
from bot.answering import Asked
from bot.reloading import Reloading
from bot.schema import Outcome
from bot.service import Service, ask_once
from bot.suggestions import Suggestions
from retrieval import snapshot
from retrieval.building import build
from retrieval.encoders import BundledEncoder
from retrieval.index import Index
from retrieval.search import Retriever
from retrieval.settings import PROJECT, Settings

ARTICLE = (
    "Thứ Ba, 23/7/2024\nBắc Kạn: Hội nghị số {number}\n\n"
    "Hội nghị số {number} đã bàn về công tác dân vận ở xã thứ {number}."
)


class Archive:
    """A folder of articles with its snapshots, the model beside them as in an installation."""

    def __init__(self, folder: Path, encoder: BundledEncoder) -> None:
        self.settings = Settings(vectors_dir=folder / "vectors", seeds_dir=folder / "seeds")
        self._encoder = encoder
        self._number = 0
        self.settings.seeds_dir.mkdir()
        self.settings.vectors_dir.mkdir()
        models = snapshot.models_folder(self.settings.vectors_dir)
        models.symlink_to(snapshot.models_folder(PROJECT / "vectors"))

    def add_article(self) -> None:
        self._number += 1
        path = self.settings.seeds_dir / f"{self._number}.txt"
        path.write_text(ARTICLE.format(number=self._number), encoding="utf-8")
        build(self.settings.seeds_dir, self.settings.vectors_dir, self._encoder)

    def opened(self) -> Retriever:
        vectors = self.settings.vectors_dir
        return Retriever(Index.open(vectors, self._encoder.fingerprint), self._encoder)

    def damage(self) -> None:
        """Another byte in the articles of the snapshot in use."""
        path = snapshot.current_folder(self.settings.vectors_dir) / "records.sqlite"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)


@pytest.fixture
def archive(encoder: BundledEncoder, tmp_path: Path) -> Archive:
    """Of one article."""
    archive = Archive(tmp_path, encoder)
    archive.add_article()
    return archive


def articles(service: Service) -> int:
    assert service.retriever is not None
    return service.retriever.index.manifest.articles


def test_a_new_snapshot_is_taken_up(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    """At the next look, once; an answer that began before goes on with the earlier one."""
    caplog.set_level("INFO")
    service = Service(archive.opened())
    watch = Reloading(service, archive.settings)
    before = service.retriever
    watch.look()
    assert service.retriever is before
    archive.add_article()
    assert articles(service) == 1
    watch.look()
    after = service.retriever
    watch.look()

    assert service.retriever is after
    assert articles(service) == 2
    assert before is not None
    assert len(before.index.records.articles()) == 1
    assert caplog.text.count("a new index is in use: 2 articles") == 1


def test_a_damaged_snapshot_is_said_once(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    """The earlier one goes on answering, until there is a whole one again."""
    service = Service(archive.opened())
    watch = Reloading(service, archive.settings)
    before = service.retriever
    archive.add_article()
    archive.damage()
    for _ in range(3):
        watch.look()

    assert service.retriever is before
    assert caplog.text.count("the new index can not be opened") == 1
    assert "records.sqlite" in caplog.text
    shown = asyncio.run(ask_once(service, Asked("Hội nghị số 1 đã bàn về gì?")))
    assert shown.outcome is Outcome.ANSWERED
    archive.add_article()
    watch.look()
    assert articles(service) == 3


def test_a_service_without_an_index_gets_the_first_one(
    encoder: BundledEncoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As soon as there is one; until then nothing is said of it every two seconds."""
    archive = Archive(tmp_path, encoder)
    service = Service(None)
    watch = Reloading(service, archive.settings)
    watch.look()
    assert service.retriever is None
    assert caplog.text == ""
    archive.add_article()
    watch.look()

    assert articles(service) == 1


def test_an_index_that_could_not_be_opened_at_the_start_is_tried(archive: Archive) -> None:
    """The service began without it, and it may be whole by now."""
    service = Service(None)
    watch = Reloading(service, archive.settings)
    watch.look()

    assert articles(service) == 1


def test_a_folder_that_vanishes_costs_nothing(archive: Archive) -> None:
    """Somebody deletes it to build it again."""
    service = Service(archive.opened())
    watch = Reloading(service, archive.settings)
    before = service.retriever
    shutil.rmtree(archive.settings.vectors_dir)
    watch.look()

    assert service.retriever is before


def test_it_looks_until_it_is_cancelled(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every two seconds, which are 10 ms here; the questions meanwhile do not wait for it."""
    assert reloading._SECONDS == 2.0
    monkeypatch.setattr(reloading, "_SECONDS", 0.01)
    service = Service(None)

    async def run() -> None:
        looking = asyncio.create_task(Reloading(service, archive.settings).run())
        while service.retriever is None:
            await asyncio.sleep(0.01)
        archive.add_article()
        while articles(service) == 1:
            await asyncio.sleep(0.01)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking

    asyncio.run(asyncio.wait_for(run(), 30))

    assert articles(service) == 2


def test_a_replaced_snapshot_is_let_go_at_once(archive: Archive) -> None:
    """Its files are closed when its last answer is given, not when garbage is next collected.

    What suggested questions of it does not keep it either.
    """
    retriever = archive.opened()
    suggestions = Suggestions()
    asyncio.run(ask_once(Service(retriever), Asked("Hội nghị số 1 bàn về gì?")))
    asyncio.run(suggestions.of(retriever))
    model = retriever.index.language.model
    assert model
    parts: list[Callable[[], object]] = [ref(retriever), ref(retriever.index.records), ref(model)]
    gc.disable()
    try:
        del retriever, model
        alive = [part() for part in parts]
    finally:
        gc.enable()

    assert alive == [None] * 3
