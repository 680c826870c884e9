"""Finds one performer's voice in another's track: it came from loudspeakers, or both performers sit in one room.

Only phases (`voices`) are compared, so that every moment counts alike, however loud the other performer is speaking.
This is the phase transform of Knapp and Carter (1976), moment by moment. If one track repeats what was said in another,
later and through a room, their cross-correlation has a peak.

Pure: it takes samples and returns numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Generic, TypeVar

import numpy as np

from bot.audio.sound import Samples
from bot.audio.voices import HOP_SAMPLES, RATE_HZ, Flags, Voice, by_sample, decibels
from bot.samples import SAMPLE_RATE_HZ

Key = TypeVar("Key", bound=int)

EARLIEST_MS, LATEST_MS = -100, 600
"""The delays that are searched. In one room a sound reaches both microphones at the same time, and the position of a
track is wrong by about 25 ms at worst. The way through Discord, loudspeaker, room and Discord again takes up to half a
second.
"""

LEAST_SCORE = 7.0
"""How far a peak must stand out, in standard deviations of unrelated sound; none of 6,000 unrelated pairs reached it.
"""

OWN_DB = 3.0
"""A sound is a performer's own voice if it is this much nearer to the usual level in their track than in another."""

LEAST_OWN_SCORE, LEAST_OWN_SHARE = 5.0, 0.4
"""What a match must still score in the moments of the source's own voice: absolutely, and as a share of its rival's."""

ALIKE_MS = 60
"""Two delays that differ by less count as the same: at each spurt's start, tracks are placed by arrival times."""

QUIET_QUANTILE, QUIET_TO_MEAN_DB = 0.2, 3.0
"""The level of a leak is that of the quietest fifth of what matches, plus the difference to the mean that
`make crosstalk` finds.
"""

LEAST_OVERLAP = 0.02
"""The least share of the source that counts as meeting sound: a delay with less overlap must not score by chance."""


@dataclass(frozen=True, slots=True)
class Leak(Generic[Key]):
    """The voice of `source` in the track of `heard_by`, `delay_ms` later.

    `level_db` is how loud it is there against that track's own speech, at most 0. It is right within about 3 dB; for a
    weak leak among people who never pause it can be up to 5 dB too loud. `score` is how far the finding is from chance,
    in standard deviations.
    """

    source: Key
    heard_by: Key
    level_db: float
    delay_ms: float
    score: float


def find_leaks(tracks: Mapping[Key, Samples]) -> tuple[Leak[Key], ...]:
    """Return every performer's voice found in another's track. Tracks are mono at 48 kHz, on one clock, by performer.

    This needs about a second in which the source speaks and the other track sounds. A voice that leaks into two tracks
    is reported once for each, and not as a leak between those two.
    """
    length = max(map(len, tracks.values()), default=0) / SAMPLE_RATE_HZ
    # Whole seconds, because an FFT is fast if its length has only small factors.
    size = math.ceil(length + LATEST_MS / 1000) * RATE_HZ
    heard = {key: Voice(samples, size) for key, samples in tracks.items()}
    voices = {key: voice for key, voice in heard.items() if voice.is_heard}
    echoes = {
        (source, listener): echo
        for source, listener in permutations(voices, 2)
        if (echo := _find_echo(voices[source], voices[listener])).score >= LEAST_SCORE
        # An earlier match is a leak in the other direction.
        and echo.delay_ms >= EARLIEST_MS
    }
    echoes = _without_explained(voices, _without_mirrored(voices, echoes))
    return tuple(
        Leak(source, listener, _level_db(voices[source], voices[listener], echo), echo.delay_ms, echo.score)
        for (source, listener), echo in echoes.items()
    )


@dataclass(frozen=True, slots=True)
class _Echo:
    delay: int
    score: float

    @property
    def delay_ms(self) -> float:
        return self.delay / RATE_HZ * 1000

    @property
    def delay_frames(self) -> int:
        return round(self.delay / HOP_SAMPLES)


_Echoes = dict[tuple[Key, Key], _Echo]


