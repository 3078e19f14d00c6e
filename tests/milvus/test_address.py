"""`milvus://host:19530/collection`."""

from __future__ import annotations

import pytest

from retrieval.errors import SettingsError
from retrieval.milvus_address import MilvusAddress


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("milvus://10.0.0.5:19531/news", MilvusAddress("http://10.0.0.5:19531", "news")),
        ("milvus://milvus/news", MilvusAddress("http://milvus:19530", "news")),
        ("milvus+tls://milvus/news", MilvusAddress("https://milvus:19530", "news")),
        ("milvus://[::1]/news", MilvusAddress("http://[::1]:19530", "news")),
        ("milvus://root:a%40b@m/news_2", MilvusAddress("http://m:19530", "news_2", "root:a@b")),
        ("milvus://KEY@m/news", MilvusAddress("http://m:19530", "news", "KEY")),
    ],
)
def test_addresses(url: str, address: MilvusAddress) -> None:
    """Server, collection and token are told apart; the port may be left out."""

    assert MilvusAddress.parse(url) == address


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://root:s3cret@m/news", "begins with none of milvus"),
        ("milvus://root:s3cret@/news", "names no host"),
        ("milvus://root:s3cret@m", "names no collection"),
        ("milvus://root:s3cret@m/a-b", "names no collection"),
        ("milvus://root:s3cret@m/news?x=1", "names no collection"),
        ("milvus://root:s3cret@m:99999/news", "port"),
        ("milvus://root:s3cret@[m/news", "can not be read"),
        ("", "begins with none"),
    ],
)
def test_no_addresses(url: str, reason: str) -> None:
    """What is wrong is said without what was given, in which there may be a password."""
    with pytest.raises(SettingsError, match=reason) as caught:
        MilvusAddress.parse(url)

    assert "s3cret" not in str(caught.value)


def test_the_token_is_not_shown() -> None:
    """Neither in the text of the object nor as the server that messages name."""
    address = MilvusAddress.parse("milvus://root:s3cret@m:1/news")

    assert "s3cret" not in repr(address)
    assert address.shown == "m:1"
