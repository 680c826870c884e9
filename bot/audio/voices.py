"""Prepares one track for a comparison with others: which parts are speech, and the phases of its spectra.

The sound is reduced to the telephone's band and cut into short spectra. For a person's own speech, only the phases of
what stands out while they speak are kept; for what their microphone hears, the phases of everything that sounds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from bot.audio.levels import DIGITAL_SILENCE_DBFS
from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

Signal = npt.NDArray[np.float64]
Spectra = npt.NDArray[np.complex128]
Flags = npt.NDArray[np.bool_]

RATE_HZ = 8_000
FRAME_SAMPLES, HOP_SAMPLES = 256, 64
"""A frame is 32 ms, long enough to separate a voice's partials; one begins every 8 ms."""

SPEECH_RANGE_DB = 15.0
"""Speech is what lies at most this far below a track's loudest moments: that is most of the speech, and little else."""

STRONG_DB = -15.0
"""What lies further below the mean of its moment's spectrum is more room than voice."""

LEAST_FRAMES = 40
"""A third of a second: less sound allows no conclusion."""

SMOOTHING_FRAMES = 13
"""A tenth of a second: levels are compared over syllables, not over single frames."""

_WINDOW = np.sqrt(np.hanning(FRAME_SAMPLES + 1)[:-1])
_HZ = np.fft.rfftfreq(FRAME_SAMPLES, 1 / RATE_HZ)
_BAND = np.flatnonzero((_HZ >= 300) & (_HZ <= 3_400))
_SILENCE = 10 ** (DIGITAL_SILENCE_DBFS / 10) * float(np.sum(_WINDOW**2)) * len(_BAND)


class Voice:
    """One track, prepared for a comparison: `size` samples at 8 kHz, with silence at the end.

    Per frame, it holds `power` by frequency, whether the frame `is_sounding` and `is_speaking`, and `relative_db`, the
    level against the track's own speech. It also holds the signal `spoken`, and the spectra of what is heard and of its
    power. If not `is_heard`, the track has too little sound, and none of this exists.
    """

    def __init__(self, samples: Samples, size: int) -> None:
        self.size = size
        sound = soxr.resample(samples, SAMPLE_RATE_HZ, RATE_HZ)
        spectra = _spectra(np.pad(sound, (0, size - len(sound))))
        self.power = np.square(np.abs(spectra))
        energy = np.sum(self.power, axis=1)
        self.is_sounding: Flags = energy > _SILENCE
        self.is_heard = int(np.count_nonzero(self.is_sounding)) >= LEAST_FRAMES
        if not self.is_heard:
            return
        loudest = float(np.percentile(energy[self.is_sounding], 95))
        self.is_speaking: Flags = energy > loudest * _ratio(-SPEECH_RANGE_DB)
        self.speech_power = float(np.mean(energy[self.is_speaking]))
        smooth = np.convolve(energy, np.full(SMOOTHING_FRAMES, 1 / SMOOTHING_FRAMES), "same")
        self.relative_db = decibels(smooth / self.speech_power)
        phases = spectra / np.maximum(np.abs(spectra), 1e-12)
        is_strong = self.power > np.mean(self.power, axis=1, keepdims=True) * _ratio(STRONG_DB)
        self.spoken = _signal(phases * (is_strong & self.is_speaking[:, None]), size)
        listening = _signal(phases * self.is_sounding[:, None], size)
        self.mean_heard = float(np.mean(np.square(listening)))
        self.heard_spectrum = np.fft.rfft(listening)
        self.heard_power_spectrum = np.fft.rfft(np.square(listening))


def _spectra(sound: Signal) -> Spectra:
    padded = np.pad(sound, (FRAME_SAMPLES, FRAME_SAMPLES))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME_SAMPLES)[::HOP_SAMPLES]
    return np.fft.rfft(frames * _WINDOW, axis=1)[:, _BAND]


def _signal(spectra: Spectra, size: int) -> Signal:
    """Add up spectra to a signal of `size` samples."""
    whole = np.zeros((len(spectra), len(_HZ)), np.complex128)
    whole[:, _BAND] = spectra
    parts = (np.fft.irfft(whole, FRAME_SAMPLES, axis=1) * _WINDOW).reshape(len(spectra), -1, HOP_SAMPLES)
    added = np.zeros((len(parts) + parts.shape[1], HOP_SAMPLES))
    for place in range(parts.shape[1]):
        added[place : place + len(parts)] += parts[:, place]
    return added.reshape(-1)[FRAME_SAMPLES : FRAME_SAMPLES + size]


def by_sample(flags: Flags, size: int) -> Flags:
    """Return flags of frames as flags of samples.

    The middle of a frame lies half a frame before its number times the hop.
    """
    return flags[np.minimum((np.arange(size) + FRAME_SAMPLES // 2) // HOP_SAMPLES, len(flags) - 1)]


def decibels(ratios: npt.ArrayLike) -> Signal:
    """Return ratios of power in dB, at least -120."""
    return 10 * np.log10(np.asarray(ratios) + 1e-12)


def _ratio(level_db: float) -> float:
    return 10 ** (level_db / 10)
