"""Invitations to rate a session, and the raters who were not in its channel."""

from __future__ import annotations

from bot.domain.ids import InvitationId, PersonId, SessionId, UserId
from bot.store.reader import Reader
from bot.store.records import Invitation
from bot.store.transaction import Transaction

_INVITED = """
    SELECT EXISTS (
        SELECT 1 FROM absent_raters JOIN people USING (person_id) JOIN invitations USING (session_id)
        WHERE session_id = ? AND discord_user_id = ? AND is_invited AND closed_at IS NULL)
"""

_INVITED_USERS = """
    SELECT discord_user_id FROM absent_raters JOIN people USING (person_id)
    WHERE session_id = :session AND is_invited
      AND EXISTS (SELECT 1 FROM invitations WHERE session_id = :session AND closed_at IS NULL)
"""


async def invite(tx: Transaction, session_id: SessionId, channel_id: int, now: str) -> Invitation:
    """Store an invitation that is to be posted in a channel."""
    invitation_id = await tx.insert("invitations", session_id=session_id, channel_id=channel_id, invited_at=now)
    return Invitation(InvitationId(invitation_id), session_id, channel_id, None, now, None)


async def set_invitation_message(tx: Transaction, invitation_id: InvitationId, message_id: int) -> None:
    """Store which message an invitation is."""
    await tx.execute("UPDATE invitations SET message_id = ? WHERE invitation_id = ?", message_id, invitation_id)


async def find_invitation(reader: Reader, invitation_id: InvitationId) -> Invitation | None:
    """Return an invitation by its id; None if it does not exist."""
    return await reader.fetch_record(Invitation, "SELECT * FROM invitations WHERE invitation_id = ?", invitation_id)


async def invitations_of(reader: Reader, session_id: SessionId) -> list[Invitation]:
    """Return the invitations to rate a session that are not closed, oldest first."""
    sql = "SELECT * FROM invitations WHERE session_id = ? AND closed_at IS NULL ORDER BY invitation_id"
    return await reader.fetch_records(Invitation, sql, session_id)


async def close_invitations(tx: Transaction, session_id: SessionId, now: str) -> list[Invitation]:
    """Close all invitations to rate a session; return those that were not closed before."""
    found = await invitations_of(tx, session_id)
    await tx.execute("UPDATE invitations SET closed_at = ? WHERE session_id = ? AND closed_at IS NULL", now, session_id)
    return found


async def withdraw_invitation(tx: Transaction, invitation_id: InvitationId) -> None:
    """Remove an invitation that was not posted."""
    await tx.execute("DELETE FROM invitations WHERE invitation_id = ?", invitation_id)


async def note_absent(
    tx: Transaction, session_id: SessionId, person_id: PersonId, now: str, *, is_invited: bool
) -> None:
    """Store that a person rates a session without having been in its channel. The first time counts."""
    await tx.execute(
        "INSERT INTO absent_raters (session_id, person_id, first_at, is_invited) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET is_invited = max(is_invited, excluded.is_invited)",
        session_id,
        person_id,
        now,
        int(is_invited),
    )


async def is_noted_absent(reader: Reader, session_id: SessionId, discord_user_id: UserId) -> bool:
    """Whether an account is among the raters of a session who were not in its channel."""
    sql = """
        SELECT EXISTS (SELECT 1 FROM absent_raters JOIN people USING (person_id)
                       WHERE session_id = ? AND discord_user_id = ?)
    """
    return bool(await reader.fetch_value(sql, session_id, discord_user_id))


async def was_invited(reader: Reader, session_id: SessionId, discord_user_id: UserId) -> bool:
    """Whether an account has accepted an invitation to rate a session, closed or not."""
    sql = """
        SELECT EXISTS (SELECT 1 FROM absent_raters JOIN people USING (person_id)
                       WHERE session_id = ? AND discord_user_id = ? AND is_invited)
    """
    return bool(await reader.fetch_value(sql, session_id, discord_user_id))


async def is_invited(reader: Reader, session_id: SessionId, discord_user_id: UserId) -> bool:
    """Whether an account has accepted an invitation to rate a session, and one is still open."""
    return bool(await reader.fetch_value(_INVITED, session_id, discord_user_id))


async def invited_users(reader: Reader, session_id: SessionId) -> frozenset[UserId]:
    """Return the accounts that have accepted an invitation to rate a session; no one once all are closed."""
    rows = await reader.fetch_all(_INVITED_USERS, session=session_id)
    return frozenset(UserId(row["discord_user_id"]) for row in rows)
