"""`python -m bot key NAME`: a new key, and the entry of HTTP_API_KEYS that accepts it."""

from __future__ import annotations

import sys

from bot.http.access import Role, is_name, make_key


def print_key(name: str, *, is_admin: bool) -> int:
    """The process's exit status: 0, or 2 for a name that can not be used."""
    if not is_name(name):
        print("bot key: NAME has letters, digits, _ . and -, at most 64", file=sys.stderr)
        return 2
    key, entry = make_key(name, Role.ADMIN if is_admin else Role.ASK)
    print(f"key, shown once: {key}")
    print(f"for HTTP_API_KEYS: {entry}")
    return 0
