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

        Sessions that can no longer be rated do not count, not even with a form that is open; without `with_open`,
        neither do open ones. Raises
        TargetsWouldShow, and notes nothing, if they have clips of one left to rate and do not insist (`wants_targets`).
        """
        told = [one for one in await self._rated(guild_id, session_id, with_open) if await self._is_blind(one, asker)]
        if not wants_targets:
            for session in told:
                if left := await self._left(session, asker):
                    raise TargetsWouldShow(session.session_id, left)
        # Stored before anything is shown, so that no one rates after they have seen it.
        async with self.database.transaction() as tx:
            for session in told:
                await see_targets(tx, session.session_id, asker, self.clock.now())
        return [session.session_id for session in told]

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

    async def _left(self, session: RatedSession, asker: UserId) -> int:
        try:
            await self.sessions.of(session.session_id, session.guild_id)
        except RatingOver:
            # Only forms that are open can still be sent.
            return 0
        return (await self.waiting.of(session)).left.get(asker, 0)

    async def _is_blind(self, session: RatedSession, asker: UserId) -> bool:
        return not await has_seen_targets(self.database, session.session_id, asker)
