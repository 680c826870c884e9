"""The messages in which people sign up, kept up to date: one edit at a time, and none for what the next one shows."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from bot.domain.errors import BoardUnreachable
from bot.domain.ids import ScheduledId
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.services.ports.board import Board, SignUpState
from bot.store.database import Database
from bot.store.scheduled import find_scheduled
from bot.store.sign_ups import roster_to

_log = logging.getLogger(__name__)

RETRY_SECONDS = 60.0
TRIES = 10


@dataclass(frozen=True, slots=True)
class SignUpMessages:
    """Shows who comes."""

    database: Database
    clock: Clock
    errands: Errands
    board: Board
    _stale: set[ScheduledId] = field(default_factory=set[ScheduledId])
    _showing: set[ScheduledId] = field(default_factory=set[ScheduledId])

    def changed(self, scheduled_id: ScheduledId) -> None:
        """Show what the store says about a scheduled session, in the background."""
        self._stale.add(scheduled_id)
        if scheduled_id not in self._showing:
            self._showing.add(scheduled_id)
            self.errands.run(self._show(scheduled_id), f"message of scheduled session {scheduled_id}")

    async def _show(self, scheduled_id: ScheduledId) -> None:
        tries = 0
        try:
            while scheduled_id in self._stale and tries < TRIES:
                self._stale.discard(scheduled_id)
                try:
                    await self._show_once(scheduled_id)
                except BoardUnreachable:
                    _log.info("The message of scheduled session %d cannot be edited now.", scheduled_id)
                    self._stale.add(scheduled_id)
                    tries += 1
                    await self.clock.sleep_until(self.clock.monotonic() + RETRY_SECONDS)
        finally:
            self._showing.discard(scheduled_id)

    async def _show_once(self, scheduled_id: ScheduledId) -> None:
        scheduled = await find_scheduled(self.database, scheduled_id)
        if scheduled and scheduled.message_id is not None:
            await self.board.show_sign_up(SignUpState(scheduled, await roster_to(self.database, scheduled)))
