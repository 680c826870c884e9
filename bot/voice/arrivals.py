"""The clock of one RTP stream, learnt from when its packets arrive.

No I/O, no clock of its own. The network only ever delays, so the packet with the least difference between arrival and
RTP time shows best when RTP time zero was (the minimum filter of RFC 5905, section 10, in one direction).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from bot.voice.rtp import CLOCK_HZ

WINDOW_SECONDS: Final = 20.0
"""How far back the least delayed packet is looked for: at 100 ppm, two clocks drift apart by 2 ms in that time."""

STOPPED_SECONDS: Final = 0.04
"""Later than this by all packets of a moment means that RTP time has stood still, not that the network is slow."""

STOPPED_UNSURE_SECONDS: Final = 0.1
"""The same, when there are few packets to judge by."""

SURE_PACKETS: Final = 5


class ArrivalClock:
    """Tells when a packet with a given (unwrapped) RTP time was sent, in seconds of the receiver's clock."""

    def __init__(self) -> None:
        # Arrivals and offsets of packets that may be the least delayed of some window: offsets rise.
        self._least: deque[tuple[float, float]] = deque()

    def note(self, timestamp: int, arrival: float) -> None:
        """A packet with this RTP time arrived."""
        offset = arrival - timestamp / CLOCK_HZ
        while self._least and self._least[-1][1] >= offset:
            self._least.pop()
        self._least.append((arrival, offset))
        while self._least[0][0] < arrival - WINDOW_SECONDS:
            self._least.popleft()

    def sent_at(self, timestamp: int) -> float:
        """When a packet of this RTP time was sent (plus the network's least delay)."""
        return timestamp / CLOCK_HZ + self._least[0][1]

    def anchor(self, packets: Iterable[tuple[int, float]]) -> None:
        """A talk spurt begins with these packets (RTP time and arrival): check that RTP time went on in the pause.

        Where it stood still, all of them are late by the pause, and what was known before is forgotten.
        """
        noted = list(packets)
        ahead = min(arrival - timestamp / CLOCK_HZ for timestamp, arrival in noted)
        limit = STOPPED_SECONDS if len(noted) >= SURE_PACKETS else STOPPED_UNSURE_SECONDS
        if ahead - self._least[0][1] > limit:
            earliest = min(arrival for _, arrival in noted)
            while len(self._least) > 1 and self._least[0][0] < earliest:
                self._least.popleft()
