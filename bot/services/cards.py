"""Cards: what one performer was dealt, for their eyes only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.characters import Character
from bot.domain.emotions import Emotion
from bot.domain.errors import NoCard, NoScene
from bot.services.desk import Desk
from bot.store.scenes import CastingRow, Scene, casting_of, current_scene, mark_card_seen
from bot.store.sessions import Session

CHARACTERS = "core"
"""The character set that is dealt from."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one performer sees, and nobody else. A second emotion is not on it: they are told when they get there."""

    scene: Scene
    casting: CastingRow
    emotion: Emotion
    character: Character | None


async def read_card(desk: Desk, session: Session, discord_user_id: int) -> Card:
    """A performer's own card of the current scene; NoScene or NoCard when they have none."""
    scene = await current_scene(desk.database, session.session_id)
    if scene is None:
        raise NoScene
    casting = await casting_of(desk.database, scene.scene_id, discord_user_id)
    if casting is None:
        raise NoCard
    if casting.card_seen_at is None:
        async with desk.database.transaction():
            await mark_card_seen(desk.database, casting.casting_id, desk.now())
        desk.stage.panel_changed(session.session_id)
    emotion = desk.library.emotion_set(session.emotion_set).find(casting.target_emotion)
    character = desk.library.character_set(CHARACTERS).find(casting.character) if casting.character else None
    return Card(scene, casting, emotion, character)
