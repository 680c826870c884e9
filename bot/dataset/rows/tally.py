"""Counts the rows of clips while they are written: a card says how many there are of what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from bot.dataset.rows.columns import Row
from bot.domain.states import TakeKind
from bot.statistics.consensus import NO_AGREEMENT
from bot.statistics.undefined import FEWEST_RATERS


@dataclass(slots=True)
class Side:
    """The clips of one split."""

    clips: int = 0
    seconds: float = 0.0
    speakers: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Tally:
    """The clips by split, kind of take, target emotion and raters.

    What is counted by target are clips of scenes: calibrations have none, and who rates a replay has heard its scene
    before. `hits` are those perceived as their target.
    """

    sides: dict[str, Side] = field(default_factory=dict[str, Side])
    kinds: Counter[str] = field(default_factory=Counter[str])
    by_target: Counter[str | None] = field(default_factory=Counter[str | None])
    rated: Counter[str | None] = field(default_factory=Counter[str | None])
    agreed: Counter[str | None] = field(default_factory=Counter[str | None])
    hits: Counter[str | None] = field(default_factory=Counter[str | None])
    raters: Counter[int] = field(default_factory=Counter[int])
    with_label: int = 0
    put_up: int = 0
    self_rated: int = 0

    def add(self, row: Row) -> None:
        """Count a row of a clip."""
        side = self.sides.setdefault(row["split"], Side())
        side.clips += 1
        side.seconds += row["duration"]
        side.speakers.add(row["speaker_id"])
        self.kinds[row["kind"]] += 1
        if row["kind"] == TakeKind.SCENE:
            self._add_trial(row)
        self.with_label += row["n_raters"] >= FEWEST_RATERS
        self.raters[row["n_raters"]] += 1
        self.put_up += row["is_for_rating"]
        self.self_rated += row["self_emotion"] is not None

    def _add_trial(self, row: Row) -> None:
        target, perceived = row["target_emotion"], row["perceived_emotion"]
        self.by_target[target] += 1
        self.rated[target] += row["n_raters"] >= FEWEST_RATERS
        self.agreed[target] += perceived not in (None, NO_AGREEMENT)
        self.hits[target] += perceived is not None and perceived == target

    @property
    def clips(self) -> int:
        """How many clips there are."""
        return sum(side.clips for side in self.sides.values())

    @property
    def seconds(self) -> float:
        """How long all clips are together."""
        return sum(side.seconds for side in self.sides.values())

    @property
    def median_raters(self) -> float:
        """The median number of raters of the clips that someone rated; 0 if no one rated any."""
        numbers = [number for number in self.raters.elements() if number]
        return float(median(numbers)) if numbers else 0.0
