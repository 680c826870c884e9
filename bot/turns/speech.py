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

SHORTEST_STEPS, ALONE_STEPS = 8, 50
"""A shorter stretch with no other speech within half a second is a click."""

NOISE_STEPS = 3_000
"""The noise is measured over 30 s, so that a fan that is switched on is not speech for the rest of the take."""

NOISE_PERCENTILE = 5.0
"""Even dense speech falls to the room's level in one of twenty steps: between words, and before a plosive."""


GATED_SHARE, LOUDEST_GATED_NOISE_DBFS = 0.1, -40.0
"""A client that sends nothing for a tenth of the time sends what it takes for a voice. If that is one long scream, its
softest moments are no noise.
"""


@dataclass(frozen=True, slots=True)
class SpeechPart:
    """A stretch of speech without a pause; `has_voice` if the detector found a voice in it."""

    span: Span
    has_voice: bool


def noise_of(level_db: Curve) -> Curve:
    """Return the level of a track's noise at every step; digital silence does not count."""
    noise = np.full(len(level_db), DIGITAL_SILENCE_DBFS, np.float32)
    for start in range(0, len(level_db), NOISE_STEPS):
        # Half a window more on both sides: a block that is all speech has its noise from its neighbours.
        around = level_db[max(start - NOISE_STEPS // 2, 0) : start + NOISE_STEPS * 3 // 2]
        sounding = around[around > DIGITAL_SILENCE_DBFS]
        if not len(sounding):
            continue
        is_gated = len(sounding) < (1 - GATED_SHARE) * len(around)
        most = LOUDEST_GATED_NOISE_DBFS if is_gated else 0.0
        noise[start : start + NOISE_STEPS] = min(float(np.percentile(sounding, NOISE_PERCENTILE)), most)
    return noise


def find_speech(activity: Activity, foreign: Flags | None = None) -> list[SpeechPart]:
    """Return the parts of a track in which its performer speaks, in order, with the pauses between them.

    `foreign` marks steps that hold another performer's voice: they are never speech.
    """
    level, noise = activity.level_db, noise_of(activity.level_db)
    own = np.ones(len(level), np.bool_) if foreign is None else ~foreign
    is_loud = (level > np.maximum(noise + STANDS_OUT_DB, QUIETEST_DBFS)) & own
    stands_out = without_short(without_dips(is_loud, DIP_STEPS), STANDS_OUT_STEPS)
    is_voice = np.zeros(len(level), np.bool_)
    if activity.voice is not None:
        is_voice = (activity.voice >= LIKELY) & (level > DIGITAL_SILENCE_DBFS) & own
    is_edge = (level > np.maximum(noise + EDGE_DB, QUIETEST_DBFS - STANDS_OUT_DB)) & own
    around = grown(is_voice, REACH_STEPS) | grown(stands_out, DIP_STEPS)
    clear = _is_clear(is_voice, level, noise)
    speech = stands_out | (around & is_edge) | (is_voice & ~clear)
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


def _inner_pauses(speech: Flags, is_soft: Flags) -> Flags:
    """Return the pauses within stretches of speech: steady noise and a detector's late answer hide them."""
    pauses = np.zeros(len(speech), np.bool_)
    for start, end in runs(speech):
        for first, last in runs(is_soft[start:end]):
            if last - first >= PAUSE_STEPS and first > 0 and last < end - start:
                pauses[start + first : start + last] = True
    return pauses


def _is_clear(is_voice: Flags, level: Curve, noise: Curve) -> Flags:
    """Return the voice's stretches that are loud enough for their level to show where they begin and end."""
    clear = np.zeros(len(is_voice), np.bool_)
    for start, end in runs(is_voice):
        clear[start:end] = level[start:end].max() > noise[start:end].max() + STANDS_OUT_DB
    return clear


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
