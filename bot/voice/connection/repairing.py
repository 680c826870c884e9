"""What to do about sound that arrives and that no key opens. No I/O and no clock: `now` is passed in.

Our keys can be wrong, which no message says. The first remedy is to ask the voice server to let us into the group again
(op 31): the others' sound stays decryptable meanwhile, because the previous keys are kept. If that does not help, a new
session is begun beside the present one. If no one at all can be decrypted then, the bot leaves the channel and joins it
again. More would only disturb those who are heard: after that, op 31 is sent every AGAIN_SECONDS, and the panel names
the people whose sound stays sealed. The fault can be at the sender's end, and ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from typing import Final

from bot.domain.ids import UserId

REMEDY_SECONDS: Final = 2.0
"""How long a remedy may take to show: every client in the call has to confirm new keys."""

AGAIN_SECONDS: Final = 6.0
"""The interval of further requests after all remedies have failed."""

CURED_SECONDS: Final = 10.0
"""After so long without sealed sound, the remedies begin with the first one again."""


class Remedy(Enum):
    """What can be done about sealed sound."""

    NEW_KEYS = auto()
    NEW_SESSION = auto()
    REJOIN = auto()


@dataclass(frozen=True, slots=True)
class Sealed:
    """The people whose newest sound does not open: since when, and when the newest of it came.

    `hears_others` is whether anyone else's sound was opened in the meantime.
    """

    users: frozenset[UserId]
    since: float
    newest: float
    hears_others: bool


class KeyRepair:
    """The remedies of one connection. Call `look` several times per second while someone is to be recorded."""

    def __init__(self) -> None:
        self._tried: list[Remedy] = []
        self._acted_at = -inf
        self._sealed_at = -inf

    def look(self, sealed: Sealed | None, now: float) -> Remedy | None:
        """Return what to do now. `sealed` is None while everyone's newest sound opens, or no one speaks."""
        if sealed is None:
            if now > self._sealed_at + CURED_SECONDS:
                self._tried.clear()
            return None
        self._sealed_at = now
        if sealed.newest < self._acted_at + self._patience():
            return None
        remedy = self._next(sealed.hears_others)
        self._tried.append(remedy)
        self._acted_at = now
        return remedy

    def _patience(self) -> float:
        """How long the last remedy is given. The first one is tried immediately."""
        if not self._tried:
            return -inf
        return REMEDY_SECONDS if len(self._tried) < len(Remedy) else AGAIN_SECONDS

    def _next(self, hears_others: bool) -> Remedy:
        for remedy in Remedy:
            if remedy not in self._tried and not (remedy is Remedy.REJOIN and hears_others):
                return remedy
        return Remedy.NEW_KEYS
