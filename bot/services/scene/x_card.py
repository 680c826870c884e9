"""The X-card: anyone in the channel can stop the scene immediately. No one stores who it was or asks for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import NoScene, NotInChannel
from bot.domain.events.catalogue import SceneStopped
from bot.domain.events.kinds import EventKind
from bot.domain.ids import SceneId, UserId
from bot.live.asked import STOPPED
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.promises import Promise, Promises
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.take.live_take import LiveTake
from bot.services.access.changes import Changes
from bot.services.ending.cuts import Cuts
from bot.services.facts.current_scene import scene_of
from bot.services.panel.panels import Panels
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.scenes import current_scene, end_scene, last_scene_was_stopped, scene_was_stopped
from bot.store.takes import strike_takes_of


@dataclass(frozen=True, slots=True)
class Stop:
    """An X-card that took effect at a monotonic moment.

    It stopped a scene, which `promise` is about, or a sound check, or an interlude, or nothing that memory knows of.
    """

    promise: Promise | None
    had_check: bool
    at: float
    had_interlude: bool = False


@dataclass(frozen=True, slots=True)
class XCard:
    """Stops scenes."""

    database: Database
    clock: Clock
    promises: Promises
    errands: Errands
    live: LiveSessions
    changes: Changes
    panels: Panels
    cuts: Cuts

    def stop_now(self, session: LiveSession, discord_user_id: UserId, at: float) -> Stop:
        """Stop what is running at a monotonic moment, in memory and in the journal, without waiting for anything.

        Nothing said afterwards is recorded, and nothing of the scene will be rated or exported. If memory knows of no
        scene, `end_dealt_scene` asks the store. Raises NotInChannel for an account that is not in the channel.
        """
        if session.booth and discord_user_id not in session.booth.occupants():
            raise NotInChannel
        if session.end_interlude():
            # It stops the exercise, and nothing of an earlier scene.
            self.panels.changed(session.session_id)
            self._say(session)
            return Stop(None, had_check=False, at=at, had_interlude=True)
        had_check = session.stop_check()
        promise = None
        if session.take:
            promise = self._stop_take(session, session.take, at)
        elif session.scene_id is not None:
            promise = self._stop_dealt(session, session.scene_id)
        return Stop(promise, had_check, at)

    def _stop_dealt(self, session: LiveSession, scene_id: SceneId) -> Promise:
        promise = self._promise(session, scene_id, None)
        self._say(session)
        return promise

    def _stop_take(self, session: LiveSession, take: LiveTake, at: float) -> Promise:
        is_first = not take.is_stopped
        take.stop(at)
        self.cuts.close_tracks(take)
        promise = self._promise(session, take.take.scene_id, take)
        if is_first:
            self._say(session)
            self.errands.run(self.cuts.keep_unless_kept(session, take), f"keeping of take {take.take.take_id}")
        return promise

    async def end_dealt_scene(self, session: LiveSession, stop: Stop) -> Promise | None:
        """Finish what `stop_now` began: end a scene that was still being dealt, so that only the store knows it.

        Returns None if the scene had already been stopped, or if a sound check or an interlude was. Raises NoScene if
        there was nothing to stop.
        """
        if stop.promise or stop.had_interlude:
            return stop.promise
        scene = await scene_of(session, self.database)
        if session.take:
            # The take was called while the store was read: the X-card stops it, too.
            return self._stop_take(session, session.take, stop.at)
        if scene is not None:
            return self._stop_dealt(session, scene.scene_id)
        last = await current_scene(self.database, session.session_id)
        was_stopped = last is not None or await last_scene_was_stopped(self.database, session.session_id)
        if stop.had_check or was_stopped:
            return None
        raise NoScene

    async def stop(self, session: LiveSession, discord_user_id: UserId, at: float) -> None:
        """`stop_now` and `end_dealt_scene`, and wait until the store has it."""
        promise = await self.end_dealt_scene(session, self.stop_now(session, discord_user_id, at))
        if promise:
            await promise.kept

    def _promise(self, session: LiveSession, scene_id: SceneId, take: LiveTake | None) -> Promise:
        session.stop_scene(scene_id)
        session.will_change(EventKind.SCENE_STOPPED)
        self.panels.changed(session.session_id)
        # No person: the entry says that it happened, and nothing leads to the person who pressed.
        return self.promises.make(
            STOPPED,
            {
                "session": session.session_id,
                "scene": scene_id,
                "at": self.clock.now(),
                "take": take.take.take_id if take else None,
                "duration_samples": take.duration_samples if take else None,
            },
        )

    async def store(self, facts: Mapping[str, Any]) -> None:
        """Store a promised stop: end the scene and strike its takes, including a running one."""
        async with self.database.transaction() as tx:
            await end_scene(tx, facts["scene"], facts["at"])
            await strike_takes_of(tx, facts["scene"], facts["at"])
            if not await scene_was_stopped(tx, facts["scene"]):
                await log_event(tx, SceneStopped(), facts["at"], session_id=facts["session"], scene_id=facts["scene"])
        if live := self.live.find(facts["session"]):
            await self.changes.is_stored(live)
            self.panels.changed(live.session_id)

    def _say(self, session: LiveSession) -> None:
        if session.booth:
            self.errands.run(session.booth.say_stopped(), "word that the scene stops")
