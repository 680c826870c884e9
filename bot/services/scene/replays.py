"""Replays: the scene that was just played, once more, with other emotions, in gibberish or with only one line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.domain.casting.deal import Casting
from bot.domain.emotions import EmotionSet
from bot.domain.errors import NothingToReplay, ReplayImpossible, SessionPaused, TakeRunning
from bot.domain.events.catalogue import SceneReplayed
from bot.domain.events.kinds import EventKind
from bot.domain.ids import EventId, UserId
from bot.domain.replays import with_other_emotions
from bot.domain.states import ReplayMode, TakeKind
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.services.access.changes import Changes, UnderWay
from bot.services.booth.booths import Booths
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.current_scene import scene_of
from bot.services.facts.dealt import Dealt
from bot.services.facts.library import Library
from bot.services.facts.limits import lines_of
from bot.services.panel.panels import Panels
from bot.services.scene.dealing import Dealing, cue_plan, keys_of
from bot.store.database import Database
from bot.store.events import count_events, log_event
from bot.store.history import history_of, read_played
from bot.store.records import PerformerCasting, Scene, Take
from bot.store.replays import Replay, add_replay, felt_so_far, part_of
from bot.store.scenes import castings_of
from bot.store.takes import last_kept_take
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ReplayDealt:
    """A scene that is played again, and who is on stage in it: those who were before."""

    scene: Scene
    discord_user_ids: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class Replays:
    """Deals the current scene once more, with something changed."""

    database: Database
    clock: Clock
    library: Library
    dealt: Dealt
    dealing: Dealing
    consents: ConsentsInForce
    booths: Booths
    changes: Changes
    panels: Panels

    async def deal(self, session: LiveSession, mode: ReplayMode, seen: EventId | None = None) -> ReplayDealt:
        """Deal the scene of the take that was kept last to the same performers, in the same roles. This ends it.

        Raises TakeRunning, SessionPaused, InterludeRunning, NothingToReplay if the current scene has no take that
        counts, and ReplayImpossible if not all of its performers are here and consent, or if what is dealt is now
        something that someone does not play.
        """
        async with self.changes.to_change(session, seen) as under_way:
            scene, take = await self._played(session)
            castings = await castings_of(self.database, scene.scene_id)
            await self._require_cast(session, castings)
            number = await count_events(self.database, session.session_id, (EventKind.SCENE_REPLAYED,))
            replay = await self._replay(session, scene, take, castings, mode, f"{session.seed}/replay/{number}")
            again = await self._store(under_way, replay)
        session.scene_is(again.scene_id)
        self.panels.changed(session.session_id)
        return ReplayDealt(again, tuple(casting.discord_user_id for casting in castings))

    async def _played(self, session: LiveSession) -> tuple[Scene, Take]:
        if session.take:
            raise TakeRunning
        if session.is_paused:
            raise SessionPaused
        session.require_no_interlude()
        scene = await scene_of(session, self.database)
        take = await last_kept_take(self.database, scene.scene_id) if scene else None
        if scene is None or take is None or take.struck_at is not None or scene.kind is TakeKind.CALIBRATION:
            raise NothingToReplay
        return scene, take

    async def _require_cast(self, session: LiveSession, castings: list[PerformerCasting]) -> None:
        occupants = frozenset((await self.booths.of(session)).occupants())
        on_stage = {casting.discord_user_id for casting in castings}
        consenting = await self.consents.performers_among(on_stage, session.guild_id)
        if not occupants & consenting >= on_stage:
            raise ReplayImpossible

    async def _require_welcome(self, session: LiveSession, replay: Replay, tx: Transaction) -> None:
        """Raise ReplayImpossible if a topic is in a line of someone here, or an emotion is refused by now."""
        occupants = (await self.booths.of(session)).occupants()
        lines = lines_of(await self.dealing.limits.among(occupants, tx))
        refused = await self._refused(session, replay.scene, replay.castings, replay.emotions, tx)
        parts = replay.parts or [part_of(casting) for casting in replay.castings]
        dealt = keys_of(parts, replay.emotions)
        if not lines.isdisjoint(json.loads(replay.scene.tags or "[]")) or not refused.isdisjoint(dealt):
            raise ReplayImpossible

    async def _refused(
        self,
        session: LiveSession,
        scene: Scene,
        castings: Sequence[PerformerCasting],
        emotions: EmotionSet,
        tx: Transaction | None = None,
    ) -> frozenset[str]:
        """The keys of the emotions that the prompt, the server or someone on stage leaves out."""
        limits = await self.dealing.limits.among([casting.discord_user_id for casting in castings], tx)
        excluded = frozenset[str](json.loads(scene.not_emotions or "[]"))
        left_out = {one.key for one in emotions.emotions if one.is_among(excluded)}
        return self.dealing.off_stage(session, limits.values()) | left_out

    async def _replay(
        self,
        session: LiveSession,
        scene: Scene,
        take: Take,
        castings: list[PerformerCasting],
        mode: ReplayMode,
        seed: str,
    ) -> Replay:
        random = Random(seed)  # noqa: S311 - must be reproducible
        lines = self.library.in_language(session.language).fixed_lines().lines if mode is ReplayMode.LINE else ()
        line = random.choice(lines) if lines else None
        emotions = await self.dealt.emotions(session, scene.scene_id)
        parts: tuple[Casting, ...] = ()
        if mode is ReplayMode.EMOTIONS:
            people = [casting.person_id for casting in castings]
            played = await read_played(self.database, session.guild_id, session.session_id)
            parts = with_other_emotions(
                [part_of(casting) for casting in castings],
                await felt_so_far(self.database, scene),
                emotions,
                session.dealt_emotions,
                history_of(played, people),
                random,
                await self._refused(session, scene, castings, emotions),
            )
        return Replay(scene, take, castings, mode, line, seed, parts, emotions, cue_plan(session.settings))

    async def _store(self, under_way: UnderWay, replay: Replay) -> Scene:
        session, now = under_way.session, self.clock.now()
        async with self.database.transaction() as tx:
            under_way.require_no_pause()
            # An X-card does not wait for the lock: a scene that it ended is not played again.
            if await scene_of(session, tx) != replay.scene:
                raise NothingToReplay
            await self._require_welcome(session, replay, tx)
            scene = await add_replay(tx, session.session_id, replay, now)
            await log_event(
                tx,
                SceneReplayed(len(replay.castings), replay.mode),
                now,
                session_id=session.session_id,
                scene_id=scene.scene_id,
            )
        return scene
