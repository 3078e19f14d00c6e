"""How fast the bot talks, by a clock on which waiting takes no time."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from itertools import pairwise
from typing import Any

import httpx
import pytest
from telegram.error import (
    BadRequest,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram import pace
from bot.telegram.pace import FRAME, FrameDropped, Pace, Window, Wish, was_not_sent
from bot.telegram.requests import ServerFault
from tests.skipping_loop import Clock, run_skipping

PERSON, OTHER, GROUP = 1, 2, -100


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Of the loop and of the module; a refusal's seconds are made without a warning."""
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    return clock


def refusal(seconds: float) -> RetryAfter:
    return RetryAfter(datetime.timedelta(seconds=seconds))


def caused(error: NetworkError, cause: Exception) -> NetworkError:
    """As the library raises it."""
    error.__cause__ = cause
    return error


READ_TIMEOUT = caused(TimedOut(), httpx.ReadTimeout("no answer"))
TWICE = Wish(is_repeatable=True)
NO_CONNECTION = caused(NetworkError("httpx.ConnectError"), httpx.ConnectError("refused"))


class Platform:
    """Takes requests, notes when they came, and answers the first ones with faults."""

    def __init__(self, clock: Clock) -> None:
        self.pace = Pace()
        self.came: list[tuple[float, str]] = []
        self._clock = clock

    def request(
        self,
        name: str,
        chat: int | str | None = PERSON,
        endpoint: str = "sendMessage",
        faults: Sequence[Exception] = (),
        wish: Wish | None = None,
        takes: float = 0.0,
    ) -> Coroutine[Any, Any, object]:
        left = list(faults)

        async def send(said: str) -> bool:
            self.came.append((round(self._clock.now, 3), said))
            await asyncio.sleep(takes)
            if left:
                raise left.pop(0)
            return True

        data = {} if chat is None else {"chat_id": chat}
        return self.pace.process_request(send, (), {"said": name}, endpoint, data, wish)

    def noting(self, name: str) -> Callable[[], Awaitable[None]]:
        """A hook that is noted among what came."""

        async def note() -> None:
            self.came.append((round(self._clock.now, 3), name))

        return note


def sent(
    clock: Clock, requests: Callable[[Platform], Sequence[Coroutine[Any, Any, object]]]
) -> tuple[list[tuple[float, str]], list[object]]:
    """When what came, and what became of each request; all are made at once."""
    platform = Platform(clock)

    async def run() -> list[object]:
        return await asyncio.gather(*requests(platform), return_exceptions=True)

    ended = run_skipping(clock, run())
    return platform.came, ended


def test_a_window_takes_so_many_in_its_seconds() -> None:
    """Two in ten seconds: after 0 and 4 the next may be at 10, then at 14."""
    window = Window(2, 10.0)
    window.add(0.0)

    assert window.free_at(3.0) == 3.0
    window.add(4.0)
    assert window.free_at(5.0) == 10.0
    assert window.free_at(9.9) == 10.0
    assert window.free_at(10.0) == 10.0
    window.add(10.0)
    assert window.free_at(10.0) == 14.0
    assert window.free_at(30.0) == 30.0


def test_a_window_that_was_free_is_full_again() -> None:
    """At the very moment that it named, whatever the sums are rounded to."""
    for millisecond in range(1, 3_000):
        window = Window(1, 1.05)
        began = millisecond / 1_000
        window.add(began)
        free = window.free_at(began)
        window.add(free)

        assert window.free_at(free) == pytest.approx(began + 2.1)


def test_a_window_is_used_until_its_last_event_is_old() -> None:
    """At its very end it is not."""
    window = Window(2, 10.0)

    assert not window.is_used(0.0)
    window.add(0.0)
    window.add(4.0)
    assert window.is_used(13.9)
    assert not window.is_used(14.0)


