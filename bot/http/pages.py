"""The pages: files as they are, `static/*.html`. What they show comes from the API."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOLDER = Path(__file__).parent / "static"
# Asked again each time, answered with 304 where nothing has changed: an upgrade is seen at once.
_CACHED = {"Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)


@router.get("/")
async def ask_page() -> FileResponse:
    return _page("index.html")


@router.get("/kho")
async def archive_page() -> FileResponse:
    return _page("kho.html")


@router.get("/giai-thich/{trace_id}")
async def explanation_page(trace_id: str) -> FileResponse:
    return _page("giai-thich.html")


@router.get("/dang-nhap")
async def login_page() -> FileResponse:
    return _page("dang-nhap.html")


@router.get("/favicon.ico")
async def favicon() -> FileResponse:
    return FileResponse(_FOLDER / "icon.svg", headers=_CACHED)


def _page(name: str) -> FileResponse:
    return FileResponse(_FOLDER / name, headers=_CACHED)


class StaticPages(StaticFiles):
    """What the pages consist of."""

    def __init__(self) -> None:
        super().__init__(directory=_FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_CACHED)
        return response
