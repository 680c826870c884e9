"""The register of uses as each person sees it, and the messages about recordings that were given to someone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId, UserId
from bot.domain.telling import Delivered
from bot.live.ports import Clock
from bot.services.access.guild_settings import Guilds
from bot.services.ports.post import Post, Sent
from bot.store.database import Database
from bot.store.notices import DueUse, note_told, uses_to_tell
from bot.store.people import find_person
from bot.store.records import Use
from bot.store.uses import uses_of


@dataclass(frozen=True, slots=True)
class Uses:
    """What became of people's recordings."""

    database: Database
    clock: Clock
    guilds: Guilds
    post: Post

    async def of(self, user_id: UserId) -> list[Use]:
        """Return the uses that had a person's sound in them, the newest first. `clips` counts theirs."""
        person = await find_person(self.database, user_id)
        return (await uses_of(self.database, person.person_id))[::-1] if person else []

    async def send_due(self) -> None:
        """Tell everyone who is to be told of a use. Who accepts no messages is noted, and finds it in `/me uses`."""
        for use in await uses_to_tell(self.database):
            sent = await self.post.tell_of_use(use, self.guilds.language_in(use.guild_id or GuildId(0)))
            if sent is not Sent.LATER:
                await self._note(use, Delivered.MESSAGE if sent is Sent.ACCEPTED else Delivered.NOWHERE)

    async def _note(self, use: DueUse, delivered: Delivered) -> None:
        async with self.database.transaction() as tx:
            await note_told(tx, use.notice_id, delivered, self.clock.now())
