"""What is seen while an answer is being made, by a clock on which waiting takes no time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import pytest
from telegram import ReplyParameters
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.telegram import preview as previews
from bot.telegram.delivery import Bot
from bot.telegram.pace import FRAME, FrameDropped, Wish
from bot.telegram.preview import Preview
from bot.telegram.room import Room
from bot.telegram.splitting import Text
from tests.skipping_loop import Clock, run_skipping

PRIVATE = Room(1, None, True)
GROUP = Room(-100, 7, False)
NO_DRAFTS = BadRequest("method not found")


class Sent:
    message_id = 50


class SeenBot:
    """Notes when it was told to show what; each call takes `takes` seconds, faults come first."""

    def __init__(
        self,
        clock: Clock,
        draft: Sequence[Exception | None] = (),
        send: Sequence[Exception | None] = (),
        edit: Sequence[Exception | None] = (),
        takes: float = 0.0,
    ) -> None:
        self.seen: list[tuple[float, str, object]] = []
        self.timeouts: list[dict[str, float]] = []
        self._clock = clock
        self._faults = {"draft": list(draft), "send": list(send), "edit": list(edit)}
        self._takes = takes

    async def _see(self, kind: str, what: object) -> None:
        self.seen.append((round(self._clock.now, 3), kind, what))
        await asyncio.sleep(self._takes)
        faults = self._faults.get(kind, [])
        fault = faults.pop(0) if faults else None
        if fault:
            raise fault

    def _time(self, more: dict[str, Any]) -> None:
        self.timeouts.append({name: one for name, one in more.items() if "timeout" in name})

    async def send_message_draft(self, chat: int, draft: int, text: str, **more: Any) -> None:
        assert (chat, draft) == (1, 9)
        self._time(more)
        await self._see("draft", text)

    async def send_message(
        self,
        chat: int,
        text: str,
        rate_limit_args: Wish,
        reply_parameters: ReplyParameters,
        **more: Any,
    ) -> Sent:
        assert (chat, rate_limit_args, reply_parameters.message_id) == (1, FRAME, 9)
        self._time(more)
        await self._see("send", text)
        return Sent()

    async def edit_message_text(
        self, text: str, chat: int, message: int, rate_limit_args: Wish, **more: Any
    ) -> None:
        assert (chat, message, rate_limit_args) == (1, 50, FRAME)
        self._time(more)
        await self._see("edit", text)

    async def send_chat_action(
        self, chat: int, action: str, message_thread_id: int, **_: float
    ) -> None:
        await self._see(action, (chat, message_thread_id))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Of the loop and of the module."""
    clock = Clock()
    monkeypatch.setattr(previews, "time", clock)
    return clock


def previewed(
    clock: Clock,
    bot: SeenBot,
    work: Callable[[Preview], Awaitable[None]],
    room: Room = PRIVATE,
    interval: float = 2.0,
) -> tuple[int | None, list[int]]:
    """The message that was edited, and what was told of it."""
    preview, told = opened(clock, bot, work, room, interval)
    return preview.message, told


def opened(
    clock: Clock,
    bot: SeenBot,
    work: Callable[[Preview], Awaitable[None]],
    room: Room = PRIVATE,
    interval: float = 2.0,
) -> tuple[Preview, list[int]]:
    """A preview when it has ended, and what was told of its message."""
    told: list[int] = []

    async def on_message(message: int) -> None:
        await asyncio.sleep(0)
        told.append(message)

    async def run() -> Preview:
        async with Preview(cast(Bot, bot), room, 9, interval, on_message) as preview:
            await work(preview)
        return preview

    return run_skipping(clock, run()), told


def texts(*shown: tuple[float, str]) -> Callable[[Preview], Awaitable[None]]:
    """News at these seconds; the answer is there with the last, whose text is not shown."""

    async def work(preview: Preview) -> None:
        now = 0.0
        for second, text in shown:
            await asyncio.sleep(second - now)
            now = second
            preview.show(Text(f"<i>{text}</i>", text))

    return work


def test_a_short_wait_needs_no_preview(clock: Clock) -> None:
    """Nothing within 0.7 s, and the answer does not wait for one."""
    bot = SeenBot(clock)
    previewed(clock, bot, texts((0.0, "a"), (0.69, "b")))

    assert bot.seen == []
    assert clock.now == 0.69


