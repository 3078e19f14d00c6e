"""Questions for who does not know what to ask: the archive answers each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from bot import suggestions
from bot.answering import Asked, answer
from bot.conversations import Conversations
from bot.schema import Outcome
from bot.service import Service
from bot.suggestions import suggested_questions
from bot.telegram.asking import Asking
from bot.telegram.delivery import Bot
from bot.telegram.inbox import Inbox
from retrieval.building import build
from retrieval.database import Database
from retrieval.encoders import BundledEncoder
from retrieval.index import Index
from retrieval.search import Retriever
from retrieval.settings import Settings

ARTICLES = {
    # Answers what was achieved, and nothing of what there is still to do.
    "a.txt": "Thứ Ba, 5/3/2024\nLào Cai: Sơ kết công tác dân vận\n\nTỉnh Lào Cai đạt nhiều kết quả "
    "nổi bật trong công tác dân vận: xây dựng được 53 mô hình dân vận khéo.",
    # The same place once more: it is asked about once.
    "b.txt": "Thứ Tư, 6/3/2024\nLào Cai: Hội nghị dân vận\n\nTỉnh Lào Cai đề ra những nhiệm vụ "
    "trọng tâm: nâng cao chất lượng công tác dân vận ở cơ sở.",
    # Says nothing that an office would ask about.
    "c.txt": "Thứ Năm, 7/3/2024\nTrời mưa ở Yên Bái\n\nSáng nay ở Yên Bái trời mưa nhỏ.",
}


class Snapshot:
    """Stands for a retriever that is only told from others."""


def built(folder: Path, encoder: BundledEncoder, articles: dict[str, str]) -> Retriever:
    seeds = folder / "seeds"
    seeds.mkdir()
    for name, text in articles.items():
        (seeds / name).write_text(text, encoding="utf-8")
    build(seeds, folder / "vectors", encoder)
    return Retriever(Index.open(folder / "vectors", encoder.fingerprint), encoder)


def test_questions_of_the_seeds(retriever: Retriever) -> None:
    """Of the places with the newest articles, each in another form, and each is answered."""
    suggested = suggested_questions(retriever)

    assert suggested == (
        "Bắc Kạn còn những hạn chế gì?",
        "Hậu Giang đạt những kết quả gì?",
        "Quảng Bình đề ra những nhiệm vụ gì?",
    )
    for question in suggested:
        assert answer(retriever, Asked(question)).outcome is Outcome.ANSWERED


def test_another_archive_gives_others(encoder: BundledEncoder, tmp_path: Path) -> None:
    """A place of which nothing is answered is left out, one of two articles comes once."""
    archive = built(tmp_path, encoder, ARTICLES)
    (question,) = suggested_questions(archive)

    assert question.startswith("Lào Cai ")
    assert answer(archive, Asked(question)).outcome is Outcome.ANSWERED


def test_an_archive_that_answers_nothing_suggests_nothing(
    encoder: BundledEncoder, tmp_path: Path
) -> None:
    """Nor is there a question of an article whose place is not known."""
    unplaced = "Hội nghị không rõ nơi\n\nHội nghị đạt nhiều kết quả trong công tác dân vận."
    archive = built(tmp_path, encoder, {"c.txt": ARTICLES["c.txt"], "d.txt": unplaced})

    assert suggested_questions(archive) == ()


class Counting:
    """Stands in for what finds questions, which takes searches."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def __call__(self, retriever: object) -> tuple[str, ...]:
        self.asked.append(retriever)
        return (f"Câu {len(self.asked)}?", "Câu chung?")


def test_suggestions_are_found_once_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with the key of its text; who asks meanwhile waits for them, and finds no others."""
    counting = Counting()
    monkeypatch.setattr(suggestions, "suggested_questions", counting)
    inbox = Inbox(Conversations(Database.open(None), 1).database)
    service = Service(None)
    one = Asking(cast(Bot, None), service, inbox, Settings())
    first, second = cast(Retriever, Snapshot()), cast(Retriever, Snapshot())

    async def run() -> list[Sequence[tuple[str, str]]]:
        found = [await one.suggested()]
        for retriever in (first, second):
            service.retriever = retriever
            found += await asyncio.gather(*(one.suggested() for _ in range(3)))
        return found

    nothing, *found = asyncio.run(run())

    assert nothing == ()
    assert counting.asked == [first, second]
    expected = [["Câu 1?", "Câu chung?"]] * 3 + [["Câu 2?", "Câu chung?"]] * 3
    assert [[text for text, _ in those] for those in found] == expected
    for text, key in (pair for those in found for pair in those):
        assert inbox.text_of(key) == text


def test_without_the_store_nothing_is_suggested(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A button could not name its question; the answer goes without."""
    monkeypatch.setattr(suggestions, "suggested_questions", Counting())
    conversations = Conversations(Database.open(None), 1)
    inbox = Inbox(conversations.database)
    service = Service(cast(Retriever, Snapshot()))
    conversations.close()

    assert asyncio.run(Asking(cast(Bot, None), service, inbox, Settings()).suggested()) == ()
    assert len(caplog.records) == 1
