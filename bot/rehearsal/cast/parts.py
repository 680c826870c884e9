"""What a player says: synthetic speech as talk spurts, in which every packet is unique."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.audio.sound import Samples, encode_opus
from bot.audio.speech import synthesise
from bot.rehearsal.cast.sentences import lines_for, manner_of, voice_for
from bot.samples import SAMPLE_RATE_HZ

TONE_HZ = 3_400
"""The bystander's tone: the synthetic voices have almost no energy in so narrow a band."""

HISS_LEVEL = 10 ** (-66 / 20)
"""RMS of the hiss added to all speech, -66 dBFS: a quiet room."""

FRAME_SECONDS = 0.02
_TONE_PAUSE_MS = 400


@dataclass(slots=True)
class Part:
    """Talk spurts of Opus packets in one emotion, and the pause after each."""

    emotion: str
    pause_ms: int
    spurts: deque[Sequence[bytes]] = field(default_factory=deque[Sequence[bytes]])

    @property
    def seconds_left(self) -> float:
        """How long the rest of the part lasts, with its pauses."""
        return sum(len(spurt) * FRAME_SECONDS + self.pause_ms / 1000 for spurt in self.spurts)

    def next_spurt(self) -> Sequence[bytes] | None:
        """Return the next line, which is not said again, or None if nothing is left."""
        return self.spurts.popleft() if self.spurts else None


def learn(emotion: str, place: int, seconds: float, noise: np.random.Generator) -> Part:
    """Prepare lines in an emotion for the performer at a place. Ten seconds of speech take half a second to prepare."""
    voice = voice_for(emotion, place)
    part = Part(emotion, manner_of(emotion).pause_ms)
    lines = itertools.cycle(lines_for(emotion, place))
    while part.seconds_left < seconds:
        part.spurts.append(_encode(synthesise(next(lines), voice), noise))
    return part


def learn_interruptions(place: int, seconds: float, noise: np.random.Generator) -> Part:
    """Prepare the bystander's part: talk with tones in between."""
    voice = voice_for("neutral", place)
    part = Part("neutral", _TONE_PAUSE_MS)
    lines = itertools.cycle(lines_for("neutral", place))
    while part.seconds_left < seconds:
        part.spurts.extend(_encode(sound, noise) for sound in (synthesise(next(lines), voice), tone(1.5)))
    return part


def tone(seconds: float, hertz: float = TONE_HZ, level: float = 0.3) -> Samples:
    """Return a sine tone with soft edges, so that it does not click."""
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / 0.02)
    return (level * edge * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def _encode(sound: Samples, noise: np.random.Generator) -> list[bytes]:
    # A microphone's hiss makes every packet unique, so that the bytes alone say when something was recorded.
    return encode_opus(sound + noise.normal(0, HISS_LEVEL, len(sound)).astype(np.float32))
