"""Builds the take `leak`: each microphone also picks up one neighbour, 120 ms later and duller.

The neighbour is 20 dB quieter there than the microphone's owner, as `bot.audio.crosstalk` states levels of leaks.
"""

from __future__ import annotations

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
DELAY: Final = round(0.12 * SAMPLE_RATE_HZ)

_MUFFLED_HZ: Final = 3_000
"""Above it, a loudspeaker across a room and the air take away 12 dB per octave."""


def build(folder: Path, seed: int, minutes: float = MINUTES) -> None:
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
        neighbour = SPEAKERS[(number + 1) % len(SPEAKERS)]
        rng = rngs[speaker]
        gain = levels[speaker] / levels[neighbour] * 10 ** (LEVEL_DB / 20)
        heard: Samples = voices[speaker] + (gain * _muffled(voices[neighbour])).astype(np.float32)
        is_sent = sent(with_sound(heard), draw_hang(rng))
        heard += hiss(rng, duration)
        write_track(folder / f"{speaker}.opus", lose_some(rng, encode(heard, is_sent)), duration)
        tracks.append(TrackTruth(f"{speaker}.opus", speaker, words[speaker]))
        leaks.append(LeakTruth(neighbour, speaker, DELAY, LEVEL_DB))
    TakeTruth("leak", duration, tuple(tracks), tuple(leaks)).write(folder)


def _muffled(voice: Samples) -> Samples:
    """Return a voice as another microphone hears it. Filtered second by second, each with the second before it."""
    size = 2 * SAMPLE_RATE_HZ
    half = size // 2
    gains = 1 / (1 + 1j * np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ) / _MUFFLED_HZ) ** 2
    padded = np.pad(voice, (half + DELAY, -len(voice) % half))
    pieces = [
        np.fft.irfft(gains * np.fft.rfft(padded[start : start + size]), size)[half:]
        for start in range(0, len(padded) - size + 1, half)
    ]
    return np.concatenate(pieces)[: len(voice)].astype(np.float32)
