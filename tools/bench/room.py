"""Performers in separate rooms, some of whom hear each other: tracks with known crosstalk.

Synthetic voices speak into microphones with noise. A voice that leaks passes through a loudspeaker and a room with
echoes into another microphone, later. What each microphone hears is gated as Discord's clients gate it (a frame is sent
while it is louder than the noise, and a quarter of a second longer), encoded to Opus, placed a few milliseconds from
its true position per spurt, and decoded.

eSpeak's output depends on everything that was spoken before in its process, by some samples and with random effects.
Each performance is therefore spoken by a separate process, so that only its seed decides it. Three of its variants (f2,
f3 and f5) vary nevertheless; they are not used here.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from bot.audio.sound import Samples, decode_opus, encode_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.samples import SAMPLE_RATE_HZ

Signal = npt.NDArray[np.float64]
Manner = Literal["one after the other", "overlapping", "all at once"]

MANNERS: Final[tuple[Manner, ...]] = ("one after the other", "overlapping", "all at once")
VARIANTS: Final = (
    "en-us+m3",
    "en-us+steph",
    "en+m7",
    "en+f4",
    "en-us+m1",
    "en+f1",
    "en-us+Andrea",
    "en+m5",
    "en+m2",
    "en+anika",
)
NAMES: Final = ("Anna", "Bert", "Clara", "David", "Emma", "Felix", "Greta", "Henry", "Ida", "Jonas", "Karla", "Leo")
BREAKFASTS: Final = (
    "two eggs and toast",
    "porridge with honey",
    "nothing but black coffee",
    "a cold slice of pizza",
    "muesli with apple and raisins",
    "pancakes with far too much syrup",
    "a banana on the train",
    "yesterday's rice with soy sauce",
)
FRAME: Final = SAMPLE_RATE_HZ // 50
HANG_FRAMES: Final = 12
SPURT_JITTER_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Way:
    """How one performer's voice reaches another's microphone: relative level and delay."""

    source: int
    listener: int
    level_db: float
    delay_s: float


def perform(
    seed: int, performers: int, manner: Manner, ways: Sequence[Way] = (), *, seconds: float = 8.0, is_gated: bool = True
) -> list[Samples]:
    """Return the tracks of performers who say their name and their breakfast, with the leaks between them."""
    rng = np.random.default_rng(seed)
    length = round(seconds * SAMPLE_RATE_HZ)
    variants = rng.choice(VARIANTS, performers, replace=False)
    with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as speaker:
        spoken = [_speech(rng, speaker, str(variant), length) for variant in variants]
    for voice, (start, end) in zip(spoken, _speaking_times(rng, manner, performers), strict=True):
        voice[: round(start * length)] = voice[round(end * length) :] = 0
    levels = rng.uniform(-28, -16, performers)
    noises = rng.uniform(-75, -58, performers)
    microphones = [
        _at_level(_in_room(rng, voice, seconds=0.2, dryness_db=8), level) + _noise(rng, length, noise)
        for voice, level, noise in zip(spoken, levels, noises, strict=True)
    ]
    for way in ways:
        leaked = _over_loudspeaker(rng, spoken[way.source], way.delay_s)
        microphones[way.listener] += _at_level(leaked, levels[way.listener] + way.level_db)
    gates = [max(noise + 8, -58) if is_gated else -np.inf for noise in noises]
    return [_sent(rng, np.clip(heard, -1, 1), gate) for heard, gate in zip(microphones, gates, strict=True)]


def _speaking_times(rng: np.random.Generator, manner: Manner, performers: int) -> list[tuple[float, float]]:
    """Return when each begins and ends, as shares of the available time."""
    if manner == "all at once":
        return [(rng.uniform(0, 0.04), rng.uniform(0.96, 1)) for _ in range(performers)]
    if manner == "overlapping":
        starts = rng.uniform(0, 0.4, performers)
        return [(start, start + rng.uniform(0.45, 0.6)) for start in starts]
    places = rng.permutation(performers)
    return [((place + 0.05) / performers, (place + rng.uniform(0.75, 1)) / performers) for place in places]


def _speech(rng: np.random.Generator, speaker: Executor, variant: str, length: int) -> Signal:
    parts: list[Samples] = []
    while sum(map(len, parts)) < length:
        sentence = f"My name is {rng.choice(NAMES)}, and for breakfast I had {rng.choice(BREAKFASTS)}."
        words, pitch, pitch_range = (int(rng.integers(*limits)) for limits in ((140, 200), (25, 80), (30, 80)))
        parts.append(speaker.submit(synthesise, sentence, VoiceDirection(variant, words, pitch, pitch_range)).result())
        parts.append(np.zeros(round(rng.uniform(0.2, 0.6) * SAMPLE_RATE_HZ), np.float32))
    return np.concatenate(parts)[:length].astype(np.float64)


def _in_room(rng: np.random.Generator, sound: Signal, *, seconds: float, dryness_db: float) -> Signal:
    """Add reverb: the direct sound and a tail of noise that falls by 60 dB within `seconds`."""
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = rng.normal(size=len(times)) * 10 ** (-3 * times / seconds) * (times > 0.003)
    tail *= 10 ** (-dryness_db / 20) / np.sqrt(np.sum(np.square(tail)))
    tail[0] = 1
    size = len(sound) + len(tail)
    return np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)[: len(sound)]


def _over_loudspeaker(rng: np.random.Generator, voice: Signal, delay_s: float) -> Signal:
    spectrum = np.fft.rfft(voice)
    hertz = np.fft.rfftfreq(len(voice), 1 / SAMPLE_RATE_HZ)
    spectrum *= 1 / (1 + (250 / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / 6_000) ** 4)
    played = np.fft.irfft(spectrum, len(voice))
    heard = _in_room(rng, played, seconds=rng.uniform(0.25, 0.6), dryness_db=rng.uniform(-3, 6))
    delayed = np.roll(heard, round(delay_s * SAMPLE_RATE_HZ))
    delayed[: max(round(delay_s * SAMPLE_RATE_HZ), 0)] = 0
    return delayed


def _noise(rng: np.random.Generator, length: int, dbfs: float) -> Signal:
    """Return a room's noise, with more low than high frequencies."""
    spectrum = np.fft.rfft(rng.normal(size=length))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ), 50))
    noise = np.fft.irfft(spectrum, length)
    return noise * 10 ** (dbfs / 20) / np.sqrt(np.mean(np.square(noise)))


