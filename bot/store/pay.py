"""The pay ledger: time worked, rates, corrections and proceeds. It only grows."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.ids import GuildId, PersonId, SessionId
from bot.domain.pay import Rate, Work
from bot.store.reader import Reader
from bot.store.records import PayCorrection, PayProceeds, PayRate, PayWork
from bot.store.transaction import Transaction
from bot.store.worked import JUDGED_SQL, KEEP_SQL, ON_STAGE_SQL, TAKES_SQL, worked


async def keep_work(tx: Transaction, session_id: SessionId) -> None:
    """Bring the time that everyone worked in a session up to date, from what the store knows now. It never falls.

    Call this, or `worked.keep_work_of`, before anything is deleted that a time follows from: takes, castings, tracks,
    holes, turns or trials.
    """
    on_stage, takes, judged = [await tx.fetch_all(sql, session_id) for sql in (ON_STAGE_SQL, TAKES_SQL, JUDGED_SQL)]
    for person_id, work in worked(on_stage, takes, judged).items():
        await tx.execute(KEEP_SQL, session_id, person_id, work.stage_ms, work.rating_ms)


async def work_in(reader: Reader, session_id: SessionId) -> dict[PersonId, Work]:
    """Return how long everyone worked in a session, as `keep_work` stored it last."""
    rows = await reader.fetch_records(PayWork, "SELECT * FROM pay_work WHERE session_id = ?", session_id)
    return {row.person_id: Work(row.stage_ms, row.rating_ms) for row in rows}


async def rate_at(reader: Reader, guild_id: GuildId, started_at: str) -> Rate | None:
    """Return the rate of sessions that start at a time; None before the first one."""
    sql = "SELECT * FROM pay_rates WHERE guild_id = ? AND since <= ? ORDER BY since DESC, pay_rate_id DESC"
    found = await reader.fetch_record(PayRate, sql, guild_id, started_at)
    return found and Rate(found.currency, found.stage_per_hour, found.rating_per_hour, found.share_basis_points)


async def set_rate(tx: Transaction, guild_id: GuildId, rate: Rate, *, since: str, now: str) -> None:
    """Add a rate for sessions that start at `since` or later."""
    await tx.insert(
        "pay_rates",
        guild_id=guild_id,
        currency=rate.currency,
        stage_per_hour=rate.stage_per_hour,
        rating_per_hour=rate.rating_per_hour,
        share_basis_points=rate.share_basis_points,
        since=since,
        set_at=now,
    )


async def add_correction(
    tx: Transaction, session_id: SessionId, person_id: PersonId, amount: int, currency: str, reason: str, now: str
) -> None:
    """Add an amount to a person's pay for a session; a negative one takes it off."""
    await tx.insert(
        "pay_corrections",
        session_id=session_id,
        person_id=person_id,
        amount_minor=amount,
        currency=currency,
        reason=reason,
        entered_at=now,
    )


async def add_proceeds(
    tx: Transaction, session_id: SessionId, amount: int, currency: str, reason: str, now: str
) -> None:
    """Add what a session earned."""
    await tx.insert(
        "pay_proceeds",
        session_id=session_id,
        amount_minor=amount,
        currency=currency,
        reason=reason,
        entered_at=now,
    )


async def corrections_in(reader: Reader, session_id: SessionId) -> Sequence[PayCorrection]:
    """Return the corrections of a session, oldest first."""
    sql = "SELECT * FROM pay_corrections WHERE session_id = ? ORDER BY pay_correction_id"
    return await reader.fetch_records(PayCorrection, sql, session_id)


async def proceeds_in(reader: Reader, session_id: SessionId) -> Sequence[PayProceeds]:
    """Return the proceeds of a session, oldest first."""
    sql = "SELECT * FROM pay_proceeds WHERE session_id = ? ORDER BY pay_proceeds_id"
    return await reader.fetch_records(PayProceeds, sql, session_id)


async def sessions_to_pay(reader: Reader, guild_id: GuildId | None, month: str | None) -> list[SessionId]:
    """Return the sessions of a server (None: of all) that started in a month, such as '2027-03' (None: ever)."""
    sql = (
        "SELECT session_id FROM sessions WHERE (:guild IS NULL OR guild_id = :guild) "
        "AND (:month IS NULL OR substr(started_at, 1, 7) = :month) ORDER BY session_id"
    )
    return [row[0] for row in await reader.fetch_all(sql, guild=guild_id, month=month)]


async def sessions_worked_by(reader: Reader, person_id: PersonId) -> list[SessionId]:
    """Return the sessions in which a person may have earned something."""
    sql = """
        SELECT session_id FROM castings JOIN scenes USING (scene_id) WHERE person_id = :person
        UNION SELECT session_id FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id)
        WHERE person_id = :person
        UNION SELECT session_id FROM trials WHERE rater_id = :person
        UNION SELECT session_id FROM pay_work WHERE person_id = :person
        UNION SELECT session_id FROM pay_corrections WHERE person_id = :person
        ORDER BY session_id
    """
    return [row[0] for row in await reader.fetch_all(sql, person=person_id)]
