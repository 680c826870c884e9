"""What is due about people's rights without a press: messages to them, and lists that follow from their consents.

The store says what is due and what was sent, so a killed process forgets nothing. Each person is told once.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.live.errands import Errands
from bot.store.errors import DatabaseUnwritable

LOOK_SECONDS: Final = 15.0
"""How often the store is asked what is due: a few queries of indexes."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letters:
    """Does what is due, as each of `senders` finds it in the store."""

    errands: Errands
    senders: Sequence[Callable[[], Awaitable[None]]]
    _running: list[asyncio.Task[None]] = field(default_factory=list["asyncio.Task[None]"])

    def take_up(self) -> None:
        """Send what is due, and from then on what becomes due. Call it when Discord can be reached; twice is once."""
        if not self._running:
            self._running.append(self.errands.run(self._watch(), "letters about people's rights"))

    async def send_due(self) -> None:
        """Send what is due now. What the store or Discord does not accept is tried the next time."""
        for send in self.senders:
            try:
                await send()
            except (sqlite3.OperationalError, DatabaseUnwritable, OSError):
                _log.exception("What is due about people's rights cannot be done now; the bot tries again.")

    async def _watch(self) -> None:
        while True:
            await self.send_due()
            await asyncio.sleep(LOOK_SECONDS)
