"""Messages on a person's screen, with their buttons, menus and files. Plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

EPHEMERAL = 1 << 6
LOADING = 1 << 7
_BUTTON, _TEXT, _CHECKBOX = 2, 10, 23
_SELECTS = (3, 5, 6, 7, 8)


class NotOnScreen(Exception):
    """The message or form has nothing by that name. The text lists what it has."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `label` can be empty if it shows only an emoji, `custom_id` if it is a link."""

    label: str
    custom_id: str
    style: int
    is_disabled: bool
    emoji: str


@dataclass(frozen=True, slots=True)
class Field:
    """A select menu of a message, or a field of a form; `options` are pairs (label, value), if it has any."""

    label: str
    custom_id: str
    kind: int
    options: tuple[tuple[str, str], ...] = ()
    description: str = ""
    placeholder: str = ""
    is_required: bool = True

    def value_of(self, given: str) -> str:
        """Return the value of a choice that is named by its value or its label."""
        if any(given == value for _, value in self.options):
            return given
        return next((value for label, value in self.options if label == given), given)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message; `url` opens it for everyone to whom it was shown."""

    attachment_id: int
    filename: str
    size_bytes: int
    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as this person sees it.

    `text` is everything readable, in order: content, text displays, embeds. `interaction_id` is the interaction that
    the message answers. `is_direct`: it is in the direct messages with the bot. `seen_at` is when this version of it
    was sent (`time.monotonic()` seconds).
    """

    message_id: int
    channel_id: int
    author_id: int
    content: str
    text: str
    is_ephemeral: bool
    is_loading: bool
    buttons: tuple[Button, ...]
    selects: tuple[Field, ...]
    attachments: tuple[Attachment, ...]
    interaction_id: int | None
    seen_at: float
    is_direct: bool
    raw: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, data: dict[str, Any], seen_at: float) -> Self:
        """Read one of Discord's messages."""
        parts = list(_walk(data["components"]))
        texts = [data["content"], *(part["content"] for part in parts if part["type"] == _TEXT)]
        for embed in data["embeds"]:
            texts += [embed.get("title"), embed.get("description")]
            texts += [f"{each['name']}\n{each['value']}" for each in embed.get("fields") or ()]
        mark = data.get("interaction_metadata")
        return cls(
            message_id=int(data["id"]),
            channel_id=int(data["channel_id"]),
            author_id=int(data["author"]["id"]),
            content=data["content"],
            text="\n".join(text for text in texts if text),
            is_ephemeral=bool(data["flags"] & EPHEMERAL),
            is_loading=bool(data["flags"] & LOADING),
            buttons=tuple(_button(part) for part in parts if part["type"] == _BUTTON),
            selects=tuple(field_of(part) for part in parts if part["type"] in _SELECTS),
            attachments=tuple(_attachment(each) for each in data["attachments"]),
            interaction_id=int(mark["id"]) if mark else None,
            seen_at=seen_at,
            is_direct=bool(data.get("is_direct")),
            raw=data,
        )

    def button(self, label_or_custom_id: str) -> Button:
        """Return the button with that label or custom id. Raises NotOnScreen if there is none."""
        for button in self.buttons:
            if label_or_custom_id in (button.label, button.custom_id):
                return button
        shown = [button.label for button in self.buttons]
        raise NotOnScreen(f"No button {label_or_custom_id!r} among {shown} of {self.text[:200]!r}.")

    def select(self, custom_id: str) -> Field:
        """Return the select menu with that custom id or placeholder. Raises NotOnScreen if there is none."""
        for menu in self.selects:
            if custom_id in (menu.custom_id, menu.placeholder):
                return menu
        raise NotOnScreen(f"No menu {custom_id!r} among {[menu.custom_id for menu in self.selects]}.")


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        if accessory := component.get("accessory"):
            yield accessory


def _button(part: dict[str, Any]) -> Button:
    emoji = (part.get("emoji") or {}).get("name") or ""
    is_disabled = bool(part.get("disabled"))
    return Button(part.get("label") or "", part.get("custom_id") or "", part["style"], is_disabled, emoji)


def field_of(part: dict[str, Any], label: dict[str, Any] | None = None) -> Field:
    """Read a menu, or a field of a form inside its label component."""
    label = label or {}
    options = tuple((each["label"], each["value"]) for each in part.get("options") or ())
    return Field(
        label=label.get("label") or part.get("label") or "",
        custom_id=part["custom_id"],
        kind=part["type"],
        options=options,
        description=label.get("description") or "",
        placeholder=part.get("placeholder") or "",
        is_required=part.get("required", True) is not False and part["type"] != _CHECKBOX,
    )


def _attachment(each: dict[str, Any]) -> Attachment:
    return Attachment(int(each["id"]), each["filename"], each["size"], each.get("content_type") or "", each["url"])
