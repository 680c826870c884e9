"""Whispers, laughs, sobs and screams as sound with exact bounds, ready to be heard in a microphone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from bot.audio.sound import Samples
from bot.audio.speech import VoiceDirection, utter
from bot.rehearsal.cast.sentences import LINES, MANNERS, WHISPERERS
from bot.samples import SAMPLE_RATE_HZ

FRAME: Final = SAMPLE_RATE_HZ // 100
ABOVE_FLOOR_DB: Final = 10.0
"""A recording's bounds are where it is so much louder than its own floor, or than the microphone it is heard in."""

LARGEST_RANGE_DB: Final = 30.0
"""A recording that was cut without any silence has its floor so far below its peak."""

PEAKS_DBFS: Final = {"scream": -2.0, "laugh": -9.0, "sob": -18.0, "whisper": -22.0}
EDGE: Final = SAMPLE_RATE_HZ // 50
WHISPERED: Final = ("fear", "sadness")

SOB_PACE: Final = 0.72
"""A laugh that is so much slower and, with that, lower is close to a sob: both are voiced bursts of breath."""


@dataclass(frozen=True, slots=True)
class VoicedSound:
    """A sound of a kind; it lasts from `start` to `end`, and fades in and out around them."""

    kind: str
    samples: Samples
    start: int
    end: int
    text: str = ""


def whispers() -> list[VoicedSound]:
    """Return whispered lines, spoken by eSpeak NG's voices without a pitch: no recorded ones can be had."""
    made: list[VoicedSound] = []
    texts = [(emotion, text) for emotion in WHISPERED for text in LINES[emotion]]
    for number, (emotion, text) in enumerate(texts):
        pace = MANNERS[emotion].words_per_minute
        voice = VoiceDirection(WHISPERERS[number % 2], pace, peak_dbfs=PEAKS_DBFS["whisper"])
        spoken = utter(text, voice)
        bounds = spoken.words[0].start_samples, spoken.words[-1].end_samples
        made.append(VoicedSound("whisper", spoken.samples, *bounds, text))
    return made


def recorded(kind: str, files: Sequence[Path], noise_dbfs: float) -> list[VoicedSound]:
    """Return recordings as a microphone with that noise hears them, each only once however many files hold it."""
    distinct = {hashlib.sha256(file.read_bytes()).digest(): file for file in files}
    return [bounded(kind, read(file), noise_dbfs, file.stem) for file in distinct.values()]


def sobs_from_laughs(files: Sequence[Path], noise_dbfs: float) -> list[VoicedSound]:
    """Return sobs that are made of recorded laughs: slower, lower and quieter."""
    distinct = {hashlib.sha256(file.read_bytes()).digest(): file for file in files}
    slow = (soxr.resample(read(file), SAMPLE_RATE_HZ * SOB_PACE, SAMPLE_RATE_HZ) for file in distinct.values())
    return [bounded("sob", np.asarray(sound, np.float32), noise_dbfs, "slowed laugh") for sound in slow]


def bounded(kind: str, samples: Samples, noise_dbfs: float, text: str = "") -> VoicedSound:
    """Bring a recording to its kind's level, and cut it to where it is 10 dB above its floor and the microphone's."""
    level = np.float32(10 ** (PEAKS_DBFS[kind] / 20) / np.max(np.abs(samples)))
    samples = samples * level
    levels = frame_levels(samples)
    floor = max(min(float(levels.min()), float(levels.max()) - LARGEST_RANGE_DB), noise_dbfs)
    loud = np.flatnonzero(levels > floor + ABOVE_FLOOR_DB)
    start, end = int(loud[0]) * FRAME, min((int(loud[-1]) + 1) * FRAME, len(samples))
    first, last = max(start - EDGE, 0), min(end + EDGE, len(samples))
    cut = samples[first:last].copy()
    cut[: start - first] *= np.linspace(0, 1, start - first, dtype=np.float32)
    cut[end - first :] *= np.linspace(1, 0, last - end, dtype=np.float32)
    return VoicedSound(kind, cut, start - first, end - first, text)


def frame_levels(samples: Samples) -> npt.NDArray[np.float64]:
    """Return the level of every 10 ms in dBFS."""
    frames = np.pad(samples, (0, -len(samples) % FRAME)).reshape(-1, FRAME)
    return 10 * np.log10(np.mean(np.square(frames, dtype=np.float64), axis=1) + 1e-12)


def read(file: Path) -> Samples:
    """Read a recording of any rate and number of channels: mono, 48 kHz."""
    samples, rate_hz = soundfile.read(file, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), rate_hz, SAMPLE_RATE_HZ), np.float32)
