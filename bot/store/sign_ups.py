"""Who signed up to a scheduled session, and who was reminded of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import timedelta

from bot.domain.ids import GuildId, ScheduledId, SessionId, UserId
from bot.domain.sign_ups import Roster, roster_of
from bot.domain.states import SignUpAnswer
from bot.store.reader import Reader
from bot.store.records import ScheduledSession, SignUp
from bot.store.transaction import Transaction


async def sign_ups_to(reader: Reader, scheduled_id: ScheduledId) -> list[SignUp]:
    """Return everyone's last answer, in the order of the answers."""
    sql = "SELECT * FROM sign_ups WHERE scheduled_id = ? ORDER BY number"
    return await reader.fetch_records(SignUp, sql, scheduled_id)


async def roster_to(reader: Reader, scheduled: ScheduledSession) -> Roster:
    """Return who comes to a scheduled session."""
    found = await sign_ups_to(reader, scheduled.scheduled_id)
    return roster_of(((one.discord_user_id, one.answer) for one in found), scheduled.performers)


async def sign_up(
    tx: Transaction, scheduled_id: ScheduledId, discord_user_id: UserId, answer: SignUpAnswer, now: str
) -> None:
    """Store an answer. Repeated, it changes nothing; another one goes to the end of the order."""
    await tx.execute(
        "INSERT INTO sign_ups (scheduled_id, discord_user_id, answer, number, placed_at) "
        "SELECT :scheduled, :user, :answer, coalesce(max(number), 0) + 1, :now FROM sign_ups "
        "WHERE scheduled_id = :scheduled "
        "ON CONFLICT DO UPDATE SET answer = excluded.answer, number = excluded.number, placed_at = excluded.placed_at "
        "WHERE answer <> excluded.answer",
        scheduled=scheduled_id,
        user=discord_user_id,
        answer=answer,
        now=now,
    )


async def have_place(tx: Transaction, scheduled_id: ScheduledId, users: Iterable[UserId], now: str) -> None:
    """Store that these accounts have a place since now: they are told so."""
    await tx.execute(
        "UPDATE sign_ups SET placed_at = ? WHERE scheduled_id = ? "
        "AND discord_user_id IN (SELECT value FROM json_each(?))",
        now,
        scheduled_id,
        json.dumps(sorted(users)),
    )


async def remind_once(
    tx: Transaction, scheduled: ScheduledSession, discord_user_id: UserId, lead: timedelta, now: str
) -> bool:
    """Store that it is time to remind an account; returns False if it was before, or if it wants no reminders."""
    added = await tx.execute(
        "INSERT INTO reminders (scheduled_id, discord_user_id, starts_at, lead_minutes, sent_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        scheduled.scheduled_id,
        discord_user_id,
        scheduled.starts_at,
        lead // timedelta(minutes=1),
        now,
    )
    return added > 0 and not await wants_no_reminders(tx, discord_user_id)


async def want_reminders(tx: Transaction, discord_user_id: UserId, now: str, *, wanted: bool) -> None:
    """Store whether an account wants to be reminded, on every server."""
    if wanted:
        await tx.execute("DELETE FROM unreminded WHERE discord_user_id = ?", discord_user_id)
    else:
        sql = "INSERT INTO unreminded (discord_user_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING"
        await tx.execute(sql, discord_user_id, now)


async def count_sign_ups(reader: Reader, discord_user_id: UserId) -> int:
    """Return to how many scheduled sessions an account has answered."""
    return int(await reader.fetch_value("SELECT count(*) FROM sign_ups WHERE discord_user_id = ?", discord_user_id))


async def wants_no_reminders(reader: Reader, discord_user_id: UserId) -> bool:
    """Whether an account wants no reminders."""
    sql = "SELECT EXISTS (SELECT 1 FROM unreminded WHERE discord_user_id = ?)"
    return bool(await reader.fetch_value(sql, discord_user_id))


async def forget_sign_ups(tx: Transaction, scheduled_id: ScheduledId) -> None:
    """Forget who signed up to a session, and who was reminded of it."""
    await tx.execute("DELETE FROM reminders WHERE scheduled_id = ?", scheduled_id)
    await tx.execute("DELETE FROM sign_ups WHERE scheduled_id = ?", scheduled_id)


async def scenes_played(
    reader: Reader, guild_id: GuildId, users: Collection[UserId], session_id: SessionId | None = None
) -> dict[UserId, int]:
    """Return in how many scenes with a kept take each account was on stage: in a guild, or in one session of it.

    A struck take counts as well: its performers were on stage.
    """
    rows = await reader.fetch_all(
        "SELECT discord_user_id, count(*) AS scenes FROM people JOIN castings USING (person_id) "
        "JOIN scenes USING (scene_id) JOIN sessions USING (session_id) "
        "WHERE guild_id = :guild AND (:session IS NULL OR session_id = :session) "
        "AND discord_user_id IN (SELECT value FROM json_each(:users)) "
        "AND EXISTS (SELECT 1 FROM takes WHERE takes.scene_id = scenes.scene_id AND takes.state = 'cut') "
        "GROUP BY discord_user_id",
        guild=guild_id,
        session=session_id,
        users=json.dumps(sorted(users)),
    )
    return {row["discord_user_id"]: row["scenes"] for row in rows}


async def on_stage_in(reader: Reader, session_id: SessionId) -> set[UserId]:
    """Return the accounts that were dealt a part in a session."""
    sql = (
        "SELECT DISTINCT discord_user_id FROM people JOIN castings USING (person_id) JOIN scenes USING (scene_id) "
        "WHERE session_id = ?"
    )
    return {row["discord_user_id"] for row in await reader.fetch_all(sql, session_id)}
