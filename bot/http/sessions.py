"""Sessions of the page: a cookie that says whose key was entered, sealed by that key's hash.

Nothing is stored: every process reads it, it outlasts a restart, and it ends with its time or
as soon as the key is taken out of the settings.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.http.access import Key

COOKIE = "phien"
# A week: long enough for an office, short enough for a machine that is given away.
SESSION_SECONDS = 7 * 86_400


def make_session(key: Key, now: float | None = None) -> str:
    """The cookie's value."""
    name = base64.urlsafe_b64encode(key.name.encode()).decode().rstrip("=")
    until = int((time.time() if now is None else now) + SESSION_SECONDS)
    return f"{name}.{until}.{_seal(key, until)}"


def read_session(value: str, keys: Iterable[Key], now: float | None = None) -> Key | None:
    """Whose session it is; None where it is none, no longer, or of a key that is gone."""
    name, _, rest = value.partition(".")
    until, _, seal = rest.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 12) or not seal.isascii():
        return None
    if int(until) < (time.time() if now is None else now):
        return None
    for key in keys:
        encoded = base64.urlsafe_b64encode(key.name.encode()).decode().rstrip("=")
        if encoded == name and hmac.compare_digest(_seal(key, int(until)), seal):
            return key
    return None


def _seal(key: Key, until: int) -> str:
    message = f"session\n{key.name}\n{until}\n{key.role}".encode()
    return hmac.new(key.digest, message, hashlib.sha256).hexdigest()
