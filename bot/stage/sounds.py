"""What a channel hears from the bot: a countdown and sentences, synthesised on this machine as Opus packets."""

from __future__ import annotations

from functools import cache

import numpy as np

from bot.audio.sound import encode_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.samples import SAMPLE_RATE_HZ

COUNTDOWN_SECONDS = 3
"""One tone per second before a take; the last tone is over well before the take starts."""

_TONE_HERTZ, _TONE_SECONDS, _TONE_LEVEL, _EDGE_SECONDS = 660.0, 0.15, 0.2, 0.02


@cache
def spoken_packets(sentence: str) -> list[bytes]:
    """A sentence as Opus packets of 20 ms; takes tens of milliseconds."""
    return encode_opus(synthesise(sentence, VoiceDirection()))


@cache
def countdown_packets() -> list[bytes]:
    """One tone per second, from the beginning of the first tone to the end of the last one."""
    moments = np.arange(round(_TONE_SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / _EDGE_SECONDS)
    tone = _TONE_LEVEL * edge * np.sin(2 * np.pi * _TONE_HERTZ * moments)
    sound = np.zeros((COUNTDOWN_SECONDS - 1) * SAMPLE_RATE_HZ + len(tone), dtype=np.float32)
    for second in range(COUNTDOWN_SECONDS):
        sound[second * SAMPLE_RATE_HZ : second * SAMPLE_RATE_HZ + len(tone)] = tone
    return encode_opus(sound)
