"""A message or a form as a page: a phone's width, all styles inside, nothing loaded from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tools.pictures.components import render_components
from tools.pictures.markdown import render_markdown
from tools.pictures.moments import moment_text
from tools.pictures.names import Names, NotInPicture

WIDTH = 390
"""A common phone's width in CSS pixels."""

EPHEMERAL = 1 << 6
"""The message flag for messages that only one person sees (Discord's documentation, "Message Flags")."""

_NOT_DRAWN = ("embeds", "sticker_items", "reactions", "poll")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message in the form of Discord's REST API, and the command that asked for it: ("Mira", "consent").

    `files` are the contents of its attachments, by address.
    """

    message: Mapping[str, Any]
    asked: tuple[str, str] | None = None
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


def message_page(shown: Sequence[Shown], names: Names) -> str:
    """Return messages one below the other, as in a channel. Raises NotInPicture for anything that is not drawn."""
    return _template("messages").render(messages=[_view(one, names) for one in shown], width=WIDTH)


def form_page(form: Mapping[str, Any], names: Names) -> str:
    """Return a form (modal) as it opens on a phone."""
    fields = render_components(form["components"], names)
    return _template("form").render(title=form["title"], fields=fields, width=WIDTH)


def _view(shown: Shown, names: Names) -> Mapping[str, Any]:
    message = shown.message
    for key in _NOT_DRAWN:
        if message.get(key):
            raise NotInPicture(f"No rule for a message's {key}.")
    author = names.account(int(message["author"]["id"]))
    return {
        "author": author,
        "initial": next(letter for letter in author if letter.isalpha()),
        "is_app": bool(message["author"].get("bot")),
        "time": moment_text(names.now_unix, "t", names.now_unix),
        "asked": shown.asked,
        "content": render_markdown(message["content"], names) if message["content"] else Markup(),
        "files": [_file(one, shown.files.get(one["url"])) for one in message["attachments"]],
        "components": render_components(message["components"], names),
        "is_private": bool(message["flags"] & EPHEMERAL),
    }


def _file(attachment: Mapping[str, Any], content: bytes | None) -> Mapping[str, Any]:
    name = str(attachment["filename"])
    is_picture = content is not None and name.endswith(".png")
    return {
        "name": name,
        "is_sound": name.endswith((".ogg", ".opus", ".wav", ".flac", ".mp3")),
        "picture": f"data:image/png;base64,{b64encode(content).decode()}" if content and is_picture else None,
        "description": attachment.get("description") or "",
    }


@cache
def _template(name: str) -> Any:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template(f"{name}.html")
