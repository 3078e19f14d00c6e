"""Who is answered, and how often."""

from __future__ import annotations

import pytest

from bot.telegram import access
from bot.telegram.access import Access
from retrieval.settings import Settings
from tests.skipping_loop import Clock

ADMIN, STRANGER, GROUP = 5, 7, -100


def access_of(clock: Clock | None = None, **settings: str | int) -> Access:
    values = {"telegram_allowed_chats": "", "telegram_admins": "5", **settings}
    return Access(Settings.model_validate(values), (clock or Clock()).monotonic)


@pytest.mark.parametrize(
    ("allowed", "chat", "person", "expected"),
    [
        ("", STRANGER, STRANGER, True),
        ("", GROUP, None, True),
        ("-100", GROUP, STRANGER, True),
        ("-100", GROUP, None, True),
        ("-100", STRANGER, STRANGER, False),
        ("-100", -101, STRANGER, False),
        ("-100", -101, None, False),
        ("-100, 7", STRANGER, STRANGER, True),
        ("-100", ADMIN, ADMIN, True),
        ("-100", -101, ADMIN, True),
        # A person who is allowed in private does not open every group.
        ("7", GROUP, STRANGER, False),
    ],
)
def test_the_list_of_chats(allowed: str, chat: int, person: int | None, expected: bool) -> None:
    """Empty it lets everybody in; an admin may ask anywhere."""

    assert access_of(telegram_allowed_chats=allowed).is_allowed(chat, person) is expected


@pytest.mark.parametrize(("person", "expected"), [(5, True), (6, True), (7, False), (None, False)])
def test_admins_are_those_named(person: int | None, expected: bool) -> None:
    """By the number of the person."""

    assert access_of(telegram_admins="5,6").is_admin(person) is expected


def test_the_hour_is_a_window() -> None:
    """Two an hour: asked at 0 and 600 s, the third waits until 3,600 s, the fourth until 4,200."""
    clock = Clock()
    one = access_of(clock, telegram_questions_per_hour=2)

    def at(second: float) -> int:
        clock.now = second
        return one.minutes_to_wait(STRANGER)

    assert [at(0), at(600)] == [0, 0]
    # What was turned away is not counted, or one who tries on would wait for ever.
    assert [at(601), at(3_539), at(3_540), at(3_599)] == [50, 2, 1, 1]
    assert at(3_600) == 0
    assert at(3_601) == 10
    assert at(4_200) == 0


def test_each_person_has_an_hour_of_their_own() -> None:
    """One who asks too often keeps nobody else from asking."""
    one = access_of(telegram_questions_per_hour=1)

    assert [one.minutes_to_wait(person) for person in (7, 7, 8, 8)] == [0, 60, 0, 60]


def test_an_admin_and_no_limit_are_not_counted() -> None:
    """0 is no limit."""
    limited = access_of(telegram_questions_per_hour=1)
    unlimited = access_of(telegram_questions_per_hour=0)

    assert [limited.minutes_to_wait(ADMIN) for _ in range(3)] == [0, 0, 0]
    assert [unlimited.minutes_to_wait(STRANGER) for _ in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("allowed", "expected"), [("", True), (" ", True), ("7", False), ("-100, 7", False)]
)
def test_an_empty_list_is_open(allowed: str, expected: bool) -> None:
    """Everybody may ask then."""

    assert access_of(telegram_allowed_chats=allowed).is_open is expected


def test_a_refusal_is_told_once_an_hour() -> None:
    """To each of them; what was not told does not make the hour longer."""
    clock = Clock()
    one = access_of(clock)

    def at(second: float, who: int) -> bool:
        clock.now = second
        return one.is_to_be_told(who)

    assert [at(0, STRANGER), at(1, STRANGER), at(2, GROUP), at(3_599, STRANGER)] == [
        True,
        False,
        True,
        False,
    ]
    assert [at(3_600, STRANGER), at(3_601, GROUP), at(3_602, GROUP)] == [True, False, True]


def test_who_was_told_long_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many; who was told within the hour is not."""
    monkeypatch.setattr(access, "_MANY", 2)
    clock = Clock()
    one = access_of(clock)
    for second, who in ((0, 1), (100, 2), (3_000, 3), (3_650, 4)):
        clock.now = second
        assert one.is_to_be_told(who)

    assert sorted(one._told) == [2, 3, 4]
    assert not one.is_to_be_told(3)


def test_the_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many people only those who asked within the hour are remembered."""
    monkeypatch.setattr(access, "_MANY", 2)
    clock = Clock()
    one = access_of(clock, telegram_questions_per_hour=1)
    for second, person in ((0, 1), (3_000, 2), (3_700, 3)):
        clock.now = second
        assert one.minutes_to_wait(person) == 0

    assert sorted(one._asked) == [2, 3]
    assert one.minutes_to_wait(2) == 49  # asked at 3,000 s: 2,900 s are left
