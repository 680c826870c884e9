"""Dealing scenes and reading cards."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.domain.casting import Materials, deal
from bot.domain.characters import Character
from bot.domain.consent import TO_PERFORM
from bot.domain.emotions import Emotion
from bot.domain.errors import NoCard, NoScene, TakeRunning
from bot.services.decks import find_deck
from bot.services.desk import Desk
from bot.services.guild_settings import GuildSettings, settings_of
from bot.store.events import log_event
from bot.store.history import history_of
from bot.store.people import ensure_person
from bot.store.scenes import CastingRow, CuePlan, Scene, add_scene, casting_of, current_scene, mark_card_seen
from bot.store.sessions import Session, count_scenes

CHARACTERS = "core"
"""The character set that is dealt from."""


@dataclass(frozen=True, slots=True)
class SceneDealt:
    """A new scene and who is on stage in it."""

    scene: Scene
    discord_user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What one performer sees, and nobody else."""

    scene: Scene
    casting: CastingRow
    emotion: Emotion
    character: Character | None


async def deal_scene(desk: Desk, session: Session) -> SceneDealt:
    """Deal the next scene to whoever is in the channel and consents to be recorded.

    The scene before ends with it. Raises TooFewPerformers, or TakeRunning while a take is on.
    """
    async with desk.turn_of(session.guild_id):
        session = await desk.session_of_button(session.session_id, session.guild_id)
        if session.session_id in desk.takes:
            raise TakeRunning
        booth = await desk.booth_of(session)
        users = [user for user in booth.occupants() if await desk.consents(user, TO_PERFORM)]
        guild = await settings_of(desk, session.guild_id)
        materials = await _materials(desk, session, guild)
        history = await history_of(desk.database, session.guild_id, session.session_id)
        seed = f"{session.seed}/{await count_scenes(desk.database, session.session_id)}"
        now = desk.now()
        async with desk.database.transaction():
            people = {(await ensure_person(desk.database, user, now)).person_id: user for user in sorted(users)}
            dealt = deal(materials, list(people), history, Random(seed))  # noqa: S311 - must be reproducible
            cues = CuePlan(guild.cue_policy, guild.scene_seconds)
            scene = await add_scene(desk.database, session.session_id, dealt, seed, cues, now)
            await log_event(
                desk.database,
                "scene_dealt",
                now,
                session_id=session.session_id,
                scene_id=scene.scene_id,
                performers=len(dealt.castings),
            )
    desk.stage.panel_changed(session.session_id)
    return SceneDealt(scene, tuple(people[casting.person_id] for casting in dealt.castings))


async def read_card(desk: Desk, session: Session, discord_user_id: int) -> Card:
    """A performer's own card of the current scene; NoScene or NoCard when they have none."""
    scene = await current_scene(desk.database, session.session_id)
    if scene is None:
        raise NoScene
    casting = await casting_of(desk.database, scene.scene_id, discord_user_id)
    if casting is None:
        raise NoCard
    async with desk.database.transaction():
        await mark_card_seen(desk.database, casting.casting_id, desk.now())
    emotion = desk.library.emotion_set(session.emotion_set).find(casting.target_emotion)
    character = desk.library.character_set(CHARACTERS).find(casting.character) if casting.character else None
    return Card(scene, casting, emotion, character)


async def _materials(desk: Desk, session: Session, guild: GuildSettings) -> Materials:
    return Materials(
        await find_deck(desk, session.guild_id, session.deck),
        desk.library.emotion_set(session.emotion_set),
        desk.library.character_set(CHARACTERS),
        arcs=0 if guild.cue_policy == "none" else 1,
    )
