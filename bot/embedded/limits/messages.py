"""Limits of a message: lengths, embeds, attachments and the flags of Components V2. Pure functions.

Numbers: Discord's documentation, "Message" > "Create Message", "Embed limits", "Components" > "Reference", and
Discord's OpenAPI description.
"""

from __future__ import annotations

import re
from typing import Any, Final

from bot.embedded import errors
from bot.embedded.errors import Form, Path
from bot.embedded.limits import components

CONTENT_LENGTH: Final = 2_000
NONCE_LENGTH: Final = 25
UPLOAD_BYTES: Final = 10 * 1024 * 1024
ATTACHMENTS: Final = 10
EMBEDS: Final = 10
EMBED_TOTAL_LENGTH: Final = 6_000
NICK_LENGTH: Final = 32

EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
SUPPRESS_EMBEDS: Final = 1 << 2
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
COMPONENTS_V2: Final = 1 << 15

_UNSAFE: Final = re.compile(r"[^\w.\-]")
_LEGACY_FIELDS: Final = ("content", "embeds")


def check_message(
    body: dict[str, Any], flags: int, uploads: dict[str, int], at: Path = (), upload_bytes: int = UPLOAD_BYTES
) -> None:
    """Refuse a message if a field in `body` breaks a limit (50035).

    `flags` are those that the message will have, `uploads` the names and sizes in bytes of the files sent with it. `at`
    is the message's place in the request body (an interaction's answer has it under "data"), `upload_bytes` the most
    that may be uploaded.
    """
    form = Form()
    is_v2 = bool(flags & COMPONENTS_V2)
    form.text((*at, "content"), body.get("content"), 0, CONTENT_LENGTH)
    form.text((*at, "nonce"), None if body.get("nonce") is None else str(body["nonce"]), 0, NONCE_LENGTH)
    if is_v2:
        for field in _LEGACY_FIELDS:
            if body.get(field):
                form.refuse(
                    (*at, field),
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    if body.get("embeds") is not None:
        _check_embeds(form, (*at, "embeds"), body["embeds"])
    if body.get("components") is not None:
        components.check_components(form, (*at, "components"), body["components"], is_v2, set(uploads))
    _check_attachments(form, (*at, "attachments"), body.get("attachments") or [], len(uploads))
    form.settle()
    check_uploads(uploads, upload_bytes)


def kept_filename(name: str) -> str:
    """Return a file's name as Discord keeps it: letters, digits, dots, dashes and underscores."""
    return _UNSAFE.sub("_", name)


def check_uploads(uploads: dict[str, int], most_bytes: int = UPLOAD_BYTES) -> None:
    """Refuse uploads that are larger, alone or together (40005)."""
    if sum(uploads.values()) > most_bytes:
        raise errors.too_large()


def check_is_shown(body: dict[str, Any], has_files: bool) -> None:
    """Refuse a message that would show nothing (50006)."""
    shown = (body.get("content") or "").strip() or body.get("embeds") or body.get("components") or has_files
    if not shown:
        raise errors.empty_message()


def _check_attachments(form: Form, at: Path, attachments: Any, uploads: int) -> None:
    if form.amount(at, attachments, 0, ATTACHMENTS) and uploads > ATTACHMENTS:
        form.length(at, 0, ATTACHMENTS)


def _check_embeds(form: Form, at: Path, embeds: Any) -> None:
    if not form.amount(at, embeds, 0, EMBEDS):
        return
    total = 0
    for index, embed in enumerate(embeds):
        parts: list[tuple[Path, object, int]] = [
            (("title",), embed.get("title"), 256),
            (("description",), embed.get("description"), 4_096),
            (("footer", "text"), (embed.get("footer") or {}).get("text"), 2_048),
            (("author", "name"), (embed.get("author") or {}).get("name"), 256),
        ]
        fields = embed.get("fields") or []
        form.amount((*at, index, "fields"), fields, 0, 25)
        for number, field in enumerate(fields):
            parts.append((("fields", number, "name"), field.get("name"), 256))
            parts.append((("fields", number, "value"), field.get("value"), 1_024))
        for path, value, high in parts:
            form.text((*at, index, *path), value, 1 if "fields" in path else 0, high)
            total += len(value) if isinstance(value, str) else 0
    if total > EMBED_TOTAL_LENGTH:
        form.refuse(at, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL_LENGTH}")
