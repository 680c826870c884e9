"""Who has been shown what was dealt in a session, as long as it can be rated."""

from __future__ import annotations

from bot.domain.ids import SessionId, UserId
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def see_targets(tx: Transaction, session_id: SessionId, discord_user_id: UserId, now: str) -> None:
    """Store that an account is shown what was dealt in a session. The first time counts."""
    await tx.execute(
        "INSERT INTO targets_seen (session_id, discord_user_id, first_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        session_id,
        discord_user_id,
        now,
    )


async def has_seen_targets(reader: Reader, session_id: SessionId, discord_user_id: UserId) -> bool:
    """Whether an account was shown what was dealt in a session that can be rated."""
    sql = "SELECT EXISTS (SELECT 1 FROM targets_seen WHERE session_id = ? AND discord_user_id = ?)"
    return bool(await reader.fetch_value(sql, session_id, discord_user_id))


async def who_saw_targets(reader: Reader, session_id: SessionId) -> frozenset[UserId]:
    """Return the accounts that were shown what was dealt in a session that can be rated."""
    rows = await reader.fetch_all("SELECT discord_user_id FROM targets_seen WHERE session_id = ?", session_id)
    return frozenset(UserId(row["discord_user_id"]) for row in rows)


async def count_seen(reader: Reader, discord_user_id: UserId) -> int:
    """Return in how many sessions that can be rated an account was shown what was dealt."""
    sql = "SELECT count(*) FROM targets_seen WHERE discord_user_id = ?"
    return int(await reader.fetch_value(sql, discord_user_id))


async def forget_who_saw_targets(tx: Transaction, ended_before: str) -> None:
    """Forget who was shown what was dealt in sessions whose time for rating had ended before a moment."""
    await tx.execute(
        "DELETE FROM targets_seen WHERE session_id IN (SELECT session_id FROM sessions WHERE rating_until < ?)",
        ended_before,
    )
