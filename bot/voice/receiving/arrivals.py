"""The clock of one RTP stream, learnt from when its packets arrive.

No I/O, no clock of its own. The network only ever delays, so the packet with the least difference between arrival and
RTP time shows best when RTP time zero was (the minimum filter of RFC 5905, section 10, in one direction).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from bot.wire.rtp import CLOCK_HZ

FORGETTING: Final = 300e-6
"""How fast the least delayed packet loses its weight, in seconds a second: more than two clocks of 100 ppm drift apart.

With it a single number follows drift in both directions: the estimate is at most as late as the best of the packets,
each with its delay and half a millisecond for every second of its age.
"""

_KEEPING: Final = 1 - FORGETTING

STOPPED_SECONDS: Final = 0.04
"""Later than this by all packets of a moment means that RTP time has stood still, not that the network is slow."""

STOPPED_IN_SILENCE_SECONDS: Final = 0.01
"""The same where RTP time says that no pause was between two spurts: a pause is nearly certain there."""

STOPPED_UNSURE_SECONDS: Final = 0.1
"""The same, when there are few packets to judge by."""

SURE_PACKETS: Final = 5


class ArrivalClock:
    """Tells when a packet with a given (unwrapped) RTP time was sent, in seconds of the receiver's clock."""

    def __init__(self) -> None:
        self._least = math.inf
        self.newest_arrival = -math.inf

    def note(self, timestamp: int, arrival: float) -> None:
        """A packet with this RTP time arrived."""
        offset = arrival * _KEEPING - timestamp / CLOCK_HZ
        if offset < self._least:
            self._least = offset
        if arrival > self.newest_arrival:
            self.newest_arrival = arrival

    @property
    def zero_at(self) -> float:
        """When RTP time was zero (plus the network's least delay), as drift stands by now."""
        return self._least + FORGETTING * self.newest_arrival

    def anchor(self, packets: Iterable[tuple[int, float]], *, ran_on: bool) -> None:
        """A talk spurt begins with these packets (RTP time and arrival): check that RTP time went on in the pause.

        Where it stood still, all of them are late by the pause, and what was known before is forgotten. `ran_on` says
        that RTP time itself shows the pause.
        """
        offsets = [arrival * _KEEPING - timestamp / CLOCK_HZ for timestamp, arrival in packets]
        limit = STOPPED_SECONDS if ran_on else STOPPED_IN_SILENCE_SECONDS
        if len(offsets) < SURE_PACKETS:
            limit = STOPPED_UNSURE_SECONDS
        if min(offsets) - self._least > limit:
            self._least = min(offsets)
