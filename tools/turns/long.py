"""Builds the take `long`: two hours of four performers whose clients send only while there is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.audio.sound import encode_opus
from bot.samples import SAMPLE_RATE_HZ
from tools.turns.gate import FRAME, LONGEST_HANG, Frames, draw_hang, hiss, sent, with_sound
from tools.turns.lines import SPEAKERS, Line, speak_lines
from tools.turns.talk import Said, draw_talk, words_of
from tools.turns.tracks import Placed, lose_some, write_track
from tools.turns.truth import TakeTruth, TrackTruth

MINUTES = 120


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A line as packets, with the frames in which there is sound, and what follows it while the gate is still open."""

    packets: list[bytes]
    loud: Frames


def build(folder: Path, seed: int, minutes: float = MINUTES) -> None:
    """Write the take into an empty folder."""
    duration = round(minutes * 60) * SAMPLE_RATE_HZ
    pool = speak_lines()
    tracks: list[TrackTruth] = []
    for number, speaker in enumerate(SPEAKERS):
        rng = np.random.default_rng([seed, number])
        lines = pool[speaker]
        said = draw_talk(rng, lines, duration)
        placed = lose_some(rng, _sent(rng, said, lines))
        write_track(folder / f"{speaker}.opus", placed, duration)
        tracks.append(TrackTruth(f"{speaker}.opus", speaker, words_of(said, lines, duration)))
    TakeTruth("long", duration, tuple(tracks)).write(folder)


def frames_of(number: int, minutes: float, seed: int = 1) -> Iterator[Placed]:
    """Yield the frames that one of the four performers sends in a take of that length."""
    rng = np.random.default_rng([seed, number])
    lines = speak_lines()[SPEAKERS[number]]
    yield from _sent(rng, draw_talk(rng, lines, round(minutes * 60) * SAMPLE_RATE_HZ), lines)


def _sent(rng: np.random.Generator, said: Sequence[Said], lines: Sequence[Line]) -> Iterator[Placed]:
    return _frames(rng, said, {number: _encode(rng, lines[number]) for number in sorted({one.line for one in said})})


def _encode(rng: np.random.Generator, line: Line) -> _Encoded:
    samples = line.utterance.samples
    heard = np.pad(samples, (0, -len(samples) % FRAME + LONGEST_HANG * FRAME))
    return _Encoded(encode_opus(heard + hiss(rng, len(heard))), with_sound(heard))


def _frames(rng: np.random.Generator, said: Sequence[Said], encoded: Mapping[int, _Encoded]) -> Iterator[Placed]:
    """Yield the frames that are sent. A line that begins while the gate is still open goes on in its frames."""
    for number, one in enumerate(said):
        until = said[number + 1].start if number + 1 < len(said) else float("inf")
        line = encoded[one.line]
        for index in np.flatnonzero(sent(line.loud, draw_hang(rng))).tolist():
            start = one.start + index * FRAME
            if start + FRAME <= until:
                yield start, line.packets[index]
