"""Scenes and their castings."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.casting import Deal, History
from bot.store.database import Database, Row


@dataclass(frozen=True, slots=True)
class Scene:
    """One prompt dealt to its performers; `number` counts from 1 within the session."""

    scene_id: int
    session_id: int
    number: int
    prompt_id: str
    prompt_title: str
    prompt_text: str
    dealt_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class CastingRow:
    """One performer's part, with the account and the pseudonym behind it."""

    casting_id: int
    scene_id: int
    person_id: int
    discord_user_id: int
    pseudonym: str
    character: str
    target_emotion: str
    target_intensity: int
    card_seen_at: str | None


_CASTING = """
    SELECT casting_id, scene_id, person_id, discord_user_id, pseudonym, character, target_emotion,
           target_intensity, card_seen_at
    FROM castings JOIN people USING (person_id)
"""


async def add_scene(database: Database, session_id: int, dealt: Deal, now: str) -> Scene:
    """End the scene before and add the next one with its castings. Inside a transaction."""
    await database.execute("UPDATE scenes SET ended_at = ? WHERE session_id = ? AND ended_at IS NULL", now, session_id)
    number = 1 + await database.fetch_value("SELECT count(*) FROM scenes WHERE session_id = ?", session_id)
    scene_id = await database.insert(
        "scenes",
        session_id=session_id,
        number=number,
        prompt_id=dealt.prompt.prompt_id,
        prompt_title=dealt.prompt.title,
        prompt_text=dealt.prompt.text,
        dealt_at=now,
    )
    for casting in dealt.castings:
        await database.insert(
            "castings",
            scene_id=scene_id,
            person_id=casting.person_id,
            character=casting.character,
            target_emotion=casting.target_emotion,
            target_intensity=casting.target_intensity,
        )
    prompt = dealt.prompt
    return Scene(scene_id, session_id, number, prompt.prompt_id, prompt.title, prompt.text, now, None)


async def current_scene(database: Database, session_id: int) -> Scene | None:
    """The scene that was dealt last and has not ended."""
    row = await database.fetch_one(
        "SELECT * FROM scenes WHERE session_id = ? AND ended_at IS NULL ORDER BY number DESC", session_id
    )
    return _scene(row) if row else None


async def get_scene(database: Database, scene_id: int) -> Scene:
    """A scene by an id from another table."""
    row = await database.fetch_one("SELECT * FROM scenes WHERE scene_id = ?", scene_id)
    if row is None:
        raise LookupError(f"No scene {scene_id}.")
    return _scene(row)


async def castings_of(database: Database, scene_id: int) -> list[CastingRow]:
    """All castings of a scene, in the order they were dealt."""
    rows = await database.fetch_all(f"{_CASTING} WHERE scene_id = ? ORDER BY casting_id", scene_id)
    return [CastingRow(**dict(row)) for row in rows]


async def casting_of(database: Database, scene_id: int, discord_user_id: int) -> CastingRow | None:
    """What one account was dealt in a scene, if anything."""
    row = await database.fetch_one(f"{_CASTING} WHERE scene_id = ? AND discord_user_id = ?", scene_id, discord_user_id)
    return CastingRow(**dict(row)) if row else None


async def mark_card_seen(database: Database, casting_id: int, now: str) -> None:
    """Remember when a performer first looked at their card. Inside a transaction."""
    await database.execute(
        "UPDATE castings SET card_seen_at = coalesce(card_seen_at, ?) WHERE casting_id = ?", now, casting_id
    )


async def history_of(database: Database, guild_id: int, session_id: int) -> History:
    """What counts when the next scene is dealt: prompts of this session, parts of the guild's performers."""
    prompts = await database.fetch_all(
        "SELECT prompt_id, count(*) AS times FROM scenes WHERE session_id = ? GROUP BY prompt_id", session_id
    )
    scenes = await database.fetch_all(
        "SELECT person_id, count(*) AS times FROM castings JOIN scenes USING (scene_id) "
        "WHERE session_id = ? GROUP BY person_id",
        session_id,
    )
    emotions = await database.fetch_all(
        "SELECT person_id, target_emotion, count(*) AS times FROM castings JOIN scenes USING (scene_id) "
        "JOIN sessions USING (session_id) WHERE guild_id = ? GROUP BY person_id, target_emotion",
        guild_id,
    )
    return History(
        {row["prompt_id"]: row["times"] for row in prompts},
        {row["person_id"]: row["times"] for row in scenes},
        {(row["person_id"], row["target_emotion"]): row["times"] for row in emotions},
    )


def _scene(row: Row) -> Scene:
    return Scene(**dict(row))
