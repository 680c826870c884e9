"""What the voice test goes by: which character each performer plays in which scene, and which pairs were given."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, SessionId, TurnId
from bot.domain.states import TrialKind
from bot.store.reader import Reader

_CHARACTERS = """
    SELECT scene_id, person_id, character FROM castings JOIN scenes USING (scene_id)
    WHERE session_id = ? AND character IS NOT NULL
"""
_KINDS = """
    SELECT kind FROM trials WHERE session_id = ? AND rater_id = ? AND kind <> 'own' AND answered_at IS NOT NULL
    ORDER BY answered_at, trial_id
"""


@dataclass(frozen=True, slots=True)
class GivenPair:
    """A pair of turns that a rater was given. `is_answered` is 1 if they have answered, otherwise 0."""

    rater_id: PersonId
    turn_id: TurnId
    other_turn_id: TurnId
    is_answered: int

    @property
    def turns(self) -> frozenset[TurnId]:
        """Both turns."""
        return frozenset((self.turn_id, self.other_turn_id))


async def characters_of(reader: Reader, session_id: SessionId) -> dict[tuple[SceneId, PersonId], str]:
    """Return the character of each performer in each scene of a session. Those without one are absent."""
    rows = await reader.fetch_all(_CHARACTERS, session_id)
    return {(row["scene_id"], row["person_id"]): row["character"] for row in rows}


async def kinds_answered(reader: Reader, session_id: SessionId, person_id: PersonId) -> list[TrialKind]:
    """Return the kinds of a rater's answered trials, oldest first, without those about their own turns."""
    return [TrialKind(row["kind"]) for row in await reader.fetch_all(_KINDS, session_id, person_id)]


async def given_pairs(reader: Reader, session_id: SessionId) -> list[GivenPair]:
    """Return the pairs that the raters of a session were given, oldest first."""
    sql = (
        "SELECT rater_id, turn_id, other_turn_id, answered_at IS NOT NULL AS is_answered FROM trials "
        "WHERE session_id = ? AND kind = 'pair' ORDER BY trial_id"
    )
    return await reader.fetch_records(GivenPair, sql, session_id)
