"""What can be heard in a clip: pitch and how far it moves, pace, level, and whose voice it is. Only numpy.

Rough, as ears are: pitch by autocorrelation, pace by counting rises of the level. Nothing but the sound is used, so
nothing that a rater should not know can be heard.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bot.audio.listening import levelled
from bot.audio.sound import Decoder, Samples
from bot.audio.speech import utter
from bot.rehearsal.cast.sentences import lines_for, voice_for
from bot.samples import SAMPLE_RATE_HZ

Floats = NDArray[np.float64]

_DOWN: Final = 4
_RATE_HZ: Final = SAMPLE_RATE_HZ // _DOWN
_FRAME, _HOP = 600, 240
_FFT: Final = 2048
_HIGHEST_HZ, _LOWEST_HZ = 450, 60
_VOICED: Final = 0.5
"""The least autocorrelation, of 1, of a frame with a pitch."""

_QUIET_DB: Final = 30.0
"""Frames so far below the loudest are no speech."""

_LINES: Final = 3
"""How many lines of a voice one must hear to know it."""

_EDGES_HZ: Final = np.geomspace(150, 5500, 21)
"""Bands of a voice's timbre."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice in a clip, or how it differs from another.

    `pitch` is in semitones above 100 Hz, `movement` in semitones between its quartiles, `pace` in rises of the level
    per second of speech, `level` in dB. In a difference, 12 of `pace` means twice as fast.
    """

    pitch: float
    movement: float
    pace: float
    level: float

    def as_fields(self) -> dict[str, float]:
        """Return the fields for the journal."""
        return {name: round(getattr(self, name), 2) for name in ("pitch", "movement", "pace", "level")}

    def over(self, other: Heard) -> Heard:
        """Return by how much this differs from another."""
        faster = 12 * float(np.log2(max(self.pace, 0.1) / max(other.pace, 0.1)))
        return Heard(self.pitch - other.pitch, self.movement - other.movement, faster, self.level - other.level)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A clip against its speaker's own neutral: whose voice it seems to be, by place, and how it differs."""

    place: int
    difference: Heard


class Ears:
    """Ears that know the neutral voices of some performers, by their places."""

    def __init__(self, places: Iterable[int]) -> None:
        self._places = tuple(places)

    def listen(self, clip: bytes) -> Recognised:
        """Listen to a clip in any format that a player plays. Raises SoundUnreadable if it is none."""
        heard, timbre = _listen(clip)
        known = {place: _neutral(place) for place in self._places}
        place = min(known, key=lambda one: float(np.abs(known[one][1] - timbre).sum()))
        return Recognised(place, heard.over(known[place][0]))


@lru_cache(maxsize=64)
def _listen(clip: bytes) -> tuple[Heard, Floats]:
    decoder = Decoder(io.BytesIO(clip))
    return hear(decoder.read(decoder.length_samples))


@cache
def _neutral(place: int) -> tuple[Heard, Floats]:
    voice = voice_for("neutral", place)
    spoken = np.concatenate([utter(line, voice).samples for line in lines_for("neutral", place)[:_LINES]])
    return hear(levelled(spoken, None))


def hear(samples: Samples) -> tuple[Heard, Floats]:
    """Return what is heard in some sound (mono, 48 kHz), and its timbre: dB per band, 0 in the mean."""
    low = samples[: len(samples) // _DOWN * _DOWN].reshape(-1, _DOWN).mean(1).astype(np.float64)
    frames = sliding_window_view(np.pad(low, (0, _FRAME)), _FRAME)[::_HOP]
    levels = 10 * np.log10((frames**2).mean(1) + 1e-10)
    is_speech = levels > levels.max() - _QUIET_DB
    power = np.abs(np.fft.rfft(frames[is_speech] * np.hanning(_FRAME), _FFT)) ** 2
    pitches = _pitches(power)
    movement = float(np.subtract(*np.percentile(pitches, (75, 25)))) if len(pitches) else 0.0
    pitch = float(np.median(pitches)) if len(pitches) else 0.0
    level = float(10 * np.log10((10 ** (levels[is_speech] / 10)).mean()))
    return Heard(pitch, movement, _pace(levels, is_speech), level), _timbre(power)


def _pitches(power: Floats) -> Floats:
    """Return the pitch of each frame that has one, in semitones above 100 Hz."""
    window = np.abs(np.fft.rfft(np.hanning(_FRAME), _FFT)) ** 2
    shortest, longest = _RATE_HZ // _HIGHEST_HZ, _RATE_HZ // _LOWEST_HZ
    alike = np.fft.irfft(power)[:, : longest + 1] / np.fft.irfft(window)[: longest + 1]
    alike = alike[:, shortest:] / np.maximum(alike[:, :1], 1e-12)
    middle = alike[:, 1:-1]
    peaks = np.where((middle >= alike[:, :-2]) & (middle >= alike[:, 2:]), middle, 0.0)
    best = peaks.max(1)
    # The first peak that is nearly as good as the best: later ones are octaves below.
    lag = (peaks >= 0.85 * best[:, None]).argmax(1) + shortest + 1
    return 12 * np.log2(_RATE_HZ / lag[best > _VOICED] / 100)


def _pace(levels: Floats, is_speech: NDArray[np.bool_]) -> float:
    """Return how often the level rises from a dip to a peak, per second of speech."""
    smooth = np.convolve(levels, np.ones(3) / 3, "same")
    rises, low, is_down = 0, smooth[0], True
    high = smooth[0]
    for level in smooth:
        low, high = min(low, level), max(high, level)
        if is_down and level > low + 3:
            rises, is_down, high = rises + 1, False, level
        elif not is_down and level < high - 3:
            is_down, low = True, level
    return rises / (max(int(is_speech.sum()), 1) * _HOP / _RATE_HZ)


def _timbre(power: Floats) -> Floats:
    bins = np.round(_EDGES_HZ * _FFT / _RATE_HZ).astype(int)
    decibels = 10 * np.log10(np.add.reduceat(power, bins, axis=1)[:, :-1] / np.diff(bins) + 1e-12).mean(0)
    return decibels - decibels.mean()
