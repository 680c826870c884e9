"""Ratings, self-ratings, and the turns that a person still has to rate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, SessionId, TakeId, TurnId, UserId
from bot.domain.instrument import Answers
from bot.store.reader import Reader
from bot.store.records import Turn
from bot.store.transaction import Transaction


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

_UNRATED = f"""{_RATEABLE}
    AND scenes.session_id = :session
    AND NOT EXISTS (SELECT 1 FROM ratings WHERE ratings.turn_id = turns.turn_id AND rater_id = :person)
    AND NOT EXISTS (SELECT 1 FROM self_ratings WHERE self_ratings.turn_id = turns.turn_id AND person_id = :person)
    AND (tracks.person_id = :person
         OR ((SELECT count(*) FROM ratings WHERE ratings.turn_id = turns.turn_id) < :wanted AND {_HEARD_FIRST}))
    ORDER BY turns.turn_id
"""  # noqa: S608 - made of constants


_JUDGES = """
    SELECT turn_id, discord_user_id, is_peer
    FROM (
        SELECT turn_id, rater_id AS judge_id, 1 AS is_peer FROM ratings
        UNION ALL SELECT turn_id, person_id, 0 FROM self_ratings
    ) JOIN people ON people.person_id = judge_id
    JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ?
"""


async def find_rateable_turn(reader: Reader, turn_id: TurnId) -> RateableTurn | None:
    """Return a turn by its id; None if it was not put up for rating."""
    return await reader.fetch_record(RateableTurn, f"{_RATEABLE} AND turns.turn_id = ?", turn_id)


async def rateable_turns(reader: Reader, take_id: TakeId) -> list[RateableTurn]:
    """Return the turns of a take that were put up for rating."""
    return await reader.fetch_records(RateableTurn, f"{_RATEABLE} AND tracks.take_id = ?", take_id)


async def unrated_turns(
    reader: Reader, session_id: SessionId, person_id: PersonId, ratings_wanted: int
) -> list[RateableTurn]:
    """Return the turns of a session that a person has not judged yet, oldest first.

    Their own turns are included, and those of others that have fewer ratings than wanted.
    """
    return await reader.fetch_records(
        RateableTurn, _UNRATED, session=session_id, person=person_id, wanted=ratings_wanted
    )


async def turns_to_rate(reader: Reader, session_id: SessionId) -> list[RateableTurn]:
    """Return all turns of a session that were put up for rating, oldest first.

    Those that their performers are to hear first are not among them.
    """
    sql = f"{_RATEABLE} AND {_HEARD_FIRST} AND scenes.session_id = ? ORDER BY turns.turn_id"
    return await reader.fetch_records(RateableTurn, sql, session_id)


async def judges_of(reader: Reader, session_id: SessionId) -> dict[TurnId, tuple[frozenset[UserId], int]]:
    """Return who has judged each turn of a session, its performer included, and how many of them are peers.

    Turns that no one has judged are absent.
    """
    rows = await reader.fetch_all(_JUDGES, session_id)
    by_turn: defaultdict[TurnId, list[tuple[UserId, int]]] = defaultdict(list)
    for row in rows:
        by_turn[row["turn_id"]].append((row["discord_user_id"], row["is_peer"]))
    return {
        turn: (frozenset(user for user, _ in judges), sum(is_peer for _, is_peer in judges))
        for turn, judges in by_turn.items()
    }


async def has_rated(reader: Reader, turn_id: TurnId, person_id: PersonId) -> bool:
    """Whether a person has judged a turn, either as a peer or as its performer."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM ratings WHERE turn_id = :turn AND rater_id = :person) "
            "OR EXISTS (SELECT 1 FROM self_ratings WHERE turn_id = :turn AND person_id = :person)",
            turn=turn_id,
            person=person_id,
        )
    )


async def was_on_stage(reader: Reader, take_id: TakeId, person_id: PersonId) -> bool:
    """Whether a person was cast in the scene of a take, and therefore heard it live as a partner."""
    return bool(
        await reader.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM castings JOIN takes USING (scene_id) WHERE take_id = ? AND person_id = ?)",
            take_id,
            person_id,
        )
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """What a rater knew and when they were asked.

    `is_partner`: they were on stage. `was_shown_prompt`: they had asked for the scene's prompt. `asked_at` is when they
    were given the clip; None if that is unknown.
    """

    is_partner: bool
    was_shown_prompt: bool
    asked_at: str | None


async def add_rating(
    tx: Transaction, turn_id: TurnId, rater_id: PersonId, answers: Answers, asked: Asking, *, now: str
) -> None:
    """Store a peer's answers.

    A second rating of a turn by the same rater violates a constraint: it raises sqlite3.IntegrityError.
    """
    await tx.insert(
        "ratings",
        turn_id=turn_id,
        rater_id=rater_id,
        is_partner=int(asked.is_partner),
        knew_prompt=int(asked.is_partner or asked.was_shown_prompt),
        perceived_emotion=answers.emotion,
        intensity=answers.intensity,
        valence=answers.valence,
        arousal=answers.arousal,
        authenticity=answers.authenticity,
        asked_at=asked.asked_at,
        answered_at=now,
    )


async def add_self_rating(tx: Transaction, turn_id: TurnId, person_id: PersonId, answers: Answers, *, now: str) -> None:
    """Store what the performer felt."""
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
