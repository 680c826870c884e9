"""Lines: topics that a performer will not play, drawn privately and applied to everyone's scenes as one union."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.live.ports import Clock
from bot.services.facts.library import Library
from bot.store.database import Database
from bot.store.lines import draw_lines, lines_of
from bot.store.people import ensure_person, find_person


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that performers have drawn."""

    database: Database
    clock: Clock
    library: Library

    async def of(self, discord_user_id: UserId) -> frozenset[str]:
        """The topics that an account has drawn lines at; for no one else's eyes."""
        person = await find_person(self.database, discord_user_id)
        return await lines_of(self.database, person.person_id) if person else frozenset()

    async def draw(self, discord_user_id: UserId, topics: Iterable[str]) -> None:
        """Draw exactly these lines. No event is logged: whether a person has drawn lines is private."""
        known = {topic.key for topic in self.library.topics()}
        now = self.clock.now()
        async with self.database.transaction() as tx:
            person = await ensure_person(tx, discord_user_id, now)
            await draw_lines(tx, person.person_id, known & set(topics), now)
