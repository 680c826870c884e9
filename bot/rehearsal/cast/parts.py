"""What a player has to say: synthetic speech as talk spurts, each packet one of a kind."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.audio.sound import SAMPLE_RATE_HZ, Samples, encode_opus
from bot.audio.speech import synthesise
from bot.rehearsal.cast.lines import lines_for, manner_of, voice_for

TONE_HZ = 3_400
"""The bystander's tone: speech of the synthetic voices has next to nothing in so narrow a band."""

HISS_LEVEL = 10 ** (-66 / 20)
"""RMS of the hiss added to every line, -66 dBFS: a quiet room."""

ROUNDS = 2
"""How often a part's lines come before a player has nothing left to say: a take and what is said around it."""

FEW_LINES = 3
"""What is learned at a cue, so that its performer is silent for a moment only."""

_TONE_PAUSE_MS = 400


@dataclass(slots=True)
class Part:
    """Talk spurts of Opus packets, and the pause after each."""

    pause_ms: int
    spurts: deque[Sequence[bytes]] = field(default_factory=deque[Sequence[bytes]])

    def next_spurt(self) -> Sequence[bytes] | None:
        """The next line, which is not said again; None when nothing is left."""
        return self.spurts.popleft() if self.spurts else None


def learn(emotion: str, place: int, noise: np.random.Generator, *, few: bool = False) -> Part:
    """The part of the performer at a place, in an emotion; takes half a second for each ten seconds of speech."""
    voice = voice_for(emotion, place)
    lines = [synthesise(line, voice) for line in lines_for(emotion, place)[: FEW_LINES if few else None]]
    rounds = 1 if few else ROUNDS
    return Part(manner_of(emotion).pause_ms, deque(_encode(line, noise) for line in lines * rounds))


def learn_interruptions(place: int, noise: np.random.Generator) -> Part:
    """The bystander's part: talk, and a tone in between."""
    voice = voice_for("neutral", place)
    lines = [sound for line in lines_for("neutral", place) for sound in (synthesise(line, voice), tone(1.5))]
    return Part(_TONE_PAUSE_MS, deque(_encode(line, noise) for line in lines * ROUNDS * 2))


def tone(seconds: float, hertz: float = TONE_HZ, level: float = 0.3) -> Samples:
    """A sine with edges soft enough not to click."""
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / 0.02)
    return (level * edge * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def _encode(sound: Samples, noise: np.random.Generator) -> list[bytes]:
    # A microphone's hiss, so that no packet is ever sent twice: what was recorded when can be told from bytes alone.
    return encode_opus(sound + noise.normal(0, HISS_LEVEL, len(sound)).astype(np.float32))
