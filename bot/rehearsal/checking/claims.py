"""The result of a check: a claim, the number of comparisons, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.ids import UserId
from bot.rehearsal.checking.evidence import Evidence, TakeLeft
from bot.rehearsal.checking.story import Story
from bot.samples import SAMPLE_RATE_HZ

SAMPLES_A_SECOND = SAMPLE_RATE_HZ


@dataclass(slots=True)
class Claim:
    """A sentence that should be true; `checked` counts the comparisons, `faults` say what contradicts it.

    A claim without any comparison is not true: an evening without a cue says nothing about cues.

    `worst_ms` is the largest deviation found, if the claim is about times.
    """

    sentence: str
    checked: int = 0
    faults: list[str] = field(default_factory=list[str])
    worst_ms: float | None = None

    @property
    def is_true(self) -> bool:
        """Whether there was a comparison, and nothing contradicts the claim."""
        return self.checked > 0 and not self.faults

    @property
    def first_fault(self) -> str:
        """Why a claim is not true, in one sentence."""
        return self.faults[0] if self.faults else "There was nothing to compare."

    def as_json(self) -> dict[str, Any]:
        """Return one object for `--json`."""
        return {
            "claim": self.sentence,
            "is_true": self.is_true,
            "checked": self.checked,
            "worst_ms": None if self.worst_ms is None else round(self.worst_ms, 1),
            "faults": self.faults,
        }

    def check(self, is_so: bool, otherwise: str) -> None:
        """Count one comparison; `otherwise` is the fault if it is not so."""
        self.checked += 1
        if not is_so:
            self.faults.append(otherwise)

    def check_time(self, off_s: float, most_s: float, what: str) -> None:
        """Compare a deviation in seconds with the largest allowed one."""
        off_ms = abs(off_s) * 1000
        self.worst_ms = max(self.worst_ms or 0.0, off_ms)
        self.check(off_ms <= most_s * 1000, f"{what} is off by {off_ms:.0f} ms")


@dataclass(frozen=True, slots=True)
class Case:
    """Both sides: what the cast noted and what the store has. `viewers` says, by Discord, who was shown a message: the
    only account of an ephemeral or direct one, None if everyone in its channel sees it.
    """

    story: Story
    left: Evidence
    viewers: Mapping[int, UserId | None]

    def take_left(self, scene: int, number: int) -> TakeLeft | None:
        """Return the store's take with these numbers."""
        return next((one for one in self.left.takes if (one.scene, one.number) == (scene, number)), None)

    def tracks(self, take: TakeLeft) -> dict[UserId, int]:
        """Return the samples of each account's track in a take."""
        return {one.discord_user_id: one.duration_samples for one in self.left.tracks if one.take_id == take.take_id}


Check = Callable[[Case], Claim]


def seconds(samples: int) -> float:
    """Convert a position or duration of the store to seconds."""
    return samples / SAMPLES_A_SECOND
