"""What `/openapi.json` says, beside what FastAPI reads from the code."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from bot.http.problems import ProblemBody, is_of_openai, openai_errors, responses

_REFERENCE = "#/components/schemas/{model}"
# FastAPI's own form of an invalid request, which this service never sends.
_UNUSED = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Every operation's errors are problems, and that schema is there."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _whole(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way


def _whole(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components: dict[str, Any] = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in _UNUSED:
        components.pop(name, None)
    _, definitions = models_json_schema([(ProblemBody, "serialization")], ref_template=_REFERENCE)
    components |= definitions["$defs"]
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            if operation["responses"].pop("422", None):
                operation["responses"] |= _invalid(path)
    return schema


def _invalid(path: str) -> dict[str, Any]:
    """What an invalid request gets there."""
    if is_of_openai(path):
        return {"400": openai_errors(400)[400]}
    return {"422": responses(422)[422]}
