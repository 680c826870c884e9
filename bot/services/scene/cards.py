"""Cards: what one performer was dealt, for their eyes only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.characters import Character
from bot.domain.emotions import Emotion
from bot.domain.errors import NoCard, NoScene
from bot.domain.ids import UserId
from bot.domain.states import TakeKind
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.facts.current_scene import scene_of
from bot.services.facts.dealt import Dealt
from bot.services.facts.library import Library
from bot.services.panel.panels import Panels
from bot.store.database import Database
from bot.store.records import PerformerCasting, Scene
from bot.store.scenes import casting_of, mark_card_seen, voice_is_known
from bot.store.takes import was_played
from bot.store.words import character_of

CHARACTERS = "core"
"""The character set that is dealt from."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one performer sees, and no one else. `now` is their second emotion, once this take's cue reached
    them. A calibration has no emotion.

    `may_change_voice` says whether they can still ask for another character: no one has played the scene in it.
    `voice_is_known` says whether they have read their character's whole voice in an earlier scene of the session.
    """

    scene: Scene
    casting: PerformerCasting
    emotion: Emotion | None
    now: Emotion | None
    character: Character | None
    may_change_voice: bool = False
    voice_is_known: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of the current scene, in the words in which it was dealt."""

    database: Database
    clock: Clock
    library: Library
    dealt: Dealt
    errands: Errands
    panels: Panels

    async def read(self, session: LiveSession, discord_user_id: UserId) -> Card:
        """A performer's own card of the current scene. Raises NoScene or NoCard if they have none."""
        scene = await scene_of(session, self.database)
        if scene is None:
            raise NoScene
        casting = await casting_of(self.database, scene.scene_id, discord_user_id)
        if casting is None:
            raise NoCard
        if casting.card_seen_at is None:
            # The performer sees their card before the store has noted that they saw it.
            self.errands.run(self._note_seen(session, casting), "note that a card was seen")
        emotions = await self.dealt.emotions(session, scene.scene_id)
        is_told = session.take is not None and casting.casting_id in session.take.cues.told
        now = emotions.find(casting.second_emotion) if is_told and casting.second_emotion else None
        can_wait = scene.kind is TakeKind.SCENE and session.take is None
        may_change = can_wait and not await was_played(self.database, scene.scene_id)
        is_known = await voice_is_known(self.database, session.session_id, casting)
        target = emotions.find(casting.target_emotion) if casting.target_emotion else None
        return Card(scene, casting, target, now, self._character(session, casting), may_change, is_known)

    def _character(self, session: LiveSession, casting: PerformerCasting) -> Character | None:
        if casting.character is None or casting.character_name is not None:
            return character_of(casting)
        # An earlier version dealt it.
        return self.library.in_language(session.language).character_set(CHARACTERS).find(casting.character)

    async def _note_seen(self, session: LiveSession, casting: PerformerCasting) -> None:
        async with self.database.transaction() as tx:
            await mark_card_seen(tx, casting.casting_id, self.clock.now())
        self.panels.changed(session.session_id)
