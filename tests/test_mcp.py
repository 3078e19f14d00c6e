"""MCP, spoken by the official SDK's client: over HTTP to the real service, and over stdio."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from bot.mcp_server import build_server
from retrieval.settings import PROJECT
from tests.http_process import HttpProcess, running_http

QUESTION = "Chỉ số hài lòng của người dân Bắc Kạn năm 2020 là bao nhiêu?"
BAC_KAN = "002_bacd95ad4e680c06.txt"
KEY = "key-0123456789abcdef"


@pytest.fixture(scope="module")
def service(seed_vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpProcess]:
    settings = {"HTTP_API_KEYS": f"a:{KEY}"}
    with running_http(seed_vectors, tmp_path_factory.mktemp("mcp"), settings) as running:
        yield running


@asynccontextmanager
async def over_http(service: HttpProcess, key: str = KEY) -> AsyncIterator[ClientSession]:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as client,
        streamable_http_client(f"{service.address}/mcp", http_client=client) as streams,
        ClientSession(streams[0], streams[1]) as session,
    ):
        await session.initialize()
        yield session


@asynccontextmanager
async def over_stdio(vectors: Path, folder: Path) -> AsyncIterator[ClientSession]:
    environment = os.environ | {
        "VECTORS_DIR": str(vectors),
        "CONVERSATIONS_DB": str(folder / "c.sqlite"),
        "OPENAI_BASE_URL": "",
    }
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "bot", "mcp"], env=environment, cwd=PROJECT
    )
    async with (
        stdio_client(parameters) as streams,
        ClientSession(streams[0], streams[1]) as session,
    ):
        await session.initialize()
        yield session


def call(service: HttpProcess, tool: str, **arguments: Any) -> CallToolResult:
    async def run() -> CallToolResult:
        async with over_http(service) as session:
            return await session.call_tool(tool, arguments)

    return asyncio.run(run())


def text_of(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def test_the_tools_say_what_they_take_and_give(service: HttpProcess) -> None:
    """With a schema of both, and how to cite."""

    async def run() -> Any:
        async with over_http(service) as session:
            return await session.list_tools()

    tools = {tool.name: tool for tool in asyncio.run(run()).tools}

    assert set(tools) == {"ask", "search", "get_article"}
    assert tools["ask"].input_schema["required"] == ["question"]
    for tool in tools.values():
        assert tool.output_schema
        assert tool.annotations
        assert tool.annotations.read_only_hint
    assert "labels" in (tools["ask"].description or "")


def test_a_question_is_answered(service: HttpProcess) -> None:
    """As text with label and quote, and as the service's own answer."""
    result = call(service, "ask", question=QUESTION)
    answer = result.structured_content

    assert not result.is_error
    assert answer
    assert answer["outcome"] == "answered"
    assert text_of(result).startswith(answer["text"])
    assert f"“{answer['citations'][0]['quote']}”" in text_of(result)
    assert "[Bắc Kạn, 23/7/2024]" in text_of(result)


def test_a_refusal_is_no_error(service: HttpProcess) -> None:
    """The model has to pass it on."""
    result = call(service, "ask", question="Giá vàng hôm nay bao nhiêu?")

    assert not result.is_error
    assert (result.structured_content or {})["outcome"] == "no_evidence"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": " "}, "Câu hỏi đang trống."),
        ("ask", {"question": "a" * 1_001}, "Câu hỏi quá dài."),
        (
            "ask",
            {"question": QUESTION, "province": ["Atlantis"]},
            "Không rõ tỉnh, thành phố “Atlantis”",
        ),
        (
            "ask",
            {"question": QUESTION, "source": ["Báo Atlantis"]},
            "Kho không có bài nào của nguồn",
        ),
        ("search", {"query": "?"}, "Chưa thấy chữ"),
        ("search", {"query": QUESTION, "date_from": "hôm nọ"}, "Không rõ ngày bắt đầu “hôm nọ”"),
        ("get_article", {"id": "../pyproject.toml"}, "Kho không có bài này"),
    ],
)
def test_what_can_not_be_done_is_said_in_words(
    service: HttpProcess, tool: str, arguments: dict[str, Any], said: str
) -> None:
    """An error of the tool that is a sentence, with nothing before or behind it."""
    result = call(service, tool, **arguments)

    assert result.is_error
    assert result.structured_content is None
    assert text_of(result).startswith(said)


