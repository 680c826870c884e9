"""Who was shown the prompt of a scene without a part in it."""

from __future__ import annotations

from bot.domain.ids import PersonId, SceneId
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def note_prompt_shown(tx: Transaction, scene_id: SceneId, person_id: PersonId, now: str) -> None:
    """Store that a person was shown a scene's prompt; the first time counts."""
    await tx.execute(
        "INSERT INTO prompts_shown (scene_id, person_id, shown_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        scene_id,
        person_id,
        now,
    )


async def was_shown_prompt(reader: Reader, scene_id: SceneId, person_id: PersonId) -> bool:
    """Whether a person has been shown a scene's prompt."""
    sql = "SELECT EXISTS (SELECT 1 FROM prompts_shown WHERE scene_id = ? AND person_id = ?)"
    return bool(await reader.fetch_value(sql, scene_id, person_id))
