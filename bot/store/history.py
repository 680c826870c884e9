"""What was played before, in the counts that casting needs."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.casting.deal import History
from bot.domain.casting.shares import fair_shares
from bot.domain.casting.types import DirectionOf, Situation
from bot.domain.families import Family
from bot.domain.ids import GuildId, PersonId, SceneId, SessionId
from bot.domain.states import ShiftManner
from bot.store.reader import Reader, Row
from bot.store.voices import voices_asked_for

_SCENES = "JOIN sessions USING (session_id) WHERE guild_id = ?1 AND scenes.scene_id <> ?2 AND scenes.kind = 'scene'"
"""Calibrations and replays are no turns on stage: what was dealt in them counts for nothing but the voices."""

_TURNS = f"""{_SCENES} AND (
    NOT EXISTS (SELECT 1 FROM events WHERE events.kind = 'scene_stopped' AND events.scene_id = scenes.scene_id)
    OR scenes.scene_id = (
        SELECT max(last.scene_id) FROM scenes AS last
        WHERE last.session_id = scenes.session_id AND last.kind = 'scene' AND last.scene_id <> ?2))
"""  # noqa: S608 - all literals
"""An X-card costs no one their turn, nor an emotion: a scene that it stopped counts only for the next deal. Those who
were in it rest in that one, if there are others, and then come as if it had not been dealt.
"""

_PLAYED = f"castings JOIN scenes USING (scene_id) {_TURNS}"

_VOICES = """
    SELECT person_id, character, dealt_at FROM castings JOIN scenes USING (scene_id)
    WHERE session_id = ?1 AND scene_id <> ?2 AND character IS NOT NULL
    UNION ALL
    SELECT json_extract(detail, '$.performer'), json_extract(detail, '$.character'), happened_at
    FROM events WHERE session_id = ?1 AND kind = 'voice_tried'
    ORDER BY dealt_at
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What a guild has played, as the store has it: rows that `history_of` counts.

    There is one row per casting, and for a crowd there are many pairs of people: count in a thread. `voices` are the
    characters of this session, in the order in which they were dealt, also in calibrations, replays and try-outs.
    `asked_for` are the voices that performers asked for in the scene that is dealt again.
    """

    session_id: SessionId
    prompts: Sequence[Row]
    played: Sequence[Row]
    targets: Sequence[Row]
    pairs: Sequence[Row]
    arcs: Sequence[Row]
    directions: Sequence[Row]
    manners: Sequence[Row]
    parts: Sequence[Row]
    situations: Sequence[Row]
    together: Sequence[Row]
    voices: Sequence[Row]
    asked_for: Mapping[PersonId, str]


async def read_played(
    reader: Reader, guild_id: GuildId, session_id: SessionId, *, but_scene: SceneId | None = None
) -> Played:
    """Return what counts when the next scene is dealt. `but_scene` is being dealt again and does not count."""

    async def fetch(sql: str) -> list[Row]:
        return await reader.fetch_all(sql, guild_id, but_scene or 0)

    prompts = await fetch(
        f"SELECT prompt_id, count(*) AS times FROM scenes {_SCENES} GROUP BY prompt_id"  # noqa: S608
    )
    played = await fetch(
        "SELECT person_id, prompt_id, count(*) AS times FROM castings JOIN scenes USING (scene_id) "  # noqa: S608
        f"{_SCENES} GROUP BY person_id, prompt_id"
    )
    targets = await fetch(
        "SELECT person_id, target_emotion, target_intensity, count(*) AS times, max(casting_id) AS newest "  # noqa: S608
        f"FROM {_PLAYED} GROUP BY person_id, target_emotion, target_intensity ORDER BY newest"
    )
    pairs = await fetch(
        "SELECT one.person_id AS one, other.person_id AS other, count(*) AS times "  # noqa: S608
        "FROM castings AS one JOIN castings AS other ON one.scene_id = other.scene_id "
        "AND one.person_id < other.person_id JOIN scenes ON scenes.scene_id = one.scene_id "
        f"{_TURNS} GROUP BY one.person_id, other.person_id"
    )
    arcs = await fetch(
        f"SELECT person_id, count(*) AS times FROM {_PLAYED} "  # noqa: S608
        "AND second_emotion IS NOT NULL GROUP BY person_id"
    )
    directions = await fetch(
        "SELECT person_id, target_emotion AS emotion, target_intensity AS intensity, "  # noqa: S608
        f"direction_number AS number, count(*) AS times FROM {_PLAYED} AND direction_number IS NOT NULL "
        "GROUP BY 1, 2, 3, 4"
    )
    directions += await fetch(
        "SELECT person_id, second_emotion AS emotion, second_intensity AS intensity, "  # noqa: S608
        f"second_direction_number AS number, count(*) AS times FROM {_PLAYED} AND second_direction_number IS NOT NULL "
        "GROUP BY 1, 2, 3, 4"
    )
    manners = await fetch(
        f"SELECT person_id, shift, count(*) AS times FROM {_PLAYED} "  # noqa: S608
        "AND shift IS NOT NULL GROUP BY person_id, shift"
    )
    parts = await fetch(
        f"SELECT session_id, number, person_id FROM {_PLAYED} "  # noqa: S608
        "ORDER BY session_id, number, casting_id"
    )
    situations = await fetch(
        f"SELECT pull, not_emotions, target_emotion, count(*) AS times FROM {_PLAYED} GROUP BY 1, 2, 3"  # noqa: S608
    )
    together = await fetch(
        "SELECT min(one.target_emotion, other.target_emotion) AS one, "  # noqa: S608
        "max(one.target_emotion, other.target_emotion) AS other, count(*) AS times "
        "FROM castings AS one JOIN castings AS other ON one.scene_id = other.scene_id "
        "AND one.person_id < other.person_id JOIN scenes ON scenes.scene_id = one.scene_id "
        f"{_TURNS} GROUP BY 1, 2"
    )
    voices = await reader.fetch_all(_VOICES, session_id, but_scene or 0)
    asked_for = await voices_asked_for(reader, but_scene) if but_scene is not None else {}
    return Played(
        session_id,
        prompts,
        played,
        targets,
        pairs,
        arcs,
        directions,
        manners,
        parts,
        situations,
        together,
        voices,
        asked_for,
    )


def history_of(played: Played, people: Collection[PersonId]) -> History:
    """Count what was played before, as far as it matters to a deal among these people."""
    here = [row for row in played.parts if row["session_id"] == played.session_id]
    characters: dict[PersonId, str] = {row["person_id"]: row["character"] for row in played.voices}
    return History(
        prompts={row["prompt_id"]: row["times"] for row in played.prompts},
        appearances=_appearances(here),
        emotions=_emotions(played.targets),
        played={(row["person_id"], row["prompt_id"]): row["times"] for row in played.played},
        pairs={(row["one"], row["other"]): row["times"] for row in played.pairs},
        characters={**characters, **played.asked_for},
        arcs={row["person_id"]: row["times"] for row in played.arcs},
        intensities={
            (row["person_id"], row["target_emotion"], row["target_intensity"]): row["times"] for row in played.targets
        },
        last_emotions={row["person_id"]: row["target_emotion"] for row in played.targets},
        directions=_directions(played.directions),
        manners={(row["person_id"], ShiftManner(row["shift"])): row["times"] for row in played.manners},
        shares=fair_shares(_casts_by_session(played.parts), people),
        situations=_situations(played.situations),
        together={(row["one"], row["other"]): row["times"] for row in played.together},
    )


async def dealt_in(reader: Reader, guild_id: GuildId) -> dict[str, int]:
    """Return how often each emotion was a target in a guild, among all performers."""
    sql = f"SELECT target_emotion, count(*) AS times FROM {_PLAYED} GROUP BY target_emotion"  # noqa: S608
    return {row["target_emotion"]: row["times"] for row in await reader.fetch_all(sql, guild_id, 0)}


def _appearances(parts: Sequence[Row]) -> dict[PersonId, list[int]]:
    found: defaultdict[PersonId, list[int]] = defaultdict(list)
    for row in parts:
        found[row["person_id"]].append(row["number"])
    return dict(found)


def _emotions(targets: Sequence[Row]) -> dict[tuple[PersonId, str], int]:
    found = Counter[tuple[PersonId, str]]()
    for row in targets:
        found[row["person_id"], row["target_emotion"]] += row["times"]
    return dict(found)


def _situations(dealt: Sequence[Row]) -> dict[Situation, dict[str, int]]:
    found: defaultdict[Situation, dict[str, int]] = defaultdict(dict)
    for row in dealt:
        pull = frozenset(Family(name) for name in json.loads(row["pull"] or "[]"))
        found[pull, frozenset(json.loads(row["not_emotions"] or "[]"))][row["target_emotion"]] = row["times"]
    return dict(found)


def _directions(dealt: Sequence[Row]) -> dict[DirectionOf, int]:
    found = Counter[DirectionOf]()
    for row in dealt:
        found[row["person_id"], row["emotion"], row["intensity"], row["number"]] += row["times"]
    return dict(found)


def _casts_by_session(parts: Sequence[Row]) -> list[list[list[PersonId]]]:
    return [
        [[row["person_id"] for row in cast] for _, cast in groupby(session, key=lambda row: row["number"])]
        for _, session in groupby(parts, key=lambda row: row["session_id"])
    ]
