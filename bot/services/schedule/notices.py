"""What people are told about scheduled sessions: by direct message, otherwise by a mention where it was announced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.live.errands import Errands
from bot.services.ports.board import Board, Notice
from bot.store.records import ScheduledSession


@dataclass(frozen=True, slots=True)
class Notices:
    """Tells people."""

    errands: Errands
    board: Board

    def send(self, scheduled: ScheduledSession, users: Iterable[UserId], notice: Notice) -> None:
        """Tell people in the background."""
        if everyone := list(users):
            work = self.tell(scheduled, everyone, notice)
            self.errands.run(work, f"notices about scheduled session {scheduled.scheduled_id}")

    async def tell(self, scheduled: ScheduledSession, users: Iterable[UserId], notice: Notice) -> None:
        """Tell people; those who accept no direct messages are mentioned together."""
        unreached = [user for user in users if not await self.reach(scheduled, user, notice)]
        if unreached:
            await self.mention(scheduled, unreached, notice)

    async def reach(self, scheduled: ScheduledSession, user: UserId, notice: Notice) -> bool:
        """Tell one person by direct message; False if that is impossible."""
        return await self.board.tell(user, notice, scheduled)

    async def mention(self, scheduled: ScheduledSession, users: Sequence[UserId], notice: Notice) -> None:
        """Tell people together where the session was announced."""
        await self.board.mention(users, notice, scheduled)
