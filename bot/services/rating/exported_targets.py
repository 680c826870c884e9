"""Exports beside blind ratings: a person who gets a dataset or a log is told what was dealt, and can no longer rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.errors import NotARater, RatingOver, TargetsKnown, TargetsWouldShow
from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.coordinators import Standing
from bot.live.ports import Clock
from bot.services.rating.rated_session import RatedSession
from bot.services.rating.rated_sessions import RatedSessions
from bot.services.rating.waiting import WaitingClips
from bot.store.database import Database
from bot.store.sessions import session_ids_of
from bot.store.targets_seen import has_seen_targets, see_targets


@dataclass(frozen=True, slots=True)
class ExportedTargets:
    """Keeps raters blind of what an export contains: asks before it is made, and notes before it is shown."""

    database: Database
    clock: Clock
    sessions: RatedSessions
    waiting: WaitingClips

    async def require_no_rater(
        self, guild_id: GuildId, asker: UserId, standing: Standing, session_id: SessionId | None, *, with_open: bool
    ) -> None:
        """Raise TargetsWouldShow for someone who can still rate a session of a guild, or one of all of them.

        They can if they have clips left, or clips are still to come. Without `with_open`, open sessions do not count.
        """
        left: dict[SessionId, int] = {}
        for one in await session_ids_of(self.database, guild_id) if session_id is None else [session_id]:
            session = await self._rated(one, guild_id, is_form=False)
            if session is None or (session.is_open and not with_open):
                continue
            if await self._may_rate(session, asker, standing):
                waiting = await self.waiting.of(session, also=asker)
                to_come = asker in waiting.raters_now and (session.is_open or not waiting.is_complete)
                if to_come or waiting.left.get(asker):
                    left[one] = waiting.left.get(asker, 0)
        if left:
            raise TargetsWouldShow(left)

    async def note(self, guild_id: GuildId, asker: UserId, shown: Iterable[SessionId]) -> Sequence[SessionId]:
        """Note that a person is shown what was dealt in sessions; return those that they could rate until now.

        Sessions that can no longer be rated do not count, not even with a form that is open, nor those without a clip.
        """
        told: list[SessionId] = []
        for one in shown:
            session = await self._rated(one, guild_id, is_form=True)
            if session is None or await has_seen_targets(self.database, one, asker):
                continue
            waiting = await self.waiting.of(session)
            if session.is_open or waiting.rated or not waiting.is_complete:
                told.append(one)
        async with self.database.transaction() as tx:
            for one in told:
                await see_targets(tx, one, asker, self.clock.now())
        return told

    async def _rated(self, session_id: SessionId, guild_id: GuildId, *, is_form: bool) -> RatedSession | None:
        try:
            return await self.sessions.of(session_id, guild_id, is_form=is_form)
        except RatingOver:
            return None

    async def _may_rate(self, session: RatedSession, asker: UserId, standing: Standing) -> bool:
        try:
            await self.sessions.require_rater(session, asker, standing)
        except (NotARater, TargetsKnown):
            return False
        return True
