"""The prompt for those who are not on stage, such as someone who directs from the audience."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import NoScene
from bot.domain.ids import SceneId, UserId
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.facts.current_scene import scene_of
from bot.store.database import Database
from bot.store.people import ensure_person
from bot.store.prompts_shown import note_prompt_shown
from bot.store.records import Scene
from bot.store.scenes import casting_of


@dataclass(frozen=True, slots=True)
class PromptRead:
    """A scene whose prompt someone reads. `is_on_stage`: they have a part, so they know it from their card."""

    scene: Scene
    is_on_stage: bool


@dataclass(frozen=True, slots=True)
class Prompting:
    """Lets people read the prompt of the current scene: never a role, an emotion or a character."""

    database: Database
    clock: Clock

    async def read(self, session: LiveSession, discord_user_id: UserId) -> PromptRead:
        """The prompt of the current scene; stores first who without a part reads it, because they may rate the scene.

        Raises NoScene if nothing has been dealt.
        """
        scene = await scene_of(session, self.database)
        if scene is None:
            raise NoScene
        if await casting_of(self.database, scene.scene_id, discord_user_id):
            return PromptRead(scene, is_on_stage=True)
        await self.note_known(scene.scene_id, discord_user_id)
        return PromptRead(scene, is_on_stage=False)

    async def note_known(self, scene_id: SceneId, discord_user_id: UserId) -> None:
        """Store that an account knows the prompt of a scene, for its ratings: it read the prompt, or wrote it."""
        now = self.clock.now()
        async with self.database.transaction() as tx:
            person = await ensure_person(tx, discord_user_id, now)
            await note_prompt_shown(tx, scene_id, person.person_id, now)
