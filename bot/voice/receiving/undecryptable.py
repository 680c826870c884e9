"""Sound that reached the bot but that no key opens: whose, and from when to when. No I/O, no clock.

It happens on Discord: a client or the bot is left in an older state of the DAVE group. Up to some 24 frames of a person
who joins, or after a change of keys, can come before their key; they wait (`dave`) and are no fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import UserId

FRAMES: Final = 20
"""So many sealed frames in a row that do not open are a fault: 0.4 s. @discordjs/voice waits for 36 of all people."""

FRAME_SECONDS: Final = 0.02

TOGETHER_SECONDS: Final = 0.3
"""Frames that were given up and came closer together than this belong to one stretch: between them is no pause."""

SHORTEST_SECONDS: Final = 0.05
"""A shorter stretch is no hole: two frames, as in `outage`."""


@dataclass(frozen=True, slots=True)
class Failing:
    """A person whose newest frames do not open: when the first and the newest of them came."""

    user_id: UserId
    since: float
    newest: float


class GivenUp:
    """The sealed frames that were given up in one recording, as stretches per person."""

    def __init__(self) -> None:
        self._stretches: dict[UserId, list[tuple[float, float]]] = {}

    def note(self, user_id: UserId, arrivals: Iterable[float]) -> None:
        """Note frames that were given up, in the order in which they came."""
        for arrival in arrivals:
            stretches = self._stretches.setdefault(user_id, [])
            end = arrival + FRAME_SECONDS
            if stretches and stretches[-1][0] <= arrival <= stretches[-1][1] + TOGETHER_SECONDS:
                stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
            else:
                stretches.append((arrival, end))

    def stretches(self) -> dict[UserId, list[tuple[float, float]]]:
        """Return from when to when each person's sound could not be opened (monotonic seconds)."""
        long = {
            user_id: [(start, end) for start, end in stretches if end - start > SHORTEST_SECONDS]
            for user_id, stretches in self._stretches.items()
        }
        return {user_id: stretches for user_id, stretches in long.items() if stretches}

    def forget(self) -> None:
        """Begin again, for another recording."""
        self._stretches.clear()
