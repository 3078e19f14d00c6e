"""Requests come as a query, as JSON, as a form, or as a form with files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.telegram.fake_server.chats import Json
from tests.telegram.fake_server.schema import Upload

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(r'[; ]name="?([^";\r\n]+)"?')
_FILE_NAME = re.compile(r'filename=(?:"([^"]*)"|([^;\r\n]*))')
_ENCODED_FILE_NAME = re.compile(r"filename\*=(?:utf-8|UTF-8)''([^;\r\n]+)")
_CONTENT_TYPE = re.compile(r"Content-Type: *([^;\r\n]+)", re.IGNORECASE)


async def request_parameters(request: Any) -> tuple[Json, str]:
    """The parameters as they came, and what is wrong with the body, if anything."""
    raw: Json = dict(request.query)
    if request.method == "GET":
        return raw, ""
    kind = request.content_type
    if kind == "application/json":
        body = await request.read()
        try:
            given = json.loads(body) if body else {}
        except ValueError:
            return raw, "can't parse the request's JSON"
        if not isinstance(given, dict):
            return raw, "the request's JSON is to be an object"
        return raw | {name: value for name, value in given.items() if value is not None}, ""
    if kind == "multipart/form-data":
        return await _form_with_files(request, raw)
    if kind == "application/x-www-form-urlencoded":
        body = (await request.read()).decode(errors="surrogateescape")
        return raw | dict(parse_qsl(body, True, errors="surrogateescape")), ""
    if await request.read():
        return raw, f"the request has a body of type {kind}"
    return raw, ""


async def _form_with_files(request: Any, raw: Json) -> tuple[Json, str]:
    found = _BOUNDARY.search(request.headers["Content-Type"])
    if found is None:
        return raw, "the form has no boundary"
    uploads: dict[str, Upload] = {}
    for header, content in _parts(await request.read(), found[1].encode()):
        name = _NAME.search(header)
        if name is None:
            return raw, "a part of the form has no name"
        filename = _file_name(header)
        if filename is None:
            raw[name[1]] = content.decode(errors="surrogateescape")
        else:
            kind = _CONTENT_TYPE.search(header)
            uploads[name[1]] = Upload(
                filename, content, kind[1].strip() if kind else "application/octet-stream"
            )
    for parameter, value in raw.items():
        if isinstance(value, str) and value.startswith("attach://"):
            attached = value.removeprefix("attach://")
            if attached not in uploads:
                return raw, f"file {attached} is not attached"
            raw[parameter] = uploads.pop(attached)
    return raw | uploads, ""


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Header and content of each part.

    aiohttp's own parser takes no file name outside ASCII as some libraries write it.
    """
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        if part.startswith(b"--"):
            return
        header, _, content = part.partition(b"\r\n\r\n")
        yield header.decode(errors="replace"), content


def _file_name(header: str) -> str | None:
    if found := _ENCODED_FILE_NAME.search(header):
        return unquote(found[1])
    if found := _FILE_NAME.search(header):
        return found[1] or found[2] or ""
    return None


def not_unicode(raw: Json) -> bool:
    """Whether some text has half a character, or bytes that are none."""
    texts = json.dumps(readable(raw), ensure_ascii=False)
    return any("\ud800" <= character <= "\udfff" for character in texts)


def readable(raw: Json) -> Json:
    """The parameters for the log: JSON read, files named."""
    return {name: _readable(value) for name, value in raw.items()}


def _readable(value: Any) -> Any:
    if isinstance(value, Upload):
        return {"file": value.name, "size": len(value.content)}
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