def test_a_draft_grows(clock: Clock) -> None:
    """At 0.7 s and each two seconds then, the newest only, and only where it is news."""
    bot = SeenBot(clock)
    shown = texts((0.0, "a"), (1.0, "b"), (2.0, "c"), (3.0, "d"), (9.0, "end"))

    assert previewed(clock, bot, shown) == (None, [])
    assert bot.seen == [
        (0.7, "draft", "<i>a</i>"),
        (2.7, "draft", "<i>c</i>"),
        (4.7, "draft", "<i>d</i>"),
    ]
    assert clock.now == 9.0


def test_nothing_is_shown_before_there_is_something(clock: Clock) -> None:
    """The first preview is that after the first news."""
    bot = SeenBot(clock)
    previewed(clock, bot, texts((1.0, "a"), (4.0, "end")))

    assert bot.seen == [(2.7, "draft", "<i>a</i>")]


def test_a_dropped_frame_is_tried_at_the_next_turn(clock: Clock) -> None:
    """With what is the newest then."""
    bot = SeenBot(clock, draft=[FrameDropped()])
    previewed(clock, bot, texts((0.0, "a"), (6.0, "end")))

    assert bot.seen == [(0.7, "draft", "<i>a</i>"), (2.7, "draft", "<i>a</i>")]


def test_news_during_a_preview_is_shown_by_the_next(clock: Clock) -> None:
    """That of 0.7 s takes half a second, in which `b` comes; nothing comes after it."""
    bot = SeenBot(clock, takes=0.5)
    previewed(clock, bot, texts((0.0, "a"), (1.0, "b"), (9.0, "end")))

    assert bot.seen == [(0.7, "draft", "<i>a</i>"), (3.2, "draft", "<i>b</i>")]


def test_without_drafts_a_message_is_edited(clock: Clock) -> None:
    """It is sent at once, told of, and becomes the answer."""
    bot = SeenBot(clock, draft=[NO_DRAFTS])
    shown = texts((0.0, "a"), (1.0, "b"), (3.0, "c"), (8.0, "end"))

    assert previewed(clock, bot, shown) == (50, [50])
    assert bot.seen == [
        (0.7, "draft", "<i>a</i>"),
        (0.7, "send", "<i>a</i>"),
        (2.7, "edit", "<i>b</i>"),
        (4.7, "edit", "<i>c</i>"),
    ]


def test_edits_are_at_least_one_and_a_half_seconds_apart(clock: Clock) -> None:
    """Drafts may come faster."""
    news = texts(*((0.1 * n, f"{n}") for n in range(45)))
    drafts, edits = SeenBot(clock), SeenBot(clock, draft=[NO_DRAFTS])
    previewed(clock, drafts, news, interval=1.0)
    began = clock.now
    previewed(clock, edits, news, interval=1.0)

    assert [when for when, *_ in drafts.seen] == [0.7, 1.7, 2.7, 3.7]
    assert [round(when - began, 3) for when, *_ in edits.seen] == [0.7, 0.7, 2.2, 3.7]


@pytest.mark.parametrize("fault", [NetworkError("reset"), TimedOut()])
def test_a_draft_is_tried_again_after_a_fault_of_the_network(
    clock: Clock, fault: TelegramError
) -> None:
    """It may be there or not; the next one takes its place."""
    bot = SeenBot(clock, draft=[fault])
    preview, _ = opened(clock, bot, texts((0.0, "a"), (3.0, "end")))

    assert [kind for _, kind, _ in bot.seen] == ["draft", "draft"]
    assert not preview.is_unsure


@pytest.mark.parametrize(
    ("fault", "is_unsure"),
    [
        (NetworkError("reset"), True),
        (TimedOut(), True),
        (BadRequest("message to edit not found"), False),
        (TelegramError("any"), False),
    ],
)
def test_an_edit_that_fails_is_the_last(
    clock: Clock, fault: TelegramError, is_unsure: bool
) -> None:
    """One that may still be carried out would overwrite the answer: so much is known of it."""
    bot = SeenBot(clock, draft=[NO_DRAFTS], edit=[fault])
    shown = texts((0.0, "a"), (1.0, "b"), (4.0, "c"), (9.0, "end"))
    preview, told = opened(clock, bot, shown)

    assert [kind for _, kind, _ in bot.seen] == ["draft", "send", "edit"]
    assert (preview.is_unsure, preview.message, told) == (is_unsure, 50, [50])


