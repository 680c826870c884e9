"""Who said what when, drawn before any network. Nothing here comes from the bot.

A talker has a clock that is fast or slow, speaks in spurts of 20 ms frames, ends each spurt with five silence frames
and sends nothing in the pauses. The network then loses and delays what was sent.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.samples import SAMPLE_RATE_HZ

SILENCE: Final = bytes.fromhex("f8fffe")
FRAME_SAMPLES: Final = 960
RATE_HZ: Final = SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame as it left its talker; `at` is in seconds of the listener's clock."""

    at: float
    sequence: int
    timestamp: int
    opus: bytes

    @property
    def is_silence(self) -> bool:
        """Whether it is one of the five frames that end a spurt."""
        return self.opus == SILENCE


@dataclass(frozen=True, slots=True)
class Talker:
    """How a person talks. With `drift` 1e-4, their clock gains 100 µs per second.

    With `stands_still` their RTP time stops while they are silent, as that of some bots does. With `pauses` False, the
    speech has no end.
    """

    seed: int
    drift: float = 0.0
    stands_still: bool = False
    pauses: bool = True

    def speak(self, begin: float, end: float) -> Iterator[Sent]:
        """Yield all frames from `begin` to `end`."""
        chance = random.Random(self.seed)
        frame_seconds = FRAME_SAMPLES / (RATE_HZ * (1 + self.drift))
        sequence, timestamp = chance.randrange(1 << 16), chance.randrange(1 << 32)
        at = begin + chance.uniform(0, 1)
        number = 0
        while at < end:
            frames = chance.randint(10, 600) if self.pauses else round((end - at) / 0.02)
            for index in range(frames + 5):
                number += 1
                opus = b"\x78" + number.to_bytes(4, "big") + b"said" if index < frames else SILENCE
                yield Sent(at, sequence, timestamp, opus)
                at += frame_seconds
                sequence = (sequence + 1) & 0xFFFF
                timestamp = (timestamp + FRAME_SAMPLES) & 0xFFFF_FFFF
            # Most talkers keep their 20 ms rhythm in silence; some start again at any moment.
            ticks = round(chance.lognormvariate(0.0, 1.0) / 0.02) + 1
            at += ticks * frame_seconds + (chance.uniform(0, 0.02) if self.stands_still else 0)
            if not self.stands_still:
                timestamp = (timestamp + ticks * FRAME_SAMPLES) & 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Network:
    """Delays each packet by up to `jitter` seconds and loses a share of them."""

    seed: int
    jitter: float = 0.03
    loss: float = 0.05

    def deliver(self, sent: list[Sent]) -> list[tuple[float, Sent]]:
        """Return the packets that arrive, in order of arrival, with their arrival times."""
        chance = random.Random(self.seed)
        arrived = [(one.at + chance.uniform(0, self.jitter), one) for one in sent if chance.random() >= self.loss]
        return sorted(arrived, key=lambda pair: pair[0])