def _find_echo(source: Voice, listener: Voice, is_looked_at: Flags | None = None, near: int | None = None) -> _Echo:
    """Return the best match of a source in a track: near a delay or anywhere, of all its frames or of some."""
    spoken = source.spoken if is_looked_at is None else source.spoken * by_sample(is_looked_at, source.size)
    first, last = (-LATEST_MS, LATEST_MS) if near is None else (near - ALIKE_MS, near + ALIKE_MS)
    delays = np.arange(first * RATE_HZ // 1000, last * RATE_HZ // 1000)
    sums = np.fft.irfft(np.conj(np.fft.rfft(spoken)) * listener.heard_spectrum, source.size)[delays]
    power = np.square(spoken)
    # Of unrelated signals, the sum of products varies with the sum of the products of their powers.
    variance = np.fft.irfft(np.conj(np.fft.rfft(power)) * listener.heard_power_spectrum, source.size)[delays]
    least = LEAST_OVERLAP * float(np.sum(power)) * listener.mean_heard
    scores = np.abs(sums) / np.sqrt(np.maximum(variance, 0) + least + 1e-12)
    best = int(np.argmax(scores))
    return _Echo(int(delays[best]), float(scores[best]))


def _without_mirrored(voices: Mapping[Key, Voice], echoes: _Echoes[Key]) -> _Echoes[Key]:
    """Leave out mirrored matches: a sound in both directions came from one of the two, or in one room from both."""
    own = {
        (source, listener): _own_score(voices, (source, listener), echo, listener, -echo.delay_frames)
        for (source, listener), echo in echoes.items()
        if (back := echoes.get((listener, source))) and abs(echo.delay_ms + back.delay_ms) <= ALIKE_MS
    }

    def is_kept(source: Key, listener: Key) -> bool:
        if (source, listener) not in own or _is_own(own[source, listener], own[listener, source]):
            return True
        # If a track holds nothing else, the voice could be either performer's: it is louder near the speaker's mouth.
        is_louder = voices[source].speech_power > voices[listener].speech_power
        return is_louder and not _is_own(own[listener, source], own[source, listener])

    return {pair: echo for pair, echo in echoes.items() if is_kept(*pair)}


def _without_explained(voices: Mapping[Key, Voice], echoes: _Echoes[Key]) -> _Echoes[Key]:
    """Leave out matches between two tracks that both hold a third voice, with the difference of its delays to them."""

    def is_explained(pair: tuple[Key, Key], echo: _Echo, third: Key) -> bool:
        first, second = echoes.get((third, pair[0])), echoes.get((third, pair[1]))
        if not (first and second) or abs(second.delay_ms - first.delay_ms - echo.delay_ms) > ALIKE_MS:
            return False
        return not _is_own(_own_score(voices, pair, echo, third, first.delay_frames), echo.score)

    return {
        pair: echo
        for pair, echo in echoes.items()
        if not any(is_explained(pair, echo, third) for third in voices if third not in pair)
    }


def _own_score(voices: Mapping[Key, Voice], pair: tuple[Key, Key], echo: _Echo, other: Key, shift: int) -> float:
    """Return the score in those moments in which the source is nearer to its usual level than another voice to its own.

    The other voice reaches the source's track `shift` frames later than its own.
    """
    source, listener = (voices[key] for key in pair)
    is_own = source.relative_db > np.roll(voices[other].relative_db, shift) + OWN_DB
    return _find_echo(source, listener, is_own, round(echo.delay_ms)).score


def _is_own(score: float, other_score: float) -> bool:
    return score >= max(LEAST_OWN_SCORE, LEAST_OWN_SHARE * other_score)


def _level_db(source: Voice, listener: Voice, echo: _Echo) -> float:
    """Return how loud the source is in the other track against that track's own speech, judged by quiet moments.

    What the other performer says at the same time is mostly elsewhere in the spectrum, or a little earlier or later.
    """
    frames = np.flatnonzero(source.is_speaking)
    later = frames + echo.delay_frames
    inside = (later >= 0) & (later < len(listener.is_sounding))
    frames, later = frames[inside], later[inside]
    frames, later = frames[listener.is_sounding[later]], later[listener.is_sounding[later]]
    spoken, heard = source.power[frames], listener.power[later]
    is_strong = spoken > np.mean(spoken, axis=1, keepdims=True) / 2
    gain_db = float(np.quantile(decibels(heard[is_strong] / spoken[is_strong]), QUIET_QUANTILE)) + QUIET_TO_MEAN_DB
    return min(gain_db + float(decibels(source.speech_power / listener.speech_power)), 0.0)
