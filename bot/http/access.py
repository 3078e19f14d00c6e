"""Who asks: by key, by session, or as a reverse proxy says; and what they may do."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from starlette.requests import HTTPConnection

from bot.http import words
from bot.http.problems import Problem
from bot.http.sessions import COOKIE, read_session
from retrieval.errors import SettingsError
from retrieval.settings import Settings, listed

_HASHED = "sha256="
_SHORTEST_KEY = 16
_NAME = re.compile(r"[\w.-]{1,64}")
_LONGEST_IDENTITY = 200


class Role(StrEnum):
    """What a caller may do."""

    ASK = "ask"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of HTTP_API_KEYS; of the key itself only the hash is kept."""

    name: str
    digest: bytes
    role: Role


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request.

    Attributes:
        name: of the key, or as the proxy says; None where nobody has to say.
        address: the client's, behind trusted proxies too.
    """

    name: str | None
    role: Role
    address: str

    @property
    def id(self) -> str:
        """Tells callers apart: for limits, conversations and opinions."""
        return f"name:{self.name}" if self.name is not None else f"address:{self.address}"


class Access:
    """What the settings HTTP_* say of callers."""

    def __init__(self, settings: Settings) -> None:
        """
        Raises:
            SettingsError: HTTP_API_KEYS can not be used, or the service would be open to others.
        """
        self.keys = read_keys(settings.http_api_keys.get_secret_value())
        self._header = settings.http_identity_header.lower()
        self._proxies = settings.trusted_proxies
        if self._header and not self._proxies:
            raise SettingsError(
                "HTTP_IDENTITY_HEADER needs HTTP_TRUSTED_PROXIES: else anybody could send it"
            )
        if not self.is_guarded and not is_loopback(settings.http_host):
            raise SettingsError(
                f"HTTP_HOST={settings.http_host} is reached from other machines, so everybody "
                "there could ask: set HTTP_API_KEYS (`python -m bot key NAME` makes one), or "
                "leave HTTP_HOST at 127.0.0.1"
            )

    @property
    def is_guarded(self) -> bool:
        """Whether callers must say who they are."""
        return bool(self.keys or self._header)

    def caller(self, request: HTTPConnection) -> Caller | None:
        """Who sent a request; None where that is not known but has to be.

        Raises:
            Problem: the key is wrong, or the request came by a name that is not this machine's.
        """
        address = self.address(request)
        if not self.is_guarded:
            if not is_loopback(_host_of(request)):
                raise Problem(403, words.HOST_UNKNOWN)
            return self.nobody(request)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if key := self.key(token.strip().encode("latin-1")):
                return Caller(key.name, key.role, address)
            raise Problem(401, words.KEY_WRONG, headers={"WWW-Authenticate": "Bearer"})
        if self._header and self._is_trusted(_peer(request)):
            # Starlette reads headers as Latin-1; people's names come as UTF-8.
            sent = request.headers.get(self._header, "").encode("latin-1")
            name = sent.decode("utf-8", "replace").strip()[:_LONGEST_IDENTITY]
            if name.isprintable() and name:
                return Caller(name, Role.ASK, address)
        if session := read_session(request.cookies.get(COOKIE, ""), self.keys):
            return Caller(session.name, session.role, address)
        return None

    def nobody(self, request: HTTPConnection) -> Caller:
        """Who has not said who they are, where nobody has to."""
        return Caller(None, Role.ASK, self.address(request))

    def key(self, sent: bytes) -> Key | None:
        """The key that was sent. Each is compared, in a time that tells nothing."""
        digest = hash_of(sent)
        found = None
        for key in self.keys:
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found

    def address(self, request: HTTPConnection) -> str:
        """The client's address: the last that no trusted proxy has."""
        address = _peer(request)
        hops = [one.strip() for one in request.headers.get("x-forwarded-for", "").split(",")]
        while self._is_trusted(address) and hops and _is_address(hops[-1]):
            address = hops.pop()
        return address

    def is_secure(self, request: HTTPConnection) -> bool:
        """Whether the browser speaks https, with this service or with the proxy before it."""
        if self._is_trusted(_peer(request)):
            return request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        return request.url.scheme == "https"

    def _is_trusted(self, address: str) -> bool:
        if not _is_address(address):
            return False
        return any(ip_address(address) in network for network in self._proxies)


def read_keys(setting: str) -> tuple[Key, ...]:
    """The keys of HTTP_API_KEYS.

    Raises:
        SettingsError: names the entry by its number, never by what it holds.
    """
    keys: list[Key] = []
    for number, entry in enumerate(listed(setting), 1):
        where = f"HTTP_API_KEYS: entry {number}"
        name, _, rest = entry.partition(":")
        sent, _, role = rest.partition(":")
        if not _NAME.fullmatch(name) or not sent or role not in ("", *Role):
            raise SettingsError(f"{where} is not NAME:KEY or NAME:KEY:admin")
        if name in {key.name for key in keys}:
            raise SettingsError(f"{where} has the name of an earlier one")
        keys.append(Key(name, _digest(sent, where), Role(role or Role.ASK)))
    return tuple(keys)


def _digest(sent: str, where: str) -> bytes:
    if not sent.startswith(_HASHED):
        if len(sent) < _SHORTEST_KEY:
            raise SettingsError(f"{where} has fewer than {_SHORTEST_KEY} characters")
        return hash_of(sent.encode())
    hexadecimal = sent.removeprefix(_HASHED)
    if not re.fullmatch(r"[0-9a-f]{64}", hexadecimal):
        raise SettingsError(f"{where}: {_HASHED} is followed by 64 hexadecimal digits")
    return bytes.fromhex(hexadecimal)


def hash_of(key: bytes) -> bytes:
    """Keys are made of 32 random bytes, so that a hash without salt can not be turned back."""
    return hashlib.sha256(key).digest()


def make_key(name: str, role: Role) -> tuple[str, str]:
    """A new key, and the entry of HTTP_API_KEYS that accepts it."""
    key = secrets.token_urlsafe(32)
    suffix = "" if role is Role.ASK else f":{role.value}"
    return key, f"{name}:{_HASHED}{hash_of(key.encode()).hex()}{suffix}"


def is_name(text: str) -> bool:
    """Whether a key may have this name."""
    return _NAME.fullmatch(text) is not None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address or name."""
    bare = host.strip("[]").rstrip(".").lower()
    if bare == "localhost":
        return True
    return _is_address(bare) and ip_address(bare).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _host_of(request: HTTPConnection) -> str:
    """The name by which the service was called, without its port."""
    return re.sub(r":\d*$", "", request.headers.get("host", ""))


def _peer(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""
