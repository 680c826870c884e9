"""Builds the take `open`: four microphones that are always open, speech over noise that is 20 dB quieter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ
from tools.turns.lines import SPEAKERS, Line, speak_lines
from tools.turns.noises import NOISES
from tools.turns.talk import Said, draw_talk, words_of
from tools.turns.tracks import encode, lose_some, write_track
from tools.turns.truth import Sound, TakeTruth, TrackTruth

MINUTES = 10
SNR_DB: Final = 20.0


def build(folder: Path, seed: int, minutes: float = MINUTES) -> None:
    """Write the take into an empty folder. Each performer has another noise."""
    duration = round(minutes * 60) * SAMPLE_RATE_HZ
    pool = speak_lines()
    tracks: list[TrackTruth] = []
    for number, (speaker, noise) in enumerate(zip(SPEAKERS, NOISES.values(), strict=True)):
        rng = np.random.default_rng([seed, number])
        said = draw_talk(rng, pool[speaker], duration)
        words = words_of(said, pool[speaker], duration)
        heard = lay_down(said, pool[speaker], duration)
        heard += (level_of(heard, words) * 10 ** (-SNR_DB / 20) * noise(rng, duration)).astype(np.float32)
        write_track(folder / f"{speaker}.opus", lose_some(rng, encode(heard)), duration)
        tracks.append(TrackTruth(f"{speaker}.opus", speaker, words))
    TakeTruth("open", duration, tuple(tracks)).write(folder)


def lay_down(said: Sequence[Said], lines: Sequence[Line], duration: int) -> Samples:
    """Return what is said as the sound of a whole take, silent in between."""
    heard = np.zeros(duration, np.float32)
    for one in said:
        samples = lines[one.line].utterance.samples
        heard[one.start : one.start + len(samples)] += samples
    return heard


def level_of(heard: Samples, sounds: Sequence[Sound]) -> float:
    """Return the root mean square of the stretches in which something is said."""
    power = sum(float(np.sum(np.square(heard[sound.start : sound.end], dtype=np.float64))) for sound in sounds)
    return float(np.sqrt(power / max(sum(sound.end - sound.start for sound in sounds), 1)))
