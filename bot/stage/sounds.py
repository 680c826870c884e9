"""What the bot lets a channel hear: a countdown, a sentence. Made on this machine, as Opus packets."""

from __future__ import annotations

from functools import cache

import numpy as np

from bot.audio.sound import encode_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.samples import SAMPLE_RATE_HZ

COUNTDOWN_SECONDS = 3
"""A tone for each of the last seconds before a take; the last one is long over when it starts."""

_TONE_HERTZ, _TONE_SECONDS, _TONE_LEVEL, _EDGE_SECONDS = 660.0, 0.15, 0.2, 0.02


@cache
def spoken_packets(sentence: str) -> list[bytes]:
    """A sentence as Opus packets of 20 ms; takes some tens of milliseconds."""
    return encode_opus(synthesise(sentence, VoiceDirection()))


@cache
def countdown_packets() -> list[bytes]:
    """Three tones, one a second, from the first tone's beginning to the last one's end."""
    moments = np.arange(round(_TONE_SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / _EDGE_SECONDS)
    tone = _TONE_LEVEL * edge * np.sin(2 * np.pi * _TONE_HERTZ * moments)
    sound = np.zeros((COUNTDOWN_SECONDS - 1) * SAMPLE_RATE_HZ + len(tone), dtype=np.float32)
    for second in range(COUNTDOWN_SECONDS):
        sound[second * SAMPLE_RATE_HZ : second * SAMPLE_RATE_HZ + len(tone)] = tone
    return encode_opus(sound)
