"""Dealing scenes: the next one, a suggestion, the same one again, and parts that a coordinator changes by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.domain.casting.deal import Arc, Casting
from bot.domain.characters import Character
from bot.domain.decks import Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.errors import (
    CharacterTaken,
    CharacterUnknown,
    EmotionNotHere,
    NoScene,
    NotASceneOfItsOwn,
    NothingToDeal,
    NotOnStage,
    SceneHasTakes,
    SessionPaused,
    ShiftToItself,
    SuggestionInvalid,
    SuggestionUnsuited,
    TakeRunning,
    WishEmpty,
)
from bot.domain.events import catalogue
from bot.domain.ids import EventId, UserId
from bot.domain.states import TakeKind
from bot.domain.suggestions import Suggestion, suggested_prompt, suggestion_problem, tidy
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.access.changes import Changes, UnderWay
from bot.services.facts.current_scene import scene_of
from bot.services.facts.dealt import Dealt
from bot.services.facts.library import Library
from bot.services.panel.panels import Panels
from bot.services.ports.stage import Stage
from bot.services.scene.cards import CHARACTERS
from bot.services.scene.dealing import Dealing, Draw, cue_plan
from bot.services.scene.directing import directed_again
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import PerformerCasting, Scene
from bot.store.scenes import add_scene, casting_of, castings_of, override_casting, redeal_scene
from bot.store.takes import was_played
from bot.store.transaction import Transaction
from bot.store.words import character_of


@dataclass(frozen=True, slots=True)
class SceneDealt:
    """A scene, who is on stage in it, and who is on standby: they consent to perform, and rate this scene."""

    scene: Scene
    discord_user_ids: tuple[UserId, ...]
    on_standby: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class CastingWish:
    """What a coordinator wants to change in a part; None leaves it as it was dealt."""

    emotion: str | None = None
    intensity: int | None = None
    character: str | None = None
    second_emotion: str | None = None


@dataclass(frozen=True, slots=True)
class Scenes:
    """Deals scenes."""

    database: Database
    clock: Clock
    library: Library
    dealt: Dealt
    stage: Stage
    changes: Changes
    panels: Panels
    dealing: Dealing

    async def deal(self, session: LiveSession, seen: EventId | None = None, prompt_id: str | None = None) -> SceneDealt:
        """Deal the next scene to those in the channel who consent to be recorded. This ends the previous scene.

        `prompt_id` is the coordinator's own choice of a prompt. Raises TakeRunning, SessionPaused, InterludeRunning,
        TooFewPerformers, NothingToDeal if those present can play no prompt, PromptUnknown.
        """
        async with self.changes.to_change(session, seen) as under_way:
            return await self._deal(under_way, None, prompt_id)

    async def suggest(self, session: LiveSession, suggestion: Suggestion) -> SceneDealt:
        """Deal a suggestion as the next scene, in the frame of roles that fit any situation.

        Raises SuggestionInvalid, SuggestionUnsuited if it touches a topic of someone's line, and what `deal` raises.
        """
        suggestion = tidy(suggestion)
        if problem := suggestion_problem(suggestion):
            raise SuggestionInvalid(problem)
        prompt = suggested_prompt(self.library.in_language(session.language).frame(), suggestion)
        try:
            async with self.changes.to_change(session) as under_way:
                return await self._deal(under_way, None, prompt)
        except NothingToDeal:
            raise SuggestionUnsuited from None

    async def redeal(
        self, session: LiveSession, seen: EventId | None = None, prompt_id: str | None = None
    ) -> SceneDealt:
        """Deal the current scene again, to those who are in the channel now.

        Raises NotASceneOfItsOwn for a calibration or a replay, SceneHasTakes if the scene has been played, and what
        `deal` raises.
        """
        async with self.changes.to_change(session, seen) as under_way:
            scene = await self._unplayed_scene(session)
            if scene.kind is not TakeKind.SCENE:
                raise NotASceneOfItsOwn
            return await self._deal(under_way, scene, prompt_id)

    async def override_part(
        self, session: LiveSession, discord_user_id: UserId, wish: CastingWish, seen: EventId | None = None
    ) -> PerformerCasting:
        """Change one performer's part by hand before the scene is played, and tell them to open their card again.

        Raises WishEmpty, NoScene, NotASceneOfItsOwn in a calibration, SceneHasTakes, NotOnStage, EmotionUnknown,
        EmotionNotHere, ShiftToItself, CharacterUnknown, or CharacterTaken if someone else on stage has the character.
        """
        if wish == CastingWish():
            raise WishEmpty
        async with self.changes.to_change(session, seen) as under_way:
            scene = await self._unplayed_scene(session)
            if scene.kind is TakeKind.CALIBRATION:
                raise NotASceneOfItsOwn
            before = await casting_of(self.database, scene.scene_id, discord_user_id)
            if before is None:
                raise NotOnStage(discord_user_id)
            guild = session.settings
            emotions = await self.dealt.emotions(session, scene.scene_id)
            open_to_all = emotions.without_closed(await self._require_allowed(session, scene, wish))
            wished = _with_wish(before, wish, emotions)
            wanted = await directed_again(self.database, session, before, wished, open_to_all)
            character = await self._character(session, before, wish.character)
            async with self.database.transaction() as tx:
                under_way.require_no_pause()
                await override_casting(tx, before.casting_id, wanted, emotions, character, cue_plan(guild))
                await log_event(
                    tx,
                    catalogue.CastingOverridden(
                        before.target_emotion, before.target_intensity, before.character, before.second_emotion
                    ),
                    self.clock.now(),
                    session_id=session.session_id,
                    scene_id=scene.scene_id,
                    person_id=before.person_id,
                )
                await _require_on(tx, session, scene)
            after = await casting_of(self.database, scene.scene_id, discord_user_id)
            assert after is not None
        self.panels.changed(session.session_id)
        await self.stage.card_changed(discord_user_id)
        return after

    async def _character(self, session: LiveSession, casting: PerformerCasting, wanted: str | None) -> Character | None:
        """The character that is wanted, if no one else on stage has it; otherwise the part's own, as it was dealt."""
        if wanted is None:
            return character_of(casting)
        character = self.library.in_language(session.language).character_set(CHARACTERS).find(wanted)
        if character is None:
            raise CharacterUnknown(wanted)
        others = [
            one for one in await castings_of(self.database, casting.scene_id) if one.person_id != casting.person_id
        ]
        if wanted in {one.character for one in others}:
            raise CharacterTaken(wanted)
        return character

    async def _require_allowed(self, session: LiveSession, scene: Scene, wish: CastingWish) -> frozenset[str]:
        """Return what the server or someone on stage leaves out.

        Raise EmotionNotHere if one of them, or the scene's prompt, leaves out a wished emotion.
        """
        emotions = await self.dealt.emotions(session, scene.scene_id)
        wished = [emotions.find(key) for key in (wish.emotion, wish.second_emotion) if key]
        on_stage = [one.discord_user_id for one in await castings_of(self.database, scene.scene_id)]
        limits = await self.dealing.limits.among(on_stage)
        off = self.dealing.off_stage(session, limits.values())
        excluded = frozenset[str](json.loads(scene.not_emotions or "[]"))
        if any(one.key in off or one.is_among(excluded) for one in wished):
            raise EmotionNotHere
        return off

    async def _unplayed_scene(self, session: LiveSession) -> Scene:
        if session.take:
            raise TakeRunning
        scene = await scene_of(session, self.database)
        if scene is None:
            raise NoScene
        if await was_played(self.database, scene.scene_id):
            raise SceneHasTakes
        return scene

    async def _deal(self, under_way: UnderWay, instead_of: Scene | None, wanted: str | Prompt | None) -> SceneDealt:
        session = under_way.session
        if session.take:
            raise TakeRunning
        if session.is_paused:
            raise SessionPaused
        session.require_no_interlude()
        while True:
            draw = await self.dealing.draw(session, instead_of, wanted)
            scene = await self._store(under_way, instead_of, draw, is_chosen=wanted is not None)
            if scene is not None:
                break
        session.scene_is(scene.scene_id)
        self.panels.changed(session.session_id)
        return SceneDealt(scene, draw.on_stage, draw.on_standby)

    async def _store(
        self, under_way: UnderWay, instead_of: Scene | None, draw: Draw, *, is_chosen: bool
    ) -> Scene | None:
        """Store a scene that was drawn; None, and nothing is stored, if it can no longer be played like that."""
        session, now = under_way.session, self.clock.now()
        async with self.database.transaction() as tx:
            under_way.require_no_pause()
            if not await self.dealing.still_holds(tx, session, draw):
                return None
            scene = await _keep(tx, session, instead_of, draw, now)
            count = len(draw.deal.castings)
            await log_event(
                tx,
                catalogue.SceneRedealt(count, is_chosen, instead_of.prompt_id)
                if instead_of
                else catalogue.SceneDealt(count, is_chosen),
                now,
                session_id=session.session_id,
                scene_id=scene.scene_id,
            )
            await _require_on(tx, session, scene)
        return scene


