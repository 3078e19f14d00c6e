"""A server that is not there, or that does not accept who asks."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from retrieval.errors import IndexForbidden, IndexUnreachable
from tests.milvus.engines import DIMENSIONS, Engine, need, need_own_network, running_server
from tests.milvus.passages import FIRST_AXIS, ROWS, ids

SECRET = "s3cret-t0ken"


def test_no_server(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever names a server that does not answer is told which, and no log has the token."""
    need("pymilvus")
    from retrieval.milvus import MilvusIndex
    from retrieval.milvus_address import MilvusAddress

    caplog.set_level(logging.DEBUG)
    address = MilvusAddress.parse(f"milvus://reader:{SECRET}@127.0.0.1:1/news")
    with pytest.raises(IndexUnreachable) as caught:
        MilvusIndex(address, DIMENSIONS)

    assert str(caught.value) == (
        "the Milvus server 127.0.0.1:1 does not answer: is it running, and is INDEX_URL right?"
    )
    assert SECRET not in caplog.text
    assert SECRET not in repr(address)


def test_a_server_that_ends(tmp_path: Path) -> None:
    """It asks who one is: a wrong password is refused, the right one does. A search after its
    end says that it does not answer."""
    need("pymilvus")
    need("milvus")
    need_own_network()
    with running_server(tmp_path, asks_who=True) as uri:
        for token in ("", f"root:{SECRET}"):
            with (
                pytest.raises(IndexForbidden, match="does not accept the user or token") as caught,
                Engine(uri, "news", token).store(),
            ):
                pass
            assert SECRET not in str(caught.value)
        opened = Engine(uri, "news", "root:Milvus").store()
        store = opened.__enter__()
        store.publish(ROWS)
        assert ids(store.search_dense(FIRST_AXIS, 1)) == "a"

    with pytest.raises(IndexUnreachable, match=r"127\.0\.0\.1:\d+ does not answer"):
        store.search_dense(FIRST_AXIS, 1)
    opened.__exit__(None, None, None)
