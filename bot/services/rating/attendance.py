"""Who is in a session's channel while it is open: they may rate it, even if they have left since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.ids import SessionId, UserId
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.store.attendance import attend
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Attendances:
    """Knows who was in the channels of open sessions, and stores it in the background: one row per account."""

    database: Database
    clock: Clock
    errands: Errands
    _storing: set[SessionId] = field(default_factory=set[SessionId])

    def came(self, session: LiveSession, discord_user_ids: Iterable[UserId]) -> None:
        """These accounts are in a session's channel. One write stores all who come until it begins.

        If that fails, the next one stores them as well, and at the latest the end of the session.
        """
        if session.attend(discord_user_ids) and session.session_id not in self._storing:
            self._storing.add(session.session_id)
            self.errands.run(self._store(session), f"attendance of session {session.session_id}")

    def is_there(self, session: LiveSession, discord_user_id: UserId) -> bool:
        """Whether an account is in a session's channel, or was since the session became live."""
        if session.booth and session.booth.is_open():
            # After an outage of the gateway, people are there whose coming no one was told of.
            self.came(session, session.booth.occupants())
        return discord_user_id in session.attended

    async def _store(self, session: LiveSession) -> None:
        try:
            async with self.database.transaction() as tx:
                self._storing.discard(session.session_id)
                await attend(tx, session.session_id, session.attended, self.clock.now())
        finally:
            self._storing.discard(session.session_id)
