"""Whether memory grows with the length of a take: ten people for an hour, faster than real time.

The receiving path without sockets (`burst.Receiving`), with real files on disk and packets that are made when they are
needed. People talk for four seconds out of five, and 2 % of the packets are lost, so that there are spurts, pauses and
concealment. Resident memory is read after a minute of the take and at its end.
"""

from __future__ import annotations

import gc
import multiprocessing as mp
import os
import random
import tempfile
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from bot.voice.receiving.garbage import look_for_cycles_seldom
from tools.bench.burst import BATCH_FRAMES, Batch, Receiving
from tools.bench.call import Speaker, form_group, speakers_of

SILENCE: Final = bytes.fromhex("f8fffe")
WARM_UP_SECONDS: Final = 60
LOSS: Final = 0.02
_TALKING_FRAMES, _ROUND_FRAMES = 200, 250


@dataclass(frozen=True, slots=True)
class Growth:
    """Resident bytes after the warm-up and at the end, and the hours spoken in between."""

    before_bytes: int
    after_bytes: int
    speaker_hours: float

    @property
    def megabytes_a_speaker_hour(self) -> float:
        """The growth, which must be at most 1."""
        return (self.after_bytes - self.before_bytes) / 1e6 / self.speaker_hours


def measure(mode: str, people: int = 10, minutes: int = 61) -> Growth:
    """Measure one take in its own process."""
    own, theirs = mp.get_context("spawn").Pipe()
    process = mp.get_context("spawn").Process(target=_take_apart, args=(theirs, mode, people, minutes))
    process.start()
    growth: Growth = own.recv()
    process.join()
    return growth


def _take_apart(wire: Connection, mode: str, people: int, minutes: int) -> None:
    look_for_cycles_seldom()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        founder, bot = form_group(people)
        side, speakers = Receiving(Path(folder), bot, mode, people), speakers_of(founder, people, mode)
        chance = random.Random(1)
        before = 0
        for half in range(minutes * 120):
            if half == WARM_UP_SECONDS * 2:
                before = _resident_bytes()
            for batch in _half_second(speakers, half, chance):
                side.take(batch)
            side.flush(half / 2 + 0.5)
    hours = people * (minutes * 60 - WARM_UP_SECONDS) / 3_600
    wire.send(Growth(before, _resident_bytes(), hours))


def _half_second(speakers: list[Speaker], half: int, chance: random.Random) -> list[Batch]:
    batches: list[Batch] = []
    for number in range(half * BATCH_FRAMES, (half + 1) * BATCH_FRAMES):
        batch: Batch = []
        for index, speaker in enumerate(speakers):
            place = (number + index * 25) % _ROUND_FRAMES
            if place >= _TALKING_FRAMES + 5:
                speaker.timestamp = (speaker.timestamp + 960) & 0xFFFF_FFFF
                continue
            datagram = speaker.datagram(None if place < _TALKING_FRAMES else SILENCE)
            if chance.random() >= LOSS:
                batch.append((datagram, number * 0.02 + chance.uniform(0, 0.01)))
        batches.append(batch)
    return batches


def _resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
