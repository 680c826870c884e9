"""Who may connect and who is connected: tickets from the main gateway, sessions by user and by SSRC."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from bot.embedded.voice.protocol import DAVE_PROTOCOL_VERSION, CloseCode, Violation, integer, snowflake, text
from bot.embedded.voice.session import Ticket, VoiceSession

Place = tuple[int, int]
"""A user in a guild: (guild id, user id). A user is in at most one voice channel of a guild."""


class VoiceRegister:
    """Tickets and sessions. `admit` and `find` raise Violation with Discord's close code."""

    def __init__(self, bot_user_ids: frozenset[int]) -> None:
        self._bot_user_ids = bot_user_ids
        self._tickets: dict[Place, Ticket] = {}
        self._sessions: dict[Place, VoiceSession] = {}
        self._by_ssrc: dict[int, VoiceSession] = {}
        self._refusals: dict[Place, list[CloseCode]] = {}
        self._next_ssrc = random.randrange(1, 1 << 16)
        self._free_ssrcs: list[int] = []

    def expect(self, ticket: Ticket) -> None:
        """Add a ticket that a client was given. An older ticket of the same user becomes void."""
        self._tickets[ticket.guild_id, ticket.user_id] = ticket

    def forget(self, place: Place) -> VoiceSession | None:
        """Remove the ticket of a user who left. Returns their session, if any."""
        self._tickets.pop(place, None)
        return self._sessions.get(place)

    def ticket_of(self, place: Place) -> Ticket | None:
        """Return the ticket that the user must identify with."""
        return self._tickets.get(place)

    def session_of(self, place: Place) -> VoiceSession | None:
        """Return the user's session."""
        return self._sessions.get(place)

    def refuse(self, place: Place, *codes: CloseCode) -> None:
        """Close the user's next identifications with these codes, one each."""
        self._refusals.setdefault(place, []).extend(codes)

    def admit(self, payload: dict[str, Any]) -> tuple[VoiceSession, VoiceSession | None]:
        """Handle op 0: return the new session, and the user's older one, which it will replace."""
        if refusals := self._refusals.get((snowflake(payload, "server_id"), snowflake(payload, "user_id"))):
            raise Violation(refusals.pop(0), "Refused for a test")
        ticket = self._ticket_for(payload, snowflake(payload, "user_id"))
        if payload.get("max_dave_protocol_version") is None or (
            integer(payload, "max_dave_protocol_version") < DAVE_PROTOCOL_VERSION
        ):
            raise Violation(CloseCode.DAVE_REQUIRED, "E2EE/DAVE protocol required")
        session = VoiceSession(ticket, self._new_ssrc(), ticket.user_id in self._bot_user_ids)
        place = ticket.guild_id, ticket.user_id
        replaced = self._sessions.get(place)
        self._sessions[place] = self._by_ssrc[session.ssrc] = session
        return session, replaced

    def find(self, payload: dict[str, Any]) -> VoiceSession:
        """Handle op 7: return the session to resume."""
        guild_id, session_id = snowflake(payload, "server_id"), text(payload, "session_id")
        for (guild, _), session in self._sessions.items():
            if guild == guild_id and session.ticket.session_id == session_id:
                if session.ticket.token != text(payload, "token"):
                    raise Violation(CloseCode.AUTHENTICATION_FAILED, "Authentication failed")
                return session
        raise Violation(CloseCode.SESSION_INVALID, "Session is no longer valid")

    def remove(self, session: VoiceSession) -> bool:
        """Remove a session that is over. Returns whether it was present."""
        if self._by_ssrc.pop(session.ssrc, None) is None:
            return False
        self._by_ssrc.pop(session.video_ssrc, None)
        place = session.ticket.guild_id, session.user_id
        if self._sessions.get(place) is session:
            del self._sessions[place]
        return True

    def restore(self, session: VoiceSession) -> None:
        """Restore a session after the one that was to replace it did not complete."""
        self._sessions[session.ticket.guild_id, session.user_id] = session

    def by_ssrc(self, ssrc: int) -> VoiceSession | None:
        """Return the session that was given this SSRC, for sound or for video."""
        return self._by_ssrc.get(ssrc)

    def show(self, session: VoiceSession) -> None:
        """Note the SSRC of a session's video."""
        self._by_ssrc[session.video_ssrc] = session

    def give_next(self, ssrc: int) -> None:
        """Give this SSRC, whose session is over, to the next client."""
        self._free_ssrcs.append(ssrc)

    def _new_ssrc(self) -> int:
        if self._free_ssrcs:
            return self._free_ssrcs.pop(0)
        self._next_ssrc += random.randrange(2, 64)  # the number after it is that of the client's video
        return self._next_ssrc

    def __iter__(self) -> Iterator[VoiceSession]:
        return iter(list(self._sessions.values()))

    def _ticket_for(self, payload: dict[str, Any], user_id: int) -> Ticket:
        guild_id, session_id = snowflake(payload, "server_id"), text(payload, "session_id")
        token = text(payload, "token")
        ticket = self._tickets.get((guild_id, user_id))
        if ticket is None and all(guild != guild_id for guild, _ in self._tickets):
            raise Violation(CloseCode.SERVER_NOT_FOUND, "Server not found")
        if ticket is None or ticket.session_id != session_id:
            raise Violation(CloseCode.SESSION_INVALID, "Session is no longer valid")
        if ticket.token != token:
            raise Violation(CloseCode.AUTHENTICATION_FAILED, "Authentication failed")
        return ticket
