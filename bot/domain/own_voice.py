"""The bot's own place in voice: what moderators did to it, and what keeps it from hearing or from being heard. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Obstacle(StrEnum):
    """What stands between the bot and the people in the session's channel. Discord enforces each of them."""

    DEAFENED = "deafened"
    """A moderator deafened it for the whole server: it is sent no sound, wherever it joins, until this is undone."""
    MOVED = "moved"
    """A moderator moved it to another channel."""
    FORBIDDEN = "forbidden"
    """It lost permissions in the channel. It stays, but could not come back."""
    MUTED = "muted"
    """A moderator muted it for the whole server: no one hears what it says."""
    SUPPRESSED = "suppressed"
    """It may not speak in this channel: no one hears what it says."""


DEAF = frozenset({Obstacle.DEAFENED, Obstacle.MOVED})
"""Obstacles with which the bot hears no one in the session's channel."""


class ChannelFault(StrEnum):
    """Why no session can be held in a channel."""

    STAGE = "stage"
    AFK = "afk"
    FULL = "full"
    GONE = "gone"


class Ousting(StrEnum):
    """What ends a session, because the bot has no place to come back to."""

    CHANNEL_DELETED = "channel_deleted"
    KICKED = "kicked"


class MutedBy(StrEnum):
    """Who muted a person in voice."""

    SELF = "self"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """The bot's own voice state at one moment.

    `channel_id` is where it is, None if Discord says that it is in no channel: it left, or is just about to join again.
    `lacking` are the permissions, by Discord's names, that it needs in the session's channel and no longer has.
    """

    channel_id: int | None
    is_deafened: bool = False
    is_muted: bool = False
    is_suppressed: bool = False
    lacking: tuple[str, ...] = ()

    def obstacles(self, voice_channel_id: int) -> frozenset[Obstacle]:
        """What stands between the bot and the people in a session's channel."""
        is_elsewhere = self.channel_id not in (None, voice_channel_id)
        found = {
            Obstacle.DEAFENED: self.is_deafened,
            Obstacle.MOVED: is_elsewhere,
            Obstacle.FORBIDDEN: bool(self.lacking),
            Obstacle.MUTED: self.is_muted,
            # In another channel, other rules are in force.
            Obstacle.SUPPRESSED: self.is_suppressed and not is_elsewhere,
        }
        return frozenset(obstacle for obstacle, is_there in found.items() if is_there)
