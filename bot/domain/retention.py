"""How long the sound of a session is kept: when it is announced that it will be deleted, and when it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.ids import GuildId, SessionId

ANNOUNCED_DAYS: Final = 14
"""How long before its deletion everyone on a recording is told: enough to ask for a copy."""

FEWEST_DAYS: Final = 30
MOST_DAYS: Final = 36_500


class RetentionStep(StrEnum):
    """What is to be done about a session now."""

    NOTHING = "nothing"
    ANNOUNCE = "announce"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class KeptSession:
    """An ended session with sound. Its server keeps sound for `days`; None for as long as people allow.

    `announced_for` is the date that people were told; None if they were not.
    """

    session_id: SessionId
    guild_id: GuildId
    ended_at: str
    days: int | None
    announced_for: str | None

    def deletes_at(self, now: datetime) -> datetime | None:
        """When its sound is deleted, as things are; None if never. Never before the date that people were told."""
        if self.days is None:
            return None
        end = datetime.fromisoformat(self.ended_at) + timedelta(days=self.days)
        told = datetime.fromisoformat(self.announced_for) if self.announced_for else now + timedelta(ANNOUNCED_DAYS)
        return max(end, told)

    def step(self, now: datetime) -> RetentionStep:
        """What is to be done at a moment. Who changes the days to none takes an announcement back."""
        at = self.deletes_at(now)
        if at is None:
            return RetentionStep.NOTHING
        if self.announced_for is None:
            return RetentionStep.ANNOUNCE if at - now <= timedelta(ANNOUNCED_DAYS) else RetentionStep.NOTHING
        return RetentionStep.DELETE if at <= now else RetentionStep.NOTHING
