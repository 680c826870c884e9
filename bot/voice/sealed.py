"""Watches for sound that no key opens: tells whose it is, and has the connection repair it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.domain.ids import UserId
from bot.voice.connection.healing import HealingConnection
from bot.voice.connection.repairing import KeyRepair, Sealed
from bot.voice.receiving.outage import Outages
from bot.voice.receiving.receiver import Receiver

TOLD_SECONDS: Final = 1.0
"""Sound that has been sealed for this long is told of; what is repaired sooner is only marked as a hole."""


class SealedWatch:
    """Call `look` several times per second while recording. `tell` is called with the time and the people."""

    def __init__(
        self,
        receiver: Receiver,
        connection: HealingConnection,
        outages: Outages,
        tell: Callable[[float, frozenset[UserId]], None],
    ) -> None:
        self.users: frozenset[UserId] = frozenset()
        self._receiver = receiver
        self._connection = connection
        self._outages = outages
        self._tell = tell
        self._repair = KeyRepair()

    def look(self, now: float) -> None:
        """Find whose sound does not open now, and act on it."""
        failing = self._receiver.failing()
        users = frozenset(one.user_id for one in failing)
        told = frozenset(one.user_id for one in failing if now > one.since + TOLD_SECONDS) | (users & self.users)
        if told != self.users:
            self.users = told
            self._tell(now, told)
        sealed = None
        if failing and self._connection.is_settled():
            since = min(one.since for one in failing)
            hears_others = not users >= self._outages.heard_since(since)
            sealed = Sealed(users, since, max(one.newest for one in failing), hears_others)
        remedy = self._repair.look(sealed, now)
        if remedy is not None:
            self._connection.repair(remedy)

    def stop(self, now: float) -> None:
        """End the watch: no one is decrypted any more."""
        if self.users:
            self.users = frozenset()
            self._tell(now, self.users)