def test_a_chat_gets_a_message_a_second(clock: Clock) -> None:
    """In their order; another chat's do not wait for them."""
    came, ended = sent(
        clock,
        lambda to: [
            to.request("a"),
            to.request("b"),
            to.request("c", endpoint="sendDocument"),
            to.request("other", OTHER),
        ],
    )

    assert came == [(0.0, "a"), (0.0, "other"), (1.05, "b"), (2.1, "c")]
    assert ended == [True] * 4


def test_a_group_gets_twenty_a_minute(clock: Clock) -> None:
    """Nineteen gaps of a second, then the next minute; a person is not held up at all."""
    came, _ = sent(
        clock,
        lambda to: [
            *(to.request("group", GROUP, takes=0.001) for _ in range(22)),
            *(to.request("person", takes=0.001) for _ in range(22)),
        ],
    )
    group = [when for when, name in came if name == "group"]
    person = [when for when, name in came if name == "person"]

    assert group == [*(round(1.05 * n, 3) for n in range(20)), 60.05, 61.1]
    assert person == [round(1.05 * n, 3) for n in range(22)]


def test_all_chats_get_thirty_a_second(clock: Clock) -> None:
    """The others come when the first thirty are a second old."""
    came, _ = sent(clock, lambda to: [to.request("x", chat) for chat in range(1, 36)])

    assert [when for when, _ in came] == [0.0] * 30 + [1.05] * 5


def test_the_next_message_waits_for_the_one_on_its_way(clock: Clock) -> None:
    """Or they might arrive in the other order: it takes 3 s here."""
    came, _ = sent(clock, lambda to: [to.request("slow", takes=3.0), to.request("next")])

    assert came == [(0.0, "slow"), (3.0, "next")]


def test_a_refusal_makes_only_its_chat_wait(clock: Clock) -> None:
    """What was refused comes first, when it may; nothing is told twice."""
    came, ended = sent(
        clock,
        lambda to: [
            to.request("refused", faults=[refusal(7)]),
            to.request("behind it"),
            to.request("other", OTHER),
            to.request("other again", OTHER),
        ],
    )

    assert came == [
        (0.0, "refused"),
        (0.0, "other"),
        (1.05, "other again"),
        (7.05, "refused"),
        (8.1, "behind it"),
    ]
    assert ended == [True] * 4


def test_a_message_that_was_not_sent_is_sent_again(clock: Clock) -> None:
    """However often it takes, with pauses that grow up to half a minute (and half of that)."""
    came, ended = sent(clock, lambda to: [to.request("x", faults=[NO_CONNECTION] * 9)])
    times = [when for when, _ in came]
    pauses = [after - before for before, after in pairwise(times)]

    assert ended == [True]
    # The first pause is shorter than the second between two messages.
    assert pauses[0] == pytest.approx(1.05)
    for pause, least in zip(pauses[1:], (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0), strict=True):
        assert max(least, 1.05) - 0.001 <= pause <= 1.5 * least + 0.001


@pytest.mark.parametrize(
    "fault",
    [
        READ_TIMEOUT,
        caused(NetworkError("httpx.ReadError"), httpx.ReadError("broke")),
        ServerFault(502),
        TimedOut(),
        BadRequest("Message is too long"),
        Forbidden("bot was blocked by the user"),
    ],
)
def test_a_message_that_may_have_been_sent_is_not_repeated(
    clock: Clock, fault: TelegramError
) -> None:
    """Nor one that will never be taken; the next message goes on."""
    came, ended = sent(clock, lambda to: [to.request("x", faults=[fault]), to.request("next")])

    assert ended == [fault, True]
    assert came == [(0.0, "x"), (1.05, "next")]


