"""The LLM client against a server that fails exactly as the script says."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from contextlib import aclosing

import pytest
from pydantic import SecretStr

from bot.llm import Limits, Message, OpenAIChat
from bot.llm_faults import LLMUnavailable, Reason
from retrieval.settings import Settings
from tests.scripted_server import Step, chunk, refusal, reply, scripted

KEY = "sk-very-secret-key"
QUESTION = "Câu hỏi riêng tư của người dân"
MESSAGES: list[Message] = [{"role": "user", "content": QUESTION}]
QUICK = Limits(whole=5, silence=3, at_once=2, wait=0.1)
DONE = "data: [DONE]\n\n"
JSON = {"Content-Type": "application/json"}


async def ask(base_url: str, limits: Limits = QUICK, key: str = KEY) -> tuple[str, Reason | None]:
    """The pieces joined by `|`, and why no more came."""
    chat = OpenAIChat(base_url, key, "m", limits)
    pieces = []
    try:
        async with aclosing(chat.stream(MESSAGES, 32)) as stream:
            async for piece in stream:
                pieces.append(piece)
    except LLMUnavailable as error:
        failure = error
    else:
        return "|".join(pieces), None
    finally:
        await chat.close()
    # An error of the client would hold the request, and that the key.
    assert (failure.__cause__, failure.__context__) == (None, None)
    return "|".join(pieces), failure.reason


def test_a_reply_in_pieces() -> None:
    """Pieces come as the server sent them; only standard parameters are sent."""
    with scripted(reply("Một ", "câu [1].")) as (server, url):
        assert asyncio.run(ask(url)) == ("Một |câu [1].", None)
    assert server.requests == [
        {
            "model": "m",
            "messages": MESSAGES,
            "stream": True,
            "max_tokens": 32,
            "temperature": 0,
            "stream_options": {"include_usage": True},
        }
    ]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (refusal(401, "Incorrect API key"), Reason.KEY_REFUSED),
        (refusal(403), Reason.KEY_REFUSED),
        (refusal(404, "model 'm' not found"), Reason.MODEL_UNKNOWN),
        (refusal(404, "gone", code="model_not_found"), Reason.MODEL_UNKNOWN),
        (Step(404, ["<html>Not Found"], {"Content-Type": "text/html"}), Reason.ADDRESS_WRONG),
        (refusal(400, "n", type="exceed_context_size_error"), Reason.PROMPT_TOO_LONG),
        (refusal(400, "n", code="context_length_exceeded"), Reason.PROMPT_TOO_LONG),
        (
            refusal(400, "'max_tokens' is too large: 9. The maximum context length is 8"),
            Reason.PROMPT_TOO_LONG,
        ),
        (refusal(400, "something else"), Reason.REQUEST_REFUSED),
        (refusal(429, headers={"Retry-After": "100"}), Reason.RATE_LIMITED),
        (Step(parts=[]), Reason.EMPTY),
        (Step(parts=[DONE]), Reason.EMPTY),
        (reply(), Reason.EMPTY),
        (reply(" ", "\n"), Reason.EMPTY),
        (Step(parts=["<html>Welcome</html>"], headers=JSON), Reason.NOT_UNDERSTOOD),
        (Step(parts=["data: {broken\n\n"]), Reason.NOT_UNDERSTOOD),
        (Step(parts=['data: "text"\n\n']), Reason.NOT_UNDERSTOOD),
        (Step(parts=['data: {"choices": [{"delta": {"content": 5}}]}\n\n']), Reason.NOT_UNDERSTOOD),
        (Step(parts=['data: {"error": {"message": "m", "code": 401}}\n\n']), Reason.KEY_REFUSED),
    ],
)
def test_each_fault_has_its_reason(step: Step, reason: Reason) -> None:
    """Whatever the server does, it is one exception; what can not change is not tried again."""
    with scripted(step) as (server, url):
        text, found = asyncio.run(ask(url))
    assert (text.strip("| \n"), found, len(server.requests)) == ("", reason, 1)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (reply("Một câu", finish="length"), Reason.CUT_OFF),
        (reply("Một câu", finish="content_filter"), Reason.REQUEST_REFUSED),
        (Step(parts=[chunk("Một câu"), DONE]), Reason.BROKEN_OFF),
        (Step(parts=[chunk("Một câu")]), Reason.BROKEN_OFF),
        (Step(parts=[chunk("Một câu")], is_broken=True), Reason.BROKEN_OFF),
        (Step(parts=[chunk("Một câu"), "data: {bro\n\n"]), Reason.NOT_UNDERSTOOD),
        (Step(parts=[chunk("Một câu"), 'data: {"error": {"message": "m"}}\n\n']), "server_error"),
    ],
)
def test_after_the_first_piece_nothing_is_tried_again(step: Step, reason: str) -> None:
    """The piece was delivered, then comes the failure."""
    with scripted(step) as (server, url):
        assert asyncio.run(ask(url)) == ("Một câu", reason)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "step",
    [refusal(500), refusal(429, headers={"Retry-After": "0.1"}), Step(is_broken=True)],
    ids=["500", "429", "broken"],
)
def test_what_may_pass_is_tried_again(step: Step) -> None:
    """Before the first piece, twice at most."""
    with scripted(step, step, reply("Được.")) as (server, url):
        assert asyncio.run(ask(url)) == ("Được.", None)
    assert len(server.requests) == 3


def test_retries_are_bounded() -> None:
    """A server that fails and fails is given up."""
    with scripted(refusal(503)) as (server, url):
        assert asyncio.run(ask(url)) == ("", Reason.SERVER_ERROR)
    assert len(server.requests) == 3


def test_what_a_server_refuses_is_left_out() -> None:
    """OpenAI's reasoning models take neither max_tokens nor a temperature; it is remembered."""
    steps = [
        refusal(400, "Unsupported parameter: 'max_tokens' is not supported with this model."),
        refusal(400, "Unsupported value", param="temperature", code="unsupported_value"),
        reply("Được."),
    ]

    async def twice(url: str) -> None:
        chat = OpenAIChat(url, KEY, "m", QUICK)
        for _ in range(2):
            async with aclosing(chat.stream(MESSAGES, 32)) as stream:
                assert [piece async for piece in stream] == ["Được."]
        await chat.close()

    with scripted(*steps) as (server, url):
        asyncio.run(twice(url))
    sent = [set(request) - {"model", "messages", "stream"} for request in server.requests]

    assert sent == [
        {"max_tokens", "temperature", "stream_options"},
        {"max_completion_tokens", "temperature", "stream_options"},
        {"max_completion_tokens", "stream_options"},
        {"max_completion_tokens", "stream_options"},
    ]


