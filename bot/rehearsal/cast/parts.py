"""What a player says: lines of synthetic speech, each a talk spurt in which every packet is unique."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.audio.sound import Samples, encode_opus
from bot.audio.speech import utter
from bot.audio.spoken_words import SpokenWord
from bot.rehearsal.cast.sentences import Kind, direction_for, kind_of, lines_for, manner_of
from bot.samples import SAMPLE_RATE_HZ

TONE_HZ = 3_400
"""The bystander's tone: the synthetic voices have almost no energy in so narrow a band."""

MARKER_HZ = 2_600
"""The tone that people send in interludes."""

HISS_LEVEL = 10 ** (-66 / 20)
"""RMS of the hiss added to all speech, -66 dBFS: a quiet room."""

FRAME_SECONDS = 0.02
_TONE_PAUSE_MS = 400


@dataclass(frozen=True, slots=True)
class Line:
    """One talk spurt of Opus packets and what is said in it; `words` count samples from the first packet's start."""

    packets: Sequence[bytes]
    text: str
    words: tuple[SpokenWord, ...]
    kind: Kind = "speech"

    def as_fields(self) -> dict[str, object]:
        """Return the fields for the journal: `text`, `line_kind`, and `words` as [word, start, end] in samples."""
        words = [[word.text, word.start_samples, word.end_samples] for word in self.words]
        return {"text": self.text, "line_kind": self.kind, "words": words}


@dataclass(slots=True)
class Part:
    """Lines in one emotion, and the pause after each."""

    emotion: str
    pause_ms: int
    lines: deque[Line] = field(default_factory=deque[Line])

    @property
    def seconds_left(self) -> float:
        """How long the rest of the part lasts, with its pauses."""
        return sum(len(line.packets) * FRAME_SECONDS + self.pause_ms / 1000 for line in self.lines)

    def next_line(self) -> Line | None:
        """Return the next line, which is not said again, or None if nothing is left."""
        return self.lines.popleft() if self.lines else None


def learn(emotion: str, place: int, seconds: float, noise: np.random.Generator) -> Part:
    """Prepare lines in an emotion for the performer at a place. Ten seconds of speech take half a second to prepare."""
    part = Part(emotion, manner_of(emotion).pause_ms)
    texts = itertools.cycle(lines_for(emotion, place))
    while part.seconds_left < seconds:
        part.lines.append(_say(next(texts), emotion, place, noise))
    return part


def learn_interruptions(place: int, seconds: float, noise: np.random.Generator) -> Part:
    """Prepare the bystander's part: talk with tones in between."""
    part = Part("neutral", _TONE_PAUSE_MS)
    texts = itertools.cycle(lines_for("neutral", place))
    while part.seconds_left < seconds:
        part.lines.append(_say(next(texts), "neutral", place, noise))
        part.lines.append(Line(_encode(tone(1.5), noise), "", (), "tone"))
    return part


def marker(seconds: float, noise: np.random.Generator) -> Line:
    """Prepare a tone for moments in which nothing is recorded; every packet of it is unique."""
    return Line(_encode(tone(seconds, MARKER_HZ), noise), "", (), "tone")


def _say(text: str, emotion: str, place: int, noise: np.random.Generator) -> Line:
    spoken = utter(text, direction_for(text, emotion, place))
    return Line(_encode(spoken.samples, noise), text, spoken.words, kind_of(text))


def tone(seconds: float, hertz: float = TONE_HZ, level: float = 0.3) -> Samples:
    """Return a sine tone with soft edges, so that it does not click."""
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / 0.02)
    return (level * edge * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def _encode(sound: Samples, noise: np.random.Generator) -> list[bytes]:
    # A microphone's hiss makes every packet unique, so that the bytes alone say when something was recorded.
    return encode_opus(sound + noise.normal(0, HISS_LEVEL, len(sound)).astype(np.float32))
