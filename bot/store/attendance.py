"""Who was in a session's voice channel, by account, as long as the session can be rated."""

from __future__ import annotations

import json
from collections.abc import Collection

from bot.domain.ids import SessionId, UserId
from bot.store.reader import Reader
from bot.store.records import Attendance
from bot.store.transaction import Transaction


async def attend(tx: Transaction, session_id: SessionId, discord_user_ids: Collection[UserId], now: str) -> None:
    """Store that these accounts are in a session's channel. The first time counts."""
    await tx.execute(
        "INSERT INTO attendance (session_id, discord_user_id, first_at) "
        "SELECT ?, value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
        session_id,
        now,
        json.dumps(sorted(discord_user_ids)),
    )


async def attendance_of(reader: Reader, session_id: SessionId) -> list[Attendance]:
    """Return who was in a session's channel, in the order of their accounts; no one once it can no longer be rated."""
    sql = "SELECT * FROM attendance WHERE session_id = ? ORDER BY discord_user_id"
    return await reader.fetch_records(Attendance, sql, session_id)


async def has_attended(reader: Reader, session_id: SessionId, discord_user_id: UserId) -> bool:
    """Whether an account was in a session's channel; False once the session can no longer be rated."""
    sql = "SELECT EXISTS (SELECT 1 FROM attendance WHERE session_id = ? AND discord_user_id = ?)"
    return bool(await reader.fetch_value(sql, session_id, discord_user_id))


async def count_attended(reader: Reader, discord_user_id: UserId) -> int:
    """Return in how many sessions that can be rated an account was in the channel."""
    return int(await reader.fetch_value("SELECT count(*) FROM attendance WHERE discord_user_id = ?", discord_user_id))


async def forget_attendance(tx: Transaction, session_id: SessionId) -> None:
    """Forget who was in a session's channel."""
    await tx.execute("DELETE FROM attendance WHERE session_id = ?", session_id)
