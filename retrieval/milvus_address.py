"""Where a collection in Milvus is: `milvus://host:19530/collection`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from retrieval.errors import SettingsError

_PORT = 19530
_SCHEMES = {"milvus": "http", "milvus+tls": "https"}
_COLLECTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """
    Attributes:
        uri: as pymilvus takes it; of Milvus Lite the path of its file.
        collection: the alias that is searched.
        token: `user:password`, or a key; never in `repr`, a message or a log.
    """

    uri: str
    collection: str
    token: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> MilvusAddress:
        """`milvus://[USER:PASSWORD@]HOST[:PORT]/COLLECTION`; `milvus+tls://` encrypts.

        A key takes the place of the user's name: `milvus://KEY@HOST/COLLECTION`.

        Raises:
            SettingsError: it is no such address; the message does not repeat it.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port or _PORT
        except ValueError as error:
            raise _unreadable("its port or its host can not be read") from error
        if parts.scheme not in _SCHEMES:
            raise _unreadable(f"it begins with none of {', '.join(_SCHEMES)}")
        if not parts.hostname:
            raise _unreadable("it names no host")
        collection = parts.path.removeprefix("/")
        if not _COLLECTION.fullmatch(collection) or parts.query or parts.fragment:
            raise _unreadable(
                "after the host it names no collection (letters, digits and _, at most 200)"
            )
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        secrets = [parts.username, parts.password]
        return cls(
            uri=f"{_SCHEMES[parts.scheme]}://{host}:{port}",
            collection=collection,
            token=":".join(unquote(part) for part in secrets if part),
        )

    @property
    def shown(self) -> str:
        """The server, for messages and logs."""
        return self.uri.partition("://")[2] or self.uri


def _unreadable(reason: str) -> SettingsError:
    return SettingsError(f"INDEX_URL is no address such as milvus://host:{_PORT}/name: {reason}")
