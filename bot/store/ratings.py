"""Ratings, self-ratings, and which turns somebody has still to rate."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, SessionId, TakeId, TurnId
from bot.domain.instrument import Answers
from bot.store.reader import Reader
from bot.store.records import Turn
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RateableTurn(Turn):
    """A turn put up for rating, with what is needed to cut its clip. Says nothing of the target."""

    session_id: SessionId
    scene_id: SceneId
    take_id: TakeId
    performer_id: PersonId
    track_path: str


_RATEABLE = """
    SELECT turns.*, scenes.session_id, takes.scene_id, tracks.take_id,
           tracks.person_id AS performer_id, tracks.path AS track_path
    FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id)
    JOIN scenes USING (scene_id) JOIN sessions USING (session_id)
    WHERE turns.is_for_rating AND takes.state = 'cut' AND takes.struck_at IS NULL
"""

_UNRATED = f"""{_RATEABLE}
    AND sessions.session_id = :session
    AND NOT EXISTS (SELECT 1 FROM ratings WHERE ratings.turn_id = turns.turn_id AND rater_id = :person)
    AND NOT EXISTS (SELECT 1 FROM self_ratings WHERE self_ratings.turn_id = turns.turn_id AND person_id = :person)
    ORDER BY turns.turn_id
"""  # noqa: S608 - made of constants


async def find_rateable_turn(reader: Reader, turn_id: TurnId) -> RateableTurn | None:
    """A turn by id, when it was put up for rating."""
    return await reader.fetch_record(RateableTurn, f"{_RATEABLE} AND turns.turn_id = ?", turn_id)


async def unrated_turns(reader: Reader, session_id: SessionId, person_id: PersonId) -> list[RateableTurn]:
    """Everything of a session that a person has not judged yet, their own turns included, oldest first."""
    return await reader.fetch_records(RateableTurn, _UNRATED, session=session_id, person=person_id)


async def count_raters(reader: Reader, session_id: SessionId) -> dict[TurnId, int]:
    """How many peers have rated each turn of a session; turns without a rating are absent."""
    rows = await reader.fetch_all(
        "SELECT turn_id, count(*) AS raters FROM ratings JOIN turns USING (turn_id) JOIN tracks USING (track_id) "
        "JOIN takes USING (take_id) JOIN scenes USING (scene_id) WHERE session_id = ? GROUP BY turn_id",
        session_id,
    )
    return {row["turn_id"]: row["raters"] for row in rows}


async def has_rated(reader: Reader, turn_id: TurnId, person_id: PersonId) -> bool:
    """Whether a person has judged a turn, as a peer or their own."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM ratings WHERE turn_id = :turn AND rater_id = :person) "
            "OR EXISTS (SELECT 1 FROM self_ratings WHERE turn_id = :turn AND person_id = :person)",
            turn=turn_id,
            person=person_id,
        )
    )


async def was_on_stage(reader: Reader, take_id: TakeId, person_id: PersonId) -> bool:
    """Whether a person was cast in the scene of a take, and so heard it live as a partner."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM castings JOIN takes USING (scene_id) WHERE take_id = ? AND person_id = ?)",
            take_id,
            person_id,
        )
    )


async def add_rating(
    tx: Transaction,
    turn_id: TurnId,
    rater_id: PersonId,
    answers: Answers,
    *,
    is_partner: bool,
    asked_at: str | None,
    now: str,
) -> None:
    """Keep a peer's answers; `asked_at` is when they were given the clip, where that is known.

    A second one by the same rater breaks a constraint.
    """
    await tx.insert(
        "ratings",
        turn_id=turn_id,
        rater_id=rater_id,
        is_partner=int(is_partner),
        perceived_emotion=answers.emotion,
        intensity=answers.intensity,
        valence=answers.valence,
        arousal=answers.arousal,
        authenticity=answers.authenticity,
        asked_at=asked_at,
        answered_at=now,
    )


async def add_self_rating(tx: Transaction, turn_id: TurnId, person_id: PersonId, answers: Answers, *, now: str) -> None:
    """Keep what the performer felt."""
    await tx.insert(
        "self_ratings",
        turn_id=turn_id,
        person_id=person_id,
        felt_emotion=answers.emotion,
        intensity=answers.intensity,
        valence=answers.valence,
        arousal=answers.arousal,
        authenticity=answers.authenticity,
        answered_at=now,
    )
