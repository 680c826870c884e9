"""What the store holds about one person, in numbers, by server."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId, PersonId
from bot.store.reader import Reader


@dataclass(frozen=True, slots=True)
class HeldThere:
    """What comes from one server: scenes that the person was dealt, their tracks and its length, and their answers.

    `prompts` are prompts that they read of scenes in which they had no part.
    """

    guild_id: GuildId
    scenes: int
    tracks: int
    recorded_samples: int
    ratings: int
    self_ratings: int
    prompts: int


_HELD = """
    SELECT guild_id, sum(scenes) AS scenes, sum(tracks) AS tracks, sum(samples) AS recorded_samples,
           sum(ratings) AS ratings, sum(self_ratings) AS self_ratings, sum(prompts) AS prompts
    FROM (
        SELECT scene_id, 1 AS scenes, 0 AS tracks, 0 AS samples, 0 AS ratings, 0 AS self_ratings,
               0 AS prompts
        FROM castings WHERE person_id = :person
        UNION ALL
        SELECT scene_id, 0, 1, tracks.duration_samples, 0, 0, 0
        FROM tracks JOIN takes USING (take_id) WHERE person_id = :person
        UNION ALL
        SELECT scene_id, 0, 0, 0, 1, 0, 0
        FROM ratings JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id)
        WHERE rater_id = :person
        UNION ALL
        SELECT scene_id, 0, 0, 0, 0, 1, 0
        FROM self_ratings JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id)
        WHERE self_ratings.person_id = :person
        UNION ALL
        SELECT scene_id, 0, 0, 0, 0, 0, 1 FROM prompts_shown WHERE person_id = :person
    ) JOIN scenes USING (scene_id) JOIN sessions USING (session_id)
    GROUP BY guild_id ORDER BY guild_id
"""


@dataclass(frozen=True, slots=True)
class HeldBeside:
    """What is held beside what comes from sessions: answers of a profile, uses, sessions that pay is counted for."""

    answers: int
    uses: int
    paid_sessions: int


_BESIDE = """
    SELECT (SELECT count(*) FROM profiles WHERE person_id = :person) AS answers,
           (SELECT count(*) FROM use_people WHERE person_id = :person) AS uses,
           (SELECT count(*) FROM (
               SELECT session_id FROM castings JOIN scenes USING (scene_id) WHERE person_id = :person
               UNION SELECT session_id FROM pay_work WHERE person_id = :person
               UNION SELECT session_id FROM pay_corrections WHERE person_id = :person)) AS paid_sessions
"""


async def held_beside(reader: Reader, person_id: PersonId) -> HeldBeside:
    """Return what the store holds about a person beside what comes from sessions."""
    found = await reader.fetch_record(HeldBeside, _BESIDE, person=person_id)
    assert found is not None, "it is one row"
    return found


async def held_about(reader: Reader, person_id: PersonId) -> list[HeldThere]:
    """Return what the store holds about a person; a server from which there is nothing is left out."""
    rows = await reader.fetch_all(_HELD, person=person_id)
    return [HeldThere(**dict(row)) for row in rows]
