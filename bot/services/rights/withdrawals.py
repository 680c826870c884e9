"""Consents that people withdraw by name, on every server at once, also after leaving it: memory first, then the store.

The consent form does the same for one server; this needs neither a form nor a server.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.consent import TO_PERFORM, Scope
from bot.domain.ids import UserId
from bot.home.places import Home
from bot.live.asked import WITHDRAWAL
from bot.live.ports import Clock, timestamp
from bot.live.promises import Promise, Promises
from bot.live.sessions import LiveSessions
from bot.live.workers import Lane, Workers
from bot.rights.asking import withdraw_now
from bot.services.panel.panels import Panels
from bot.store.errors import DatabaseUnwritable


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """Withdraws consents everywhere."""

    home: Home
    clock: Clock
    workers: Workers
    promises: Promises
    live: LiveSessions
    panels: Panels

    def ask_now(self, user_id: UserId, scopes: Collection[Scope] = tuple(Scope)) -> Promise:
        """Accept a request without waiting for anything. It is kept, with how many consents ended, when stored."""
        self._stop(user_id, scopes)
        at = timestamp(self.promises.moment(self.clock.wall()))
        promise = self.promises.make(WITHDRAWAL, {"user": user_id, "scopes": " ".join(sorted(scopes)), "at": at})
        self._show()
        return promise

    async def store(self, facts: Mapping[str, Any]) -> int:
        """Store a request; return how many consents ended."""
        scopes = [Scope(name) for name in facts["scopes"].split()]
        self._stop(facts["user"], scopes)
        try:
            work = self.workers.run(Lane.TAKES, withdraw_now, self.home, facts["user"], scopes, facts["at"])
            count = await work
        except DatabaseUnwritable as error:
            raise sqlite3.OperationalError(str(error)) from error
        self._show()
        return count

    def _stop(self, user_id: UserId, scopes: Collection[Scope]) -> None:
        if TO_PERFORM & frozenset(scopes):
            self.live.withdraw(user_id)

    def _show(self) -> None:
        for session in self.live:
            self.panels.changed(session.session_id)
