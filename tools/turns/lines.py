"""What the performers of a built take say: sentences of the rehearsal's cast, spoken once and used again.

eSpeak's output depends on everything that was spoken before in its process, so a pool is spoken in one of its own.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from bot.audio.speech import Utterance, utter
from bot.audio.spoken_words import SpokenWord
from bot.rehearsal.cast.sentences import LINES, voice_for

SPEAKERS: Final = ("a", "b", "c", "d")

_PLACES: Final = (0, 8, 4, 5)
"""Voices of the cast without an echo: an echo goes on after the word."""

_FRAME: Final = 960
_PEAKS_DBFS: Final = (-6.0, -10.0, -14.0, -18.0)
"""One level per performer, from close to a microphone to rather far from it."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, with its emotion."""

    emotion: str
    utterance: Utterance


def speak_lines(variations: int = 1) -> dict[str, list[Line]]:
    """Return the lines of each speaker: every sentence of every emotion, each `variations` times at another pace."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as apart:
        return apart.submit(_speak_all, variations).result()


def _speak_all(variations: int) -> dict[str, list[Line]]:
    voices = zip(SPEAKERS, _PLACES, _PEAKS_DBFS, strict=True)
    return {speaker: _speak(place, peak_dbfs, variations) for speaker, place, peak_dbfs in voices}


def _speak(place: int, peak_dbfs: float, variations: int) -> list[Line]:
    lines: list[Line] = []
    rng = np.random.default_rng(place)
    for variation in range(variations):
        for emotion, sentences in LINES.items():
            voice = voice_for(emotion, place)
            pace = round(voice.words_per_minute * (1 + 0.12 * variation))
            voice = replace(voice, words_per_minute=pace, peak_dbfs=peak_dbfs)
            lines += [Line(emotion, _later(utter(text, voice), int(rng.integers(_FRAME)))) for text in sentences]
    return lines


def _later(spoken: Utterance, samples: int) -> Utterance:
    """Begin somewhere within the first frame of 20 ms: no one waits for their client's next one."""
    words = tuple(
        SpokenWord(word.text, word.start_samples + samples, word.end_samples + samples) for word in spoken.words
    )
    return Utterance(np.pad(spoken.samples, (samples, 0)), words)
