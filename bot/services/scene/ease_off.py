"""Ease off: anyone in the channel can have a take go on lighter. No one stores who it was or asks for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import NoTakeRunning, NotInChannel
from bot.domain.events.catalogue import TakeEased
from bot.domain.ids import UserId
from bot.domain.signals import eased_seconds
from bot.live.asked import EASED
from bot.live.errands import Errands
from bot.live.ports import Clock, time_of
from bot.live.promises import Promise, Promises
from bot.live.session import LiveSession
from bot.services.panel.panels import Panels
from bot.services.ports.stage import Stage
from bot.store.database import Database
from bot.store.events import has_event, log_event


@dataclass(frozen=True, slots=True)
class EaseOff:
    """Has takes go on lighter. Nothing is cut: the take counts for everyone as any other."""

    database: Database
    clock: Clock
    promises: Promises
    errands: Errands
    stage: Stage
    panels: Panels

    def ease_now(self, session: LiveSession, discord_user_id: UserId, at: float) -> Promise | None:
        """Tell everyone on stage, the presser among them, to keep it lighter; returns the promise that it is stored.

        Returns None if they have just been told: then nothing is sent or stored, and the presser is answered the same.
        Raises NotInChannel for an account that is not in the channel, NoTakeRunning if nothing is being played.
        """
        if session.booth and discord_user_id not in session.booth.occupants():
            raise NotInChannel
        take = session.take
        if take is None or not take.is_running:
            raise NoTakeRunning
        if not take.ease(at):
            return None
        self.panels.changed(session.session_id)
        # In the order of the accounts, so that the order does not show who pressed.
        telling = self.stage.keep_lighter(sorted(take.track_names))
        self.errands.run(telling, "word that the scene goes on lighter")
        # No person, and no exact moment, at which one track may have the click: nothing leads to who pressed.
        after = eased_seconds(at - take.starts_at)
        happened_at = time_of(self.clock, min(take.starts_at + after, at))
        return self.promises.make(EASED, {**take.where, "after_seconds": after, "at": happened_at})

    async def store(self, facts: Mapping[str, Any]) -> None:
        """Store a promised event. It may be stored already."""
        where = {name: facts[name] for name in ("session_id", "scene_id", "take_id")}
        event = TakeEased(facts["after_seconds"])
        async with self.database.transaction() as tx:
            if not await has_event(tx, event, facts["take_id"]):
                await log_event(tx, event, facts["at"], **where)
