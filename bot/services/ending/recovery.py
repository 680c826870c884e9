"""Takes that an ended process left running: closed as people had asked, at the start or once the store can."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.ids import SceneId
from bot.domain.states import CutReason, HoleCause, PauseCause
from bot.home.places import Home
from bot.live.asked import PAUSED, STOPPED, TAKE_CUT
from bot.live.errands import Errands
from bot.live.promises import LONGEST_PAUSE_SECONDS, Promises
from bot.live.sessions import LiveSessions
from bot.samples import SAMPLE_RATE_HZ
from bot.services.access.changes import Changes
from bot.services.ending.kept_takes import Ending, KeptTakes
from bot.store.database import Database
from bot.store.records import Scene, Take
from bot.store.scenes import castings_of, get_scene
from bot.store.takes import running_takes

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Closes takes that an earlier process left running."""

    database: Database
    promises: Promises
    errands: Errands
    live: LiveSessions
    changes: Changes
    home: Home
    kept_takes: KeptTakes
    _asked: dict[int, Mapping[str, Any]] = field(default_factory=dict[int, Mapping[str, Any]])
    """What people asked of takes that are still to be closed, by take id: the journal may forget it before that."""
    _closing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def recover_takes(self) -> bool:
        """Close what a previous process left running and keep what it recorded; returns whether all could be closed.

        A cut, a pause or an X-card that is in the journal counts, even if the store does not have it. A track that
        cannot be read stays where it is and is logged. If the store cannot take in a take, for example on a full disk,
        the bot tries again until it can.
        """
        closed_all = True
        for take in await running_takes(self.database):
            try:
                await self._close(take)
            except sqlite3.Error:
                _log.exception("Take %d was interrupted and cannot be kept yet; the bot tries again.", take.take_id)
                self.errands.run(self._close_later(take), f"keeping of interrupted take {take.take_id}")
                closed_all = False
        return closed_all

    async def recover_takes_of(self, scene_id: SceneId) -> None:
        """Close the takes left of a scene that has no live take, before its next take is called."""
        for take in await running_takes(self.database):
            if take.scene_id == scene_id:
                await self._close(take)

    async def _close_later(self, take: Take) -> None:
        is_closed = False
        while not is_closed:
            await asyncio.sleep(LONGEST_PAUSE_SECONDS)
            with suppress(sqlite3.OperationalError):  # the first attempt logged it
                await self._close(take)
                is_closed = True

    async def _close(self, take: Take) -> None:
        asked = self._asked.setdefault(take.take_id, self._asked_of(take))
        scene = await get_scene(self.database, take.scene_id)
        async with self._closing:
            if take.take_id in {one.take_id for one in await running_takes(self.database)}:
                tracks = await self._recover_take(take, scene, asked)
                _log.warning("Take %d was interrupted; %d track(s) of it are kept.", take.take_id, tracks)
        if session := self.live.find(scene.session_id):
            await self.changes.has_changed(session)
            self.changes.panels.changed(session.session_id)
        self._asked.pop(take.take_id, None)

    async def _recover_take(self, take: Take, scene: Scene, asked: Mapping[str, Any]) -> int:
        folder = self.home.take_folder(scene.session_id, scene.number, take.number)
        castings = await castings_of(self.database, take.scene_id)
        users = {casting.pseudonym: casting.discord_user_id for casting in castings}
        most = asked.get("duration_samples")
        summaries = await self.kept_takes.tracks_left(folder, users, most)
        duration = max((summary.duration_samples for summary in summaries), default=0)
        paused = asked.get("paused_samples")
        holes = [(asked["hole"], paused, duration)] if paused is not None and paused < duration else []
        reason = CutReason(asked.get("reason", CutReason.INTERRUPTED))
        ending = Ending(duration, reason, _ended_at(take, duration), holes, is_stopped=reason is CutReason.X_CARD)
        await self.kept_takes.keep(scene.session_id, take, summaries, ending)
        return len(summaries)

    def _asked_of(self, take: Take) -> Mapping[str, Any]:
        """What people asked of a running take before the process ended: length, reason, and the start of its pause."""
        asked: dict[str, Any] = {}
        for promise in self.promises:
            facts = promise.facts
            if promise.kind == TAKE_CUT and facts["take"] == take.take_id:
                asked |= {"duration_samples": facts["duration_samples"], "reason": facts["reason"]}
            elif promise.kind == STOPPED and facts["scene"] == take.scene_id:
                if facts["take"] == take.take_id and "duration_samples" not in asked:
                    asked["duration_samples"] = facts["duration_samples"]
                asked["reason"] = CutReason.X_CARD
            elif promise.kind == PAUSED and facts["take"] == take.take_id:
                is_moved = facts["cause"] == PauseCause.MOVED
                asked |= {
                    "paused_samples": facts["position_samples"],
                    "hole": HoleCause.MOVED if is_moved else HoleCause.PAUSE,
                }
        return asked

    def forget_cuts(self) -> None:
        """Remove cuts from the journal: the takes that people cut are closed now."""
        for promise in self.promises:
            if promise.kind == TAKE_CUT:
                self.promises.settle(promise)


def _ended_at(take: Take, duration_samples: int) -> datetime | None:
    if take.started_at is None:
        return None
    return datetime.fromisoformat(take.started_at) + timedelta(seconds=duration_samples / SAMPLE_RATE_HZ)
