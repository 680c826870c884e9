"""The clock of one RTP stream, learnt from the arrival times of its packets.

No I/O, no clock of its own. The network only delays, so the packet with the smallest difference between arrival and RTP
time is the best evidence of when RTP time zero was (the minimum filter of RFC 5905, section 10, in one direction).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from bot.wire.rtp import CLOCK_HZ

FORGETTING: Final = 300e-6
"""How fast the least delayed packet loses its weight, in seconds per second: more than two clocks of 100 ppm each drift
apart.

It lets a single number follow drift in both directions. The estimate is never later than the best packet, counting its
delay and half a millisecond per second of its age.
"""

_KEEPING: Final = 1 - FORGETTING

STOPPED_SECONDS: Final = 0.04
"""If all packets of a moment are later than this, RTP time stood still; the network is not just slow."""

STOPPED_IN_SILENCE_SECONDS: Final = 0.01
"""The same limit if RTP time shows no pause between two spurts: there, a pause is nearly certain."""

STOPPED_UNSURE_SECONDS: Final = 0.1
"""The same limit with fewer than SURE_PACKETS packets, which may all be late by chance."""

SURE_PACKETS: Final = 5


class ArrivalClock:
    """Estimates when a packet with a given (unwrapped) RTP time was sent, in seconds of the receiver's clock."""

    def __init__(self) -> None:
        self._least = math.inf
        self.newest_arrival = -math.inf

    def note(self, timestamp: int, arrival: float) -> None:
        """Take a packet with this RTP time and this arrival."""
        offset = arrival * _KEEPING - timestamp / CLOCK_HZ
        if offset < self._least:
            self._least = offset
        if arrival > self.newest_arrival:
            self.newest_arrival = arrival

    @property
    def zero_at(self) -> float:
        """When RTP time was zero (plus the network's least delay), with the drift up to now."""
        return self._least + FORGETTING * self.newest_arrival

    def anchor(self, packets: Iterable[tuple[int, float]], *, ran_on: bool) -> None:
        """Check at the first packets of a talk spurt (RTP time and arrival) whether RTP time went on in the pause.

        If it stood still, all of them are late by the length of the pause, and the clock is learnt again from them.
        `ran_on` says that RTP time itself shows the pause.
        """
        offsets = [arrival * _KEEPING - timestamp / CLOCK_HZ for timestamp, arrival in packets]
        limit = STOPPED_SECONDS if ran_on else STOPPED_IN_SILENCE_SECONDS
        if len(offsets) < SURE_PACKETS:
            limit = STOPPED_UNSURE_SECONDS
        if min(offsets) - self._least > limit:
            self._least = min(offsets)
