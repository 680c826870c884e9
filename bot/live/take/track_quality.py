"""How good tracks are while a take runs, from what is on disk so far.

The recorder itself never decodes anything: this module reads its files in a thread.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from bot.audio.levels import Levels, measure_levels
from bot.audio.sound import decode_opus
from bot.samples import SAMPLE_RATE_HZ
from bot.wire import opus
from bot.wire.ogg import read_packets, valid_bytes

LIVE_SECONDS = 4.0
"""How much of a track's end the live view measures: long enough for a phrase, short enough to be current."""

TOO_QUIET_DBFS = -45.0
CLIPPING_SHARE = 0.02
NOISY_DBFS = -40.0
PAUSE_DEPTH_DB = 6.0
MURMUR_DBFS = -27.0
UNHEARD_SECONDS = 10.0


class Problem(Enum):
    """What can be wrong with a track while its take runs."""

    UNHEARD = auto()
    CLIPPING = auto()
    TOO_QUIET = auto()
    NOISY = auto()


@dataclass(frozen=True, slots=True)
class LiveTrack:
    """A track while its take runs. `unheard_seconds` is the time since its last sound, or since the take's start."""

    unheard_seconds: float
    concealed_share: float
    levels: Levels | None

    def problems(self) -> list[Problem]:
        """What people can still fix."""
        found: list[Problem] = []
        if self.unheard_seconds >= UNHEARD_SECONDS:
            found.append(Problem.UNHEARD)
        if self.levels and self.levels.clipped_share > CLIPPING_SHARE:
            found.append(Problem.CLIPPING)
        if self.levels and self.levels.speech_dbfs < TOO_QUIET_DBFS:
            found.append(Problem.TOO_QUIET)
        if self.levels and is_noisy(self.levels):
            found.append(Problem.NOISY)
        return found


def is_noisy(levels: Levels) -> bool:
    """Whether the quietest moments are loud: in pauses of speech, or throughout, at a level at which no one speaks."""
    has_pauses = levels.speech_dbfs - levels.noise_dbfs > PAUSE_DEPTH_DB
    return levels.noise_dbfs > NOISY_DBFS and (has_pauses or levels.speech_dbfs < MURMUR_DBFS)


class TrackEar:
    """Follows one growing file. Call `listen` from a thread, a few seconds apart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_bytes = 0
        self._samples = 0
        self._last_sound_samples = 0
        self._frames = self._concealed = 0
        self._tail: deque[bytes] = deque(maxlen=round(LIVE_SECONDS * 50))

    def listen(self, elapsed_seconds: float) -> LiveTrack:
        """Read what was written since the last call; `elapsed_seconds` is the take's length so far."""
        for packet in self._new_packets():
            self._samples += opus.duration_samples(packet)
            if opus.is_silence(packet):
                continue
            self._last_sound_samples = self._samples
            self._frames += 1
            self._concealed += len(packet) == 1
            self._tail.append(packet)
        unheard = elapsed_seconds - self._last_sound_samples / SAMPLE_RATE_HZ
        is_sounding = unheard < LIVE_SECONDS and len(self._tail) > 1
        levels = measure_levels(decode_opus(self._tail)) if is_sounding else None
        return LiveTrack(unheard, self._concealed / self._frames if self._frames else 0.0, levels)

    def _new_packets(self) -> list[bytes]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._read_bytes)
            fresh = file.read()
        packets = [packet.data for packet in read_packets(fresh) if not packet.is_header]
        self._read_bytes += valid_bytes(fresh)
        return packets
