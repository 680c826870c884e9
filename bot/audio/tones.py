"""Tones in place of synthetic speech, for installations without eSpeak NG: one tone per word, as long as the word.

They are no voice, but have what recordings are checked by: words with known bounds, pauses, and a level.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from bot.audio.sound import Samples
from bot.audio.spoken_words import SpokenWord
from bot.samples import SAMPLE_RATE_HZ

LOWEST_HZ: Final = 220.0
OCTAVES: Final = 2.0
"""Between the lowest and the highest pitch. Neighbouring pitches of the scale from 0 to 100 are easy to tell apart."""

LETTERS_PER_WORD: Final = 5
"""The usual measure of words per minute: a word is five letters."""

LEAST_WORD_SECONDS: Final = 0.08
_GAP_SECONDS, _CLAUSE_SECONDS, _EDGE_SECONDS = 0.04, 0.25, 0.015
_CLAUSE_ENDS = tuple(",;:.!?")


def tones(text: str, *, words_per_minute: int, pitch: int, word_gap_ms: int) -> tuple[Samples, tuple[SpokenWord, ...]]:
    """Return a text as tones at full scale, float32, mono, 48 kHz, and where its words are. Empty without a word.

    `pitch` runs from 0 to 100. Every second word is a fifth higher, so that neighbours differ.
    """
    second = 60 / words_per_minute / LETTERS_PER_WORD
    parts: list[Samples] = []
    words: list[SpokenWord] = []
    position = 0
    for number, word in enumerate(text.split()):
        letters = sum(character.isalnum() for character in word)
        if not letters:
            continue
        hertz = LOWEST_HZ * 2 ** (OCTAVES * pitch / 100) * (1.5 if number % 2 else 1.0)
        sound = _tone(hertz, max(letters * second, LEAST_WORD_SECONDS))
        pause = _CLAUSE_SECONDS if word.endswith(_CLAUSE_ENDS) else _GAP_SECONDS
        silence = np.zeros(round((pause + word_gap_ms / 1000) * SAMPLE_RATE_HZ), np.float32)
        words.append(SpokenWord(word.strip(",;:.!?\"'"), position, position + len(sound)))
        parts += [sound, silence]
        position += len(sound) + len(silence)
    # The sound ends with the last word.
    return (np.concatenate(parts[:-1]) if parts else np.zeros(0, np.float32)), tuple(words)


def _tone(hertz: float, seconds: float) -> Samples:
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.minimum(1, np.minimum(moments, moments[::-1]) / _EDGE_SECONDS)
    return (edge * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)
