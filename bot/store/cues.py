"""Cues: when a performer was sent theirs on a take's clock, and what they did or said about it."""

from __future__ import annotations

from dataclasses import asdict

from bot.domain.cues import CueTimes
from bot.domain.ids import CastingId, PersonId, SessionId, TakeId
from bot.domain.states import CueAnswer
from bot.store.reader import Reader
from bot.store.records import PerformerCue
from bot.store.transaction import Transaction

_WITH_PERFORMER = """
    SELECT cues.*, session_id, scene_id, castings.person_id, discord_user_id, scenes.number AS scene,
           takes.number AS take,
           EXISTS (SELECT 1 FROM tracks WHERE tracks.take_id = cues.take_id AND tracks.person_id = castings.person_id)
               AS is_recorded
    FROM cues
    JOIN castings USING (casting_id)
    JOIN people   USING (person_id)
    JOIN takes    USING (take_id, scene_id)
    JOIN scenes   USING (scene_id)
"""


async def add_cue(tx: Transaction, take_id: TakeId, casting_id: CastingId, cause: str, times: CueTimes) -> None:
    """Store a cue that was sent, by 'time' or by the 'coordinator'."""
    await tx.insert("cues", take_id=take_id, casting_id=casting_id, cause=cause, **asdict(times))


async def note_sent_by_message(tx: Transaction, take_id: TakeId, casting_id: CastingId, position_samples: int) -> None:
    """Store that a cue was sent as a direct message as well; nothing happens if it is not in the store."""
    await tx.execute(
        "UPDATE cues SET dm_sent_samples = max(?, position_samples) WHERE take_id = ? AND casting_id = ?",
        position_samples,
        take_id,
        casting_id,
    )


async def note_acknowledged(tx: Transaction, take_id: TakeId, casting_id: CastingId, position_samples: int) -> bool:
    """Store when a cue was acknowledged for the first time; returns whether anything changed."""
    changed = await tx.execute(
        "UPDATE cues SET acknowledged_samples = max(?, position_samples) "
        "WHERE take_id = ? AND casting_id = ? AND acknowledged_samples IS NULL",
        position_samples,
        take_id,
        casting_id,
    )
    return changed > 0


async def remove_cues_from(tx: Transaction, take_id: TakeId, position_samples: int) -> None:
    """Forget what came at or after a position, because the take was cut before: cues, or what followed on them."""
    await tx.execute("DELETE FROM cues WHERE take_id = ? AND position_samples >= ?", take_id, position_samples)
    for column in ("card_sent_samples", "dm_sent_samples", "acknowledged_samples"):
        await tx.execute(
            f"UPDATE cues SET {column} = NULL WHERE take_id = ? AND {column} >= ?",  # noqa: S608 - all literals
            take_id,
            position_samples,
        )


async def cue_of(reader: Reader, take_id: TakeId, casting_id: CastingId) -> PerformerCue | None:
    """Return a cue with its performer; None if it was not sent, or not before the take was cut."""
    sql = f"{_WITH_PERFORMER} WHERE take_id = ? AND casting_id = ?"
    return await reader.fetch_record(PerformerCue, sql, take_id, casting_id)


async def cues_to_ask_about(reader: Reader, session_id: SessionId) -> list[PerformerCue]:
    """Return the cues of a session whose performers should still be asked whether they saw them, oldest first.

    They were recorded, have not acknowledged the cue, and were not asked. The take is kept, not struck.
    """
    return await reader.fetch_records(
        PerformerCue,
        f"{_WITH_PERFORMER} WHERE session_id = ? AND is_recorded AND takes.state = 'cut' AND takes.struck_at IS NULL "
        "AND (card_sent_samples IS NOT NULL OR dm_sent_samples IS NOT NULL) "
        "AND acknowledged_samples IS NULL AND asked_at IS NULL AND answer IS NULL ORDER BY cue_id",
        session_id,
    )


async def note_asked(tx: Transaction, cue_id: int, now: str) -> None:
    """Store that a performer was asked about a cue."""
    await tx.execute("UPDATE cues SET asked_at = ? WHERE cue_id = ? AND asked_at IS NULL", now, cue_id)


async def note_answered(tx: Transaction, cue_id: int, answer: CueAnswer, now: str, asked_at: str | None = None) -> bool:
    """Store what a performer said about a cue; returns False if they had already acknowledged it or answered.

    `asked_at` is when they were asked by the clock of `now`, which may have been set since then; None if unknown.
    """
    changed = await tx.execute(
        "UPDATE cues SET answer = ?, answered_at = ?, asked_at = coalesce(?, asked_at, ?) "
        "WHERE cue_id = ? AND answer IS NULL AND acknowledged_samples IS NULL",
        answer,
        now,
        asked_at,
        now,
        cue_id,
    )
    return changed > 0


async def cues_of(reader: Reader, take_id: TakeId) -> dict[PersonId, CueTimes]:
    """Return the times of a take's cues, by the person to whom each was sent."""
    cues = await reader.fetch_records(PerformerCue, f"{_WITH_PERFORMER} WHERE take_id = ?", take_id)
    return {cue.person_id: cue.times for cue in cues}
