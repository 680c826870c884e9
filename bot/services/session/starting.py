"""What a process does first: continue where the previous process ended."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.states import PauseCause
from bot.live.asked import CONSENT, EASED, ERASURE, LIMITS, PAUSED, STOPPED, WITHDRAWAL
from bot.live.promises import Promise, Promises
from bot.live.sessions import LiveSessions
from bot.services.access.guild_settings import Guilds
from bot.services.access.open_sessions import OpenSessions
from bot.services.consent.consent_requests import ConsentRequests
from bot.services.consent.limit_requests import LimitRequests
from bot.services.ending.recovery import Recovery
from bot.services.rights.erasures import Erasures
from bot.services.rights.withdrawals import Withdrawals
from bot.services.scene.ease_off import EaseOff
from bot.services.scene.x_card import XCard
from bot.services.session.pauses import Pauses


@dataclass(frozen=True, slots=True)
class Starting:
    """Continues what a previous process left."""

    promises: Promises
    live: LiveSessions
    open_sessions: OpenSessions
    recovery: Recovery
    consent_requests: ConsentRequests
    limit_requests: LimitRequests
    erasures: Erasures
    withdrawals: Withdrawals
    pauses: Pauses
    x_card: XCard
    ease_off: EaseOff
    guilds: Guilds

    async def take_up(self) -> None:
        """Make live what is open in the store, and store what people asked for, before anything else is done.

        Takes that an ended process left running are closed as people had asked. A request that the store does not
        accept now is tried until it does, and counts from here on.
        """
        self.promises.recall()
        closed_all = await self.recovery.recover_takes()
        if closed_all:
            self.recovery.forget_cuts()
        await self.open_sessions.restore()
        await self.guilds.read_languages()
        for promise in self.promises:
            self._apply(promise)
        # Only now: a request stored while sessions are read would be found neither in them nor among those that wait.
        self.promises.keep_by(CONSENT, self.consent_requests.store)
        self.promises.keep_by(LIMITS, self.limit_requests.store)
        self.promises.keep_by(WITHDRAWAL, self.withdrawals.store)
        self.promises.keep_by(ERASURE, self.erasures.store)
        self.promises.keep_by(PAUSED, self.pauses.store)
        self.promises.keep_by(STOPPED, self.x_card.store)
        self.promises.keep_by(EASED, self.ease_off.store)
        self.erasures.watch_soon()

    def _apply(self, promise: Promise) -> None:
        """Apply to the session that is live again what the store does not know yet."""
        if promise.kind not in (PAUSED, STOPPED):
            return
        session = self.live.find(promise.facts["session"])
        if session and promise.kind == PAUSED:
            session.pause(PauseCause(promise.facts["cause"]))
        elif session:
            session.stop_scene(promise.facts["scene"])
