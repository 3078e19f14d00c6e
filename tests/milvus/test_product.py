"""INDEX_URL from the articles to an answer: ingest, questions, changes, an earlier snapshot."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.answering import Asked
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once
from retrieval import snapshot
from retrieval.building import Report, build
from retrieval.encoders import BundledEncoder, Progress, Vectors
from retrieval.errors import IndexIncompatible
from retrieval.index import SEARCHED, Index, SharedIndex
from retrieval.schema import Filters
from retrieval.search import Retriever
from retrieval.sharing import open_shared_index
from tests.conftest import SEEDS
from tests.milvus.engines import Engine

if TYPE_CHECKING:
    from retrieval.milvus_address import MilvusAddress

SATISFIED = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
NEW_ARTICLE = (
    "Thứ Ba, 23/7/2024\nBắc Kạn: Hội nghị về giống chè\n\n"
    "Hội nghị trồng chè đã chọn {number} hộ trồng giống chè Shan tuyết ở xã Bằng Phúc."
)
TEA = "Hội nghị đã chọn bao nhiêu hộ trồng giống chè Shan tuyết?"


class CountingEncoder:
    """The bundled model; it counts what it is given."""

    def __init__(self, encoder: BundledEncoder) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dimensions = encoder.dimensions
        self.cosine_spread = encoder.cosine_spread
        self.encoded = 0

    def warm(self) -> None: ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.encoded += len(texts)
        return self._encoder.encode_passages(texts, progress)

    def encode_question(self, text: str) -> Vectors:
        return self._encoder.encode_question(text)


@dataclass(frozen=True, slots=True)
class Installation:
    """Articles, snapshots and a name in Milvus."""

    engine: Engine
    folder: Path
    encoder: CountingEncoder

    @property
    def seeds(self) -> Path:
        return self.folder / "seeds"

    @property
    def vectors(self) -> Path:
        return self.folder / "vectors"

    @property
    def address(self) -> MilvusAddress:
        from retrieval.milvus_address import MilvusAddress

        return MilvusAddress(self.engine.uri, self.engine.collection)

    def ingest(self) -> Report:
        from retrieval.milvus_publish import MilvusPublishing

        encoder = self.encoder
        with closing(
            MilvusPublishing(self.address, encoder.fingerprint, encoder.dimensions)
        ) as publishing:
            return build(self.seeds, self.vectors, encoder, publishing=publishing)

    def write(self, number: int) -> None:
        (self.seeds / "che.txt").write_text(NEW_ARTICLE.format(number=number), encoding="utf-8")

    def opened(self) -> Retriever:
        index = open_shared_index(self.vectors, self.encoder.fingerprint, self.address)
        return Retriever(index, self.encoder)


@pytest.fixture
def installation(
    milvus: Engine, encoder: BundledEncoder, seed_vectors: Path, tmp_path: Path
) -> Installation:
    """With the five articles, ingested; they had been before, without INDEX_URL."""
    shutil.copytree(SEEDS, tmp_path / "seeds")
    shutil.copytree(seed_vectors, tmp_path / "vectors")
    made = Installation(milvus, tmp_path, CountingEncoder(encoder))
    made.ingest()
    return made


def answered(retriever: Retriever, question: str) -> Answer:
    return asyncio.run(ask_once(Service(retriever), Asked(question)))


def labels(answer: Answer) -> list[str]:
    return [citation.label for citation in answer.citations]


def test_from_articles_to_answers(installation: Installation) -> None:
    """Answers have their citations; an article that comes, changes or goes is taken up by the next
    snapshot, at the cost of what is new; the snapshot before it answers as it did; and what its
    files find, Milvus finds."""
    first = installation.opened()
    answer = answered(first, SATISFIED)
    assert "91,3%" in answer.text
    assert labels(answer) == ["Bắc Kạn, 23/7/2024"]
    assert answered(first, TEA).outcome is not Outcome.ANSWERED
    before = installation.engine.collections()

    installation.encoder.encoded = 0
    assert installation.ingest().unchanged
    installation.write(53)
    installation.ingest()
    added = installation.opened()
    assert "53 hộ" in answered(added, TEA).text
    assert labels(answered(added, TEA)) == ["Bắc Kạn, 23/7/2024"]
    assert answered(first, TEA).outcome is not Outcome.ANSWERED
    # The passage and its one sentence.
    assert installation.encoder.encoded == 2

    installation.write(54)
    installation.ingest()
    changed = installation.opened()
    assert "54 hộ" in answered(changed, TEA).text
    assert "53 hộ" in answered(added, TEA).text
    assert installation.encoder.encoded == 4

    (installation.seeds / "che.txt").unlink()
    installation.ingest()
    last = installation.opened()
    assert answered(last, TEA).outcome is not Outcome.ANSWERED
    assert "54 hộ" in answered(changed, TEA).text
    # All of it in the collections of the first snapshot, of which nothing was written twice.
    assert installation.encoder.encoded == 4
    assert installation.engine.collections() == before

    local = Retriever(
        Index.open(installation.vectors, installation.encoder.fingerprint), installation.encoder
    )
    for question in (SATISFIED, TEA, "cong tac dan van o Quang Ninh", "GPMB ở Bắc Kạn"):
        for filters in (Filters(), Filters(provinces=("Bắc Kạn",))):
            found = [
                [hit.passage.id for hit in one.search(question, filters=filters).hits]
                for one in (local, last)
            ]
            assert found[0][:3] == found[1][:3]
            assert {*found[0]} == {*found[1]}


def test_a_reader_without_the_files_that_milvus_replaces(installation: Installation) -> None:
    """Vectors, and words of passages, need not be on the machine that answers."""
    folder = snapshot.current_folder(installation.vectors)
    for name in SEARCHED:
        shutil.rmtree(folder / name)

    assert "91,3%" in answered(installation.opened(), SATISFIED).text


def test_readers_during_a_publish_see_no_mixture(installation: Installation) -> None:
    """Whoever holds a snapshot finds the same while others are published: one that adds to its
    collections, and one that replaces them."""
    held = installation.opened()
    questions = (SATISFIED, "hội nghị chè ở xã Bằng Phúc")

    def seen() -> list[list[tuple[str, float]]]:
        return [
            [(hit.passage.id, round(hit.score, 4)) for hit in held.search(question).hits]
            for question in questions
        ]

    expected = seen()
    found: list[list[list[tuple[str, float]]]] = []
    errors: list[Exception] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                found.append(seen())
            except Exception as error:
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        installation.write(53)
        installation.ingest()
        # More than a tenth is new: all is written anew.
        for number in range(8):
            text = NEW_ARTICLE.format(number=number)
            (installation.seeds / f"{number}.txt").write_text(text, encoding="utf-8")
        installation.ingest()
    finally:
        is_over.set()
        reader.join()

    assert errors == []
    assert found
    assert all(one == expected for one in found)
    assert isinstance(held.index, SharedIndex)
    newest = installation.opened()
    assert "hộ" in answered(newest, TEA).text
    stamps = {name.split("_")[1] for name in installation.engine.collections()}
    assert len(stamps) == 2


def test_what_was_lost_is_brought_again(installation: Installation) -> None:
    """Where the server lost a collection, ingest writes it again and encodes nothing; a snapshot
    that was built without INDEX_URL says so until then."""
    from pymilvus import MilvusClient

    client = MilvusClient(installation.address.uri)
    for name in installation.engine.collections():
        if name.endswith("_sentences"):
            client.drop_collection(name)
    client.close()
    installation.encoder.encoded = 0
    assert not installation.ingest().unchanged
    assert "91,3%" in answered(installation.opened(), SATISFIED).text
    assert installation.encoder.encoded == 0

    build(installation.seeds, installation.folder / "alone", installation.encoder)
    with pytest.raises(IndexIncompatible, match="built without INDEX_URL"):
        open_shared_index(
            installation.folder / "alone", installation.encoder.fingerprint, installation.address
        )
