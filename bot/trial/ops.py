"""Voice gateway messages without what is secret in them (https://docs.discord.com/developers/topics/voice-connections)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

_PLAIN: Final = {
    4: ("mode", "dave_protocol_version"),
    8: ("v", "heartbeat_interval"),
    21: ("transition_id", "protocol_version"),
    22: ("transition_id",),
    24: ("epoch", "protocol_version"),
}
"""The fields of text messages that identify no one and open nothing, by op."""

_ANSWERS: Final = (3, 6)
"""Heartbeats and their answers, which come all the time and say nothing."""

Alias = Callable[[int], str]


def told(op: int, data: Any, alias: Alias) -> dict[str, Any] | None:
    """Return what a text message says, without keys, addresses and accounts; None if it is not worth keeping."""
    if op in _ANSWERS:
        return None
    fields: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    said = {name: fields[name] for name in _PLAIN.get(op, ()) if name in fields}
    if op == 2:
        said["modes"] = list(fields.get("modes", ()))
    if "user_id" in fields:
        said["who"] = alias(int(fields["user_id"]))
        said["has_ssrc"] = "ssrc" in fields or "audio_ssrc" in fields
    if "user_ids" in fields:
        said["who"] = [alias(int(user_id)) for user_id in fields["user_ids"]]
    return said
