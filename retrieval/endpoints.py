"""What is wrong with a server that does not answer, in words that hold no secret."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit


class FaultKind(StrEnum):
    """Why there is no connection."""

    CERTIFICATE = "certificate"
    HOST_UNKNOWN = "host_unknown"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    OTHER = "other"


class Fault(NamedTuple):
    """A kind, and a few English words that go on after "the server: "."""

    kind: FaultKind
    text: str


def connection_fault(error: BaseException) -> Fault:
    """What an HTTP client's error comes down to; clients wrap the socket's own error.

    The error's own text is not used: it may hold the address or a header.
    """
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Fault(
                FaultKind.CERTIFICATE, f"certificate not accepted ({cause.verify_message})"
            )
        if isinstance(cause, ssl.SSLError):
            return Fault(FaultKind.CERTIFICATE, "no TLS connection (https to a plain http port?)")
        if isinstance(cause, socket.gaierror):
            return Fault(FaultKind.HOST_UNKNOWN, "host name unknown")
        if isinstance(cause, ConnectionRefusedError):
            return Fault(FaultKind.REFUSED, "connection refused")
        if isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__:
            return Fault(FaultKind.TIMED_OUT, "no answer in time")
    return Fault(FaultKind.OTHER, f"no answer ({type(error).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The innermost first: an SSL error is the reason for the time-out around it."""
    inner = error.__cause__ or error.__context__
    if inner is not None:
        yield from _causes(inner)
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _causes(part)
    yield error


def shown_address(address: str) -> str:
    """An address for logs: without user name, password and query, which may be secret."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that can not be read)"
    if not parts.hostname:
        return "(an address without http:// and host)"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"


def masked(secret: str) -> str:
    """Enough of a key to tell it from another: `sk-…f7`."""
    return f"{secret[:3]}…{secret[-2:]}" if len(secret) >= 12 else "…"
