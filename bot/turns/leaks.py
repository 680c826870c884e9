"""Another performer's voice on a track: where it is, and how loud. It must not open a turn.

A leak follows the other track: its level rises and falls with it, later and softer by the same amount throughout. A
performer who speaks at the same time, however softly, does neither. Pure: curves in, flags out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from bot.audio.activity import Activity, Curve
from bot.audio.levels import DIGITAL_SILENCE_DBFS
from bot.turns.speech import STANDS_OUT_DB, Flags, grown, noise_of, runs, without_dips, without_short

Key = TypeVar("Key")

EARLIEST_STEPS, LATEST_STEPS = -10, 60
"""The delays that are searched, in steps of 10 ms: as in `audio/crosstalk`, through one room or through Discord."""

LOUDEST_DB = -6.0
"""A microphone of one's own is nearer than this; what is louder than that is not called a leak."""

ABOVE_NOISE_DB = 4.0
FEWEST_STEPS, ENOUGH_STEPS = 60, 150
"""How much common sound a delay needs to be compared with others, and how many steps of it must be compared for a leak:
with fewer, the levels of people who talk at once agree by chance at one delay or another.
"""

FOLLOWS, FOLLOWS_IN_ALL, STANDS_OUT = 0.7, 0.5, 0.2
"""The least correlation of the levels, without the performer's own voice and with it, and by how much it must exceed
that at other delays: two people who talk to each other rise and fall together at any delay.
"""

NEAR_STEPS = 6
"""Delays this close to the best one are nearly as good, because levels change over syllables."""

ECHO_STEPS = 15
"""How long a leak goes on after its source: the room's reverberation."""

ONSET_STEPS = 10
"""How long before it stands out from the noise a source may already be heard."""

MARGIN_DB = 9.0
"""What is louder than the leak by this much is the performer's own voice: a leak's level varies with the spectrum."""

OWN_STEPS, EVIDENCE_STEPS = 2, 20
"""How long the own voice must be that loud while the other speaks: at a time, and in all. Less is the leak's own
variation.
"""

GAP_STEPS = 50
"""Between two sounds of one's own this close together, what is softer is one's own as well, or a pause in it."""

EDGE_STEPS = 8
"""How far the own voice goes on beyond what is louder than the leak: its first and last consonants are soft."""


@dataclass(frozen=True, slots=True)
class Leak(Generic[Key]):
    """The voice of `source` on a track: `level_db` against the source's own track, `delay_steps` later."""

    source: Key
    level_db: float
    delay_steps: int


_Agreements = dict[int, tuple[float, float, int]]


def find_leaks(track: Activity, others: Mapping[Key, Activity]) -> list[Leak[Key]]:
    """Return the other performers whose voices are on a track, the loudest first."""
    found = [leak for key in others if (leak := _find_leak(track, key, others)) is not None]
    return sorted(found, key=lambda leak: -leak.level_db)


def foreign_steps(track: Activity, leaks: list[Leak[Key]], others: Mapping[Key, Activity]) -> Flags:
    """Return the steps of a track that hold no more than what leaks into it."""
    expected = np.full(len(track.level_db), -np.inf, np.float32)
    speaks = np.zeros(len(track.level_db), np.bool_)
    for leak in leaks:
        source = _shifted(others[leak.source].level_db, leak.delay_steps, len(expected))
        noise = _shifted(noise_of(others[leak.source]), leak.delay_steps, len(expected))
        expected = np.maximum(expected, _echoing(source) + leak.level_db)
        speaks |= _echoing(source) > noise + STANDS_OUT_DB
    least = np.maximum(expected + MARGIN_DB, noise_of(track) + ABOVE_NOISE_DB)
    stands_out = without_short(track.level_db >= least, OWN_STEPS)
    own = without_dips(stands_out, GAP_STEPS)
    for start, end in runs(own):
        own[start:end] = np.count_nonzero(stands_out[start:end]) >= EVIDENCE_STEPS
    return grown(speaks, ONSET_STEPS) & ~grown(own, EDGE_STEPS)