def test_what_may_be_said_twice_is_sent_again(clock: Clock) -> None:
    """Where it is not known to have arrived; what will never be taken is not."""
    gateway, wrong = ServerFault(502), BadRequest("Chat not found")
    came, ended = sent(
        clock,
        lambda to: [
            to.request("twice", wish=TWICE, faults=[READ_TIMEOUT, gateway]),
            to.request("wrong", OTHER, wish=TWICE, faults=[wrong]),
        ],
    )

    assert [name for _, name in came] == ["twice", "wrong", "twice", "twice"]
    assert ended == [True, wrong]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NO_CONNECTION, True),
        (caused(TimedOut(), httpx.ConnectTimeout("")), True),
        (caused(TimedOut(), httpx.PoolTimeout("")), True),
        (ServerFault(500), True),
        (ServerFault(501), False),
        (ServerFault(502), False),
        (ServerFault(503), True),
        (ServerFault(504), False),
        (ServerFault(520), False),
        (NetworkError("Internal Server Error"), False),
        (READ_TIMEOUT, False),
        (caused(TimedOut(), httpx.WriteTimeout("")), False),
        (caused(NetworkError(""), httpx.RemoteProtocolError("")), False),
        (TimedOut(), False),
        (BadRequest("Chat not found"), False),
    ],
)
def test_what_was_certainly_not_sent(error: NetworkError, expected: bool) -> None:
    """No connection, or Telegram's own word; a broken connection and a gateway say nothing."""

    assert was_not_sent(error) is expected


@pytest.mark.parametrize(
    ("endpoint", "wish"),
    [
        ("sendMessageDraft", None),
        ("sendChatAction", None),
        ("sendMessage", FRAME),
        ("editMessageText", FRAME),
    ],
)
def test_a_frame_is_dropped_while_a_message_is_on_its_way(
    clock: Clock, endpoint: str, wish: Wish | None
) -> None:
    """It would arrive behind it; without one it is sent at once, with no second between."""

    def requests(to: Platform) -> list[Coroutine[Any, Any, object]]:
        return [
            to.request("frame", endpoint=endpoint, wish=wish),
            to.request("another", endpoint=endpoint, wish=wish),
            to.request("message", takes=2.0),
            to.request("late", endpoint=endpoint, wish=wish),
            to.request("elsewhere", OTHER, endpoint, wish=wish),
        ]

    came, ended = sent(clock, requests)

    assert [name for _, name in came] == ["frame", "another", "message", "elsewhere"]
    assert {when for when, _ in came} == {0.0}
    assert [type(one) for one in ended] == [bool, bool, bool, FrameDropped, bool]


def test_a_refused_frame_is_dropped_and_holds_the_chat(clock: Clock) -> None:
    """The message behind it waits as long as was said; frames until then are dropped."""

    async def frame(to: Platform, second: float) -> object:
        await asyncio.sleep(second)
        return await to.request(f"frame {second}", endpoint="sendMessageDraft")

    def requests(to: Platform) -> list[Coroutine[Any, Any, object]]:
        refused = to.request("refused", endpoint="sendMessageDraft", faults=[refusal(5)])
        return [refused, frame(to, 4.9), frame(to, 5.1)]

    came, ended = sent(clock, requests)

    assert came == [(0.0, "refused"), (5.1, "frame 5.1")]
    assert [type(one) for one in ended] == [FrameDropped, FrameDropped, bool]


def test_a_message_waits_for_what_a_frame_was_told(clock: Clock) -> None:
    """The platform counts both."""

    async def message(to: Platform) -> object:
        await asyncio.sleep(1)
        return await to.request("message")

    def requests(to: Platform) -> list[Coroutine[Any, Any, object]]:
        refused = to.request("frame", endpoint="sendChatAction", faults=[refusal(5)])
        return [refused, message(to)]

    came, _ = sent(clock, requests)

    assert came == [(0.0, "frame"), (5.0, "message")]


def test_frames_count_among_the_thirty(clock: Clock) -> None:
    """Eight a second and no more; 22 messages are left then, and the next one waits."""

    def requests(to: Platform) -> list[Coroutine[Any, Any, object]]:
        frames = [to.request("frame", chat, "sendMessageDraft") for chat in range(1, 10)]
        return [*frames, *(to.request("message", chat) for chat in range(10, 33))]

    came, ended = sent(clock, requests)

    assert came == [(0.0, "frame")] * 8 + [(0.0, "message")] * 22 + [(1.05, "message")]
    assert [type(one) for one in ended[7:10]] == [bool, FrameDropped, bool]


