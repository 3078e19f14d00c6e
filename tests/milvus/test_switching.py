"""Publishing while others search: they see the old passages or the new ones, and no error."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import groupby

import pytest

from retrieval.errors import IndexIncompatible
from retrieval.searcher import Found, PassageStore
from tests.milvus.engines import Engine, eventually
from tests.milvus.passages import FIRST_AXIS, ROWS, changed, ids, vector, words

OLD, NEW = ROWS[:4], ROWS[4:]
EVERY_WORD = words("lũ dân mô liên lúa quý")


class Reader(threading.Thread):
    """Searches without pause and keeps what it saw."""

    def __init__(self, search: Callable[[], Found]) -> None:
        super().__init__()
        self._search = search
        self._is_over = threading.Event()
        self.seen: list[str] = []
        self.errors: list[Exception] = []

    def run(self) -> None:
        while not self._is_over.is_set():
            try:
                self.seen.append("".join(sorted(ids(self._search()))))
            except Exception as error:
                self.errors.append(error)

    def last_seen(self) -> str:
        """Of its last search; nothing before the first."""
        return self.seen[-1] if self.seen else ""

    def end(self) -> None:
        self._is_over.set()
        self.join()


def wait_for(readers: Sequence[Reader], passages: str) -> None:
    """Until each of them finds these."""
    for reader in readers:
        eventually(passages, reader.last_seen)


def test_readers_never_see_a_mixture(store: PassageStore) -> None:
    """While the archive is replaced twice, every search finds one archive whole.

    Each archive is waited for: on a busy machine a reader may sleep longer than one is published,
    or the change may be seen some seconds late, and it would not have been looked at.
    """
    store.publish(OLD)
    readers = [
        Reader(lambda: store.search_dense(FIRST_AXIS, len(ROWS))),
        Reader(lambda: store.search_sparse(EVERY_WORD, len(ROWS))),
    ]
    for reader in readers:
        reader.start()
    try:
        wait_for(readers, "abcd")
        store.publish(NEW)
        wait_for(readers, "efg")
        store.publish(OLD)
        wait_for(readers, "abcd")
    finally:
        for reader in readers:
            reader.end()

    for reader in readers:
        assert reader.errors == []
        assert [passages for passages, _ in groupby(reader.seen)] == ["abcd", "efg", "abcd"]


def test_the_collection_before_the_last_is_dropped(milvus: Engine) -> None:
    """Of three archives published one after the other the last two are there, with their terms."""
    with milvus.store() as store:
        kept = []
        for rows in (OLD, NEW, OLD):
            store.publish(rows)
            kept.append(milvus.collections())

    first, second, third = kept
    assert [len(names) for names in kept] == [2, 4, 4]
    assert first < second
    assert not first & third
    assert second - first < third


def test_a_failed_publish_leaves_nothing(milvus: Engine) -> None:
    """Where it breaks off, what was searched is searched still, and nothing half-made is left."""
    with milvus.store() as store:
        store.publish(OLD)
        before = milvus.collections()
        with pytest.raises(IndexIncompatible):
            store.publish([*NEW, changed("a", vector=vector(1, 0, 0))])

        assert milvus.collections() == before
        assert ids(store.search_dense(FIRST_AXIS, len(ROWS))) == "abcd"


def test_another_model_is_published(milvus: Engine) -> None:
    """Vectors of other dimensions replace the held ones; whoever still has the old model is told
    what is wrong, and so is whoever has the new one too early."""
    with milvus.store() as store, milvus.store(dimensions=3) as changed_store:
        store.publish(OLD)
        with pytest.raises(IndexIncompatible, match="4 dimensions, EMBEDDING_MODEL makes 3"):
            changed_store.search_dense(vector(1, 0, 0), 1)
        changed_store.publish([changed("a", vector=vector(1, 0, 0))])

        eventually("a", lambda: ids(changed_store.search_dense(vector(1, 0, 0), 1)))
        with pytest.raises(IndexIncompatible, match="3 dimensions, EMBEDDING_MODEL makes 4"):
            store.search_dense(FIRST_AXIS, 1)
        with pytest.raises(IndexIncompatible, match="3 dimensions, EMBEDDING_MODEL makes 4"):
            store.upsert(OLD)
