"""INDEX_URL: whether passages are found by files of this machine or by a server.

What needs the server's client is imported here, and only where it is set.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.encoders import Encoder
from retrieval.errors import SettingsError
from retrieval.index import SEARCHED, Index, SharedIndex, open_snapshot
from retrieval.milvus_address import MilvusAddress
from retrieval.searcher import SearchedIndex
from retrieval.settings import Settings
from retrieval.snapshot import Hold, Manifest

if TYPE_CHECKING:
    from retrieval.milvus_publish import MilvusPublishing

_CLIENT = "pymilvus"


def open_index(
    settings: Settings, fingerprint: str, *, fully: bool = False, or_earlier: bool = False
) -> SearchedIndex:
    """The snapshot in use, with what finds its passages.

    Args:
        fully, or_earlier: see `open_snapshot`.

    Raises:
        IndexUnavailable: see `open_snapshot`; the server can not be reached; it does not hold
            this snapshot.
        SettingsError: VECTORS_DIR is no folder, or INDEX_URL needs a package.
    """
    vectors, address = settings.vectors_dir, index_address(settings)
    if address is None:
        return Index.open(vectors, fingerprint, fully=fully, or_earlier=or_earlier)
    return open_shared_index(vectors, fingerprint, address, fully=fully, or_earlier=or_earlier)


def open_shared_index(
    vectors: Path,
    fingerprint: str,
    address: MilvusAddress,
    *,
    fully: bool = False,
    or_earlier: bool = False,
) -> SharedIndex:
    """The snapshot in use, whose passages a server finds; raises as `open_index` does."""
    _need_client()
    from retrieval.milvus_searcher import MilvusSearcher

    def read(folder: Path, manifest: Manifest, held: Hold) -> SharedIndex:
        searcher = MilvusSearcher.open(folder, address, manifest.dimensions)
        return SharedIndex.read(folder, manifest, held, searcher)

    return open_snapshot(
        vectors, fingerprint, read, fully=fully, or_earlier=or_earlier, unread=SEARCHED
    )


def open_publishing(settings: Settings, encoder: Encoder) -> MilvusPublishing | None:
    """What brings the server up to date; None where there is none.

    Raises:
        IndexUnreachable: it does not answer.
        IndexForbidden: it does not accept the token.
        SettingsError: INDEX_URL needs a package.
    """
    address = index_address(settings)
    if address is None:
        return None
    _need_client()
    from retrieval.milvus_publish import MilvusPublishing

    return MilvusPublishing(address, encoder.fingerprint, encoder.dimensions)


def index_address(settings: Settings) -> MilvusAddress | None:
    """Where INDEX_URL leads."""
    url = settings.index_url.get_secret_value()
    return MilvusAddress.parse(url) if url else None


def server_version(address: MilvusAddress) -> str:
    """Of the server, as it says.

    Raises:
        IndexUnreachable: it does not answer.
        IndexForbidden: it does not accept the token.
        SettingsError: the package is missing.
    """
    _need_client()
    from retrieval.milvus_collection import connected

    with connected(address) as client:
        return str(client.get_server_version())


def _need_client() -> None:
    if find_spec(_CLIENT) is None:
        raise SettingsError(
            f"INDEX_URL needs the package {_CLIENT}: install it with `pip install '.[milvus]'`"
        )
