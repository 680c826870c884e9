"""The clips that a rater has answered about in a session, hidden checks among them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SessionId, TurnId
from bot.domain.states import TrialPurpose
from bot.store.reader import Reader

_GIVEN = """
    SELECT turn_id, purpose, value AS label
    FROM trials LEFT JOIN answers ON answers.trial_id = trials.trial_id AND item = 'emotion'
    WHERE session_id = ? AND rater_id = ? AND kind = 'turn' AND answered_at IS NOT NULL
    ORDER BY answered_at, trials.trial_id
"""


@dataclass(frozen=True, slots=True)
class GivenClip:
    """Someone else's turn that a rater has answered about. `label` is what they named: an emotion, or why none."""

    turn_id: TurnId
    purpose: TrialPurpose
    label: str | None


async def given_clips(reader: Reader, session_id: SessionId, person_id: PersonId) -> list[GivenClip]:
    """Return the clips of others that a person has answered about, in the order of their answers."""
    return await reader.fetch_records(GivenClip, _GIVEN, session_id, person_id)
