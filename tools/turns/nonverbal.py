"""Builds the take `nonverbal`: whispers, laughs, sobs and screams among spoken lines, in four microphones.

Two send only while there is sound, two are always open with a noise of their own.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ
from tools.turns.gate import HISS_DBFS, draw_hang, hiss, sent, with_sound
from tools.turns.lines import SPEAKERS, Line, speak_lines
from tools.turns.noises import pink
from tools.turns.recordings import fetch
from tools.turns.talk import GRID
from tools.turns.tracks import encode, lose_some, write_track
from tools.turns.truth import Sound, TakeTruth, TrackTruth
from tools.turns.voiced_sounds import VoicedSound, recorded, sobs_from_laughs, whispers

CACHE: Final = Path("build/turns-recordings")
SOUNDS_PER_LINE: Final = 4
SHORTEST_GAP_S, LONGEST_GAP_S = 0.7, 4.0


@dataclass(frozen=True, slots=True)
class Microphone:
    """How loud a microphone's noise is, and whether frames are sent without a sound."""

    noise_dbfs: float
    is_open: bool


MICROPHONES: Final[Mapping[str, Microphone]] = {
    "a": Microphone(HISS_DBFS, is_open=False),
    "b": Microphone(HISS_DBFS, is_open=False),
    "c": Microphone(-62.0, is_open=True),
    "d": Microphone(-56.0, is_open=True),
}


def build(folder: Path, seed: int) -> None:
    """Write the take into an empty folder; without some packages, say so and go on without their sounds."""
    files, missing = fetch(CACHE.absolute())
    for sentence in missing:
        print(f"{sentence} The take has no sounds from it.", file=sys.stderr)
    pool = speak_lines()
    heard: dict[str, tuple[Samples, tuple[Sound, ...]]] = {}
    for number, (speaker, microphone) in enumerate(MICROPHONES.items()):
        rng = np.random.default_rng([seed, number])
        sounds = collect(files, microphone.noise_dbfs)
        mine = [sound for place, sound in enumerate(sounds) if place % 2 == number % 2]
        heard[speaker] = lay_down(rng, [mine[place] for place in rng.permutation(len(mine))], pool[speaker])
    duration = max(len(samples) for samples, _ in heard.values()) // GRID * GRID
    tracks = [_write(folder, speaker, *heard[speaker], duration, [seed, 9, place]) for place, speaker in _numbered()]
    TakeTruth("nonverbal", duration, tuple(tracks)).write(folder)


def collect(files: Mapping[str, Sequence[Path]], noise_dbfs: float) -> list[VoicedSound]:
    """Return all sounds of all kinds, as a microphone with that noise hears them."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as apart:
        sounds = apart.submit(whispers).result()
    for kind, theirs in sorted(files.items()):
        sounds += recorded(kind, theirs, noise_dbfs)
    return sounds + sobs_from_laughs(files.get("laugh", ()), noise_dbfs)


def lay_down(
    rng: np.random.Generator, sounds: Sequence[VoicedSound], lines: Sequence[Line]
) -> tuple[Samples, tuple[Sound, ...]]:
    """Return the sounds one after another, with silence in between and now and then a spoken line, and the truth."""
    parts: list[Samples] = []
    truth: list[Sound] = []
    at = 0
    for number, sound in enumerate(sounds):
        if number % SOUNDS_PER_LINE == 0:
            spoken = lines[int(rng.integers(len(lines)))].utterance
            at = _add(rng, parts, at, spoken.samples)
            begin = at - len(spoken.samples)
            truth += [Sound(begin + one.start_samples, begin + one.end_samples, text=one.text) for one in spoken.words]
        at = _add(rng, parts, at, sound.samples)
        begin = at - len(sound.samples)
        truth.append(Sound(begin + sound.start, begin + sound.end, sound.kind, sound.text))
    parts.append(np.zeros(SAMPLE_RATE_HZ, np.float32))
    return np.concatenate(parts), tuple(truth)


def _add(rng: np.random.Generator, parts: list[Samples], at: int, samples: Samples) -> int:
    gap = round(rng.uniform(SHORTEST_GAP_S, LONGEST_GAP_S) * SAMPLE_RATE_HZ)
    parts += [np.zeros(gap, np.float32), samples]
    return at + gap + len(samples)


def _numbered() -> list[tuple[int, str]]:
    return list(enumerate(SPEAKERS))


def _write(
    folder: Path, speaker: str, samples: Samples, sounds: tuple[Sound, ...], duration: int, seed: list[int]
) -> TrackTruth:
    rng = np.random.default_rng(seed)
    microphone = MICROPHONES[speaker]
    heard = np.pad(samples, (0, max(duration - len(samples), 0)))[:duration]
    if microphone.is_open:
        noise = 10 ** (microphone.noise_dbfs / 20) * pink(rng, duration)
        placed = encode(heard + noise.astype(np.float32))
    else:
        placed = encode(heard + hiss(rng, duration), sent(with_sound(heard), draw_hang(rng)))
    write_track(folder / f"{speaker}.opus", lose_some(rng, placed), duration)
    return TrackTruth(f"{speaker}.opus", speaker, sounds)
