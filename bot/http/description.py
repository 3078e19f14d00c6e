"""What `/openapi.json` says, beside what FastAPI reads from the code."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from bot.http.problems import ProblemBody, responses

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
    invalid = responses(422)[422]
    for path in schema["paths"].values():
        for operation in path.values():
            if "422" in operation["responses"]:
                operation["responses"]["422"] = invalid
    return schema
