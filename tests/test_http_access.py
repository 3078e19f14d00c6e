"""Who is let in over HTTP: keys, sessions, proxies, and where the service may listen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from bot.http.access import Access, Caller, Role, is_loopback, make_key, read_keys
from bot.http.problems import Problem
from bot.http.sessions import COOKIE, SESSION_SECONDS, make_session, read_session
from retrieval.errors import SettingsError
from retrieval.settings import Settings

ASK_KEY, ADMIN_KEY = "a" * 20, "quản-trị-0123456789"
KEYS = f"van-phong:{ASK_KEY}, quan-tri:{ADMIN_KEY}:admin"
HEADERS = {"host": "intranet.example"}


def access(**settings: Any) -> Access:
    return Access(Settings.model_validate({"http_api_keys": KEYS} | settings))


def request(
    headers: Mapping[str, str] = HEADERS, peer: str = "10.1.2.3", scheme: str = "http"
) -> HTTPConnection:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "headers": raw, "client": (peer, 5), "scheme": scheme, "path": "/"}
    return HTTPConnection(scope)


def bearer(key: str) -> dict[str, str]:
    return HEADERS | {"authorization": f"Bearer {key}"}


def test_a_key_has_the_name_and_role_of_its_entry() -> None:
    """Without a role it may only ask."""
    assert access().caller(request(bearer(ASK_KEY))) == Caller("van-phong", Role.ASK, "10.1.2.3")


def test_an_admin_key_may_do_more() -> None:
    """Its characters need not be ASCII in the settings."""
    keys = read_keys(KEYS)

    assert [key.role for key in keys] == [Role.ASK, Role.ADMIN]
    assert access().caller(request(bearer(ADMIN_KEY))) == Caller("quan-tri", Role.ADMIN, "10.1.2.3")


@pytest.mark.parametrize("sent", ["", "a" * 19, "a" * 21, "A" * 20, "van-phong", KEYS])
def test_a_wrong_key_is_refused(sent: str) -> None:
    """Nearly right is wrong; the message does not repeat it."""
    with pytest.raises(Problem) as refused:
        access().caller(request(bearer(sent)))

    assert refused.value.status_code == 401
    assert len(sent) < 10 or sent not in str(refused.value.body())


def test_without_a_key_nobody_is_known() -> None:
    """Whether that is an error depends on what is asked for."""
    assert access().caller(request()) is None


def test_a_key_may_stand_as_its_hash() -> None:
    """What `python -m bot key` prints opens the door, and does not hold the key."""
    key, entry = make_key("phòng-1", Role.ADMIN)
    opened = access(http_api_keys=entry).key(key.encode())

    assert opened
    assert (opened.name, opened.role) == ("phòng-1", Role.ADMIN)
    assert opened.digest == hashlib.sha256(key.encode()).digest()
    assert key not in entry


@pytest.mark.parametrize(
    ("entries", "number"),
    [
        ("a", 1),
        ("a:", 1),
        (":0123456789abcdef", 1),
        ("a:0123456789abcdef:chief", 1),
        ("a:0123456789abcde", 1),
        ("a:sha256=00", 1),
        ("a:0123456789abcdef b:short", 2),
        ("a:0123456789abcdef,a:0123456789abcdeg", 2),
        ("a/b:0123456789abcdef", 1),
    ],
)
def test_a_wrong_entry_is_named_by_its_number(entries: str, number: int) -> None:
    """Never by what it holds: it is a secret."""
    with pytest.raises(SettingsError) as said:
        access(http_api_keys=entries)

    assert f"entry {number}" in str(said.value)
    assert "0123456789" not in str(said.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.5", "::", "intranet.example", ""])
def test_without_keys_it_listens_to_nobody_else(host: str) -> None:
    """It says why, and what to do."""
    settings = {"http_api_keys": "", "http_host": host or "192.168.1.2"}

    with pytest.raises(SettingsError, match="HTTP_API_KEYS"):
        access(**settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1.2.3"])
def test_without_keys_this_machine_may_ask(host: str) -> None:
    """By any of its own names, but not change the archive."""
    open_access = access(http_api_keys="", http_host=host)
    name = f"[{host}]:8080" if ":" in host else f"{host}:8080"

    assert open_access.caller(request({"host": name}, "127.0.0.1")) == Caller(
        None, Role.ASK, "127.0.0.1"
    )


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "", "127.0.0.1.evil.example"]
)
def test_without_keys_another_name_is_refused(host: str) -> None:
    """A page that has its name point here (DNS rebinding), or a proxy that opens this to all."""
    with pytest.raises(Problem) as refused:
        access(http_api_keys="").caller(request({"host": host}, "127.0.0.1"))

    assert refused.value.status_code == 403


def test_an_identity_header_needs_listed_proxies() -> None:
    """Else anybody could send it."""
    with pytest.raises(SettingsError, match="HTTP_TRUSTED_PROXIES"):
        access(http_identity_header="X-Remote-User")


@pytest.mark.parametrize(
    ("peer", "name"), [("10.9.0.1", "Nguyễn Văn A"), ("10.8.0.1", None), ("nonsense", None)]
)
def test_an_identity_header_counts_from_a_listed_proxy_alone(peer: str, name: str | None) -> None:
    """From elsewhere it says nothing."""
    by_proxy = access(
        http_api_keys="",
        http_host="0.0.0.0",
        http_identity_header="X-Remote-User",
        http_trusted_proxies="10.9.0.0/16",
    )
    caller = by_proxy.caller(request(HEADERS | {"X-Remote-User": "Nguyễn Văn A"}, peer))

    assert (caller.name if caller else None) == name
    assert caller is None or caller.role is Role.ASK


@pytest.mark.parametrize(
    ("forwarded", "peer", "address"),
    [
        ("", "10.9.0.1", "10.9.0.1"),
        ("192.0.2.7", "10.9.0.1", "192.0.2.7"),
        ("192.0.2.7", "10.8.0.1", "10.8.0.1"),
        ("203.0.113.9, 192.0.2.7", "10.9.0.1", "192.0.2.7"),
        ("192.0.2.7, 10.9.0.2", "10.9.0.1", "192.0.2.7"),
        ("nonsense", "10.9.0.1", "10.9.0.1"),
    ],
)
def test_the_address_is_the_last_that_no_trusted_proxy_has(
    forwarded: str, peer: str, address: str
) -> None:
    """What a client itself wrote into the header is not believed."""
    by_proxy = access(http_trusted_proxies="10.9.0.0/16")
    headers = HEADERS | ({"x-forwarded-for": forwarded} if forwarded else {})

    assert by_proxy.address(request(headers, peer)) == address


@pytest.mark.parametrize(
    ("peer", "said", "scheme", "expected"),
    [
        ("10.9.0.1", "https", "http", True),
        ("10.8.0.1", "https", "http", False),
        ("10.9.0.1", "http", "http", False),
        ("10.8.0.1", "", "https", True),
    ],
)
def test_https_is_what_a_trusted_proxy_says(
    peer: str, said: str, scheme: str, expected: bool
) -> None:
    """Then the cookie is sent over https alone."""
    by_proxy = access(http_trusted_proxies="10.9.0.0/16")
    headers = HEADERS | ({"x-forwarded-proto": said} if said else {})

    assert by_proxy.is_secure(request(headers, peer, scheme)) is expected


def test_a_session_is_its_keys() -> None:
    """With the key's name and role."""
    keys = read_keys(KEYS)
    cookie = f"{COOKIE}={make_session(keys[1])}"

    assert access().caller(request(HEADERS | {"cookie": cookie})) == Caller(
        "quan-tri", Role.ADMIN, "10.1.2.3"
    )


