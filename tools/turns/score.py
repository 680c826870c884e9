"""How well found turns say what was said: the figures of one take, from its truth and what a finder found. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import numpy as np

from bot.samples import SAMPLE_RATE_HZ, Span
from tools.turns.finders import FoundTurn
from tools.turns.matching import compare_bounds, cut_words, divisions
from tools.turns.truth import WORD, Sound, TakeTruth, TrackTruth, common, join, length

LEAST_OWN_SAMPLES: Final = SAMPLE_RATE_HZ // 20
"""50 ms: a turn with less of its performer's own sound, but with a neighbour's, was opened by the leak."""

LEAST_HEARD_SHARE: Final = 0.5
"""An event counts as found if this share of it is in clips."""


@dataclass(slots=True)
class Tally:
    """Counts of one or several tracks; lengths and errors are samples."""

    speech: int = 0
    speech_in_clips: int = 0
    found: int = 0
    found_true: int = 0
    starts: list[int] = field(default_factory=list[int])
    ends: list[int] = field(default_factory=list[int])
    joined: int = 0
    missed: int = 0
    invented: int = 0
    turns: int = 0
    divisions: int = 0
    cut_words: int = 0
    events: Counter[str] = field(default_factory=Counter[str])
    heard_events: Counter[str] = field(default_factory=Counter[str])
    opened_by_leak: int = 0

    def add(self, other: Tally) -> None:
        """Add the counts of another track."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def coverage(self) -> float:
        """The share of speech that is in clips."""
        return _share(self.speech_in_clips, self.speech)

    @property
    def precision(self) -> float:
        """The share of what turns call speech that is speech."""
        return _share(self.found_true, self.found)

    @property
    def cut_share(self) -> float:
        """The share of divisions of a stretch that lie inside a word; nan without a division."""
        return _share(self.cut_words, self.divisions)

    def error_ms(self, quantile: float, errors: Sequence[int] | None = None) -> float:
        """Return a quantile of the bounds' absolute errors, starts and ends alike, in milliseconds; nan without any."""
        chosen = [*self.starts, *self.ends] if errors is None else errors
        return float(np.quantile(np.abs(chosen), quantile)) * 1000 / SAMPLE_RATE_HZ if chosen else float("nan")

    def recall(self, kind: str) -> float:
        """Return the share of events of a kind that were found; nan if there are none."""
        return _share(self.heard_events[kind], self.events[kind])


def score_take(truth: TakeTruth, found: Sequence[Sequence[FoundTurn]]) -> Tally:
    """Return the figures of a take. `found` has the turns of each track, in the truth's order of tracks."""
    tally = Tally()
    for track, turns in zip(truth.tracks, found, strict=True):
        tally.add(score_track(track, turns, truth.leaked_into(track.speaker)))
    return tally


def score_track(track: TrackTruth, turns: Sequence[FoundTurn], leaked: Sequence[Span] = ()) -> Tally:
    """Return the figures of a track. Raises ValueError for turns that are out of order or overlap."""
    found = [turn.speech for turn in turns]
    require_order(found)
    stretches = track.stretches()
    clips = join(turn.clip for turn in turns)
    bounds = compare_bounds(stretches, found)
    divided = divisions(stretches, turns)
    events = [sound for sound in track.sounds if sound.kind != WORD]
    return Tally(
        speech=length(stretches),
        speech_in_clips=length(common(stretches, clips)),
        found=length(found),
        found_true=length(common(stretches, found)),
        starts=list(bounds.starts),
        ends=list(bounds.ends),
        joined=bounds.joined,
        missed=bounds.missed,
        invented=bounds.invented,
        turns=len(turns),
        divisions=len(divided),
        cut_words=len(cut_words(track.sounds, divided)),
        events=Counter(event.kind for event in events),
        heard_events=Counter(event.kind for event in events if _is_heard(event, clips)),
        opened_by_leak=len(opened_by_leak(track, found, leaked)),
    )


def opened_by_leak(track: TrackTruth, turns: Sequence[Span], leaked: Sequence[Span]) -> list[Span]:
    """Return the turns that hold less than 50 ms of their performer's own sound, and at least as much of a leak."""
    own = join(sound.span for sound in track.sounds)
    return [turn for turn in turns if length(common([turn], own)) < LEAST_OWN_SAMPLES <= length(common([turn], leaked))]


def require_order(turns: Sequence[Span]) -> None:
    """Raise ValueError if these turns are empty, out of order or overlap."""
    bounds = list(chain.from_iterable((turn.start_samples, turn.end_samples) for turn in turns))
    if bounds != sorted(bounds) or any(turn.duration_samples <= 0 for turn in turns):
        raise ValueError("A finder must return turns in order, none of them empty and none over another.")


def _is_heard(event: Sound, clips: Sequence[Span]) -> bool:
    return length(common([event.span], clips)) >= LEAST_HEARD_SHARE * (event.end - event.start)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
