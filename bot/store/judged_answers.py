"""The answers of peers about the scenes of a session, and what was to be heard in their turns: for its figures."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SessionId, TurnId, UserId
from bot.store.reader import Reader

_OF_SCENES = """
    SELECT turn_id, rater_id, discord_user_id AS rater_user_id, is_partner, answered_at, item, value
    FROM trials JOIN answers USING (trial_id) JOIN people ON people.person_id = rater_id
    JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE trials.session_id = ? AND scenes.kind = 'scene' AND value IS NOT NULL
      AND trial_id IN (SELECT rating_id FROM ratings)
    ORDER BY answer_id
"""

_TARGETS = """
    SELECT turn_id, target_emotion FROM turn_targets JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ? AND scenes.kind = 'scene' AND target_emotion IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What one peer answered to one item about one turn. Those who could not judge a turn have no answers here."""

    turn_id: TurnId
    rater_id: PersonId
    rater_user_id: UserId
    is_partner: bool
    answered_at: str
    item: str
    value: str


async def judged_answers(reader: Reader, session_id: SessionId) -> list[JudgedAnswer]:
    """Return the answers of peers about turns of a session's scenes, without replays, in their order."""
    return [
        JudgedAnswer(
            row["turn_id"],
            row["rater_id"],
            row["rater_user_id"],
            bool(row["is_partner"]),
            row["answered_at"],
            row["item"],
            row["value"],
        )
        for row in await reader.fetch_all(_OF_SCENES, session_id)
    ]


async def claimed_targets(reader: Reader, session_id: SessionId) -> dict[TurnId, str]:
    """Return the emotion that is claimed for each turn of a session's scenes; turns without a claim are absent."""
    rows = await reader.fetch_all(_TARGETS, session_id)
    return {TurnId(row["turn_id"]): row["target_emotion"] for row in rows}