def test_frames_are_dropped_behind_thirty_messages(clock: Clock) -> None:
    """Until the second is over."""

    async def frame(to: Platform, second: float) -> object:
        await asyncio.sleep(second)
        return await to.request(f"frame {second}", 99, "sendMessageDraft")

    def requests(to: Platform) -> list[Coroutine[Any, Any, object]]:
        messages = [to.request("message", chat) for chat in range(1, 31)]
        return [*messages, frame(to, 0.5), frame(to, 1.1)]

    came, ended = sent(clock, requests)

    assert came == [(0.0, "message")] * 30 + [(1.1, "frame 1.1")]
    assert type(ended[30]) is FrameDropped


def test_a_frame_that_fails_is_not_repeated(clock: Clock) -> None:
    """Whatever the fault is, its caller learns of it."""
    came, ended = sent(
        clock,
        lambda to: [to.request("x", endpoint="sendMessageDraft", faults=[NO_CONNECTION])],
    )

    assert (came, ended) == ([(0.0, "x")], [NO_CONNECTION])


def test_an_edit_waits_for_the_chat_and_takes_no_second(clock: Clock) -> None:
    """It follows what is on its way, and what comes behind it follows it."""
    came, ended = sent(
        clock,
        lambda to: [
            to.request("message", takes=3.0),
            to.request("edit", endpoint="editMessageText", takes=0.5),
            to.request("again", endpoint="editMessageText"),
            to.request("behind"),
            to.request("other", OTHER, "editMessageText"),
        ],
    )

    assert came == [
        (0.0, "message"),
        (0.0, "other"),
        (3.0, "edit"),
        (3.5, "again"),
        (3.5, "behind"),
    ]
    assert ended == [True] * 5


def test_an_edit_counts_among_the_thirty(clock: Clock) -> None:
    """The thirty-first of a second waits, edit or message."""
    came, _ = sent(
        clock, lambda to: [to.request("x", chat, "editMessageText") for chat in range(1, 33)]
    )

    assert [when for when, _ in came] == [0.0] * 30 + [1.05] * 2


def test_an_edit_is_made_until_it_is_known_to_be_made(clock: Clock) -> None:
    """Whatever the fault, with pauses that grow to half a minute; it may be made twice."""
    faults = [READ_TIMEOUT, ServerFault(502), TimedOut(), NO_CONNECTION, *[READ_TIMEOUT] * 5]
    came, ended = sent(
        clock, lambda to: [to.request("x", endpoint="editMessageText", faults=faults)]
    )
    pauses = [after - before for before, after in pairwise(when for when, _ in came)]

    assert ended == [True]
    for pause, least in zip(pauses, (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, *[30.0] * 3), strict=True):
        assert least - 0.001 <= pause <= 1.5 * least + 0.001


@pytest.mark.parametrize("fault", [BadRequest("not modified"), Forbidden("blocked")])
def test_an_edit_that_will_never_be_made_is_not_repeated(
    clock: Clock, fault: TelegramError
) -> None:
    """Its caller learns why."""
    came, ended = sent(
        clock, lambda to: [to.request("x", endpoint="editMessageText", faults=[fault])]
    )

    assert (came, ended) == ([(0.0, "x")], [fault])


def test_a_refused_edit_holds_its_chat(clock: Clock) -> None:
    """What is behind it waits as long."""
    came, _ = sent(
        clock,
        lambda to: [
            to.request("edit", endpoint="editMessageText", faults=[refusal(3)]),
            to.request("behind"),
            to.request("other", OTHER),
        ],
    )

    assert came == [(0.0, "edit"), (0.0, "other"), (3.05, "edit"), (3.05, "behind")]


