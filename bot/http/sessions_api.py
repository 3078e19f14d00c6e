"""Logging in with a key, for the pages: `/v1/session`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.http import words
from bot.http.access import Role
from bot.http.parts import TheAccess, TheCaller
from bot.http.problems import Problem, responses
from bot.http.sessions import COOKIE, SESSION_SECONDS, make_session

router = APIRouter(tags=["session"])


class LoginBody(BaseModel):
    """A key of HTTP_API_KEYS."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(max_length=1_000, json_schema_extra={"format": "password"})


class SessionBody(BaseModel):
    """Who the caller is.

    Attributes:
        name: None where they have not said.
        needs_login: whether one has to say.
    """

    name: str | None
    role: Role
    needs_login: bool


@router.get("/v1/session", summary="Who the caller is", responses=responses(403))
async def get_session(caller: TheCaller, access: TheAccess) -> SessionBody:
    return SessionBody(name=caller.name, role=caller.role, needs_login=access.is_guarded)


@router.post(
    "/v1/session",
    status_code=204,
    summary="Logs a browser in with a key",
    responses=responses(400, 401, 403, 422, 429),
)
async def log_in(request: Request, body: LoginBody, access: TheAccess) -> Response:
    key = access.key(body.key.strip().encode("utf-8", "surrogatepass"))
    if key is None:
        raise Problem(401, words.KEY_WRONG)
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        make_session(key),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=access.is_secure(request),
    )
    return response


@router.delete("/v1/session", status_code=204, summary="Logs out", responses=responses(403))
async def log_out() -> Response:
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response
