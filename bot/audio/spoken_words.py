"""The words of synthetic speech and where they sound, from the events that eSpeak NG sends with its samples.

The numbers and the structure are those of `speak_lib.h` (eSpeak NG 1.52). Measured on its sound: the event of a word is
exactly where its first phoneme begins, but nothing says where a word ends. The events of a clause's and a sentence's
end come after the pause, or, with voices that have an echo, before the end of the sound. Ends are therefore taken from
the samples, which are silent in pauses.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

_LIST_ENDS = 0
_WORD = 1
_SILENT_RATIO: Final = 1e-3
"""Relative to the peak, -60 dB: echoes fade below it within milliseconds, and no phoneme is so quiet."""

_MARKS = " \t\n.,;:!?\"()-\u2013\u2014\u2026\u201c\u201d\u2018\u2019'"


class Event(ctypes.Structure):
    """`espeak_EVENT`: what happens at a position of the samples, counted from the start of the text."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word and its sound, in samples at 48 kHz since the start of what was spoken.

    `text` has several words where eSpeak speaks them as one ("of the").
    """

    text: str
    start_samples: int
    end_samples: int


@dataclass(frozen=True, slots=True)
class WordEvent:
    """The beginning of a word: its first character (from 0) and its position in samples at the engine's rate."""

    character: int
    sample: int


def word_events(events: Any) -> Iterator[WordEvent]:
    """Yield the words in the list of events that a synthesis callback gets; `events` is a pointer to `Event`."""
    index = 0
    while events[index].type != _LIST_ENDS:
        if events[index].type == _WORD:
            yield WordEvent(events[index].text_position - 1, events[index].sample)
        index += 1


def place_words(text: str, begun: Sequence[WordEvent], spoken: Samples, rate_hz: int) -> tuple[SpokenWord, ...]:
    """Return the words of a text in order, each from its first to its last sound before the next word.

    `spoken` is the engine's sound at `rate_hz`. A word of which nothing sounds is left out.
    """
    is_sound = np.abs(spoken) > _SILENT_RATIO * np.max(np.abs(spoken), initial=0.0)
    words: list[SpokenWord] = []
    for number, event in enumerate(begun):
        following = begun[number + 1] if number + 1 < len(begun) else WordEvent(len(text), len(spoken))
        sounding = np.flatnonzero(is_sound[event.sample : following.sample])
        if len(sounding):
            first, last = event.sample + int(sounding[0]), event.sample + int(sounding[-1]) + 1
            bounds = (round(position * SAMPLE_RATE_HZ / rate_hz) for position in (first, last))
            words.append(SpokenWord(_between(text, event.character, following.character), *bounds))
    return tuple(words)


def _between(text: str, start: int, end: int) -> str:
    """Return the text up to the next word. Parts of a number share one position, and only its last part ends later."""
    return text[start : end if end > start else None].strip(_MARKS) if end > start else _token(text, start)


def _token(text: str, start: int) -> str:
    return text[start:].split(maxsplit=1)[0].strip(_MARKS) if text[start:].strip() else ""
