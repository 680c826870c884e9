"""Messages as request bodies: which fields are known, and how they make a new message or change an old one."""

from __future__ import annotations

import copy
import mimetypes
from dataclasses import dataclass
from typing import Any, Final

from bot.embedded.errors import Path
from bot.embedded.guild.records import Attachment, Message
from bot.embedded.guild.state import State
from bot.embedded.limits import messages
from bot.embedded.limits.messages import COMPONENTS_V2
from bot.embedded.rest.bodies import Body, Upload

KNOWN_FIELDS: Final = frozenset(
    {
        "content",
        "embeds",
        "components",
        "flags",
        "attachments",
        "allowed_mentions",
        "tts",
        "nonce",
        "enforce_nonce",
        "message_reference",
    }
)
SETTABLE_FLAGS: Final = messages.SUPPRESS_EMBEDS | messages.EPHEMERAL | messages.SUPPRESS_NOTIFICATIONS | COMPONENTS_V2


class UnknownFeature(Exception):
    """A feature that Discord has and this server does not. It is refused instead of ignored."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a request says about a message: its fields, its files, and its place in the body."""

    fields: dict[str, Any]
    uploads: dict[int, Upload]
    at: Path = ()
    upload_bytes: int = messages.UPLOAD_BYTES

    @classmethod
    def of(cls, body: Body, fields: Any = None, at: Path = (), upload_bytes: int = messages.UPLOAD_BYTES) -> Draft:
        """Read a body, or a part of it. Raises UnknownFeature for a field that is not known here."""
        data = body.as_object() if fields is None else fields
        if unknown := {name for name, value in data.items() if value} - KNOWN_FIELDS:
            raise UnknownFeature(f"message field {sorted(unknown)}")
        return cls(data, body.uploads, at, upload_bytes)

    @property
    def flags(self) -> int:
        """The flags that a client may set."""
        return (self.fields.get("flags") or 0) & SETTABLE_FLAGS

    def sizes(self, kept: list[Attachment]) -> dict[str, int]:
        """Return names and sizes in bytes of the message's new files. Kept files do not count."""
        sent = {f"{upload.filename}": len(upload.data) for upload in self.uploads.values()}
        return {each.filename: 0 for each in kept} | sent

    def check_new(self) -> None:
        """Refuse a new message that breaks a rule."""
        messages.check_message(self.fields, self.flags, self.sizes([]), self.at, self.upload_bytes)
        messages.check_is_shown(self.fields, bool(self.uploads))

    def new_files(self, state: State) -> list[Attachment]:
        """Return the uploads as attachments."""
        described = {str(each.get("id")): each.get("description") for each in self.fields.get("attachments") or ()}
        return [
            Attachment(
                state.new_id(),
                upload.filename,
                mimetypes.guess_type(upload.filename)[0] or upload.content_type,
                upload.data,
                described.get(str(number)),
            )
            for number, upload in sorted(self.uploads.items())
        ]

    def new_message(self, state: State, channel_id: int, **more: Any) -> Message:
        """Return the bot's message as the draft describes it. It is not in the state yet."""
        fields = copy.deepcopy(self.fields)
        more = {"flags": self.flags, **more}
        return Message(
            state.new_id(),
            channel_id,
            state.world.bot.user_id,
            content=fields.get("content") or "",
            components=fields.get("components") or [],
            embeds=fields.get("embeds") or [],
            attachments=self.new_files(state),
            nonce=fields.get("nonce"),
            reference=fields.get("message_reference"),
            **more,
        )

    def changes(self, state: State, message: Message) -> dict[str, Any]:
        """Return the fields of `message` that the draft changes. Refuses a change that breaks a rule."""
        fields = copy.deepcopy(self.fields)
        kept = list(message.attachments)
        if fields.get("attachments") is not None:
            listed = {str(each.get("id")) for each in fields["attachments"]}
            kept = [each for each in kept if str(each.attachment_id) in listed]
        # The flag of Components V2 cannot be removed.
        flags = message.flags | (self.flags & COMPONENTS_V2)
        merged = {"content": message.content, "embeds": message.embeds} | fields
        messages.check_message(merged, flags, self.sizes(kept), self.at, self.upload_bytes)
        changes = {name: fields[name] or [] for name in ("embeds", "components") if name in fields}
        if "content" in fields:
            changes["content"] = fields["content"] or ""
        files = kept + self.new_files(state)
        after = {
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
        } | changes
        messages.check_is_shown(after, bool(files))
        return changes | {"attachments": files, "flags": flags}