@pytest.mark.parametrize(
    ("parts", "limits", "text"),
    [
        ([2.0, chunk("a")], Limits(whole=9, silence=0.2), ""),
        ([chunk("a"), 2.0, chunk("b")], Limits(whole=9, silence=0.2), "a"),
        ([chunk("a"), *[0.1, chunk("b")] * 20], Limits(whole=0.35, silence=9), "a|b|b|b"),
    ],
    ids=["first byte", "between pieces", "whole"],
)
def test_time_is_bounded(parts: list[str | float], limits: Limits, text: str) -> None:
    """Silence before the first piece, silence after it, and a reply that never ends."""
    started = time.monotonic()
    with scripted(Step(parts=parts)) as (_, url):
        found, reason = asyncio.run(ask(url, limits))
        assert time.monotonic() - started < 1.5
    assert reason == Reason.TIMED_OUT
    assert text.startswith(found) if len(text) > 1 else found == text


def test_a_server_that_is_not_there() -> None:
    """Refused, unknown host and an address that is none are told apart."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        refused = asyncio.run(ask(f"http://127.0.0.1:{port}/v1"))
    assert refused == ("", Reason.NOT_REACHABLE)
    assert asyncio.run(ask("http://nowhere.invalid/v1")) == ("", Reason.HOST_UNKNOWN)
    assert asyncio.run(ask("localhost/v1")) == ("", Reason.ADDRESS_WRONG)


def test_a_certificate_that_nobody_vouches_for(caplog: pytest.LogCaptureFixture) -> None:
    """It is named, and not tried again."""
    with scripted(reply("Không."), tls=True) as (server, url):
        assert asyncio.run(ask(url)) == ("", Reason.CERTIFICATE)
    assert server.requests == []
    assert "no secure connection: certificate not accepted (self-signed" in caplog.text


def test_turns_are_limited() -> None:
    """Who has waited long enough for a turn is told that the service is busy; turns come back."""

    async def three(url: str) -> tuple[list[Reason | None], str]:
        chat = OpenAIChat(url, KEY, "m", QUICK)

        async def one() -> Reason | None:
            try:
                async with aclosing(chat.stream(MESSAGES, 32)) as stream:
                    assert [piece async for piece in stream] == ["a"]
            except LLMUnavailable as failure:
                return failure.reason
            return None

        reasons = await asyncio.gather(*[one() for _ in range(3)])
        async with aclosing(chat.stream(MESSAGES, 32)) as stream:
            later = "".join([piece async for piece in stream])
        await chat.close()
        return reasons, later

    slow = Step(parts=[0.4, chunk("a"), chunk(finish="stop"), DONE])
    with scripted(slow) as (_, url):
        assert asyncio.run(three(url)) == ([None, None, Reason.BUSY], "a")


def test_leaving_closes_the_stream() -> None:
    """The server notices that nobody reads any more; so it does when the task is cancelled."""
    endless = Step(parts=[piece for _ in range(200) for piece in (chunk("chữ " * 500), 0.01)])

    async def leave(url: str) -> None:
        chat = OpenAIChat(url, KEY, "m", QUICK)
        async with aclosing(chat.stream(MESSAGES, 32)) as stream:
            async for _ in stream:
                break

    async def cancelled(url: str) -> None:
        task = asyncio.create_task(ask(url))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    for left in (leave, cancelled):
        with scripted(endless) as (server, url):
            asyncio.run(left(url))
            assert server.hung_up.wait(1.5)


@pytest.mark.parametrize("key", [KEY, f"{KEY}\n", "khóa-bí-mật-dài", "sk-very\nsecret-key"])
def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture, key: str) -> None:
    """Neither key nor question nor what the server wrote, even at DEBUG; one line a failure."""
    caplog.set_level(logging.DEBUG)
    with scripted(refusal(401, f"wrong key {key} for {QUESTION}")) as (_, url):
        secret_url = url.replace("http://", "http://user:password@")
        assert asyncio.run(ask(secret_url, key=key)) == ("", Reason.KEY_REFUSED)
    chat = OpenAIChat(secret_url, key, "m", QUICK)
    logged = [record for record in caplog.records if record.name != "asyncio"]
    shown = f"{caplog.text} {chat!r} {vars(chat)}"

    assert [record.levelname for record in logged] == ["WARNING"]
    assert "OPENAI_API_KEY is not accepted" in caplog.text
    assert not any(secret in shown for secret in (key, "very-secret", "password", QUESTION, "Bear"))


def test_settings_make_a_model_or_none() -> None:
    """Both the server and the model must be named."""

    def model(url: str, name: str) -> OpenAIChat | None:
        settings = Settings(openai_base_url=url, llm_model=name, openai_api_key=SecretStr(KEY))
        return OpenAIChat.from_settings(settings)

    chat = model("http://localhost:1/v1", "m")

    assert (model("", "m"), model("http://localhost:1/v1", " ")) == (None, None)
    assert repr(chat) == "OpenAIChat('m' at http://localhost:1/v1)"
