"""Background noise of open microphones, synthesised: white, pink, mains hum, and the babble of a crowded room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.samples import SAMPLE_RATE_HZ

Signal = npt.NDArray[np.float64]
Noise = Callable[[np.random.Generator, int], Signal]

_MAINS_HZ: Final = 50
_HARMONICS_DB: Final = (0, -6, -3, -12, -8, -16, -14, -20)
"""Of the mains frequency: a rectifier makes the even ones of 50 Hz strong, a ground loop the odd ones."""

_VOICES: Final = 6
_SYLLABLES_HZ: Final = 4.0
"""Speech is modulated most strongly at about four syllables per second."""


def white(rng: np.random.Generator, length: int) -> Signal:
    """All frequencies alike."""
    return _at_unit(rng.normal(size=length))


def pink(rng: np.random.Generator, length: int) -> Signal:
    """3 dB less per octave, as most rooms and fans."""
    return _at_unit(_shaped(rng, length, lambda hertz: 1 / np.sqrt(np.maximum(hertz, 30))))


def hum(rng: np.random.Generator, length: int) -> Signal:
    """Mains hum with its harmonics, over pink noise 10 dB below it."""
    times = np.arange(length) / SAMPLE_RATE_HZ
    tones = sum(
        10 ** (level_db / 20) * np.sin(2 * np.pi * (number * _MAINS_HZ * times + rng.random()))
        for number, level_db in enumerate(_HARMONICS_DB, 1)
    )
    return _at_unit(_at_unit(np.asarray(tones)) + 10 ** (-10 / 20) * pink(rng, length))


def babble(rng: np.random.Generator, length: int) -> Signal:
    """Mains hum under several voices of which no word can be understood: noise in speech's spectrum and rhythm."""
    voices = sum(_voice(rng, length) for _ in range(_VOICES))
    return _at_unit(_at_unit(np.asarray(voices)) + 10 ** (-6 / 20) * hum(rng, length))


NOISES: Final[Mapping[str, Noise]] = {"white": white, "pink": pink, "hum": hum, "babble": babble}


def _voice(rng: np.random.Generator, length: int) -> Signal:
    sound = _shaped(rng, length, lambda hertz: 1 / (1 + (120 / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / 500) ** 1.5))
    steps = rng.normal(size=int(length / SAMPLE_RATE_HZ * 2 * _SYLLABLES_HZ) + 2)
    loudness = np.interp(np.arange(length), np.linspace(0, length, len(steps)), np.maximum(steps, 0))
    return sound * loudness


def _shaped(rng: np.random.Generator, length: int, gain: Callable[[Signal], Signal]) -> Signal:
    """Return noise with this gain per frequency. It is made in pieces that fade into each other, to spare memory."""
    size = 2 * SAMPLE_RATE_HZ
    half = size // 2
    fade = np.sqrt(np.hanning(size))
    gains = gain(np.asarray(np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ), np.float64))
    made = np.zeros((length // half + 2) * half + half)
    for start in range(0, len(made) - half, half):
        made[start : start + size] += fade * np.fft.irfft(gains * np.fft.rfft(rng.normal(size=size)), size)
    return made[half : half + length]


def _at_unit(signal: Signal) -> Signal:
    return signal / np.sqrt(np.mean(np.square(signal)))
