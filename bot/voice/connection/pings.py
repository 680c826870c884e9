"""Pings over UDP, which show that sound could arrive although no one speaks. No I/O, no clock.

A ping is eight bytes: 0x1337CAFE and a number. The voice server answers with 0x1337F00D and the same number. Discord
does not document it, but its own clients do it (discordjs/discord.js #9195 shows where that was found). A server that
has never answered one on this socket proves nothing by its silence, so it never counts as dead.
"""

from __future__ import annotations

from typing import Final

PING: Final = b"\x13\x37\xca\xfe"
ANSWER: Final = b"\x13\x37\xf0\x0d"
PING_BYTES: Final = 8

PING_SECONDS: Final = 2.5
"""The interval of pings while they are answered. It also keeps open what routers remember of a client that only
listens."""

DOUBT_SECONDS: Final = 1.0
"""The interval while a ping is unanswered and nothing else arrives either."""

UNANSWERED_PINGS: Final = 3
"""After this many unanswered pings, each sent a second after the other, and no packet of any kind, UDP is dead: 5.5 s
at most after the last answer. Three packets in a row are seldom lost by chance.
"""


def is_answer(datagram: bytes) -> bool:
    """Whether a datagram is the answer to a ping."""
    return len(datagram) == PING_BYTES and datagram[:4] == ANSWER


class Pings:
    """The pings on one socket. Ask `are_dead`, then `due`, several times per second; times are monotonic seconds."""

    def __init__(self) -> None:
        self._number = 0
        self._sent_at = float("-inf")
        self._unanswered = 0

    def due(self, now: float, last_arrival: float) -> bytes | None:
        """Return the ping to send now, if one is due. `last_arrival` is when anything came from the server."""
        if last_arrival >= self._sent_at:
            self._unanswered = 0
        if now < self._sent_at + (DOUBT_SECONDS if self._unanswered else PING_SECONDS):
            return None
        self._number = (self._number + 1) & 0xFFFF_FFFF
        self._unanswered += 1
        self._sent_at = now
        return PING + self._number.to_bytes(4, "big")

    def are_dead(self, now: float, last_arrival: float, *, were_answered: bool) -> bool:
        """Whether the server has stopped answering, and nothing else arrives. `were_answered`: it answered before."""
        waited = now - self._sent_at >= DOUBT_SECONDS
        return were_answered and last_arrival < self._sent_at and self._unanswered >= UNANSWERED_PINGS and waited
