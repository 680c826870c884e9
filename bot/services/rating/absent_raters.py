"""Raters who were not in a session's channel: they are noted, and some hear only those performers who permit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.ids import SessionId, UserId
from bot.domain.permission import Use
from bot.live.ports import Clock
from bot.live.sessions import LiveSessions
from bot.services.facts.consents import ConsentsInForce
from bot.services.rating.attendance import Attendances
from bot.services.rating.rated_session import RatedSession
from bot.store.attendance import has_attended
from bot.store.database import Database
from bot.store.invitations import is_noted_absent, note_absent, was_invited
from bot.store.people import find_person
from bot.store.ratings import RateableTurn


@dataclass(frozen=True, slots=True)
class AbsentRaters:
    """Knows who was in a session's channel and who was not.

    Holders of the rater role are the troupe's own reviewers: like people who were there, they hear whatever performers
    let be kept and reviewed. People who came by an invitation hear only performers who let their voice be published.
    """

    database: Database
    clock: Clock
    live: LiveSessions
    consents: ConsentsInForce
    attendances: Attendances

    async def was_there(self, session_id: SessionId, discord_user_id: UserId) -> bool:
        """Whether an account is or was in a session's channel while it was open."""
        live = self.live.find(session_id)
        if live and self.attendances.is_there(live, discord_user_id):
            return True
        return await has_attended(self.database, session_id, discord_user_id)

    async def may_hear(
        self, turns: Sequence[RateableTurn], session: RatedSession, discord_user_id: UserId
    ) -> list[RateableTurn]:
        """Those of these turns that a rater may hear now, as their performers permit."""
        use = Use.LET_RATE
        if await was_invited(self.database, session.session_id, discord_user_id):
            is_there = await self.was_there(session.session_id, discord_user_id)
            use = Use.LET_RATE if is_there else Use.LET_ABSENT_RATE
        return await self.consents.may_be_heard(turns, session.guild_id, use)

    async def note(self, session_id: SessionId, discord_user_id: UserId, *, is_invited: bool = False) -> None:
        """Note a rater who was not in the channel; those who were are not noted."""
        if await self.was_there(session_id, discord_user_id):
            return
        if not is_invited and await is_noted_absent(self.database, session_id, discord_user_id):
            return
        person = await find_person(self.database, discord_user_id)
        assert person is not None, "a person with consent is in the store"
        async with self.database.transaction() as tx:
            await note_absent(tx, session_id, person.person_id, self.clock.now(), is_invited=is_invited)
