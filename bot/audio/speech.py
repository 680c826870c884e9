"""Synthetic speech; no other module imports espeakng_loader, whose wheel brings eSpeak NG and its data.

eSpeak NG is under the GNU General Public License, version 3 or later, unlike Promptbook: it is an extra (`voices`) that
an installation can do without. Tones then stand in for speech (`tones`).

eSpeak keeps one voice and one set of parameters for the whole process, so one lock guards every call. The numbers of
its C interface are those of `speak_lib.h` (eSpeak NG 1.52).
"""

# espeakng_loader has no type information, so what it returns is annotated here.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import ctypes
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import soxr

from bot.audio.sound import Samples
from bot.audio.spoken_words import Event, SpokenWord, WordEvent, place_words, word_events
from bot.audio.tones import tones
from bot.samples import SAMPLE_RATE_HZ

PACKAGE: Final = "espeakng-loader"
LICENCE: Final = "GPL-3.0-or-later"
"""The licence of eSpeak NG and its data, which the package contains."""

_OUTPUT_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_CHARS_UTF8 = 1
_POSITION_CHARACTER = 1
_RATE, _VOLUME, _PITCH, _RANGE, _WORD_GAP = 1, 2, 3, 4, 7
_FULL_VOLUME = 100
_OK = 0

_SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
_lock = threading.Lock()


class SpeechUnavailable(RuntimeError):
    """eSpeak NG cannot be loaded, or does not do what it was asked to do."""


class NoSuchVoice(SpeechUnavailable):
    """eSpeak NG works, but has no voice of that name."""


@dataclass(frozen=True, slots=True)
class VoiceDirection:
    """How a sentence is to be spoken.

    `variant` is a language and a voice variant (`en-us+f3`). `pitch` and `pitch_range` run from 0 to 100 with 50 as the
    middle. `word_gap_ms` is approximately the silence added between words, `peak_dbfs` the level of the loudest sample.
    """

    variant: str = "en-us"
    words_per_minute: int = 175
    pitch: int = 50
    pitch_range: int = 50
    word_gap_ms: int = 0
    peak_dbfs: float = -3.0

    def __post_init__(self) -> None:
        # eSpeak silently clamps or ignores what it cannot do, and the voice would sound wrong for no visible reason.
        if not 80 <= self.words_per_minute <= 450:
            raise ValueError(f"eSpeak speaks 80 to 450 words per minute, not {self.words_per_minute}.")
        if not (0 <= self.pitch <= 100 and 0 <= self.pitch_range <= 100):
            raise ValueError(f"Pitch {self.pitch} and range {self.pitch_range} must be between 0 and 100.")
        if self.word_gap_ms < 0 or self.peak_dbfs > 0:
            raise ValueError("A word gap must not be negative, and a peak must not be above full scale.")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A spoken text: its sound as `synthesise` returns it, and where its words are in it."""

    samples: Samples
    words: tuple[SpokenWord, ...]


@cache
def has_voices() -> bool:
    """Whether eSpeak NG is installed. Otherwise, tones stand in for speech."""
    return find_spec("espeakng_loader") is not None


def synthesise(text: str, voice: VoiceDirection) -> Samples:
    """Speak a text: float32, mono, 48 kHz, normalised to the direction's peak. Call it from any thread.

    Raises SpeechUnavailable for an unknown language or variant, if eSpeak NG does not start, and if the result is
    silent.
    """
    return utter(text, voice).samples


def utter(text: str, voice: VoiceDirection) -> Utterance:
    """Speak a text, as `synthesise` does, and say where each of its words is in the sound."""
    sound, words = _speak(text, voice) if has_voices() else _play(text, voice)
    peak = float(np.max(np.abs(sound))) if len(sound) else 0.0
    if peak == 0.0:
        raise SpeechUnavailable(f"There is no sound for {text!r}.")
    return Utterance(sound * np.float32(10 ** (voice.peak_dbfs / 20) / peak), words)


def _speak(text: str, voice: VoiceDirection) -> tuple[Samples, tuple[SpokenWord, ...]]:
    with _lock:
        engine = _load()
        engine.direct(voice)
        spoken = engine.speak(text)
        begun = engine.words_begun
    resampled: Samples = soxr.resample(spoken, engine.sample_rate_hz, SAMPLE_RATE_HZ).astype(np.float32)
    return resampled, place_words(text, begun, spoken, engine.sample_rate_hz) if np.any(resampled) else ()


def _play(text: str, voice: VoiceDirection) -> tuple[Samples, tuple[SpokenWord, ...]]:
    # A variant is a speaker: its pitch differs from the other speakers'.
    pitch = (voice.pitch + zlib.crc32(voice.variant.encode()) % 101) // 2
    return tones(text, words_per_minute=voice.words_per_minute, pitch=pitch, word_gap_ms=voice.word_gap_ms)


class _Engine:
    """The loaded library. Only the holder of the lock may call it."""

    def __init__(self) -> None:
        import espeakng_loader

        data_path = Path(espeakng_loader.get_data_path())
        self._variants = data_path / "voices" / "!v"
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        rate: int = self._library.espeak_Initialize(_OUTPUT_SYNCHRONOUS, 0, str(data_path).encode(), _DO_NOT_EXIT)
        if rate <= 0:
            raise SpeechUnavailable(f"eSpeak NG does not start with its data in {data_path}.")
        self.sample_rate_hz = rate
        self.words_begun: list[WordEvent] = []
        self._blocks: list[bytes] = []
        # ctypes keeps no reference of its own to a callback that C holds.
        self._callback: Callable[..., int] = _SynthCallback(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)

    def direct(self, voice: VoiceDirection) -> None:
        language, _, variant = voice.variant.partition("+")
        # eSpeak treats an unknown variant as no variant.
        if variant and not (self._variants / variant).is_file():
            raise NoSuchVoice(f"eSpeak NG has no voice variant {variant!r}.")
        if self._library.espeak_SetVoiceByName(voice.variant.encode()) != _OK:
            raise NoSuchVoice(f"eSpeak NG has no voice {language!r}.")
        for parameter, value in (
            (_RATE, voice.words_per_minute),
            (_VOLUME, _FULL_VOLUME),
            (_PITCH, voice.pitch),
            (_RANGE, voice.pitch_range),
            (_WORD_GAP, voice.word_gap_ms // 10),
        ):
            self._library.espeak_SetParameter(parameter, value, 0)

    def speak(self, text: str) -> Samples:
        self._blocks.clear()
        self.words_begun = []
        data = text.encode()
        status = self._library.espeak_Synth(
            data, ctypes.c_size_t(len(data) + 1), 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, None, None
        )
        if status != _OK:
            raise SpeechUnavailable(f"eSpeak NG failed with status {status} for a text of {len(text)} characters.")
        self._library.espeak_Synchronize()
        return np.frombuffer(b"".join(self._blocks), dtype=np.int16).astype(np.float32) / np.float32(32768)

    def _collect(self, samples: Any, count: int, events: Any) -> int:
        self.words_begun += word_events(events)
        if samples and count > 0:
            self._blocks.append(ctypes.string_at(samples, count * 2))
        return 0


@cache
def _load() -> _Engine:
    try:
        return _Engine()
    except SpeechUnavailable:
        raise
    except (OSError, RuntimeError) as error:
        raise SpeechUnavailable(f"eSpeak NG cannot be loaded: {error}") from error
