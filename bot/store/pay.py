"""The pay ledger: time worked, rates, corrections and proceeds. It only grows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.ids import GuildId, PersonId, SessionId
from bot.domain.pay import Judging, Rate, TakeWork, Work, rating_time, stage_times
from bot.domain.states import CutReason
from bot.samples import SAMPLE_RATE_HZ
from bot.store.reader import Reader, Row
from bot.store.records import PayCorrection, PayProceeds, PayRate, PayWork
from bot.store.transaction import Transaction

_TAKES_SQL = """
    SELECT take_id, started_at, cut_at, cut_reason, duration_samples,
           (SELECT coalesce(sum(end_samples - start_samples), 0) FROM holes
            WHERE holes.take_id = takes.take_id AND person_id IS NULL AND cause IN ('pause', 'moved')) AS paused_samples
    FROM takes JOIN scenes USING (scene_id) WHERE session_id = ? AND state IN ('cut', 'void')
"""
_ON_STAGE_SQL = """
    SELECT take_id, castings.person_id FROM takes JOIN scenes USING (scene_id) JOIN castings USING (scene_id)
    WHERE session_id = :session
    UNION SELECT take_id, person_id FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = :session
"""
_JUDGED_SQL = """
    SELECT rater_id AS judge, iif(kind = 'own', NULL, shown_at) AS asked_at, answered_at
    FROM trials WHERE session_id = ? AND answered_at IS NOT NULL
"""


async def keep_work(tx: Transaction, session_id: SessionId) -> None:
    """Bring the time that everyone worked in a session up to date, from what the store knows now. It never falls.

    Call this before anything is deleted that a time follows from: takes, castings, tracks, holes, turns or trials.
    """
    for person_id, work in (await _worked(tx, session_id)).items():
        await tx.execute(
            "INSERT INTO pay_work VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "stage_ms = max(stage_ms, excluded.stage_ms), rating_ms = max(rating_ms, excluded.rating_ms)",
            session_id,
            person_id,
            work.stage_ms,
            work.rating_ms,
        )


async def _worked(reader: Reader, session_id: SessionId) -> dict[PersonId, Work]:
    on_stage: defaultdict[int, set[PersonId]] = defaultdict(set)
    for row in await reader.fetch_all(_ON_STAGE_SQL, session=session_id):
        on_stage[row["take_id"]].add(row["person_id"])
    takes = [_take_work(row, on_stage[row["take_id"]]) for row in await reader.fetch_all(_TAKES_SQL, session_id)]
    judgings: defaultdict[PersonId, list[Judging]] = defaultdict(list)
    for row in await reader.fetch_all(_JUDGED_SQL, session_id):
        asked = None if row["asked_at"] is None else _ms(row["asked_at"])
        judgings[row["judge"]].append(Judging(_ms(row["answered_at"]), asked))
    stage = stage_times(takes)
    return {
        person: Work(stage.get(person, 0), rating_time(judgings.get(person, ())))
        for person in stage.keys() | judgings.keys()
    }


def _take_work(row: Row, people: Collection[PersonId]) -> TakeWork:
    reason = None if row["cut_reason"] is None else CutReason(row["cut_reason"])
    samples = row["duration_samples"]
    if samples is not None:
        played = (samples - row["paused_samples"]) * 1000 // SAMPLE_RATE_HZ
    elif row["started_at"] and row["cut_at"]:
        played = _ms(row["cut_at"]) - _ms(row["started_at"])
    else:
        played = 0
    return TakeWork(max(played, 0), reason, frozenset(people))


def _ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


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
