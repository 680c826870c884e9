"""What people say in a history: real speech in Opus, with a tone that tells who speaks and a mark that tells when.

The tone survives every encoding and mix, and a spectrum shows it. The mark is padding of the Opus packet (RFC 6716,
section 3.2.5), which decoders leave out: it is in the file if the frame is.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import cycle, islice

import numpy as np

from bot.audio.sound import Samples, encode_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.samples import SAMPLE_RATE_HZ

TALK_SECONDS = 1.4
FRAME_SECONDS = 0.02

_LINES = (
    "Nobody moves. We are all going home, one after the other.",
    "You never told me that the train had left, did you?",
    "Give me the keys, please, and then let us forget all about it.",
    "I counted them twice, and there is one more than yesterday.",
)
_TONE_DB = -30.0
_LOWEST_TONE_HZ, _TONES_APART_HZ = 12_500, 800
_CODE_3, _PADDED_ONE = 3, 0x41
_MARK = re.compile(rb"~([0-9a-f]{4})([0-9a-f]{4})~")
_STANDS_OUT = 100.0
"""How many times the median of its surroundings a tone is in a spectrum if it is there."""


def tone_hz(person: int) -> float:
    """Return the tone of a person: above what eSpeak speaks (11 kHz), and within what Opus keeps."""
    return _LOWEST_TONE_HZ + _TONES_APART_HZ * person


@cache
def packets_of(person: int) -> tuple[bytes, ...]:
    """Return packets of 20 ms in which a person speaks for a few seconds."""
    spoken = synthesise(_LINES[person], VoiceDirection(pitch=30 + 15 * person, peak_dbfs=-6.0))
    loud = np.flatnonzero(np.abs(spoken) > 10 ** (-40 / 20))
    spoken = spoken[loud[0] : loud[-1]]
    times = np.arange(len(spoken)) / SAMPLE_RATE_HZ
    tone = 10 ** (_TONE_DB / 20) * np.sin(2 * np.pi * tone_hz(person) * times)
    return tuple(encode_opus((spoken + tone).astype(np.float32)))


def talk(person: int, number: int) -> list[bytes]:
    """Return the marked packets of one talk, which is the deed with that number."""
    plain = islice(cycle(packets_of(person)), round(TALK_SECONDS / FRAME_SECONDS))
    return [_marked(packet, number, place) for place, packet in enumerate(plain)]


def _marked(packet: bytes, number: int, place: int) -> bytes:
    if packet[0] & _CODE_3:
        raise ValueError("Only packets of one frame without padding can be marked.")
    mark = f"~{number:04x}{place:04x}~".encode()
    return bytes((packet[0] | _CODE_3, _PADDED_ONE, len(mark))) + packet[1:] + mark


def marks_in(content: bytes) -> set[tuple[int, int]]:
    """Return the marks in a file: the number of a talk, and the place of a frame in it."""
    return {(int(number, 16), int(place, 16)) for number, place in _MARK.findall(content)}


def heard_in(sound: Samples, people: int) -> set[int]:
    """Return whose tones are in a sound."""
    mono = sound if sound.ndim == 1 else sound.mean(axis=1)
    if not len(mono):
        return set()
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    return {
        person for person in range(people) if _stands_out(spectrum, round(tone_hz(person) * len(mono) / SAMPLE_RATE_HZ))
    }


def _stands_out(spectrum: Samples, place: int) -> bool:
    reach = max(place // 40, 30)
    around = np.concatenate([spectrum[place - reach : place - 8], spectrum[place + 8 : place + reach]])
    peak = spectrum[place - 3 : place + 4].max()
    return bool(peak > _STANDS_OUT * np.median(around) and peak > 1e-3)
