"""What a player has to say: synthetic speech as talk spurts, each packet one of a kind."""

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
"""The bystander's tone: speech of the synthetic voices has next to nothing in so narrow a band."""

HISS_LEVEL = 10 ** (-66 / 20)
"""RMS of the hiss added to every line, -66 dBFS: a quiet room."""

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
        """How long saying the rest takes, with its pauses."""
        return sum(len(spurt) * FRAME_SECONDS + self.pause_ms / 1000 for spurt in self.spurts)

    def next_spurt(self) -> Sequence[bytes] | None:
        """The next line, which is not said again; None when nothing is left."""
        return self.spurts.popleft() if self.spurts else None


def learn(emotion: str, place: int, seconds: float, noise: np.random.Generator) -> Part:
    """What the performer at a place says in an emotion for so long; costs half a second for each ten of speech."""
    voice = voice_for(emotion, place)
    part = Part(emotion, manner_of(emotion).pause_ms)
    lines = itertools.cycle(lines_for(emotion, place))
    while part.seconds_left < seconds:
        part.spurts.append(_encode(synthesise(next(lines), voice), noise))
    return part


def learn_interruptions(place: int, seconds: float, noise: np.random.Generator) -> Part:
    """The bystander's part: talk, and a tone in between."""
    voice = voice_for("neutral", place)
    part = Part("neutral", _TONE_PAUSE_MS)
    lines = itertools.cycle(lines_for("neutral", place))
    while part.seconds_left < seconds:
        part.spurts.extend(_encode(sound, noise) for sound in (synthesise(next(lines), voice), tone(1.5)))
    return part


def tone(seconds: float, hertz: float = TONE_HZ, level: float = 0.3) -> Samples:
    """A sine with edges soft enough not to click."""
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / 0.02)
    return (level * edge * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def _encode(sound: Samples, noise: np.random.Generator) -> list[bytes]:
    # A microphone's hiss, so that no packet is ever sent twice: what was recorded when can be told from bytes alone.
    return encode_opus(sound + noise.normal(0, HISS_LEVEL, len(sound)).astype(np.float32))
