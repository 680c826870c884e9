"""What becomes of people's sides from release to release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.splits import SPEAKERS_FOR_SHARES, TEST_PERCENT, TOLERANCE_PERCENT, Split, crossings, draw_splits
from tools.splits.company import Release
from tools.splits.landed import split_speakers

Sides = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """One release: how many speakers it has, the shares of speakers in percent, and the share of sessions across."""

    speakers: int
    shares: Mapping[str, float]
    sessions_across: float

    def is_within(self, *splits: Split) -> bool:
        """Whether the shares of speakers are within the tolerance of the wish."""
        return all(is_near(self.shares[split]) for split in splits)


@dataclass(slots=True)
class Followed:
    """The releases of one company under one rule.

    `moves` counts who was on another side in an earlier release, and `chances` are the releases in which the shares
    would be within the tolerance for some sides of the new speakers, without a move.
    """

    moves: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    measured: list[Measured] = field(default_factory=list[Measured])
    chances: list[Measured] = field(default_factory=list[Measured])

    @property
    def counted(self) -> list[Measured]:
        """The releases that have enough speakers for shares."""
        return [one for one in self.measured if one.speakers >= SPEAKERS_FOR_SHARES]


def follow(releases: Iterable[Release], rule: Callable[[Sides, Release], Sides]) -> Followed:
    """Divide one release after another; a rule is told what it, or an earlier rule, gave before."""
    followed, last = Followed(), dict[str, str]()
    for release in releases:
        sides = rule(last, release)
        followed.moves.update((last[name], side) for name, side in sides.items() if last.get(name, side) != side)
        followed.measured.append(measure(sides, release.sessions))
        if can_be_within(last, release):
            followed.chances.append(followed.measured[-1])
        last |= sides
    return followed


def measure(sides: Sides, sessions: Mapping[str, Iterable[str]]) -> Measured:
    """Return the figures of one release."""
    counts = Counter(sides.values())
    shares = {split.value: 100 * counts[split] / max(counts.total(), 1) for split in Split}
    return Measured(len(sides), shares, 100 * len(crossings(sides, sessions).sessions) / len(sessions))


def is_near(percent: float) -> bool:
    """Whether a share is within the tolerance of the wish for testing and for validation."""
    return abs(percent - TEST_PERCENT) <= TOLERANCE_PERCENT + 1e-9


def can_be_within(last: Sides, release: Release) -> bool:
    """Whether any sides of the new speakers give shares for testing and validation within the tolerance."""
    counts = Counter(last[name] for name in release.clips if name in last)
    new, total = len(release.clips) - counts.total(), len(release.clips)
    return any(
        is_near(100 * (counts[Split.TEST] + test) / total)
        and is_near(100 * (counts[Split.VALIDATION] + validation) / total)
        for test in range(new + 1)
        for validation in range(new + 1 - test)
    )


def remembered(last: Sides, release: Release, seed: int = 0) -> Sides:
    """The rule: a speaker who has a side keeps it."""
    assigned = {name: Split(side) for name, side in last.items()}
    drawn = assigned | draw_splits(assigned, release.clips, release.sessions, seed)
    return {name: drawn[name].value for name in release.clips}


def drawn_each_time(_last: Sides, release: Release) -> Sides:
    """The earlier rule: everyone is drawn again."""
    return split_speakers(release.clips, release.sessions, 0).of_speaker
