"""MCP: a model's tools `ask`, `search` and `get_article`, over stdio or at `/mcp`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field, RootModel

from bot import wording
from bot.answering import Asked
from bot.schema import Answer, Outcome
from bot.service import Service, ask_once
from bot.words import words_of
from retrieval.catalogue import article_with_passages
from retrieval.errors import IndexUnavailable, QuestionError
from retrieval.filters import GivenFilters, read_filters
from retrieval.schema import Dimension
from retrieval.search import Retriever
from retrieval.search_json import result_json
from retrieval.traces import project_version

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

_Provinces = Annotated[
    list[str] | None,
    Field(description="only articles of these provinces, such as Bắc Kạn", max_length=63),
]
_Sources = Annotated[
    list[str] | None, Field(description="only articles of these papers, such as TTXVN")
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

    @server.tool(title="Hỏi", annotations=_READS)
    async def ask(
        question: Annotated[str, Field(description="one question, as a person would type it")],
        province: _Provinces = None,
        source: _Sources = None,
        date_from: _From = None,
        date_to: _To = None,
        widen: Annotated[
            list[Literal["place", "period"]] | None,
            Field(description="search everywhere, or at any time, whatever the question names"),
        ] = None,
    ) -> Annotated[CallToolResult, GivenAnswer]:
        """The answer to a question from the articles, each sentence with its label and quote.

        Pass on the labels in brackets. The outcomes `no_evidence` and
        `no_article_for_place_or_period` mean that the articles do not say it: tell the user so.
        """
        given = GivenFilters(province or (), date_from, date_to, source or ())
        widened: list[Dimension] = list(widen or ())
        shown = await ask_once(service, Asked(question, (), given, tuple(widened)))
        if shown.outcome in _FAILED:
            raise ToolError(shown.text)
        return _result(_as_text(shown), asdict(shown))

    @server.tool(title="Tìm đoạn văn", annotations=_READS)
    async def search(
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
        retriever = _retriever(service)
        given = GivenFilters(province or (), date_from, date_to, source or ())
        found = await asyncio.to_thread(_found, retriever, query, top_k, given)
        blocks = [f"[{hit.label}] {hit.title} ({hit.article})\n{hit.text}" for hit in found.hits]
        return _result("\n\n".join(blocks) or wording.NO_INFORMATION, found.model_dump())

    @server.tool(title="Đọc một bài", annotations=_READS)
    async def get_article(
        id: Annotated[str, Field(description="the `article` of a citation or passage")],
    ) -> Annotated[CallToolResult, WholeArticle]:
        """The whole text of an article, with its title, label, source and day."""
        retriever = _retriever(service)
        found = await asyncio.to_thread(article_with_passages, retriever.index, id)
        if found is None:
            raise ToolError(wording.NO_SUCH_ARTICLE)
        article, _ = found
        whole = WholeArticle(
            id=article.id,
            title=article.title,
            label=article.label,
            source=article.source,
            province=article.province,
            date=article.date.isoformat() if article.date else None,
            text=article.text,
        )
        return _result(f"{whole.title}\n[{whole.label}]\n\n{whole.text}", whole.model_dump())

    return server


def _result(text: str, structured: dict[str, Any]) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=structured
    )


def _as_text(shown: Answer) -> str:
    """The answer, and below it each label with its quote."""
    quotes = [f"[{c.label}] {c.title} ({c.article})\n“{c.quote}”" for c in shown.citations]
    sources = [words_of(shown.language).SOURCES, *quotes] if quotes else []
    return "\n\n".join([shown.text, *sources])


def _retriever(service: Service) -> Retriever:
    """Raises ToolError where there is no index."""
    if service.retriever is None:
        raise ToolError(wording.INDEX_MISSING)
    return service.retriever


def _found(retriever: Retriever, query: str, top_k: int, given: GivenFilters) -> FoundPassages:
    """Raises ToolError where it can not be asked."""
    try:
        filters = read_filters(given, retriever.index.records.sources())
        result = retriever.search(query, top_k, (), filters)
    except QuestionError as error:
        raise ToolError(wording.question_invalid(error)) from error
    except IndexUnavailable as error:
        raise ToolError(wording.INDEX_MISSING) from error
    return FoundPassages.model_validate(result_json(result))
