"""Cards: what one performer was dealt, for their eyes only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.characters import Character
from bot.domain.emotions import Emotion
from bot.domain.errors import NoCard, NoScene
from bot.services.desk import Desk
from bot.store.scenes import CastingRow, Scene, casting_of, mark_card_seen
from bot.store.sessions import Session

CHARACTERS = "core"
"""The character set that is dealt from."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one performer sees, and nobody else. `now` is their second emotion once they were told in this take."""

    scene: Scene
    casting: CastingRow
    emotion: Emotion
    now: Emotion | None
    character: Character | None


async def read_card(desk: Desk, session: Session, discord_user_id: int) -> Card:
    """A performer's own card of the current scene; NoScene or NoCard when they have none."""
    scene = await desk.scene_of(session)
    if scene is None:
        raise NoScene
    casting = await casting_of(desk.database, scene.scene_id, discord_user_id)
    if casting is None:
        raise NoCard
    if casting.card_seen_at is None:
        # Nobody waits for their card until the store has noted that they saw it.
        desk.errands.run(_note_seen(desk, session, casting), "note that a card was seen")
    emotions = desk.library.emotion_set(session.emotion_set)
    live = desk.live.find(session.session_id)
    is_told = live is not None and live.take is not None and casting.casting_id in live.take.cues.told
    now = emotions.find(casting.second_emotion) if is_told and casting.second_emotion else None
    character = desk.library.character_set(CHARACTERS).find(casting.character) if casting.character else None
    return Card(scene, casting, emotions.find(casting.target_emotion), now, character)


async def _note_seen(desk: Desk, session: Session, casting: CastingRow) -> None:
    async with desk.database.transaction() as tx:
        await mark_card_seen(tx, casting.casting_id, desk.now())
    desk.stage.panel_changed(session.session_id)
