"""Loudness as broadcasters measure it (ITU-R BS.1770-4); no other module imports pyloudnorm or SciPy.

Sound is measured block by block, so that memory does not grow with its length.
"""

# pyloudnorm and SciPy have no type information, so what they return is annotated here.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

_HOP_SAMPLES: Final = SAMPLE_RATE_HZ // 10
_BLOCK_HOPS: Final = 4
"""The gating block of BS.1770 lasts 400 ms and overlaps the next one by 75 %. A shorter sound has no loudness."""

_ABSOLUTE_GATE_LUFS: Final = -70.0
_RELATIVE_GATE_LU: Final = -10.0
_FULL_SCALE_LUFS: Final = -0.691
"""BS.1770-4, annex 1: both gates, and the constant that cancels the weighting's gain at 997 Hz."""

_SHELF: Final = (4.0, 1 / 2**0.5, 1500.0, SAMPLE_RATE_HZ, "high_shelf")
_HIGH_PASS: Final = (0.0, 0.5, 38.0, SAMPLE_RATE_HZ, "high_pass")
"""The K-weighting (BS.1770-4, annex 1, tables 1 and 2) as pyloudnorm describes it: gain, Q, frequency, rate, kind."""


def load() -> None:
    """Load the libraries now. They take several seconds that no one should have to wait later."""
    import pyloudnorm  # noqa: F401


class LoudnessMeter:
    """Measures the gated loudness of one sound. Give it the blocks in order; `result` may be asked at any time."""

    def __init__(self) -> None:
        from pyloudnorm import IIRfilter

        self._filters: list[tuple[Any, Any]] = []
        for facts in (_SHELF, _HIGH_PASS):
            weighting = IIRfilter(*facts)
            self._filters.append((weighting.b * weighting.passband_gain, weighting.a))
        self._states = [np.zeros(max(len(b), len(a)) - 1) for b, a in self._filters]
        self._rest: npt.NDArray[np.float64] = np.empty(0)
        self._hops: list[npt.NDArray[np.float64]] = []

    def add(self, block: Samples) -> None:
        """Take the next block: float32, mono, 48 kHz."""
        from scipy.signal import lfilter

        sound: Any = block.astype(np.float64)
        for at, (b, a) in enumerate(self._filters):
            sound, self._states[at] = lfilter(b, a, sound, zi=self._states[at])
        sound = np.concatenate((self._rest, sound))
        whole = len(sound) // _HOP_SAMPLES * _HOP_SAMPLES
        self._hops.append(np.square(sound[:whole]).reshape(-1, _HOP_SAMPLES).mean(axis=1))
        self._rest = sound[whole:]

    def result(self) -> float | None:
        """Return the loudness in LUFS; None for silence, or if the sound is shorter than a gating block."""
        hops = np.concatenate(self._hops) if self._hops else np.empty(0)
        if len(hops) < _BLOCK_HOPS:
            return None
        power = np.convolve(hops, np.full(_BLOCK_HOPS, 1 / _BLOCK_HOPS), "valid")
        loud = power[power >= _power(_ABSOLUTE_GATE_LUFS)]
        if not len(loud):
            return None
        gate = max(_lufs(float(loud.mean())) + _RELATIVE_GATE_LU, _ABSOLUTE_GATE_LUFS)
        return _lufs(float(loud[loud > _power(gate)].mean()))


def integrated_lufs(samples: Samples) -> float | None:
    """Return the gated loudness of a whole sound, as `LoudnessMeter.result` does."""
    meter = LoudnessMeter()
    meter.add(samples)
    return meter.result()


def _lufs(power: float) -> float:
    return _FULL_SCALE_LUFS + 10 * float(np.log10(power))


def _power(lufs: float) -> float:
    return 10 ** ((lufs - _FULL_SCALE_LUFS) / 10)
