"""Takes, their tracks, and the turns that were found in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from bot.domain.ids import PersonId, SceneId, TakeId, TrackId
from bot.domain.states import CutReason, TakeStatus
from bot.store.reader import Reader
from bot.store.records import Take, TrackFacts
from bot.store.transaction import Transaction


async def add_take(tx: Transaction, scene_id: SceneId, now: str) -> Take:
    """Call the next take of a scene."""
    number = 1 + await tx.fetch_value("SELECT count(*) FROM takes WHERE scene_id = ?", scene_id)
    take_id = await tx.insert("takes", scene_id=scene_id, number=number, state=TakeStatus.COUNTDOWN, called_at=now)
    return Take(TakeId(take_id), scene_id, number, TakeStatus.COUNTDOWN, now, None, None, None, None, None, None)


async def get_take(reader: Reader, take_id: TakeId) -> Take:
    """Return the take with an id from another table. Raises LookupError if there is none."""
    take = await reader.fetch_record(Take, "SELECT * FROM takes WHERE take_id = ?", take_id)
    if take is None:
        raise LookupError(f"No take has the id {take_id}.")
    return take


async def last_take(reader: Reader, scene_id: SceneId) -> Take | None:
    """Return the newest take of a scene; None if it has none."""
    sql = "SELECT * FROM takes WHERE scene_id = ? ORDER BY number DESC"
    return await reader.fetch_record(Take, sql, scene_id)


async def was_played(reader: Reader, scene_id: SceneId) -> bool:
    """Whether a scene has a take that was not void."""
    sql = "SELECT count(*) FROM takes WHERE scene_id = ? AND state <> 'void'"
    return bool(await reader.fetch_value(sql, scene_id))


async def last_kept_take(reader: Reader, scene_id: SceneId) -> Take | None:
    """Return the newest take of a scene that was kept, struck or not; None if it has none."""
    sql = "SELECT * FROM takes WHERE scene_id = ? AND state = 'cut' ORDER BY number DESC"
    return await reader.fetch_record(Take, sql, scene_id)


async def mark_recording(tx: Transaction, take_id: TakeId, now: str) -> None:
    """Mark a take as recording, because its countdown is over."""
    await tx.execute(
        "UPDATE takes SET state = 'recording', started_at = ? WHERE take_id = ? AND state = 'countdown'", now, take_id
    )


async def close_take(
    tx: Transaction, take_id: TakeId, *, state: TakeStatus, reason: CutReason, duration_samples: int | None, now: str
) -> None:
    """Close a take: it is 'cut' and kept, or 'void' if nothing was recorded."""
    await tx.execute(
        "UPDATE takes SET state = ?, cut_at = ?, cut_reason = ?, duration_samples = ? WHERE take_id = ?",
        state,
        now,
        reason,
        duration_samples,
        take_id,
    )


async def strike_take(tx: Transaction, take_id: TakeId, now: str | None) -> None:
    """Leave a take out of the dataset from now on. With None, restore it."""
    await tx.execute("UPDATE takes SET struck_at = ? WHERE take_id = ?", now, take_id)


async def strike_takes_of(tx: Transaction, scene_id: SceneId, now: str) -> None:
    """Strike every take of a scene, even the running one. A take that is already struck keeps its time."""
    await tx.execute("UPDATE takes SET struck_at = coalesce(struck_at, ?) WHERE scene_id = ?", now, scene_id)


async def running_takes(reader: Reader) -> list[Take]:
    """Return every take of all sessions that is counting down or being recorded."""
    sql = "SELECT * FROM takes WHERE state IN ('countdown', 'recording') ORDER BY take_id"
    return await reader.fetch_records(Take, sql)


async def add_track(tx: Transaction, take_id: TakeId, facts: TrackFacts) -> TrackId:
    """Add a track, whose turns are to be looked for."""
    return TrackId(await tx.insert("tracks", take_id=take_id, **asdict(facts)))


async def add_holes(
    tx: Transaction, take_id: TakeId, holes: Iterable[tuple[str, int, int]], person_id: PersonId | None = None
) -> None:
    """Store where no one could be heard, or not this person: the cause, start and end in samples."""
    for cause, start_samples, end_samples in holes:
        await tx.insert(
            "holes",
            take_id=take_id,
            cause=cause,
            start_samples=start_samples,
            end_samples=end_samples,
            person_id=person_id,
        )
