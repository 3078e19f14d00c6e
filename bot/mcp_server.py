"""MCP: a model's tools `ask`, `search` and `get_article`, over stdio or at `/mcp`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, BeforeValidator, Field, RootModel

from bot import wording
from bot.answering import Asked
from bot.http import words
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once
from bot.words import words_of
from retrieval.catalogue import article_with_passages
from retrieval.errors import IndexMissing, IndexUnavailable, QuestionError
from retrieval.filters import GivenFilters, read_filters
from retrieval.gazetteer import load
from retrieval.schema import Dimension
from retrieval.search import Retriever
from retrieval.search_json import result_json
from retrieval.traces import project_version

_log = logging.getLogger(__name__)

_INSTRUCTIONS = (
    "Answers from an archive of Vietnamese news articles. Every sentence of an answer names its "
    "article by place and day, like [Bắc Kạn, 23/7/2024]: keep these labels when you repeat a "
    "sentence, cite nothing that is not in a result, and add no fact of your own. Where the "
    "outcome says that the articles do not answer, say so to the user. Ask in Vietnamese, with "
    "the words of the user; English is understood too."
)
_MOST_HITS = 50
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_FAILED = {Outcome.QUESTION_INVALID, Outcome.INDEX_MISSING, Outcome.BUSY}


def _listed(value: Any) -> Any:
    """Models give one name as it is where a list is asked for."""
    return [value] if isinstance(value, str) else value


_Provinces = Annotated[
    list[str] | None,
    BeforeValidator(_listed),
    Field(description="only articles of these provinces, such as Bắc Kạn", max_length=63),
]
_Sources = Annotated[
    list[str] | None,
    BeforeValidator(_listed),
    Field(description="only articles of these papers, such as TTXVN", max_length=63),
]
_From = Annotated[
    str | None, Field(description="only articles since this day: 23/7/2024, 7/2024 or 2024")
]
_To = Annotated[str | None, Field(description="only articles until this day, inclusive")]


class GivenAnswer(RootModel[Answer]):
    """The answer as `python -m bot ask --json` prints it."""


class FoundPassage(BaseModel):
    """A passage; `text` is `article.text[start:end]`."""

    label: str
    article: str
    title: str
    start: int
    end: int
    text: str
    score: float


class FoundPassages(BaseModel):
    """Passages, best first, for what was understood of the query."""

    query: str
    hits: list[FoundPassage]


class WholeArticle(BaseModel):
    """An article as it was read."""

    id: str
    title: str
    label: str
    source: str | None
    province: str | None
    date: str | None
    text: str


def build_server(service: Service) -> MCPServer[Any]:
    """The tools of a service."""
    server: MCPServer[Any] = MCPServer(
        "hoi-dap-kho-bai-viet",
        title="Hỏi đáp trên kho bài viết",
        instructions=_INSTRUCTIONS,
        version=project_version(),
        log_level="WARNING",
    )
    tools = _Tools(service)
    server.add_tool(tools.ask, title="Hỏi", annotations=_READS)
    server.add_tool(tools.search, title="Tìm đoạn văn", annotations=_READS)
    server.add_tool(tools.get_article, title="Đọc một bài", annotations=_READS)
    return server


class _Tools:
    """What a model may call; the docstrings are written for it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def ask(
        self,
        question: Annotated[str, Field(description="one question, as a person would type it")],
        province: _Provinces = None,
        source: _Sources = None,
        date_from: _From = None,
        date_to: _To = None,
        widen: Annotated[
            list[Literal["place", "period"]] | None,
            BeforeValidator(_listed),
            Field(description="search everywhere, or at any time, whatever the question names"),
        ] = None,
    ) -> Annotated[CallToolResult, GivenAnswer]:
        """The answer to a question from the articles, each sentence with its label and quote.

        Pass on the labels in brackets behind what they support, and cite nothing else. The
        outcomes `no_evidence` and `no_article_for_place_or_period` mean that the articles do not
        say it: tell the user so instead of answering yourself. `partly_answered` leaves a part
        open, which the answer names.
        """
        given = GivenFilters(province or (), date_from, date_to, source or ())
        widened: list[Dimension] = list(widen or ())
        return await _or_words(self._answered(Asked(question, (), given, tuple(widened))))

    async def search(
        self,
        query: Annotated[str, Field(description="what to look for; a question is best")],
        top_k: Annotated[int, Field(ge=1, le=_MOST_HITS, description="how many passages")] = 10,
        province: _Provinces = None,
        source: _Sources = None,
        date_from: _From = None,
        date_to: _To = None,
    ) -> Annotated[CallToolResult, FoundPassages]:
        """The passages of the articles that are nearest to a query, best first.

        They are what was found, not what answers: judge for yourself. Cite a passage by its label.
        """
        given = GivenFilters(province or (), date_from, date_to, source or ())
        return await _or_words(asyncio.to_thread(self._found, query, top_k, given))

    async def get_article(
        self,
        id: Annotated[str, Field(description="the `article` of a citation or passage")],
    ) -> Annotated[CallToolResult, WholeArticle]:
        """The whole text of an article, with its title, label, source and day.

        Cite it by its label.
        """
        return await _or_words(asyncio.to_thread(self._article, id))

    async def _answered(self, asked: Asked) -> CallToolResult:
        shown = await ask_once(self._service, asked)
        if shown.outcome in _FAILED:
            raise _Failed(shown.text)
        return _result(_as_text(shown), asdict(shown))

    def _found(self, query: str, top_k: int, given: GivenFilters) -> CallToolResult:
        retriever = self._retriever()
        filters = read_filters(given, retriever.index.records.sources())
        result = retriever.search(query, top_k, (), filters)
        found = FoundPassages.model_validate(result_json(result))
        blocks = [f"[{hit.label}] {hit.title} ({hit.article})\n{hit.text}" for hit in found.hits]
        return _result("\n\n".join(blocks) or wording.NO_INFORMATION, found.model_dump())

    def _article(self, article_id: str) -> CallToolResult:
        found = article_with_passages(self._retriever().index, article_id)
        if found is None:
            raise _Failed(wording.NO_SUCH_ARTICLE)
        article, _ = found
        whole = WholeArticle(
            id=article.id,
            title=article.title,
            label=article.label,
            source=load().source_name(article.source) if article.source else None,
            province=article.province,
            date=article.date.isoformat() if article.date else None,
            text=article.text,
        )
        return _result(f"{whole.title}\n[{whole.label}]\n\n{whole.text}", whole.model_dump())

    def _retriever(self) -> Retriever:
        """Raises IndexMissing."""
        if self._service.retriever is None:
            raise IndexMissing("there is no index")
        return self._service.retriever


class _Failed(Exception):
    """Why a tool can not do what it was asked, in words for people."""


async def _or_words(work: Awaitable[CallToolResult]) -> CallToolResult:
    """The result, or a sentence that says why there is none; nothing of an exception's own text."""
    try:
        return await work
    except _Failed as failed:
        text = str(failed)
    except QuestionError as error:
        text = wording.question_invalid(error)
    except IndexUnavailable:
        text = wording.INDEX_MISSING
    except Exception as error:  # its text may hold what was asked
        _log.error("a tool failed: %s", type(error).__name__)
        text = words.FAILED
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _result(text: str, structured: dict[str, Any]) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=structured
    )


def _as_text(shown: Answer) -> str:
    """The answer, and below it each label with its quote."""
    quotes = [f"[{c.label}] {c.title} ({c.article})\n“{c.quote}”" for c in shown.citations]
    sources = [words_of(shown.language).SOURCES, *quotes] if quotes else []
    return "\n\n".join([shown.text, *sources])
