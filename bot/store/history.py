"""What was played before, as casting counts it."""

from __future__ import annotations

from collections import Counter, defaultdict

from bot.domain.casting import History
from bot.store.database import Database, Row

_CASTINGS = "castings JOIN scenes USING (scene_id) JOIN sessions USING (session_id)"


async def history_of(database: Database, guild_id: int, session_id: int, *, but_scene: int | None = None) -> History:
    """What counts when the next scene is dealt; `but_scene` is being dealt anew, and does not count."""
    scope = (guild_id, but_scene or 0)

    async def counted(sql: str) -> list[Row]:
        return await database.fetch_all(sql, *scope)

    prompts = await counted(
        "SELECT prompt_id, count(*) AS times FROM scenes JOIN sessions USING (session_id) "
        "WHERE guild_id = ? AND scene_id <> ? GROUP BY prompt_id"
    )
    played = await counted(
        f"SELECT person_id, prompt_id, count(*) AS times FROM {_CASTINGS} "  # noqa: S608 - all literals
        "WHERE guild_id = ? AND scene_id <> ? GROUP BY person_id, prompt_id"
    )
    targets = await counted(
        f"SELECT person_id, target_emotion, target_intensity, count(*) AS times, max(casting_id) AS newest "  # noqa: S608
        f"FROM {_CASTINGS} WHERE guild_id = ? AND scene_id <> ? "
        "GROUP BY person_id, target_emotion, target_intensity ORDER BY newest"
    )
    pairs = await counted(
        "SELECT one.person_id AS one, other.person_id AS other, count(*) AS times "
        "FROM castings AS one JOIN castings AS other ON one.scene_id = other.scene_id "
        "AND one.person_id < other.person_id JOIN scenes ON scenes.scene_id = one.scene_id "
        "JOIN sessions USING (session_id) WHERE guild_id = ? AND scenes.scene_id <> ? "
        "GROUP BY one.person_id, other.person_id"
    )
    arcs = await counted(
        f"SELECT person_id, count(*) AS times FROM {_CASTINGS} "  # noqa: S608
        "WHERE guild_id = ? AND scene_id <> ? AND second_emotion IS NOT NULL GROUP BY person_id"
    )
    here = await database.fetch_all(
        "SELECT person_id, character, number FROM castings JOIN scenes USING (scene_id) "
        "WHERE session_id = ? AND scene_id <> ? ORDER BY number, casting_id",
        session_id,
        but_scene or 0,
    )
    appearances: defaultdict[int, list[int]] = defaultdict(list)
    for row in here:
        appearances[row["person_id"]].append(row["number"])
    emotions = Counter[tuple[int, str]]()
    for row in targets:
        emotions[row["person_id"], row["target_emotion"]] += row["times"]
    return History(
        prompts={row["prompt_id"]: row["times"] for row in prompts},
        appearances=dict(appearances),
        emotions=dict(emotions),
        played={(row["person_id"], row["prompt_id"]): row["times"] for row in played},
        pairs={(row["one"], row["other"]): row["times"] for row in pairs},
        characters={row["person_id"]: row["character"] for row in here if row["character"]},
        arcs={row["person_id"]: row["times"] for row in arcs},
        intensities={
            (row["person_id"], row["target_emotion"], row["target_intensity"]): row["times"] for row in targets
        },
        last_emotions={row["person_id"]: row["target_emotion"] for row in targets},
    )
