"""Builds takes in which microphones also pick up others, duller and 20 dB quieter than their owners.

In `leak`, each hears one neighbour, 120 ms later: through Discord and a loudspeaker. In `mutual`, two and two sit in
one room that echoes, and hear each other. Levels are those of `bot.audio.crosstalk`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ
from tools.turns.gate import draw_hang, hiss, sent, with_sound
from tools.turns.lines import SPEAKERS, speak_lines
from tools.turns.open_microphones import lay_down, level_of
from tools.turns.talk import draw_talk, words_of
from tools.turns.tracks import encode, lose_some, write_track
from tools.turns.truth import LeakTruth, TakeTruth, TrackTruth

MINUTES = 10
LEVEL_DB: Final = -20.0

_MUFFLED_HZ: Final = 3_000
"""Above it, a loudspeaker across a room and the air take away 12 dB per octave."""

_ROOM_SECONDS: Final = 0.3
"""The reverberation time (until 60 dB are gone, ISO 3382-2) of a living room with carpet and curtains."""

_DIRECT_DB: Final = -6.0
"""The direct sound against all reflections, 1.5 m apart: the two are equal at 0.057 * sqrt(V / T) m (H. Kuttruff,
*Room Acoustics*), which is 0.74 m in a room of 50 m3, and the direct sound loses 6 dB each time the distance doubles.
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the performers sit: whom each one's microphone hears, how much later, and whether the room echoes."""

    take: str
    heard_by: Mapping[int, int]
    delay_samples: int
    echoes: bool


APART: Final = Places("leak", {0: 1, 1: 2, 2: 3, 3: 0}, round(0.12 * SAMPLE_RATE_HZ), echoes=False)
IN_PAIRS: Final = Places("mutual", {0: 1, 1: 0, 2: 3, 3: 2}, round(0.01 * SAMPLE_RATE_HZ), echoes=True)


def build(folder: Path, seed: int, minutes: float = MINUTES, places: Places = APART) -> None:
    """Write the take into an empty folder. Gates open for leaks as for their owners' voices."""
    duration = round(minutes * 60) * SAMPLE_RATE_HZ
    pool = speak_lines()
    rngs = {speaker: np.random.default_rng([seed, number]) for number, speaker in enumerate(SPEAKERS)}
    said = {speaker: draw_talk(rngs[speaker], pool[speaker], duration) for speaker in SPEAKERS}
    words = {speaker: words_of(said[speaker], pool[speaker], duration) for speaker in SPEAKERS}
    voices = {speaker: lay_down(said[speaker], pool[speaker], duration) for speaker in SPEAKERS}
    levels = {speaker: level_of(voices[speaker], words[speaker]) for speaker in SPEAKERS}
    tracks: list[TrackTruth] = []
    leaks: list[LeakTruth] = []
    for number, speaker in enumerate(SPEAKERS):
        neighbour = SPEAKERS[places.heard_by[number]]
        rng = rngs[speaker]
        gain = levels[speaker] / levels[neighbour] * 10 ** (LEVEL_DB / 20)
        heard: Samples = voices[speaker] + (gain * _across(voices[neighbour], places, seed)).astype(np.float32)
        is_sent = sent(with_sound(heard), draw_hang(rng))
        heard += hiss(rng, duration)
        write_track(folder / f"{speaker}.opus", lose_some(rng, encode(heard, is_sent)), duration)
        tracks.append(TrackTruth(f"{speaker}.opus", speaker, words[speaker]))
        leaks.append(LeakTruth(neighbour, speaker, places.delay_samples, LEVEL_DB))
    TakeTruth(places.take, duration, tuple(tracks), tuple(leaks)).write(folder)


def _across(voice: Samples, places: Places, seed: int) -> Samples:
    """Return a voice as another microphone hears it. Filtered second by second, each with the second before it."""
    size = 2 * SAMPLE_RATE_HZ
    half = size // 2
    gains = 1 / (1 + 1j * np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ) / _MUFFLED_HZ) ** 2
    if places.echoes:
        gains = gains * np.fft.rfft(_reflections(seed), size)
    padded = np.pad(voice, (half + places.delay_samples, -len(voice) % half))
    pieces = [
        np.fft.irfft(gains * np.fft.rfft(padded[start : start + size]), size)[half:]
        for start in range(0, len(padded) - size + 1, half)
    ]
    return np.concatenate(pieces)[: len(voice)].astype(np.float32)


def _reflections(seed: int) -> Samples:
    """Return the impulse response of the room: the direct sound, then noise that fades. Its energy is 1."""
    count = round(_ROOM_SECONDS * SAMPLE_RATE_HZ)
    response = np.random.default_rng([seed, count]).normal(0, 1, count) * 10 ** (-3 * np.arange(count) / count)
    response[0] = np.sqrt(np.sum(response[1:] ** 2)) * 10 ** (_DIRECT_DB / 20)
    return (response / np.sqrt(np.sum(response**2))).astype(np.float32)