@pytest.mark.parametrize(
    ("tool", "arguments"), [("ask", {}), ("search", {"query": QUESTION, "top_k": 51}), ("sing", {})]
)
def test_what_a_tool_does_not_take_is_an_error(
    service: HttpProcess, tool: str, arguments: dict[str, Any]
) -> None:
    """Which the model can correct."""
    assert call(service, tool, **arguments).is_error


def test_passages_are_found(service: HttpProcess) -> None:
    """With their labels; filters are hard."""
    result = call(service, "search", query="dân vận", top_k=3, province=["Quảng Ninh"])
    hits = (result.structured_content or {})["hits"]

    assert 1 <= len(hits) <= 3
    assert {hit["label"] for hit in hits} == {"Quảng Ninh, 14/10/2017"}
    assert hits[0]["text"] in text_of(result)


@pytest.mark.parametrize(
    ("arguments", "outcome"),
    [
        ({"province": ["Bắc Kạn"]}, "answered"),
        ({"province": "Bắc Kạn"}, "answered"),
        ({"province": ["Quảng Ninh"]}, "no_article_for_place_or_period"),
        ({"province": ["Quảng Ninh"], "widen": ["place"]}, "no_evidence"),
        ({"date_from": "7/2024", "date_to": "23/7/2024"}, "answered"),
        ({"date_from": "24/7/2024"}, "no_article_for_place_or_period"),
        ({"date_to": "22/7/2024"}, "no_evidence"),
    ],
)
def test_filters_are_hard(service: HttpProcess, arguments: dict[str, Any], outcome: str) -> None:
    """One name may come without its list."""
    result = call(service, "ask", question=QUESTION, **arguments)

    assert (result.structured_content or {})["outcome"] == outcome


def test_an_article_is_read(service: HttpProcess) -> None:
    """As the API has it, by the id of a citation."""
    asked = call(service, "ask", question=QUESTION).structured_content or {}
    (cited,) = asked["citations"]
    result = call(service, "get_article", id=cited["article"])
    article = result.structured_content or {}
    headers = {"Authorization": f"Bearer {KEY}"}
    same = httpx2.get(f"{service.address}/v1/articles/{BAC_KAN}", headers=headers).json()

    assert article == {key: same[key] for key in same.keys() - {"passages", "also"}}
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert text_of(result) == f"{same['title']}\n[Bắc Kạn, 23/7/2024]\n\n{same['text']}"


def test_clients_of_the_next_protocol_are_answered(service: HttpProcess) -> None:
    """They send no greeting first."""

    async def run() -> CallToolResult:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as http,
            Client(streamable_http_client(f"{service.address}/mcp/", http_client=http)) as client,
        ):
            return await client.call_tool("ask", {"question": QUESTION})

    assert "91,3%" in text_of(asyncio.run(run()))


LISTING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


def listed(service: HttpProcess, **headers: str) -> int:
    accepting = {"Accept": "application/json, text/event-stream"}
    return httpx2.post(
        f"{service.address}/mcp", json=LISTING, headers=accepting | headers
    ).status_code


@pytest.mark.parametrize("key", [None, "wrong-0123456789abcdef"])
def test_without_a_right_key_there_is_nothing(service: HttpProcess, key: str | None) -> None:
    """It is the guard that answers, as for any other request."""
    with_key = {"Authorization": f"Bearer {key}"} if key else {}

    assert listed(service, **with_key) == 401


