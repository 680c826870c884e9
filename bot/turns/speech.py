"""Where someone speaks on a track: stretches with a voice, or with sound that stands out from the track's noise.

A voice detector alone misses whispers, sobs and screams, which are what is collected here; a level alone takes noise
for speech. So a moment counts if a voice is likely, or if the sound is 10 dB above the noise for 150 ms. The level
gives the bounds, because a detector's window is long and its answer is late. Pure: curves in, spans out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.audio.activity import STEP_SAMPLES, Activity, Curve
from bot.audio.levels import DIGITAL_SILENCE_DBFS
from bot.samples import Span

Flags = npt.NDArray[np.bool_]

LIKELY = 0.5
"""The detector's own threshold (Silero VAD): at or above it, a window is speech."""

STANDS_OUT_DB = 10.0
STANDS_OUT_STEPS = 15
"""How far above the noise, and for how many steps of 10 ms, a sound without a recognised voice counts as speech."""

EDGE_DB = 6.0
"""How far above the noise the first and the last moment of speech are: a consonant is softer than its vowel."""

REACH_STEPS = 12
"""How far beyond a likely voice its bounds are searched: the detector answers up to four windows of 32 ms late."""

QUIETEST_DBFS = -60.0
"""Below this level nothing stands out: a client's noise suppression leaves breaths and clicks in near silence."""

DIP_STEPS = 5
"""A shorter dip within a word, such as the closure of a plosive, is no pause."""

PAUSE_STEPS = 8
"""A shorter soft moment is the closure of a plosive rather than a pause between words."""

BURST_STEPS, CHAIN_STEPS = 3, 35
"""How long a stroke of a laugh or a sob is at least, and how far the next one is away at most."""

SHORTEST_STEPS, ALONE_STEPS = 8, 50
"""A shorter stretch with no other speech within half a second is a click."""

NOISE_STEPS = 3_000
"""The noise is measured over 30 s, so that a fan that is switched on is not speech for the rest of the take."""

NOISE_PERCENTILE = 5.0
"""Even dense speech falls to the room's level in one of twenty steps: between words, and before a plosive."""


UNLIKELY, PAUSES_SHARE, PAUSES_PERCENTILE = 0.1, 0.2, 25.0
"""An open microphone has its noise in the pauses. If a fifth of the time is certainly no voice, the noise is measured
there, low enough for a time with as much laughter as pauses.
"""

GATED_SHARE, LOUDEST_GATED_NOISE_DBFS = 0.1, -40.0
"""A client that sends nothing for a tenth of the time sends what it takes for a voice. If that is one long scream, its
softest moments are no noise.
"""


@dataclass(frozen=True, slots=True)
class SpeechPart:
    """A stretch of speech without a pause; `has_voice` if the detector found a voice in it."""

    span: Span
    has_voice: bool


