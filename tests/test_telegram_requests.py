"""HTTP to Telegram, up to what becomes of a message; nothing leaves the process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.telegram import pace
from bot.telegram.delivery import DeliveryUnknown, deliver
from bot.telegram.pace import Pace, Wish
from bot.telegram.requests import Request, ServerFault
from bot.telegram.room import Room
from bot.telegram.splitting import Text
from tests.skipping_loop import Clock, run_skipping

ONE, TWO = Text("<b>1</b>", "1"), Text("<b>2</b>", "2")
MESSAGE = {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "1"}
Said = tuple[int, dict[str, Any]] | Exception
SENT: Said = (200, {"ok": True, "result": MESSAGE})
REFUSED: Said = (
    429,
    {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 5}},
)
NO_CONNECTION: Said = httpx.ConnectError("refused")


def fault(status: int) -> Said:
    return status, {"ok": False, "description": "Oops"}


def answering(request: Request, said: Sequence[Said], texts: list[str]) -> None:
    """Telegram says these, one after the other; which texts came is noted."""
    left = list(said)

    def handle(asked: httpx.Request) -> httpx.Response:
        texts.append(httpx.QueryParams(asked.content.decode()).get("text", ""))
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return httpx.Response(one[0], content=json.dumps(one[1]).encode())

    request._client = httpx.AsyncClient(transport=httpx.MockTransport(handle))


def posted(*said: Said) -> tuple[TelegramError | None, bool]:
    """The fault of a request, and whether the token was refused."""

    async def run() -> tuple[TelegramError | None, bool]:
        request = Request()
        answering(request, said, [])
        try:
            await request.post("https://telegram.invalid/x")
        except TelegramError as error:
            return error, request.is_refused.is_set()
        finally:
            await request._client.aclose()
        return None, request.is_refused.is_set()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "is_done_perhaps"),
    [(500, False), (501, True), (502, True), (503, False), (504, True), (520, True), (599, True)],
)
def test_a_server_s_fault_keeps_its_status(status: int, is_done_perhaps: bool) -> None:
    """500 and 503 say that nothing was done; a gateway, and whoever else, does not know."""
    error, is_refused = posted(fault(status))

    assert isinstance(error, ServerFault)
    assert str(error).endswith(f"server fault {status}")
    assert error.is_done_perhaps is is_done_perhaps
    assert pace.was_not_sent(error) is not is_done_perhaps
    assert not is_refused


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (fault(400), BadRequest),
        (fault(404), InvalidToken),
        (REFUSED, RetryAfter),
        (SENT, type(None)),
    ],
)
def test_what_is_no_server_s_fault_is_the_library_s(
    said: Said, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it always was; none of them is about the token."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    error, is_refused = posted(said)

    assert type(error) is kind
    assert not is_refused


def test_a_token_that_is_refused_is_noticed() -> None:
    """Whatever the request was for; the error is the library's."""
    error, is_refused = posted(fault(401))

    assert type(error) is InvalidToken
    assert is_refused


def delivered(
    monkeypatch: pytest.MonkeyPatch, said: Sequence[Said], wish: Wish | None = None
) -> tuple[list[str], list[int] | None]:
    """Which texts came to Telegram for two messages; None where the end is not known."""
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    texts: list[str] = []

    async def run() -> list[int] | None:
        request = Request()
        answering(request, said, texts)
        bot = ExtBot("1:a", request=request, rate_limiter=Pace())
        try:
            return await deliver(bot, Room(7, None, True), [ONE, TWO], wish=wish)
        except DeliveryUnknown:
            return None
        finally:
            await request._client.aclose()

    ids = run_skipping(clock, run())
    return texts, ids


@pytest.mark.parametrize(
    ("said", "texts", "is_known"),
    [
        ([SENT, SENT], [ONE, TWO], True),
        ([REFUSED, NO_CONNECTION, fault(500), fault(503), SENT, SENT], [*[ONE] * 5, TWO], True),
        ([SENT, REFUSED, SENT], [ONE, TWO, TWO], True),
        ([fault(502)], [ONE], False),
        ([fault(504)], [ONE], False),
        ([httpx.ReadTimeout("slow")], [ONE], False),
        ([SENT, httpx.ReadError("broke")], [ONE, TWO], False),
    ],
)
def test_a_message_is_sent_at_most_once(
    monkeypatch: pytest.MonkeyPatch, said: Sequence[Said], texts: Sequence[Text], is_known: bool
) -> None:
    """Again only where it certainly was not; the library, the pace and the delivery together."""
    came, ids = delivered(monkeypatch, said)

    assert came == [text.html for text in texts]
    assert ids == ([5, 5] if is_known else None)


def test_what_may_be_said_twice_is_sent_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least once."""
    said = [fault(502), httpx.ReadTimeout("slow"), fault(504), SENT, fault(502), SENT]
    came, ids = delivered(monkeypatch, said, Wish(is_repeatable=True))

    assert came == [ONE.html] * 4 + [TWO.html] * 2
    assert ids == [5, 5]


def test_a_later_part_that_stayed_is_still_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first part's refusals lead back to where nothing was sent."""
    states: list[str] = []

    async def leaving() -> None:
        states.append("sending")

    async def stayed() -> None:
        states.append("waiting")

    said = [REFUSED, SENT, REFUSED, NO_CONNECTION, SENT]
    came, ids = delivered(monkeypatch, said, Wish(leaving=leaving, stayed=stayed))

    assert came == [ONE.html] * 2 + [TWO.html] * 3
    assert ids == [5, 5]
    assert states == ["sending", "waiting", "sending", *["sending"] * 5]
