"""Reviews: the turns that a performer has not heard yet, what they said of the others, and whether raters wait."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, TurnId
from bot.domain.states import Verdict
from bot.store.ratings import RateableTurn
from bot.store.reader import Reader
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class OwnTurn(RateableTurn):
    """A turn of a performer's own, with where it was played."""

    scene_number: int
    take_number: int


_REVIEWED = (
    "EXISTS (SELECT 1 FROM turn_reviews AS review WHERE review.track_id = turns.track_id "
    "AND review.start_samples < turns.end_samples AND review.end_samples > turns.start_samples)"
)
_OWN = """
    SELECT turns.*, scenes.session_id, takes.scene_id, tracks.take_id, tracks.person_id AS performer_id,
           people.discord_user_id AS performer_user_id, tracks.path AS track_path, tracks.loudness_lufs AS track_lufs,
           takes.called_at, scenes.number AS scene_number, takes.number AS take_number
    FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    JOIN people ON people.person_id = tracks.person_id
    WHERE takes.state = 'cut' AND takes.struck_at IS NULL AND tracks.person_id = :person
"""


async def unreviewed_turns(reader: Reader, person_id: PersonId) -> list[OwnTurn]:
    """Return a performer's turns that they have not reviewed: those of the newest take first, in its order."""
    sql = f"{_OWN} AND NOT {_REVIEWED} ORDER BY takes.take_id DESC, turns.start_samples"
    return await reader.fetch_records(OwnTurn, sql, person=person_id)


async def own_turn(reader: Reader, person_id: PersonId, turn_id: TurnId) -> OwnTurn | None:
    """Return a turn of a performer's own by its id; None if it is not theirs, or no longer there."""
    sql = f"{_OWN} AND turns.turn_id = :turn"
    return await reader.fetch_record(OwnTurn, sql, person=person_id, turn=turn_id)


async def add_review(tx: Transaction, turn: OwnTurn, verdict: Verdict, now: str) -> None:
    """Store what a performer says of a turn, in place of what they said of it before."""
    await tx.execute(
        "INSERT INTO turn_reviews VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET verdict = excluded.verdict, reviewed_at = excluded.reviewed_at",
        turn.track_id,
        turn.start_samples,
        turn.end_samples,
        turn.clip_start_samples,
        turn.clip_end_samples,
        verdict.value,
        now,
    )


async def lets_raters_wait(reader: Reader, person_id: PersonId) -> bool:
    """Whether no one else is to hear a performer's turns before they have."""
    sql = "SELECT EXISTS (SELECT 1 FROM review_first WHERE person_id = ?)"
    return bool(await reader.fetch_value(sql, person_id))


async def let_raters_wait(tx: Transaction, person_id: PersonId, now: str, *, wait: bool) -> None:
    """Note whether raters wait for a performer."""
    await tx.execute("DELETE FROM review_first WHERE person_id = ?", person_id)
    if wait:
        await tx.insert("review_first", person_id=person_id, since=now)