def noise_of(activity: Activity) -> Curve:
    """Return the level of a track's noise at every step; digital silence does not count."""
    level = activity.level_db
    noise = np.full(len(level), DIGITAL_SILENCE_DBFS, np.float32)
    for start in range(0, len(level), NOISE_STEPS):
        # Half a window more on both sides: a block that is all speech has its noise from its neighbours.
        around = slice(max(start - NOISE_STEPS // 2, 0), start + NOISE_STEPS * 3 // 2)
        voice = None if activity.voice is None else activity.voice[around]
        noise[start : start + NOISE_STEPS] = _noise_level(level[around], voice)
    return noise


def _noise_level(level: Curve, voice: Curve | None) -> float:
    is_sounding = level > DIGITAL_SILENCE_DBFS
    if not is_sounding.any():
        return DIGITAL_SILENCE_DBFS
    softest = float(np.percentile(level[is_sounding], NOISE_PERCENTILE))
    if np.count_nonzero(is_sounding) < (1 - GATED_SHARE) * len(level):
        return min(softest, LOUDEST_GATED_NOISE_DBFS)
    if voice is None or np.count_nonzero(voice < UNLIKELY) < PAUSES_SHARE * len(level):
        return softest
    return max(softest, float(np.percentile(level[voice < UNLIKELY], PAUSES_PERCENTILE)))


def find_speech(activity: Activity, foreign: Flags | None = None) -> list[SpeechPart]:
    """Return the parts of a track in which its performer speaks, in order, with the pauses between them.

    `foreign` marks steps that hold another performer's voice: they are never speech.
    """
    level, noise = activity.level_db, noise_of(activity)
    own = np.ones(len(level), np.bool_) if foreign is None else ~foreign
    is_loud = (level > np.maximum(noise + STANDS_OUT_DB, QUIETEST_DBFS)) & own
    stands_out = without_short(without_dips(is_loud, DIP_STEPS), STANDS_OUT_STEPS)
    is_voice = np.zeros(len(level), np.bool_)
    if activity.voice is not None:
        is_voice = (activity.voice >= LIKELY) & (level > DIGITAL_SILENCE_DBFS) & own
    is_edge = (level > np.maximum(noise + EDGE_DB, QUIETEST_DBFS - STANDS_OUT_DB)) & own
    around = grown(is_voice, REACH_STEPS) | grown(stands_out, DIP_STEPS)
    speech = stands_out | (around & is_edge)
    speech |= _bursts_beside(speech, is_loud)
    speech = _without_clicks(without_dips(speech, DIP_STEPS))
    speech &= ~_inner_pauses(speech, ~is_loud)
    return [
        SpeechPart(Span(start * STEP_SAMPLES, min(end * STEP_SAMPLES, activity.duration_samples)), bool(has_voice))
        for start, end in runs(speech)
        for has_voice in [is_voice[start:end].any()]
    ]


def runs(flags: Flags) -> Sequence[tuple[int, int]]:
    """Return the stretches that are set, as first step and the one after the last."""
    changes = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return list(zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True))


def _without_clicks(speech: Flags) -> Flags:
    """Leave out short stretches with no other speech near them; a short one beside others is a word."""
    kept = speech.copy()
    for start, end in runs(speech):
        near = speech[max(start - ALONE_STEPS, 0) : start].any() or speech[end : end + ALONE_STEPS].any()
        kept[start:end] = end - start >= SHORTEST_STEPS or near
    return kept


def _bursts_beside(speech: Flags, is_loud: Flags) -> Flags:
    """Return short loud sounds that follow speech, or each other, closely: the strokes of a laugh or a sob."""
    bursts = without_short(is_loud, BURST_STEPS)
    chains = without_dips(speech | bursts, CHAIN_STEPS)
    for start, end in runs(chains):
        chains[start:end] = speech[start:end].any()
    return bursts & chains


def _inner_pauses(speech: Flags, is_soft: Flags) -> Flags:
    """Return the pauses within stretches of speech: steady noise and a detector's late answer hide them."""
    pauses = np.zeros(len(speech), np.bool_)
    for start, end in runs(speech):
        for first, last in runs(is_soft[start:end]):
            if last - first >= PAUSE_STEPS and first > 0 and last < end - start:
                pauses[start + first : start + last] = True
    return pauses


def grown(flags: Flags, steps: int) -> Flags:
    """Return stretches that begin and end that many steps further out."""
    grown = flags.copy()
    for start, end in runs(flags):
        grown[max(start - steps, 0) : end + steps] = True
    return grown


def without_dips(flags: Flags, shortest: int) -> Flags:
    """Return stretches joined over gaps of fewer steps than `shortest`."""
    filled = flags.copy()
    for start, end in runs(~flags):
        if end - start < shortest and start > 0 and end < len(flags):
            filled[start:end] = True
    return filled


def without_short(flags: Flags, shortest: int) -> Flags:
    """Return only the stretches of at least `shortest` steps."""
    kept = flags.copy()
    for start, end in runs(flags):
        if end - start < shortest:
            kept[start:end] = False
    return kept
