"""What a person gets after an action: an answer, a form, or credentials for voice. Plain data."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Self

from bot.embedded.client.screen import Field, Message, NotOnScreen, field_of

_TEXT, _LABEL = 10, 18


@dataclass(frozen=True, slots=True)
class Modal:
    """A form on the screen; `interaction_id` is the interaction that it answered."""

    interaction_id: int
    custom_id: str
    title: str
    text: str
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, data: dict[str, Any], interaction_id: int) -> Self:
        """Read one of Discord's modals."""
        fields: list[Field] = []
        for component in data["components"]:
            if component["type"] == _LABEL:
                fields.append(field_of(component["component"], component))
            else:
                fields += [field_of(part) for part in component.get("components") or ()]
        texts = [part["content"] for part in data["components"] if part["type"] == _TEXT]
        return cls(interaction_id, data["custom_id"], data["title"], "\n".join(texts), tuple(fields))

    def field(self, label_or_custom_id: str) -> Field:
        """Return the field with that label or custom id. Raises NotOnScreen if there is none."""
        for each in self.fields:
            if label_or_custom_id in (each.label, each.custom_id):
                return each
        raise NotOnScreen(f"No field {label_or_custom_id!r} among {[each.label for each in self.fields]}.")

    def custom_ids(self, values: dict[str, Any]) -> dict[str, Any]:
        """Convert `values` by label or custom id to values by custom id, and choices by label to choices by value."""
        filled: dict[str, Any] = {}
        for name, given in values.items():
            each = self.field(name)
            if not each.options:
                filled[each.custom_id] = given
            elif isinstance(given, (list, tuple)):
                filled[each.custom_id] = [each.value_of(str(item)) for item in given]
            else:
                filled[each.custom_id] = each.value_of(str(given))
        return filled


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a person sends with a command, as the value of an option."""

    filename: str
    data: bytes

    def as_json(self) -> dict[str, str]:
        """Return the file in the form in which it is sent to Discord."""
        return {"filename": self.filename, "data": base64.b64encode(self.data).decode()}


@dataclass(frozen=True, slots=True)
class Reply:
    """The outcome of an action.

    `answer` is the kind of the bot's first answer: message, deferred_message, update, deferred_update, modal, choices,
    or failed. `message` is the answer itself once it is filled in, or the updated message. Times are monotonic seconds.
    """

    interaction_id: int
    answer: str
    message: Message | None
    modal: Modal | None
    choices: list[dict[str, Any]]
    failure: str | None
    asked_at: float
    answered_at: float

    @property
    def text(self) -> str:
        """All readable text of the answer, or the sentence of Discord's client if the bot did not respond."""
        if self.failure:
            return self.failure
        return self.message.text if self.message else ""


@dataclass(frozen=True, slots=True)
class VoiceCredentials:
    """What a voice client sends to the voice server at `endpoint` (host:port, always TLS)."""

    endpoint: str
    token: str
    session_id: str
    guild_id: int
    channel_id: int
    user_id: int

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """Read a `voice_server` event."""
        ids = (int(data[name]) for name in ("guild_id", "channel_id", "user_id"))
        return cls(data["endpoint"], data["token"], data["session_id"], *ids)