def test_the_hooks_of_a_wish_are_around_each_attempt(clock: Clock) -> None:
    """`leaving` when its turn is there, `stayed` before the wait: after a 429 and without net."""
    came, ended = sent(
        clock,
        lambda to: [
            to.request("first"),
            to.request(
                "x",
                wish=Wish(leaving=to.noting("leaving"), stayed=to.noting("stayed")),
                faults=[refusal(7), NO_CONNECTION],
            ),
        ],
    )

    assert ended == [True, True]
    assert came == [
        (0.0, "first"),
        (1.05, "leaving"),
        (1.05, "x"),
        (1.05, "stayed"),
        (8.1, "leaving"),
        (8.1, "x"),
        (8.1, "stayed"),
        (9.15, "leaving"),
        (9.15, "x"),
    ]


@pytest.mark.parametrize(
    "fault",
    [READ_TIMEOUT, ServerFault(504), BadRequest("chat not found"), Forbidden("blocked"), None],
)
def test_what_may_have_left_did_not_stay(clock: Clock, fault: TelegramError | None) -> None:
    """Nor what will never leave: only who waits again is told that it stayed."""
    came, ended = sent(
        clock,
        lambda to: [
            to.request(
                "x",
                wish=Wish(leaving=to.noting("leaving"), stayed=to.noting("stayed")),
                faults=[fault] if fault else [],
            )
        ],
    )

    assert came == [(0.0, "leaving"), (0.0, "x")]
    assert ended == [fault or True]


def test_what_is_neither_is_repeated_three_times(clock: Clock) -> None:
    """After pauses of 0.5, 1 and 2 s, each up to a half longer; then the fault is raised."""
    came, ended = sent(
        clock, lambda to: [to.request("x", endpoint="deleteMessage", faults=[READ_TIMEOUT] * 4)]
    )
    times = [when for when, _ in came]

    assert ended == [READ_TIMEOUT]
    assert len(times) == 4
    for (before, after), least in zip(pairwise(times), (0.5, 1.0, 2.0), strict=True):
        assert least - 0.001 <= after - before <= 1.5 * least + 0.001


def test_what_is_neither_waits_out_a_refusal(clock: Clock) -> None:
    """And holds up no message meanwhile; a bad request is raised at once."""
    wrong = BadRequest("query is too old")
    came, ended = sent(
        clock,
        lambda to: [
            to.request("refused", endpoint="deleteMessage", faults=[refusal(3)]),
            to.request("wrong", endpoint="answerCallbackQuery", faults=[wrong], chat=None),
            to.request("message"),
        ],
    )

    assert came == [(0.0, "refused"), (0.0, "wrong"), (0.0, "message"), (3.05, "refused")]
    assert ended == [True, wrong, True]


def test_a_chat_without_a_number_is_not_paced(clock: Clock) -> None:
    """The bot writes to chats that wrote to it, which have one."""
    came, _ = sent(clock, lambda to: [to.request("x", "@channel"), to.request("y", "@channel")])

    assert came == [(0.0, "x"), (0.0, "y")]


def test_the_quiet_are_forgotten_and_the_busy_are_not(clock: Clock) -> None:
    """At every thousandth chat: a group's minute and what was said in this second stay."""

    async def run(to: Platform) -> None:
        await to.request("group", GROUP)
        for chat in range(1, 999):
            to.pace._chat({"chat_id": chat})
        clock.now += 10
        await to.request("busy", PERSON)
        to.pace._chat({"chat_id": 5_000})

    platform = Platform(clock)
    run_skipping(clock, run(platform))

    assert sorted(platform.pace._chats) == [GROUP, PERSON, 5_000]


def test_a_chat_that_was_refused_or_has_something_on_its_way_is_busy(clock: Clock) -> None:
    """It is not forgotten either, or its order would be lost."""

    async def run(to: Platform) -> None:
        await asyncio.gather(
            to.request("refused", PERSON, "sendChatAction", faults=[refusal(20)]),
            return_exceptions=True,
        )
        slow = asyncio.ensure_future(to.request("slow", OTHER, takes=15.0))
        await asyncio.sleep(10)
        for chat in range(1_000, 1_998):
            to.pace._chat({"chat_id": chat})
        await slow

    platform = Platform(clock)
    run_skipping(clock, run(platform))

    assert sorted(platform.pace._chats) == [PERSON, OTHER, 1_997]