def test_with_a_key_any_name_of_the_service_will_do(service: HttpProcess) -> None:
    """Of a deployment; pages of other sites are refused."""
    keyed = {"Authorization": f"Bearer {KEY}", "Host": "hoi-dap.example.vn"}

    assert listed(service, **keyed) == 200
    assert listed(service, **keyed, Origin="https://hoi-dap.example.vn") == 200
    assert listed(service, **keyed, Origin="https://example.com") == 403


def test_nobody_waits_for_what_never_comes(service: HttpProcess) -> None:
    """An open GET would hold up the end of the process."""
    headers = {"Authorization": f"Bearer {KEY}", "Accept": "text/event-stream"}
    refused = httpx2.get(f"{service.address}/mcp", headers=headers, timeout=5)

    assert refused.status_code == 405
    assert refused.headers["allow"] == "POST"


def test_without_keys_only_this_machine_is_answered(seed_vectors: Path, tmp_path: Path) -> None:
    """By whichever of several processes."""
    with running_http(seed_vectors, tmp_path, {"HTTP_WORKERS": "2"}) as service:
        assert {listed(service) for _ in range(6)} == {200}
        assert listed(service, Host="localhost:1") == 200
        assert listed(service, Host="example.com") == 403
        assert service.end() == 0


class Breaking:
    """A service of which everything fails."""

    @property
    def retriever(self) -> None:
        raise RuntimeError("bí mật")

    def ask(self, asked: Any) -> None:
        raise RuntimeError("bí mật")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("ask", {"question": "?"}), ("search", {"query": "?"}), ("get_article", {"id": "?"})],
)
def test_a_crash_is_told_in_words(
    tool: str, arguments: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """For people; what the error says is told to nobody, since it may hold what was asked."""
    broken: Any = Breaking()

    async def run() -> CallToolResult:
        async with Client(build_server(broken)) as client:
            return await client.call_tool(tool, arguments)

    result = asyncio.run(run())
    assert result.is_error
    assert text_of(result).startswith("Dịch vụ gặp lỗi nên chưa trả lời được.")
    assert "a tool failed: RuntimeError" in caplog.text
    assert "bí mật" not in caplog.text


def test_over_stdio(seed_vectors: Path, tmp_path: Path) -> None:
    """The same answers, from a process of its own."""

    async def run() -> tuple[CallToolResult, CallToolResult]:
        async with over_stdio(seed_vectors, tmp_path) as session:
            asked = await session.call_tool("ask", {"question": QUESTION})
            return asked, await session.call_tool("search", {"query": QUESTION, "top_k": 1})

    asked, found = asyncio.run(run())
    assert "91,3%" in text_of(asked)
    assert len((found.structured_content or {})["hits"]) == 1


GREETING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}
ASKING = {
    "jsonrpc": "2.0",
    "id": 2,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": QUESTION}},
}


@contextmanager
def started(vectors: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m bot mcp` where the console can only write ASCII."""
    environment = os.environ | {
        "VECTORS_DIR": str(vectors),
        "CONVERSATIONS_DB": str(folder / "c.sqlite"),
        "OPENAI_BASE_URL": "",
        "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "mcp"],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield process


def exchange(process: subprocess.Popen[bytes], message: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    process.stdin.flush()
    told: dict[str, Any] = json.loads(process.stdout.readline())
    assert told["jsonrpc"] == "2.0"
    return told


def test_stdout_has_the_protocol_alone(tmp_path: Path) -> None:
    """Also where there is no index, of which the log tells; it ends with stdin."""
    with started(tmp_path / "vectors", tmp_path) as process:
        assert exchange(process, GREETING)["id"] == 1
        result = exchange(process, ASKING)["result"]
        rest, log = process.communicate(timeout=30)

    assert result["isError"]
    assert result["content"][0]["text"].startswith("Kho bài viết chưa sẵn sàng")
    assert process.returncode == 0
    assert rest == b""
    assert b"python ingest.py" in log


def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    """At once, though stdin stays open."""
    with started(tmp_path / "vectors", tmp_path) as process:
        exchange(process, GREETING)
        process.send_signal(signal.SIGINT)
        process.wait(10)
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
