"""Errors as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Route

from bot.http import words
from bot.schema import Outcome

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_OF_OPENAI = ("/v1/chat/", "/v1/models")


class ProblemBody(BaseModel):
    """What an error says.

    Attributes:
        detail: for people.
        outcome: where a question was asked that is not answered.
    """

    type: str = Field("about:blank", examples=["about:blank"])
    title: str = Field(examples=["Service Unavailable"])
    status: int = Field(examples=[503])
    detail: str = Field(examples=[words.BUSY])
    outcome: Outcome | None = None
    errors: list[str] | None = Field(None, examples=[["body.question: Field required"]])


class Problem(HTTPException):
    """An error with its words for people."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        outcome: Outcome | None = None,
        headers: Mapping[str, str] | None = None,
        errors: list[str] | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.outcome = outcome
        self.errors = errors

    def body(self) -> dict[str, Any]:
        title = HTTPStatus(self.status_code).phrase
        whole = ProblemBody(
            type="about:blank",
            title=title,
            status=self.status_code,
            detail=self.detail,
            outcome=self.outcome,
            errors=self.errors,
        )
        return whole.model_dump(mode="json", exclude_none=True)

    def openai_response(self) -> JSONResponse:
        """In the form that OpenAI's clients turn into their exceptions."""
        status = 400 if self.status_code == 422 else self.status_code
        param = "messages" if status == 400 else None
        message = self.detail
        if self.errors:
            faults = [fault.removeprefix("body.") for fault in self.errors]
            param = faults[0].partition(":")[0]
            message = words.REQUEST_INVALID_AT.format("; ".join(faults))
        error = {
            "message": message,
            "type": "server_error" if status >= 500 else "invalid_request_error",
            "code": self.outcome.value if self.outcome else None,
            "param": param,
        }
        return JSONResponse({"error": error}, status, headers=self.headers)

    def response_at(self, path: str) -> JSONResponse:
        """As those expect it who ask there."""
        return self.openai_response() if is_of_openai(path) else self.response()

    def response(self) -> JSONResponse:
        return JSONResponse(
            self.body(), self.status_code, headers=self.headers, media_type=MEDIA_TYPE
        )


def is_of_openai(path: str) -> bool:
    """Whether OpenAI's protocol is spoken there."""
    return path.startswith(_OF_OPENAI)


def add_handlers(app: FastAPI) -> None:
    """Whatever goes wrong in the app becomes a problem."""
    app.add_exception_handler(Exception, _unexpected)
    app.add_exception_handler(HTTPException, _known)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _known(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Problem):
        return error.response_at(request.url.path)
    assert isinstance(error, HTTPException)
    detail = words.OF_STATUS.get(error.status_code, words.NOT_POSSIBLE)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return Problem(error.status_code, detail, headers=headers).response_at(request.url.path)


def _methods(request: Request) -> set[str]:
    """All that the path takes; Starlette names those of the first operation alone."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    here = [route for route in routes if route.path_regex.match(request.url.path)]
    return {method for route in here for method in route.methods or ()}


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Says which field, never its value."""
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    return Problem(422, words.REQUEST_INVALID, errors=faults).response_at(request.url.path)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """The log gets kind and place: the error's text may hold what was asked."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    _log.error("a request failed: %s in %s", type(error).__name__, places)
    return Problem(500, words.FAILED).response_at(request.url.path)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the description of an operation: these statuses come as problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def openai_errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same for operations of OpenAI's protocol."""
    content = {"application/json": {"schema": {"type": "object", "required": ["error"]}}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }
