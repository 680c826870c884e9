"""How each performer wants their cues, on every server: their own choice, which no one else sees."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.domain.states import CueWay
from bot.live.ports import Clock
from bot.store.cue_choices import choose_cue_way, cue_way_of
from bot.store.database import Database
from bot.store.people import ensure_person


@dataclass(frozen=True, slots=True)
class CueChoices:
    """Reads and changes the choice, each for its own person only."""

    database: Database
    clock: Clock

    async def of(self, discord_user_id: UserId) -> CueWay:
        """Return how an account wants its cues."""
        return await cue_way_of(self.database, discord_user_id)

    async def choose(self, discord_user_id: UserId, way: CueWay) -> None:
        """Send the next cue, and all after it, in this way. The log does not have it: it is private."""
        async with self.database.transaction() as tx:
            now = self.clock.now()
            person = await ensure_person(tx, discord_user_id, now)
            await choose_cue_way(tx, person.person_id, way, now)
