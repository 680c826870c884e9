"""A copy of everything that is held about one person, in parts that can be uploaded."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.ids import UserId
from bot.home.places import Home
from bot.live.workers import Lane, Workers
from bot.rights.personal_copy import PersonalCopy, write_personal_parts
from bot.store.database import Database
from bot.store.people import find_person


@dataclass(frozen=True, slots=True)
class PersonalCopies:
    """Makes copies for people who ask for theirs."""

    database: Database
    home: Home
    workers: Workers

    @asynccontextmanager
    async def of(self, user_id: UserId, most_bytes: int) -> AsyncGenerator[Sequence[PersonalCopy]]:
        """Yield the parts of an account's copy, each of at most `most_bytes`, until this ends; none if it is unknown.

        A recording that alone is larger is in none; the first part names it.
        """
        person = await find_person(self.database, user_id)
        if person is None:
            yield []
            return
        first = self.home.archive(Path(person.pseudonym))
        parts: Sequence[PersonalCopy] = []
        try:
            parts = await self.workers.run(Lane.EXPORTS, write_personal_parts, self.home, person, first, most_bytes)
            yield parts
        finally:
            for part in parts:
                part.path.unlink(missing_ok=True)
