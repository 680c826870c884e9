"""Another voice: a performer asks for a different character, and no one else is told."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.domain.casting.voices import another_character
from bot.domain.errors import NoCard, NoOtherVoice, NoScene, NotASceneOfItsOwn, VoiceRecorded
from bot.domain.events.catalogue import VoiceChanged
from bot.domain.ids import UserId
from bot.domain.states import TakeKind
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.access.changes import Changes
from bot.services.facts.current_scene import scene_of
from bot.services.facts.library import Library
from bot.services.scene.cards import CHARACTERS
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.history import history_of, read_played
from bot.store.scenes import casting_of, change_character
from bot.store.takes import was_played
from bot.store.voices import refused_voices


@dataclass(frozen=True, slots=True)
class Voices:
    """Deals a performer another character in the current scene; they hold it from then on."""

    database: Database
    clock: Clock
    library: Library
    changes: Changes

    async def deal_another(self, session: LiveSession, discord_user_id: UserId) -> None:
        """Deal a performer a character that no one in the session holds. The panel does not change.

        Raises NoScene or NoCard if they have no part, NotASceneOfItsOwn in a calibration or a replay, VoiceRecorded
        once the scene is being played, and NoOtherVoice if every character is held.
        """
        async with self.changes.to_change(session):
            scene = await scene_of(session, self.database)
            if scene is None:
                raise NoScene
            if scene.kind is not TakeKind.SCENE:
                raise NotASceneOfItsOwn
            casting = await casting_of(self.database, scene.scene_id, discord_user_id)
            if casting is None:
                raise NoCard
            if session.take or await was_played(self.database, scene.scene_id):
                raise VoiceRecorded
            refused = await refused_voices(self.database, session.session_id)
            played = await read_played(self.database, session.guild_id, session.session_id)
            history = history_of(played, [casting.person_id])
            held = {*history.characters.values(), casting.character or ""}
            random = Random(f"{session.seed}/voice/{len(refused)}")  # noqa: S311 - must be reproducible
            character = another_character(
                self.library.in_language(session.language).character_set(CHARACTERS), held, refused, random
            )
            if character is None:
                raise NoOtherVoice
            async with self.database.transaction() as tx:
                await change_character(tx, casting.casting_id, character)
                await log_event(
                    tx,
                    VoiceChanged(casting.person_id, casting.character, character.key),
                    self.clock.now(),
                    session_id=session.session_id,
                    scene_id=scene.scene_id,
                )
                # An X-card does not wait for the lock.
                if await scene_of(session, tx) != scene:
                    raise NoScene
