"""What goes wrong with Milvus, as this project's errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from pymilvus import MilvusException
from pymilvus.exceptions import ErrorCode

from retrieval.errors import (
    IndexForbidden,
    IndexMissing,
    IndexUnavailable,
    IndexUnreachable,
)
from retrieval.milvus_address import MilvusAddress

# Of pymilvus itself, where there is no connection; it has no name for it.
_NO_CONNECTION = 2
# Of the server, which gives its own number to an alias that is not there.
_NO_ALIAS = 1600

_FORBIDDEN = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
_UNREACHABLE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


@contextmanager
def calling(address: MilvusAddress) -> Iterator[None]:
    """Around every call of pymilvus; its own texts are not shown, they may name what is secret.

    Raises:
        IndexUnreachable: there is no answer.
        IndexMissing: there is no such collection.
        IndexForbidden: the user or the token does not do.
        IndexUnavailable: the server refuses it for another reason.
    """
    try:
        yield
    except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
        raise _fault(error, address) from error


def missing(address: MilvusAddress) -> IndexMissing:
    return IndexMissing(
        f"the Milvus server {address.shown} has no collection {address.collection}: publish one"
    )


def _fault(error: Exception, address: MilvusAddress) -> IndexUnavailable:
    code = error.code if isinstance(error, MilvusException) else None
    status = _status(error)
    if code in (ErrorCode.COLLECTION_NOT_FOUND, _NO_ALIAS):
        return missing(address)
    if status in _FORBIDDEN:
        return IndexForbidden(
            f"the Milvus server {address.shown} does not accept the user or token of INDEX_URL"
        )
    if code == _NO_CONNECTION or status in _UNREACHABLE or code in _UNREACHABLE:
        return IndexUnreachable(
            f"the Milvus server {address.shown} does not answer: is it running, and is INDEX_URL "
            "right?"
        )
    return IndexUnavailable(
        f"the Milvus server {address.shown} refused the request "
        f"(code {code if status is None else status.name})"
    )


def _status(error: BaseException) -> grpc.StatusCode | None:
    """Of the gRPC error behind it. pymilvus makes some errors their own cause."""
    seen: list[BaseException] = []
    behind: BaseException | None = error
    while behind is not None and behind not in seen:
        if isinstance(behind, grpc.RpcError):
            return behind.code()
        seen.append(behind)
        cause = behind.__cause__
        behind = cause if cause not in (None, behind) else behind.__context__
    return None