async def _keep(tx: Transaction, session: LiveSession, instead_of: Scene | None, draw: Draw, now: str) -> Scene:
    if instead_of:
        return await redeal_scene(tx, instead_of.scene_id, draw.drawn, now)
    return await add_scene(tx, session.session_id, draw.drawn, now)


async def _require_on(tx: Transaction, session: LiveSession, scene: Scene) -> None:
    # An X-card does not wait for the lock: a scene that it ended is neither dealt again nor changed.
    if await scene_of(session, tx) != scene:
        raise NoScene


def _with_wish(before: PerformerCasting, wish: CastingWish, emotions: EmotionSet) -> Casting:
    assert before.target_emotion is not None, "no one changes a part of a calibration"
    assert before.target_intensity is not None, "an emotion has an intensity"
    emotion = emotions.find(wish.emotion or before.target_emotion)
    intensity = (wish.intensity or before.target_intensity) if emotion.has_degrees else 1
    share = 0.5
    arc = None
    if before.second_emotion and before.second_intensity:
        arc = Arc(before.second_emotion, before.second_intensity, share)
    if wish.second_emotion:
        second = emotions.find(wish.second_emotion)
        if second.key == emotion.key:
            raise ShiftToItself
        arc = Arc(second.key, (wish.intensity or before.target_intensity) if second.has_degrees else 1, share)
    if arc and arc.second_emotion == emotion.key:
        # A shift to the same emotion is no shift.
        arc = None
    casting = Casting(
        before.person_id, before.role, before.character or "", emotion.key, intensity, arc, before.want or ""
    )
    return replace(casting, character=wish.character) if wish.character is not None else casting
