"""Request bodies: JSON, or multipart with `payload_json` and files. Also answers in Discord's content type."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.embedded import errors
from bot.embedded.limits.messages import kept_filename

_FILE_FIELD = re.compile(r"files\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with a request."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A request's JSON, and its files by the number of their field."""

    data: Any = None
    uploads: dict[int, Upload] = field(default_factory=dict)

    def as_object(self) -> dict[str, Any]:
        """Return the JSON, which must be an object."""
        if not isinstance(self.data, dict):
            raise errors.invalid_json()
        return self.data


BODY = web.RequestKey("BODY", Body)


def body_of(request: web.Request) -> Body:
    """Return the body that was read before the handler was called."""
    return request[BODY]


async def read_body(request: web.Request) -> Body:
    """Read a request's body. Refused if it is not JSON or too large."""
    if not request.can_read_body:
        return Body()
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise errors.too_large() from None
    return Body(_parsed(raw)) if raw else Body()


async def _read_multipart(request: web.Request) -> Body:
    data: Any = {}
    uploads: dict[int, Upload] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        name = getattr(part, "name", None) or ""
        if name == "payload_json":
            data = _parsed(await part.read())  # type: ignore[union-attr]
        elif numbered := _FILE_FIELD.fullmatch(name):
            content = bytes(await part.read())  # type: ignore[union-attr]
            filename = kept_filename(getattr(part, "filename", None) or "unknown")
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads[int(numbered[1])] = Upload(filename, kind, content)
    return Body(data, uploads)


def _parsed(raw: bytes | bytearray) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise errors.invalid_json() from None


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a JSON answer. The content type has no charset, because clients compare it with `application/json`."""
    return web.Response(
        body=json.dumps(data).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def nothing() -> web.Response:
    """Return an answer without a body."""
    return web.Response(status=204)
