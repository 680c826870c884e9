"""What the bot says in a channel, synthesised on this machine: a countdown and sentences.

Without eSpeak NG, two rising tones stand in for each sentence.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from bot.audio.reading import read_aloud
from bot.audio.sound import Samples, encode_opus
from bot.domain.languages import ENGLISH, wider_tags
from bot.samples import SAMPLE_RATE_HZ

COUNTDOWN_SECONDS = 3
"""One tone per second before a take; the last tone is over well before the take starts."""

_TONE_HERTZ, _TONE_SECONDS, _TONE_LEVEL, _EDGE_SECONDS = 660.0, 0.15, 0.2, 0.02
_SIGN_HERTZ, _SIGN_SECONDS = (440.0, 550.0), 0.3


@cache
def spoken_packets(sentence: str, language: str = ENGLISH) -> list[bytes]:
    """A sentence in a language, or what stands in for it, as Opus packets of 20 ms; takes tens of milliseconds.

    If eSpeak NG has no voice for the language, the tones stand in: an English voice would not be understood.
    """
    spoken = read_aloud(sentence, wider_tags(language))
    if spoken is None:
        return encode_opus(np.concatenate([_tone(hertz, _SIGN_SECONDS) for hertz in _SIGN_HERTZ]))
    return encode_opus(spoken)


@cache
def countdown_packets() -> list[bytes]:
    """One tone per second, from the beginning of the first tone to the end of the last one."""
    tone = _tone(_TONE_HERTZ, _TONE_SECONDS)
    sound = np.zeros((COUNTDOWN_SECONDS - 1) * SAMPLE_RATE_HZ + len(tone), dtype=np.float32)
    for second in range(COUNTDOWN_SECONDS):
        sound[second * SAMPLE_RATE_HZ : second * SAMPLE_RATE_HZ + len(tone)] = tone
    return encode_opus(sound)


def _tone(hertz: float, seconds: float) -> Samples:
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / _EDGE_SECONDS)
    return (_TONE_LEVEL * edge * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)
