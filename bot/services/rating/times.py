"""The time in which ended sessions can be rated: its end is shown, and who was in the channel is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ids import SessionId
from bot.live.errands import Errands
from bot.live.ports import Clock, timestamp
from bot.services.panel.panels import Panels
from bot.services.rating.invitations import Invitations
from bot.services.rating.rated_sessions import FORM_PATIENCE
from bot.store.attendance import forget_attendance
from bot.store.database import Database
from bot.store.sessions import close_rating, sessions_in_rating
from bot.store.targets_seen import forget_who_saw_targets
from bot.store.transaction import Transaction

LONGEST_SLEEP_SECONDS = 600.0
"""The wall clock can be set, and stands still for no machine that sleeps: it is looked at this often."""


@dataclass(frozen=True, slots=True)
class RatingTimes:
    """Closes the rating of ended sessions when their time is over."""

    database: Database
    clock: Clock
    errands: Errands
    panels: Panels
    invitations: Invitations
    _running: set[SessionId] = field(default_factory=set[SessionId])

    def begin(self, session_id: SessionId, until: str) -> None:
        """A session has ended and can be rated until a time, as the store writes it."""
        if session_id not in self._running:
            self._running.add(session_id)
            self.errands.run(self._close(session_id, datetime.fromisoformat(until)), f"rating of session {session_id}")

    async def take_up(self) -> None:
        """Once the bot is on Discord: show what can be rated, and wait for the end of it."""
        for session in await sessions_in_rating(self.database):
            if session.rating_until is not None and session.session_id not in self._running:
                # The process that ended the session may not have shown it.
                self.panels.changed(session.session_id)
                self.begin(session.session_id, session.rating_until)
        async with self.database.transaction() as tx:
            await self._forget(tx)

    async def _forget(self, tx: Transaction) -> None:
        # A form can still be open for a while: what that leaves here goes with the next session, or the next start.
        await forget_who_saw_targets(tx, timestamp(self.clock.wall() - FORM_PATIENCE))

    async def _close(self, session_id: SessionId, until: datetime) -> None:
        try:
            while (left := (until - self.clock.wall()).total_seconds()) > 0:
                await self.clock.sleep_until(self.clock.monotonic() + min(left, LONGEST_SLEEP_SECONDS))
            await self.invitations.end(session_id)
            async with self.database.transaction() as tx:
                await close_rating(tx, session_id, self.clock.now())
                await forget_attendance(tx, session_id)
                await self._forget(tx)
        finally:
            self._running.discard(session_id)
        self.panels.changed(session_id)
