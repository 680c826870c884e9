"""Sessions that are scheduled on a server."""

from __future__ import annotations

from dataclasses import fields

from bot.domain.ids import GuildId, ScheduledId, SessionId
from bot.store.reader import Reader
from bot.store.records import ScheduledSession
from bot.store.transaction import Transaction


async def add_scheduled(tx: Transaction, planned: ScheduledSession) -> ScheduledId:
    """Store a session that is scheduled, under an id of its own, which is returned."""
    columns = {field.name: getattr(planned, field.name) for field in fields(planned) if field.name != "scheduled_id"}
    return ScheduledId(await tx.insert("scheduled_sessions", **columns))


async def find_scheduled(reader: Reader, scheduled_id: ScheduledId) -> ScheduledSession | None:
    """Return a scheduled session, open or closed; None if there is none."""
    sql = "SELECT * FROM scheduled_sessions WHERE scheduled_id = ?"
    return await reader.fetch_record(ScheduledSession, sql, scheduled_id)


async def scheduled_in(reader: Reader, guild_id: GuildId) -> list[ScheduledSession]:
    """Return the sessions of a guild to which people can sign up, the next one first."""
    sql = "SELECT * FROM scheduled_sessions WHERE guild_id = ? AND closed_at IS NULL ORDER BY starts_at, scheduled_id"
    return await reader.fetch_records(ScheduledSession, sql, guild_id)


async def became(reader: Reader, session_id: SessionId) -> ScheduledSession | None:
    """Return the scheduled session that became a session; None if that was not scheduled."""
    sql = "SELECT * FROM scheduled_sessions WHERE session_id = ?"
    return await reader.fetch_record(ScheduledSession, sql, session_id)


async def scheduled_to_keep(reader: Reader) -> list[ScheduledSession]:
    """Return, of all guilds, the sessions to which people can sign up, or whose sign-ups are still there."""
    sql = (
        "SELECT * FROM scheduled_sessions WHERE closed_at IS NULL "
        "OR scheduled_id IN (SELECT scheduled_id FROM sign_ups) ORDER BY scheduled_id"
    )
    return await reader.fetch_records(ScheduledSession, sql)


async def move_scheduled(tx: Transaction, moved: ScheduledSession) -> None:
    """Change when and where a scheduled session begins, how long it is, and which event of Discord's shows it."""
    await tx.execute(
        "UPDATE scheduled_sessions SET starts_at = ?, minutes = ?, voice_channel_id = ?, time_zone = ?, timed_at = ?, "
        "event_id = ? WHERE scheduled_id = ?",
        moved.starts_at,
        moved.minutes,
        moved.voice_channel_id,
        moved.time_zone,
        moved.timed_at,
        moved.event_id,
        moved.scheduled_id,
    )


async def message_posted(tx: Transaction, scheduled_id: ScheduledId, message_id: int) -> None:
    """Store the message with the buttons."""
    sql = "UPDATE scheduled_sessions SET message_id = ? WHERE scheduled_id = ?"
    await tx.execute(sql, message_id, scheduled_id)


async def forget_event(tx: Transaction, guild_id: GuildId, event_id: int) -> ScheduledSession | None:
    """Store that an event was deleted in Discord; returns the open session that it showed, as it was."""
    sql = "SELECT * FROM scheduled_sessions WHERE guild_id = ? AND event_id = ? AND closed_at IS NULL"
    found = await tx.fetch_record(ScheduledSession, sql, guild_id, event_id)
    if found:
        await tx.execute("UPDATE scheduled_sessions SET event_id = NULL WHERE scheduled_id = ?", found.scheduled_id)
    return found


async def close_scheduled(
    tx: Transaction, scheduled_id: ScheduledId, now: str, *, session_id: SessionId | None = None, is_cancelled: bool
) -> bool:
    """End sign-up to a session; returns whether it was open. `session_id` is the session that it became."""
    changed = await tx.execute(
        "UPDATE scheduled_sessions SET closed_at = ?, cancelled_at = ?, session_id = ? "
        "WHERE scheduled_id = ? AND closed_at IS NULL",
        now,
        now if is_cancelled else None,
        session_id,
        scheduled_id,
    )
    return changed > 0


async def remove_scheduled(tx: Transaction, scheduled_id: ScheduledId) -> None:
    """Remove a session whose announcement failed, and whatever anyone may have answered to it."""
    await tx.execute("DELETE FROM sign_ups WHERE scheduled_id = ?", scheduled_id)
    await tx.execute("DELETE FROM scheduled_sessions WHERE scheduled_id = ?", scheduled_id)
