"""Which characters performers gave up for another voice. The events of it name no one outside the store."""

from __future__ import annotations

from bot.domain.ids import PersonId, SceneId, SessionId
from bot.store.reader import Reader

_CHANGED = "kind = 'voice_changed'"


async def refused_voices(reader: Reader, session_id: SessionId) -> list[str]:
    """Return the characters that performers of a session gave up, in order."""
    was = "json_extract(detail, '$.character_was')"
    kinds = "kind IN ('voice_changed', 'voice_tried')"
    sql = f"SELECT {was} FROM events WHERE {kinds} AND session_id = ? ORDER BY event_id"  # noqa: S608
    return [row[0] for row in await reader.fetch_all(sql, session_id) if row[0]]


async def voices_asked_for(reader: Reader, scene_id: SceneId) -> dict[PersonId, str]:
    """Return the character that each performer who asked for another voice in a scene was dealt last.

    They keep it if the scene is dealt again.
    """
    sql = (
        f"SELECT json_extract(detail, '$.performer') AS performer, json_extract(detail, '$.character') AS character "  # noqa: S608
        f"FROM events WHERE {_CHANGED} AND scene_id = ? ORDER BY event_id"
    )
    return {row["performer"]: row["character"] for row in await reader.fetch_all(sql, scene_id)}