def test_an_edit_whose_turn_it_is_not_is_no_fault(clock: Clock) -> None:
    """It did not leave: the next one is made."""
    bot = SeenBot(clock, draft=[NO_DRAFTS], edit=[FrameDropped()])
    preview, _ = opened(clock, bot, texts((0.0, "a"), (1.0, "b"), (6.0, "end")))

    assert [kind for _, kind, _ in bot.seen] == ["draft", "send", "edit", "edit"]
    assert not preview.is_unsure


@pytest.mark.parametrize(
    "fault", [BadRequest("chat not found"), TelegramError("any"), NetworkError("reset")]
)
def test_where_neither_works_there_is_no_preview(clock: Clock, fault: TelegramError) -> None:
    """It is not tried again and again, and the answer knows nothing of it."""
    bot = SeenBot(clock, draft=[NO_DRAFTS], send=[fault])

    assert previewed(clock, bot, texts((0.0, "a"), (2.0, "b"), (9.0, "end"))) == (None, [])
    assert [kind for _, kind, _ in bot.seen] == ["draft", "send"]


def test_a_draft_without_news_is_shown_again(clock: Clock) -> None:
    """Before Telegram takes it away after 30 s: at the first turn after 20."""
    bot = SeenBot(clock)
    previewed(clock, bot, texts((0.0, "a"), (50.0, "end")), interval=3.0)

    assert bot.seen == [(when, "draft", "<i>a</i>") for when in (0.7, 21.7, 42.7)]


def test_a_message_without_news_stays(clock: Clock) -> None:
    """Telegram refuses an edit that changes nothing."""
    bot = SeenBot(clock, draft=[NO_DRAFTS])
    previewed(clock, bot, texts((0.0, "a"), (99.0, "end")))

    assert [kind for _, kind, _ in bot.seen] == ["draft", "send"]


def test_a_preview_on_its_way_is_waited_for(clock: Clock) -> None:
    """Or it would arrive behind the answer: that of 0.7 s is there at 2.7 s."""
    bot = SeenBot(clock, takes=2.0)
    previewed(clock, bot, texts((0.0, "a"), (1.0, "end")))

    assert bot.seen == [(0.7, "draft", "<i>a</i>")]
    assert clock.now == pytest.approx(2.7)


def test_a_preview_that_hangs_is_given_up(clock: Clock) -> None:
    """The answer waits for it: whatever is sent has seconds, where a message has half a minute."""
    bot = SeenBot(clock, draft=[NO_DRAFTS])
    previewed(clock, bot, texts((0.0, "a"), (1.0, "b"), (9.0, "end")))

    assert len(bot.timeouts) == 3
    for one in bot.timeouts:
        assert sorted(one) == ["connect_timeout", "pool_timeout", "read_timeout", "write_timeout"]
        assert sum(one.values()) < 10


def test_a_failing_answer_ends_the_preview(clock: Clock) -> None:
    """The fault is the answer's."""
    bot = SeenBot(clock)

    async def fail(preview: Preview) -> None:
        preview.show(Text("a", "a"))
        await asyncio.sleep(1)
        raise KeyError

    with pytest.raises(KeyError):
        previewed(clock, bot, fail)
    assert bot.seen == [(0.7, "draft", "a")]
    assert clock.now == 1.0


def test_a_group_sees_that_the_bot_is_typing(clock: Clock) -> None:
    """At once, once, in its topic; no text."""
    bot = SeenBot(clock)

    assert previewed(clock, bot, texts((0.0, "a"), (9.0, "end")), GROUP) == (None, [])
    assert bot.seen == [(0.0, "typing", (-100, 7))]


@pytest.mark.parametrize("fault", [FrameDropped(), BadRequest("not enough rights")])
def test_a_group_that_takes_no_sign_gets_its_answer(clock: Clock, fault: Exception) -> None:
    """No fault of a preview matters."""
    bot = SeenBot(clock)
    bot._faults["typing"] = [fault]

    assert previewed(clock, bot, texts((0.0, "a"), (1.0, "end")), GROUP) == (None, [])
    assert len(bot.seen) == 1
