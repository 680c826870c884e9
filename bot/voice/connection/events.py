"""What happens to a voice connection, as those who use it are told."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """Sound may be missing since `at` (monotonic seconds). The connection is trying to come back."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class ConnectionRestored:
    """Everyone can be heard again since `at`; `hole_ms` is how much sound is missing."""

    at: float
    hole_ms: float


@dataclass(frozen=True, slots=True)
class ConnectionGivenUp:
    """The connection is over for good. What was recorded up to then is kept."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class SealedSound:
    """Other people than before are those whose sound reaches the bot but cannot be decrypted; none if all is well."""

    at: float
    users: frozenset[UserId]


ConnectionEvent = ConnectionLost | ConnectionRestored | ConnectionGivenUp | SealedSound
