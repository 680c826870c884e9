"""The turns that people still have to rate, and who has judged them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, SessionId, TakeId, TurnId, UserId
from bot.store.reader import Reader
from bot.store.records import Turn


@dataclass(frozen=True, slots=True)
class RateableTurn(Turn):
    """A turn put up for rating, with what is needed to cut its clip. It does not contain the target.

    `called_at` is when its take was called: a withdrawal since then covers it.
    """

    session_id: SessionId
    scene_id: SceneId
    take_id: TakeId
    performer_id: PersonId
    performer_user_id: UserId
    track_path: str
    track_lufs: float | None
    called_at: str


_RATEABLE = """
    SELECT turns.*, scenes.session_id, takes.scene_id, tracks.take_id,
           tracks.person_id AS performer_id, people.discord_user_id AS performer_user_id, tracks.path AS track_path,
           tracks.loudness_lufs AS track_lufs, takes.called_at
    FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id)
    JOIN scenes USING (scene_id) JOIN people ON people.person_id = tracks.person_id
    WHERE turns.is_for_rating AND scenes.kind <> 'calibration' AND takes.state = 'cut' AND takes.struck_at IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM turn_reviews AS review
          WHERE review.track_id = turns.track_id AND verdict = 'leave_out'
            AND review.start_samples < turns.end_samples AND review.end_samples > turns.start_samples)
"""

_HEARD_FIRST = """
    (NOT EXISTS (SELECT 1 FROM review_first WHERE review_first.person_id = tracks.person_id)
     OR EXISTS (SELECT 1 FROM turn_reviews AS review
                WHERE review.track_id = turns.track_id AND verdict = 'keep'
                  AND review.start_samples < turns.end_samples AND review.end_samples > turns.start_samples))
"""
"""No one else hears the turns of a performer who wants to hear them first, until they have kept them."""

_UNJUDGED = f"""{_RATEABLE}
    AND scenes.session_id = :session
    AND NOT EXISTS (
        SELECT 1 FROM trials WHERE trials.turn_id = turns.turn_id AND rater_id = :person
        AND trials.kind <> 'pair' AND answered_at IS NOT NULL)
    AND (tracks.person_id = :person OR {_HEARD_FIRST})
    ORDER BY turns.turn_id
"""  # noqa: S608 - made of constants


_JUDGES = """
    SELECT turn_id, discord_user_id AS rater_user_id, answered_at,
           EXISTS (SELECT 1 FROM ratings WHERE rating_id = trials.trial_id) AS is_peer
    FROM trials JOIN people ON people.person_id = rater_id
    WHERE session_id = ? AND trials.kind <> 'pair' AND purpose = 'rating' AND answered_at IS NOT NULL
"""


async def find_rateable_turn(reader: Reader, turn_id: TurnId) -> RateableTurn | None:
    """Return a turn by its id; None if it was not put up for rating."""
    return await reader.fetch_record(RateableTurn, f"{_RATEABLE} AND turns.turn_id = ?", turn_id)


async def find_turn_to_hear(reader: Reader, turn_id: TurnId, listener: UserId) -> RateableTurn | None:
    """Return a turn that was put up for rating; None as well while its performer is to hear it before `listener`."""
    sql = f"{_RATEABLE} AND turns.turn_id = :turn AND (people.discord_user_id = :listener OR {_HEARD_FIRST})"
    return await reader.fetch_record(RateableTurn, sql, turn=turn_id, listener=listener)


async def rateable_turns(reader: Reader, take_id: TakeId) -> list[RateableTurn]:
    """Return the turns of a take that were put up for rating."""
    return await reader.fetch_records(RateableTurn, f"{_RATEABLE} AND tracks.take_id = ?", take_id)


async def unjudged_turns(reader: Reader, session_id: SessionId, person_id: PersonId) -> list[RateableTurn]:
    """Return the turns of a session that a person has not judged yet, oldest first.

    Their own turns are among them, and those of others that have as many ratings as are wanted.
    """
    return await reader.fetch_records(RateableTurn, _UNJUDGED, session=session_id, person=person_id)


async def turns_to_rate(reader: Reader, session_id: SessionId) -> list[RateableTurn]:
    """Return all turns of a session that were put up for rating, oldest first.

    Those that their performers are to hear first are not among them.
    """
    sql = f"{_RATEABLE} AND {_HEARD_FIRST} AND scenes.session_id = ? ORDER BY turns.turn_id"
    return await reader.fetch_records(RateableTurn, sql, session_id)


@dataclass(frozen=True, slots=True)
class Judge:
    """Someone who has judged a turn. `is_peer` is 1 if it is a rating: they could judge it, and it is not their own."""

    turn_id: TurnId
    rater_user_id: UserId
    answered_at: str
    is_peer: int


async def judges_of(reader: Reader, session_id: SessionId) -> list[Judge]:
    """Return who has judged which turn of a session, its performer included, also those who have withdrawn since."""
    return await reader.fetch_records(Judge, _JUDGES, session_id)


async def was_on_stage(reader: Reader, take_id: TakeId, person_id: PersonId) -> bool:
    """Whether a person was cast in the scene of a take, and therefore heard it live as a partner."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM castings JOIN takes USING (scene_id) WHERE take_id = ? AND person_id = ?)",
            take_id,
            person_id,
        )
    )


async def place_of(reader: Reader, take_id: TakeId) -> tuple[int, int]:
    """Return the numbers of a take's scene in its session and of the take in its scene."""
    sql = (
        "SELECT scenes.number AS scene, takes.number AS take FROM takes JOIN scenes USING (scene_id) WHERE take_id = ?"
    )
    row = await reader.fetch_one(sql, take_id)
    if row is None:
        raise LookupError(f"No take has the id {take_id}.")
    return row["scene"], row["take"]


async def has_character(reader: Reader, turn_id: TurnId) -> bool:
    """Whether the performer of a turn has a part with a character."""
    sql = """
        SELECT EXISTS (
            SELECT 1 FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id)
            JOIN castings USING (scene_id, person_id) WHERE turn_id = ? AND character IS NOT NULL)
    """
    return bool(await reader.fetch_value(sql, turn_id))
