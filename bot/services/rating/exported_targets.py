"""Exports beside blind ratings: whoever gets a dataset or a log is told what was dealt, and rates no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import RatingOver, TargetsWouldShow
from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.ports import Clock
from bot.services.rating.rated_session import RatedSession
from bot.services.rating.rated_sessions import RatedSessions
from bot.services.rating.waiting import WaitingClips
from bot.store.database import Database
from bot.store.sessions import session_ids_of
from bot.store.targets_seen import has_seen_targets, see_targets


@dataclass(frozen=True, slots=True)
class ExportedTargets:
    """Keeps raters blind of what an export contains."""

    database: Database
    clock: Clock
    sessions: RatedSessions
    waiting: WaitingClips

    async def show_to(
        self, guild_id: GuildId, asker: UserId, session_id: SessionId | None, *, with_open: bool, wants_targets: bool
    ) -> Sequence[SessionId]:
        """Note that a person is told what was dealt in a session of a guild, or in all; return those they knew not yet.

        Sessions that can no longer be rated do not count, not even with a form that is open, nor those without a clip;
        without `with_open`, neither do open ones. Raises TargetsWouldShow, and notes nothing, if they have clips of one
        left to rate and do not insist (`wants_targets`).
        """
        told: list[SessionId] = []
        for session in await self._rated(guild_id, session_id, with_open):
            if await has_seen_targets(self.database, session.session_id, asker):
                continue
            waiting = await self.waiting.of(session)
            if not session.is_open and waiting.is_complete and not waiting.rated:
                continue
            if (left := waiting.left.get(asker, 0)) and not wants_targets and await self._is_on(session):
                raise TargetsWouldShow(session.session_id, left)
            told.append(session.session_id)
        # Stored before anything is shown, so that no one rates after they have seen it.
        async with self.database.transaction() as tx:
            for one in told:
                await see_targets(tx, one, asker, self.clock.now())
        return told

    async def _rated(self, guild_id: GuildId, session_id: SessionId | None, with_open: bool) -> list[RatedSession]:
        found: list[RatedSession] = []
        for one in await session_ids_of(self.database, guild_id) if session_id is None else [session_id]:
            try:
                session = await self.sessions.of(one, guild_id, is_form=True)
            except RatingOver:
                continue
            if with_open or not session.is_open:
                found.append(session)
        return found

    async def _is_on(self, session: RatedSession) -> bool:
        """Whether clips can be asked for, and not only forms sent that are open."""
        try:
            await self.sessions.of(session.session_id, session.guild_id)
        except RatingOver:
            return False
        return True
