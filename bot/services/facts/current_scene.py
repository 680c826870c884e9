"""The current scene: the one that was dealt last and has not ended."""

from __future__ import annotations

from bot.live.session import LiveSession
from bot.store.reader import Reader
from bot.store.records import Scene
from bot.store.scenes import current_scene


async def scene_of(session: LiveSession, reader: Reader) -> Scene | None:
    """The scene that was dealt last and has not ended. An X-card ends it even before the store knows."""
    scene = await current_scene(reader, session.session_id)
    return None if scene and session.has_stopped(scene.scene_id) else scene
