"""A session as raters need it: open, or ended and still to be rated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.ids import GuildId, SceneId, SessionId
from bot.live.asked import STOPPED
from bot.live.promises import Promises


class RatedSession(Protocol):
    """What the rating of a session goes by. A `LiveSession` is one, too."""

    session_id: SessionId
    guild_id: GuildId
    voice_channel_id: int
    seed: int
    emotion_set: str
    instrument: str
    language: str

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        ...

    @property
    def ratings_wanted(self) -> int:
        """How many raters a clip should have."""
        ...

    def has_stopped(self, scene_id: SceneId) -> bool:
        """Whether an X-card has ended this scene, even if the store does not know yet."""
        ...


@dataclass(slots=True)
class EndedSession:
    """A session that has ended and can still be rated."""

    session_id: SessionId
    guild_id: GuildId
    voice_channel_id: int
    seed: int
    emotion_set: str
    instrument: str
    language: str
    ratings_wanted: int
    promises: Promises

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return False

    def has_stopped(self, scene_id: SceneId) -> bool:
        """Whether an X-card that is still to be stored has ended this scene; the store itself strikes its takes."""
        return any(one.kind == STOPPED and one.facts["scene"] == scene_id for one in self.promises)