def test_a_session_ends_with_its_time() -> None:
    """To the second."""
    (key, _) = read_keys(KEYS)
    session = make_session(key, now=1_000.0)

    assert read_session(session, [key], now=1_000.0 + SESSION_SECONDS) == key
    assert read_session(session, [key], now=1_001.0 + SESSION_SECONDS) is None


@pytest.mark.parametrize(
    "keys",
    [
        f"van-phong:{'b' * 20}",
        f"van-phong:{ASK_KEY}:admin",
        f"other:{ASK_KEY}",
        f"quan-tri:{ADMIN_KEY}",
    ],
)
def test_a_session_ends_with_its_key(keys: str) -> None:
    """Also where the key got another role, or its name another key."""
    (key, _) = read_keys(KEYS)

    assert read_session(make_session(key), read_keys(keys)) is None


def test_a_session_can_not_be_altered() -> None:
    """No other name, no later end, no other seal; nonsense neither."""
    key, admin = read_keys(KEYS)
    name, until, seal = make_session(key).split(".")
    admins_name = make_session(admin).split(".")[0]
    altered = [
        f"{admins_name}.{until}.{seal}",
        f"{name}.{int(until) + 1}.{seal}",
        f"{name}.{until}.{seal[:-1]}",
        f"{name}.{until}.",
        f"{name}.{until}.ệ",
        f"{name}.²³.{seal}",
        name,
        "",
        "...",
    ]

    assert [value for value in altered if read_session(value, [key, admin])] == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("localhost.", True),
        ("128.0.0.1", False),
        ("localhost.example", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_which_addresses_only_this_machine_reaches(host: str, expected: bool) -> None:
    """`0.0.0.0` is every address."""
    assert is_loopback(host) is expected
