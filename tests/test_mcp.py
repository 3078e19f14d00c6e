"""MCP, spoken by the official SDK's client: over HTTP to the real service, and over stdio."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

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
        ("ask", {"question": " "}, "đang trống"),
        ("ask", {"question": QUESTION, "province": ["Atlantis"]}, "Atlantis"),
        ("search", {"query": "?"}, "Chưa thấy chữ"),
        ("search", {"query": QUESTION, "date_from": "hôm nọ"}, "hôm nọ"),
        ("get_article", {"id": "../pyproject.toml"}, "Kho không có bài này"),
    ],
)
def test_what_can_not_be_done_is_said_in_words(
    service: HttpProcess, tool: str, arguments: dict[str, Any], said: str
) -> None:
    """An error of the tool, without a traceback."""
    result = call(service, tool, **arguments)

    assert result.is_error
    assert said in text_of(result)
    assert "Traceback" not in text_of(result)


def test_passages_are_found(service: HttpProcess) -> None:
    """With their labels; filters are hard."""
    result = call(service, "search", query="dân vận", top_k=3, province=["Quảng Ninh"])
    hits = (result.structured_content or {})["hits"]

    assert 1 <= len(hits) <= 3
    assert {hit["label"] for hit in hits} == {"Quảng Ninh, 14/10/2017"}
    assert hits[0]["text"] in text_of(result)


def test_an_article_is_read(service: HttpProcess) -> None:
    """Whole, with its label."""
    result = call(service, "get_article", id=BAC_KAN)
    article = result.structured_content or {}

    assert article["label"] == "Bắc Kạn, 23/7/2024"
    assert "91,3%" in article["text"]
    assert article["text"] in text_of(result)


def test_a_wrong_key_gets_nothing(service: HttpProcess) -> None:
    """It is the guard that answers, as for any other request."""

    async def run() -> None:
        async with over_http(service, "wrong-0123456789abcdef"):
            pass

    with pytest.raises((BaseExceptionGroup, Exception)):
        asyncio.run(run())
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    refused = httpx2.post(f"{service.address}/mcp", json=body)
    assert refused.status_code == 401


def test_over_stdio(seed_vectors: Path, tmp_path: Path) -> None:
    """The same answers, from a process of its own."""

    async def run() -> tuple[CallToolResult, CallToolResult]:
        async with over_stdio(seed_vectors, tmp_path) as session:
            asked = await session.call_tool("ask", {"question": QUESTION})
            return asked, await session.call_tool("search", {"query": QUESTION, "top_k": 1})

    asked, found = asyncio.run(run())
    assert "91,3%" in text_of(asked)
    assert len((found.structured_content or {})["hits"]) == 1


def test_stdout_has_the_protocol_alone(tmp_path: Path) -> None:
    """Also where there is no index, of which the log tells."""
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        },
    }
    environment = os.environ | {"VECTORS_DIR": str(tmp_path / "vectors")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "mcp"],
        cwd=PROJECT,
        env=environment,
        input=json.dumps(hello) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0
    assert [json.loads(line)["jsonrpc"] for line in done.stdout.splitlines()] == ["2.0"]
    assert "python ingest.py" in done.stderr
