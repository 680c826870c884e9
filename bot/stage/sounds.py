"""What the bot says, synthesised on this machine: a countdown and sentences for a channel, and cues for one person.

Without eSpeak NG, two rising tones stand in for each sentence in a channel, and cues are texts alone.
"""

from __future__ import annotations

import io
from contextlib import suppress
from functools import cache

import numpy as np

from bot.audio.sound import Samples, encode_opus, write_mp3
from bot.audio.speech import SpeechUnavailable, VoiceDirection, has_voices, synthesise
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
    spoken = _spoken(sentence, language)
    if spoken is None:
        return encode_opus(np.concatenate([_tone(hertz, _SIGN_SECONDS) for hertz in _SIGN_HERTZ]))
    return encode_opus(spoken)


def spoken_file(text: str, language: str = ENGLISH) -> bytes | None:
    """A text in a language as an MP3 in memory, for one person; None if there is no voice for the language."""
    spoken = _spoken(text, language)
    if spoken is None:
        return None
    file = io.BytesIO()
    write_mp3(file, spoken)
    return file.getvalue()


def _spoken(text: str, language: str) -> Samples | None:
    if has_voices():
        for voice in _voices_of(language):
            with suppress(SpeechUnavailable):
                return synthesise(text, voice)
    return None


def _voices_of(language: str) -> list[VoiceDirection]:
    """What to try, the closest first."""
    if language == ENGLISH:
        return [VoiceDirection()]
    return [VoiceDirection(tag.lower()) for tag in wider_tags(language)]


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