def _is_loudest(key: Key, others: Mapping[Key, Activity]) -> Flags:
    """Return where a source is louder than all others: where it is not, its track may hold their voices."""
    is_loudest = np.ones(len(others[key].level_db), np.bool_)
    for rival, other in others.items():
        if rival != key:
            is_loudest &= others[key].level_db >= _shifted(other.level_db, 0, len(is_loudest))
    return is_loudest


def _find_leak(track: Activity, key: Key, others: Mapping[Key, Activity]) -> Leak[Key] | None:
    """Compare twice: reverberation hides a loud leak from the first comparison, and a leak back one from the second."""
    other = others[key]
    alone = np.where(_is_loudest(key, others), other.level_db, np.float32(DIGITAL_SILENCE_DBFS))
    for source, least, only_softer in ((alone, FOLLOWS, True), (other.level_db, FOLLOWS_IN_ALL, False)):
        found = _agreements(track, source, noise_of(other), only_softer=only_softer)
        best = max(found, key=lambda delay: found[delay][0], default=0)
        follows, level_db, steps = found.get(best, (0.0, 0.0, 0))
        elsewhere = [value for delay, (value, *_) in found.items() if abs(delay - best) > NEAR_STEPS]
        is_leak = follows >= max([least, *(value + STANDS_OUT for value in elsewhere)])
        if is_leak and steps >= ENOUGH_STEPS and level_db <= LOUDEST_DB:
            return Leak(key, level_db, best)
    return None


def _agreements(track: Activity, source: Curve, noise: Curve, *, only_softer: bool) -> _Agreements:
    """Return correlation, difference of the levels and the number of compared steps, by delay.

    With `only_softer`, without what is louder than on the source's own track: that is the performer's own voice, of
    which the source's track may hold a leak in turn.
    """
    level, size = track.level_db, len(track.level_db)
    sounds = level > noise_of(track) + ABOVE_NOISE_DB
    found: _Agreements = {}
    for delay in range(EARLIEST_STEPS, LATEST_STEPS + 1, 2):
        moved = _shifted(source, delay, size)
        both = sounds & (moved > _shifted(noise, delay, size) + STANDS_OUT_DB)
        if np.count_nonzero(both) >= FEWEST_STEPS:
            compared = both & (level <= moved) if only_softer else both
            found[delay] = (*_agreement(level[compared], moved[compared]), int(np.count_nonzero(compared)))
    return found


def _agreement(level: Curve, moved: Curve) -> tuple[float, float]:
    """Return the correlation of two levels where the track holds only the leak, and their usual difference.

    Both may speak at once, so only the softer two thirds are compared.
    """
    if len(level) < FEWEST_STEPS // 2:
        return 0.0, 0.0
    difference = level - moved
    soft = difference <= np.percentile(difference, 67)
    if np.count_nonzero(soft) < FEWEST_STEPS // 2 or np.ptp(level[soft]) == 0 or np.ptp(moved[soft]) == 0:
        return 0.0, 0.0
    counts, edges = np.histogram(difference[soft], bins=np.arange(difference.min(), difference.max() + 2))
    place = int(np.argmax(np.convolve(counts, np.ones(5), "same")))
    return float(np.corrcoef(level[soft], moved[soft])[0, 1]), float(edges[place]) + 0.5


def _shifted(curve: Curve, steps: int, size: int) -> npt.NDArray[np.float32]:
    """Return a curve `steps` later, cut or filled to a length with its lowest value."""
    filled = np.full(size, curve.min() if len(curve) else -np.inf, np.float32)
    start, begin = max(steps, 0), max(-steps, 0)
    count = max(min(size - start, len(curve) - begin), 0)
    filled[start : start + count] = curve[begin : begin + count]
    return filled


def _echoing(level: Curve) -> Curve:
    """Return the highest level of the last ECHO_STEPS at every step."""
    padded = np.concatenate((np.full(ECHO_STEPS - 1, level.min(), np.float32), level))
    return np.lib.stride_tricks.sliding_window_view(padded, ECHO_STEPS).max(axis=1)
