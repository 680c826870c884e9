"""Profiles: what people say about themselves, the same on every server."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.domain.profile import Profile, Question, answer_of
from bot.live.ports import Clock
from bot.store.database import Database
from bot.store.people import ensure_person, find_person
from bot.store.profiles import answer_question, forget_profile, profile_of


@dataclass(frozen=True, slots=True)
class Profiles:
    """Reads and changes profiles, each for its own person only."""

    database: Database
    clock: Clock

    async def of(self, user_id: UserId) -> Profile:
        """Return a person's answers."""
        person = await find_person(self.database, user_id)
        return await profile_of(self.database, person.person_id) if person else {}

    async def answer(self, user_id: UserId, question: Question, keys: Collection[str]) -> None:
        """Store an answer. Without a key that is offered, the earlier answer is deleted."""
        answer = answer_of(question, keys)
        async with self.database.transaction() as tx:
            now = self.clock.now()
            person = await find_person(tx, user_id) if answer is None else await ensure_person(tx, user_id, now)
            if person:
                await answer_question(tx, person.person_id, question, answer, now)

    async def forget(self, user_id: UserId) -> None:
        """Delete all answers of a person."""
        async with self.database.transaction() as tx:
            if person := await find_person(tx, user_id):
                await forget_profile(tx, person.person_id)
