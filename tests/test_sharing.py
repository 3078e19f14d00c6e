"""INDEX_URL where the server or its client is missing; the interface that the ranking asks."""

from __future__ import annotations

import importlib.util
import logging

import numpy as np
import pytest

from bot.reloading import Reloading
from bot.service import Service
from retrieval import search, sharing
from retrieval.doctor import run_checks
from retrieval.encoders import BundledEncoder
from retrieval.errors import IndexUnreachable, SettingsError
from retrieval.index import Index
from retrieval.local_searcher import LocalSearcher
from retrieval.schema import Filters
from retrieval.search import Retriever, open_retriever
from retrieval.searcher import allowed_by
from retrieval.settings import Settings, read_settings
from retrieval.sparse import SparseQuery

SECRET = "s3cret-t0ken"
URL = f"milvus://reader:{SECRET}@127.0.0.1:1/news"


@pytest.fixture
def without_client(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        sharing, "find_spec", lambda name: None if name == "pymilvus" else found(name)
    )


def test_who_has_no_client_is_told_what_to_install(
    without_client: None,
    encoder: BundledEncoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """To ask and to ingest alike, and by `doctor`; nobody is shown the password."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("INDEX_URL", URL)
    settings = read_settings()
    for use in (
        lambda: open_retriever(settings, encoder),
        lambda: sharing.open_publishing(settings, encoder),
    ):
        with pytest.raises(SettingsError, match=r"pymilvus.*pip install '\.\[milvus\]'"):
            use()
    check = next(check for check in run_checks() if check.name == "Milvus")

    assert check.state == "failed"
    assert check.remedy == "run: pip install '.[milvus]'"
    assert SECRET not in f"{check} {settings!r} {caplog.text}"


def test_no_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is named and what is wrong, never the value."""
    monkeypatch.setenv("INDEX_URL", f"http://reader:{SECRET}@host/news")
    with pytest.raises(SettingsError, match=r"INDEX_URL: .*begins with none of milvus") as caught:
        read_settings()

    assert SECRET not in str(caught.value)


def test_a_server_that_comes_back(
    retriever: Retriever,
    seed_vectors: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A service that starts without it says so once, and answers as soon as it is there."""
    is_there = False

    def opened(*_: object, **__: object) -> Index:
        if not is_there:
            raise IndexUnreachable("the Milvus server does not answer")
        assert isinstance(retriever.index, Index)
        return retriever.index

    monkeypatch.setattr(search, "open_index", opened)
    service = Service(None)
    settings = Settings(vectors_dir=seed_vectors)  # type: ignore[arg-type]
    watch = Reloading(service, settings, retriever.encoder)
    watch.look()
    watch.look()
    assert service.retriever is None
    is_there = True
    watch.look()

    assert service.retriever is not None
    assert caplog.text.count("can not be opened yet") == 1


def test_files_are_asked_as_they_were(retriever: Retriever) -> None:
    """The interface adds nothing to FAISS and tantivy: the same rows, the same scores."""
    index = retriever.index
    assert isinstance(index, Index)
    searcher = index.searcher
    assert isinstance(searcher, LocalSearcher)
    vector = retriever.encoder.encode_question("Công tác dân vận ở Bắc Kạn")
    words = SparseQuery("công tác dân vận")
    filters = Filters(provinces=("Bắc Kạn",))
    allowed = allowed_by(index.records, filters)
    rows = np.array([1, 2, 3])

    for some in (None, allowed):
        passing = None if some is None else some.rows
        assert searcher.nearest_passages(vector, 9, some) == index.passages.search(
            vector, 9, passing
        )
        documents = None if some is None else some.documents
        assert searcher.best_passages(words, 9, some) == index.sparse.search(words, 9, documents)
    assert searcher.nearest_sentences(vector, 9, allowed, rows) == index.sentences.search(
        vector, 9, rows
    )
    assert (searcher.passage_cosines(vector, rows) == index.passages.cosines(vector, rows)).all()
    assert (searcher.sentence_cosines(vector, rows) == index.sentences.cosines(vector, rows)).all()
    assert searcher.weights(["dân", "dan_van"]) == {
        term: index.sparse.weight(term) for term in ("dân", "dan_van")
    }
