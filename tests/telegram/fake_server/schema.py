"""aiogram's generated classes of the Bot API as the judge of what goes in and out.

aiogram is not installed where mypy runs, so its classes are `Any` here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from types import NoneType
from typing import Any, get_args

import aiogram.enums
import aiogram.methods
import aiogram.types
import pydantic

from tests.telegram.fake_server.refusals import mistake

METHODS: dict[str, Any] = {
    method.__api_method__.lower(): method
    for method in vars(aiogram.methods).values()
    if isinstance(getattr(method, "__api_method__", None), str)
}
UPDATE_KINDS = tuple(kind.value for kind in aiogram.enums.UpdateType)
CHAT_ACTIONS = tuple(action.value for action in aiogram.enums.ChatAction)
_UPDATE = pydantic.TypeAdapter(aiogram.types.Update)


class Upload:
    """A file in a request."""

    def __init__(self, name: str, content: bytes, mime_type: str) -> None:
        self.name = name
        self.content = content
        self.mime_type = mime_type


def api_name(method: str) -> str:
    """The method's name as the documentation spells it."""
    return str(METHODS[method].__api_method__) if method in METHODS else method


def read_request(method: str, raw: dict[str, Any]) -> dict[str, Any]:
    """The method's parameters with their types; a mistake for whatever does not fit."""
    model = METHODS[method]
    fields = model.model_fields
    if unknown := sorted(set(raw) - set(fields)):
        raise mistake(f"{api_name(method)} has no parameter {', '.join(unknown)}")
    if old := sorted(name for name in raw if _deprecated(fields[name])):
        raise mistake(f"{api_name(method)} has no parameter {', '.join(old)} any more")
    values = {name: _converted(value, fields[name].annotation) for name, value in raw.items()}
    _require(method, fields, values)
    try:
        request = model.model_validate(_without_uploads(values))
    except pydantic.ValidationError as error:
        raise mistake(f"{api_name(method)}: {_first_error(error)}") from error
    if extra := list(unknown_fields(request)):
        raise mistake(f"{api_name(method)} knows no {', '.join(extra)}")
    parameters: dict[str, Any] = request.model_dump(
        exclude_unset=True, by_alias=True, warnings=False
    )
    return parameters | {name: value for name, value in values.items() if isinstance(value, Upload)}


def check_result(method: str, result: Any) -> None:
    """Raises ValueError where the server itself would break the schema."""
    _check(pydantic.TypeAdapter(METHODS[method].__returning__), result)


def check_update(update: dict[str, Any]) -> None:
    """Raises ValueError where the update breaks the schema."""
    _check(_UPDATE, update)
    kinds = sorted(set(update) - {"update_id"})
    if len(kinds) != 1:
        raise ValueError(f"an update has one kind, not {kinds}")


def unknown_fields(value: Any, path: str = "") -> Iterator[str]:
    """What aiogram kept beside the documented fields, at any depth."""
    if isinstance(value, pydantic.BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}{name}"
        for name in value.model_fields_set:
            yield from unknown_fields(getattr(value, name, None), f"{path}{name}.")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from unknown_fields(item, f"{path}{place}.")


def _check(adapter: pydantic.TypeAdapter[Any], value: Any) -> None:
    parsed = adapter.validate_json(json.dumps(value))
    if extra := list(unknown_fields(parsed)):
        raise ValueError(f"undocumented: {', '.join(extra)}")


def _deprecated(field: Any) -> bool:
    return bool((field.json_schema_extra or {}).get("deprecated"))


def _require(method: str, fields: Any, values: dict[str, Any]) -> None:
    missing = [name for name, field in fields.items() if field.is_required() and name not in values]
    if not missing:
        return
    if "chat_id" in missing:
        raise mistake("chat_id is empty")
    if "text" in missing:
        raise mistake("message text is empty")
    raise mistake(f"{api_name(method)} needs {', '.join(missing)}")


def _without_uploads(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: aiogram.types.BufferedInputFile(value.content, value.name)
        if isinstance(value, Upload)
        else value
        for name, value in values.items()
    }


def _converted(value: Any, annotation: Any) -> Any:
    """Form fields are texts, and hold JSON where the parameter is no text."""
    if not isinstance(value, str):
        return value
    kinds = set(get_args(annotation) or (annotation,)) - {NoneType}
    if int in kinds and re.fullmatch(r"-?\d+", value):
        return int(value)
    if str in kinds:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _first_error(error: pydantic.ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
