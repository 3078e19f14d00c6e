"""What the archive has: searched, listed, read, and changed by admins."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Response, UploadFile
from fastapi.params import Path as PathParameter
from pydantic import BaseModel, Field

from bot.archive import IngestFailed, safe_name
from bot.http import words
from bot.http.asking import to_json
from bot.http.parts import TheAdmin, TheLastingService, TheRetriever
from bot.http.problems import Problem, responses
from bot.schema import Outcome
from bot.wording import question_invalid
from retrieval.articles import ARTICLE_SUFFIXES, read_article
from retrieval.catalogue import (
    article_with_passages,
    find_articles,
    holdings,
    other_tellings,
)
from retrieval.chunking import split_article
from retrieval.errors import ArticleError, QuestionError
from retrieval.filters import GivenFilters, read_filters
from retrieval.gazetteer import load
from retrieval.schema import Article, Filters
from retrieval.search import Retriever
from retrieval.search_json import result_json

router = APIRouter(tags=["articles"])

_MOST_HITS = 50
_MOST_ITEMS = 100

_Result = TypeVar("_Result")

_Names = Annotated[list[str], Query(max_length=63)]
_From = Annotated[str | None, Query(alias="from", max_length=40, examples=["1/2024"])]
_To = Annotated[str | None, Query(alias="to", max_length=40, examples=["23/7/2024"])]
_ArticleId = Annotated[str, PathParameter(examples=["002_bacd95ad4e680c06.txt"], max_length=1_000)]


class ArticleHead(BaseModel):
    """An article without its text."""

    id: str
    title: str
    label: str = Field(examples=["Bắc Kạn, 23/7/2024"])
    source: str | None
    province: str | None
    date: str | None = Field(examples=["2024-07-23"])


class PassageSpan(BaseModel):
    """`text[start:end]` of the article, in Unicode characters."""

    start: int
    end: int


class ArticleBody(ArticleHead):
    """An article as it was read.

    Attributes:
        also: articles that tell the same story, shortened or not.
    """

    text: str
    passages: list[PassageSpan]
    also: list[ArticleHead]


class ArticlePage(BaseModel):
    """Some of the articles that were asked for."""

    total: int
    offset: int
    items: list[ArticleHead]


class Named(BaseModel):
    """A place or a source, and how many articles it has."""

    name: str
    articles: int


class Month(BaseModel):
    """A month, and how many articles it has."""

    month: str = Field(examples=["2024-07"])
    articles: int


class ArchiveBody(BaseModel):
    """What the archive has."""

    articles: int
    first: str | None
    last: str | None
    provinces: list[Named]
    sources: list[Named]
    months: list[Month]
    undated: int


class Suggestions(BaseModel):
    """Questions that were answered when they were tried."""

    questions: list[str]


class Uploaded(ArticleHead):
    """What was read from a file.

    Attributes:
        passages: how many it was split into.
        articles: how many the archive has now.
    """

    passages: int
    articles: int


@router.get(
    "/v1/search",
    summary="The passages found for a question, with ranks and scores",
    response_model=dict[str, Any],
    responses=responses(401, 403, 422, 429, 503),
)
async def search(
    retriever: TheRetriever,
    q: Annotated[str, Query(examples=["hạn chế của công tác dân vận ở Bắc Kạn"])],
    top_k: Annotated[int, Query(ge=1, le=_MOST_HITS)] = 10,
    province: _Names = [],  # noqa: B006  (FastAPI copies it)
    source: _Names = [],  # noqa: B006
    date_from: _From = None,
    date_to: _To = None,
) -> Response:
    given = GivenFilters(province, date_from or None, date_to or None, source)

    def found() -> str:
        filters = _read(retriever, given)
        return to_json(result_json(retriever.search(q, top_k, (), filters)))

    return Response(await _asked(found), media_type="application/json")


@router.get(
    "/v1/articles",
    summary="The articles of the archive, newest first",
    responses=responses(401, 403, 422, 503),
)
async def list_articles(
    retriever: TheRetriever,
    province: _Names = [],  # noqa: B006
    source: _Names = [],  # noqa: B006
    date_from: _From = None,
    date_to: _To = None,
    q: Annotated[str, Query(max_length=200, description="words of the article")] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_ITEMS)] = 20,
) -> ArticlePage:
    given = GivenFilters(province, date_from or None, date_to or None, source)

    def found() -> ArticlePage:
        filters = _read(retriever, given)
        total, articles = find_articles(retriever.index, filters, q, limit, offset)
        return ArticlePage(total=total, offset=offset, items=[_head(one) for one in articles])

    return await _asked(found)


@router.get(
    "/v1/articles/{article_id:path}",
    summary="An article with its text and its passages",
    responses=responses(401, 403, 404, 503),
)
async def get_article(retriever: TheRetriever, article_id: _ArticleId) -> ArticleBody:
    found = await asyncio.to_thread(article_with_passages, retriever.index, article_id)
    if found is None:
        raise Problem(404, words.NOT_FOUND)
    article, passages = found
    also = await asyncio.to_thread(other_tellings, retriever.index, article_id)
    return ArticleBody(
        **_fields(article),
        text=article.text,
        passages=[PassageSpan(start=one.start, end=one.end) for one in passages],
        also=[_head(one) for one in also],
    )


@router.get(
    "/v1/archive",
    summary="How many articles there are, by place, source and month",
    responses=responses(401, 403, 503),
)
async def get_archive(retriever: TheRetriever) -> ArchiveBody:
    held = await asyncio.to_thread(holdings, retriever.index)
    return ArchiveBody(
        articles=held.articles,
        first=held.first,
        last=held.last,
        provinces=_named(held.provinces.items()),
        sources=_named(held.sources.items()),
        months=[Month(month=month, articles=count) for month, count in held.months.items()],
        undated=held.undated,
    )


@router.get(
    "/v1/suggestions",
    summary="Questions that the archive answers",
    responses=responses(401, 403, 503),
)
async def get_suggestions(retriever: TheRetriever, lasting: TheLastingService) -> Suggestions:
    questions = await lasting.suggestions.of(retriever)
    return Suggestions(questions=list(questions))


@router.post(
    "/v1/articles",
    status_code=201,
    summary="A file into the archive (admin); in the index when the answer comes",
    responses=responses(400, 401, 403, 408, 413, 422, 503),
)
async def add_article(file: UploadFile, caller: TheAdmin, lasting: TheLastingService) -> Uploaded:
    name = safe_name(file.filename or "")
    if Path(name).suffix.lower() not in ARTICLE_SUFFIXES:
        raise Problem(422, words.FILE_FORMAT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("wb") as target:
            await asyncio.to_thread(shutil.copyfileobj, file.file, target)
        try:
            article, passages = await asyncio.to_thread(_read_file, path)
        except ArticleError as error:
            raise Problem(422, words.FILE_UNREADABLE, errors=[str(error)]) from error
        try:
            target_path = await lasting.archive.add_new(path, name)
        except IngestFailed as error:
            raise Problem(503, words.NOT_INGESTED) from error
    fields = _fields(article) | {"id": target_path.name}
    return Uploaded(**fields, passages=passages, articles=lasting.archive.articles)


@router.delete(
    "/v1/articles/{article_id:path}",
    status_code=204,
    summary="An article out of the archive (admin): its file is deleted",
    responses=responses(401, 403, 404, 409, 503),
)
async def delete_article(
    article_id: _ArticleId, caller: TheAdmin, lasting: TheLastingService, retriever: TheRetriever
) -> Response:
    found = await asyncio.to_thread(article_with_passages, retriever.index, article_id)
    if found is None:
        raise Problem(404, words.NOT_FOUND)
    try:
        await lasting.archive.remove(found[0])
    except IngestFailed as error:
        raise Problem(409, words.LAST_ARTICLE) from error
    return Response(status_code=204)


async def _asked(work: Callable[[], _Result]) -> _Result:
    """Raises Problem where the question or a filter can not be used."""
    try:
        return await asyncio.to_thread(work)
    except QuestionError as error:
        raise Problem(422, question_invalid(error), outcome=Outcome.QUESTION_INVALID) from error


def _read_file(path: Path) -> tuple[Article, int]:
    """The article and how many passages it has. Raises ArticleError."""
    article = read_article(path)
    return article, len(split_article(article))


def _read(retriever: Retriever, given: GivenFilters) -> Filters:
    return read_filters(given, retriever.index.records.sources())


def _fields(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "label": article.label,
        "source": load().source_name(article.source) if article.source else None,
        "province": article.province,
        "date": article.date.isoformat() if article.date else None,
    }


def _head(article: Article) -> ArticleHead:
    return ArticleHead(**_fields(article))


def _named(counts: Iterable[tuple[str, int]]) -> list[Named]:
    return [Named(name=name, articles=count) for name, count in counts]