def _at_level(sound: Signal, dbfs: float) -> Signal:
    """Scale the sound so that speech in the telephone band has this level."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE_HZ)
    spectrum[(hertz < 300) | (hertz > 3_400)] = 0
    power = _frame_power(np.fft.irfft(spectrum, len(sound)))
    speech = np.mean(power[power > np.percentile(power[power > 0], 95) * 10**-1.5])
    return sound * np.sqrt(10 ** (dbfs / 10) / speech)


def _frame_power(sound: Signal) -> Signal:
    return np.mean(np.square(sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)), axis=1)


def _sent(rng: np.random.Generator, heard: Signal, gate_dbfs: float) -> Samples:
    """Return what the listener's side gets: gated, encoded, each spurt slightly displaced, decoded."""
    track = np.zeros(len(heard), np.float32)
    for start, end in _spurts(_frame_power(heard) > 10 ** (gate_dbfs / 10)):
        sound = heard[start * FRAME : end * FRAME].astype(np.float32)
        decoded = decode_opus(encode_opus(sound))
        place = max(start * FRAME + round(rng.uniform(-1, 1) * SPURT_JITTER_S * SAMPLE_RATE_HZ), 0)
        count = min(len(sound), len(decoded), len(track) - place)
        track[place : place + count] = decoded[:count]
    return track


def _spurts(is_loud: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return spurts as first and last frame, from one frame before loud sound to some frames after it."""
    is_open = np.convolve(is_loud, np.ones(HANG_FRAMES + 1))[: len(is_loud)] > 0
    is_open[:-1] |= is_loud[1:]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_open.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
