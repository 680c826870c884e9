"""Invitations to rate a session: messages that stay, with a button for people who were not in its channel."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import BoardUnreachable, InvitationClosed, NotARater, PermissionMissing
from bot.domain.ids import GuildId, InvitationId, SessionId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.live.coordinators import Standing
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.services.facts.consents import ConsentsInForce
from bot.services.ports.board import Board, InvitationState
from bot.services.rating.absent_raters import AbsentRaters
from bot.services.rating.rated_session import RatedSession
from bot.services.rating.rated_sessions import RatedSessions
from bot.store.database import Database
from bot.store.invitations import (
    close_invitations,
    find_invitation,
    invite,
    set_invitation_message,
    withdraw_invitation,
)
from bot.store.records import Invitation
from bot.store.sessions import find_session

_log = logging.getLogger(__name__)

RETRY_SECONDS = 60.0
TRIES = 10


@dataclass(frozen=True, slots=True)
class Invitations:
    """Posts and closes invitations, and lets in the people who accept them."""

    database: Database
    clock: Clock
    errands: Errands
    board: Board
    consents: ConsentsInForce
    sessions: RatedSessions
    absent: AbsentRaters

    async def post(self, guild_id: GuildId, session_id: SessionId | None, channel_id: int | None) -> Invitation:
        """Post an invitation to rate a session, in its channel or another one; without an id, to the open or newest.

        Raises what `RatedSessions.of` and `in_guild` raise, PermissionMissing or BoardUnreachable.
        """
        session = await self._session(guild_id, session_id)
        chat_id = channel_id or session.voice_channel_id
        async with self.database.transaction() as tx:
            invitation = await invite(tx, session.session_id, chat_id, self.clock.now())
        try:
            message_id = await self.board.post_invitation(await self._state(invitation))
        except (BoardUnreachable, PermissionMissing):
            async with self.database.transaction() as tx:
                await withdraw_invitation(tx, invitation.invitation_id)
            raise
        async with self.database.transaction() as tx:
            await set_invitation_message(tx, invitation.invitation_id, message_id)
        return invitation

    async def accept(
        self, guild_id: GuildId, discord_user_id: UserId, standing: Standing, invitation_id: InvitationId
    ) -> RatedSession:
        """Let someone rate the session of an invitation; those who may do so anyway need none.

        Raises InvitationClosed, ConsentMissing without consent to rate, and what `RatedSessions.of` raises.
        """
        invitation = await find_invitation(self.database, invitation_id)
        if invitation is None:
            raise InvitationClosed
        session = await self.sessions.of(invitation.session_id, guild_id)
        try:
            await self.sessions.require_rater(session, discord_user_id, standing)
        except NotARater:
            if invitation.closed_at is not None:
                raise InvitationClosed from None
            await self.consents.require(discord_user_id, guild_id, TO_KEEP_ANSWERS)
            await self.absent.note(session.session_id, discord_user_id, is_invited=True)
        return session

    async def close(self, guild_id: GuildId, session_id: SessionId | None) -> int:
        """Close all invitations to rate a session; returns how many there were.

        People who came by one can no longer ask for clips. Raises SessionUnknown.
        """
        _, record = await self.sessions.past_or_open(guild_id, session_id)
        return await self.end(record.session_id)

    async def end(self, session_id: SessionId) -> int:
        """Close the invitations to rate a session, because its time is over; returns how many there were."""
        async with self.database.transaction() as tx:
            closed = await close_invitations(tx, session_id, self.clock.now())
        for invitation in closed:
            self.errands.run(self._show_closed(invitation), f"end of invitation {invitation.invitation_id}")
        return len(closed)

    async def _session(self, guild_id: GuildId, session_id: SessionId | None) -> RatedSession:
        if session_id is not None:
            return await self.sessions.of(session_id, guild_id)
        return (await self.sessions.in_guild(guild_id))[0]

    async def _show_closed(self, invitation: Invitation) -> None:
        found = await find_invitation(self.database, invitation.invitation_id)
        if found is None or found.message_id is None:
            return
        for _ in range(TRIES):
            try:
                await self.board.show_invitation(await self._state(found))
            except BoardUnreachable:
                _log.info("The message of invitation %d cannot be edited now.", found.invitation_id)
                await self.clock.sleep_until(self.clock.monotonic() + RETRY_SECONDS)
            except PermissionMissing:
                _log.info("The message of invitation %d may not be edited.", found.invitation_id)
                return
            else:
                return

    async def _state(self, invitation: Invitation) -> InvitationState:
        session = await find_session(self.database, invitation.session_id)
        assert session is not None, "an invitation belongs to a session"
        until = datetime.fromisoformat(session.rating_until).timestamp() if session.rating_until else None
        return InvitationState(invitation, session.guild_id, session.language, until)
