"""How a member of the cast judges what they hear: with a bias and noise of their own, and sometimes without listening.

What emotions sound like is known from a voice that no performer has. A judge takes the emotion whose sound is nearest
to what they heard. Their nature is drawn from the rehearsal's seed and written into the cast's journal, so that what
the statistics find can be compared with the truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from random import Random
from typing import Final

import numpy as np

from bot.audio.speech import VoiceDirection, utter
from bot.rehearsal.cast.ears import Floats, Heard, hear
from bot.rehearsal.cast.sentences import MANNERS, lines_for, manner_of

_STRANGER: Final = "en-us"
"""The voice from which the cast knows how emotions sound."""

_STEPS: Final = np.array([3.0, 2.0, 3.0, 2.0])
"""How far pitch, movement, pace and level of two emotions typically lie apart: these differences weigh the same."""

_UNHEARD_OF: Final = -4.0
"""How attractive an emotion is of which no one knows the sound."""

_PLEASANT: Final[Mapping[str, int]] = {"joy": 5, "surprise": 4, "neutral": 3}
"""Valence by the emotion that was heard; others are unpleasant."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What a judge is like. `noise` and the `likes` of emotions are in the steps in which sounds are compared.

    `careless` is the share of clips about which they answer at random, `shift` how far their scales are moved, and
    `genuine` how genuine they find everyone.
    """

    noise: float
    careless: float
    shift: float
    genuine: float
    likes: Mapping[str, float]

    @classmethod
    def drawn(cls, chance: Random) -> Nature:
        """Draw a judge."""
        likes = {emotion: round(chance.gauss(0, 0.2), 3) for emotion in MANNERS}
        return cls(
            noise=round(chance.uniform(0.12, 0.4), 3),
            careless=round(chance.uniform(0.0, 0.1), 3),
            shift=round(chance.gauss(0, 0.3), 3),
            genuine=round(chance.uniform(2.5, 4.5), 3),
            likes=likes,
        )

    def as_fields(self) -> dict[str, object]:
        """Return the fields for the journal."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answers to each item, and whether they were given without listening."""

    answers: Mapping[str, str]
    is_careless: bool


def judge(heard: Heard, nature: Nature, emotions: Sequence[str], chance: Random) -> Judgement:
    """Answer about what was heard; `heard` is against the speaker's own neutral."""
    if chance.random() < nature.careless:
        return Judgement(_at_random(emotions, chance), True)
    noise = np.array([chance.gauss(0, nature.noise) for _ in _STEPS])
    sound = _vector(heard) / _STEPS + noise
    scores = {emotion: _score(sound, emotion, nature) for emotion in emotions}
    emotion = max(scores, key=lambda one: (scores[one], chance.random()))
    strength = float(np.linalg.norm(sound)) / 2
    lively = float(sound[0] + sound[2] + sound[3]) / 3
    answers = {
        "emotion": emotion,
        "intensity": _on_scale(strength + nature.shift, 0, 3),
        "valence": _on_scale(_PLEASANT.get(emotion, 2) + chance.gauss(nature.shift, 0.4), 1, 5),
        "arousal": _on_scale(3 + lively + nature.shift, 1, 5),
        "authenticity": _on_scale(chance.gauss(nature.genuine, 0.7), 1, 5),
    }
    return Judgement(answers, False)


def _score(sound: Floats, emotion: str, nature: Nature) -> float:
    if emotion not in MANNERS:
        return _UNHEARD_OF
    return nature.likes[emotion] - float(np.linalg.norm(sound - _typical(emotion) / _STEPS))


def _at_random(emotions: Sequence[str], chance: Random) -> dict[str, str]:
    scales = {"intensity": (0, 3), "valence": (1, 5), "arousal": (1, 5), "authenticity": (1, 5)}
    return {"emotion": chance.choice(emotions), **{item: str(chance.randint(*ends)) for item, ends in scales.items()}}


def _on_scale(value: float, low: int, high: int) -> str:
    return str(min(high, max(low, round(value))))


@cache
def _typical(emotion: str) -> Floats:
    """How an emotion differs from neutral in the stranger's voice, over the same lines."""
    lines = lines_for("neutral", 0)[:3]
    return np.mean([_vector(_spoken(line, emotion).over(_spoken(line, "neutral"))) for line in lines], axis=0)


@cache
def _spoken(line: str, emotion: str) -> Heard:
    manner = manner_of(emotion)
    voice = VoiceDirection(
        _STRANGER,
        words_per_minute=manner.words_per_minute,
        pitch=manner.pitch,
        pitch_range=manner.pitch_range,
    )
    return hear(utter(line, voice).samples)[0]


def _vector(heard: Heard) -> Floats:
    return np.array([heard.pitch, heard.movement, heard.pace, heard.level])
