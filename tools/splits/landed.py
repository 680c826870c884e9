"""The earlier rule, which drew everyone again for each export: kept to compare the moves that it made.

It balanced clips instead of speakers, and kept whole groups of people who met together wherever there were two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

TEST_SHARE = 0.2
"""The share of clips for the test split, and for a validation split if there is one: the usual 60/20/20 or 80/20."""

UNITS_FOR_VALIDATION = 5
"""The fewest speakers (or groups) for a validation split; with fewer, only two would be left for training."""

Unit = Literal["group", "speaker"]


@dataclass(frozen=True, slots=True)
class Splits:
    """`of_speaker` maps every speaker to 'train', 'test' or 'validation'; `unit` is what was kept together."""

    of_speaker: Mapping[str, str]
    unit: Unit


def split_speakers(clips: Mapping[str, int], sessions: Mapping[str, Iterable[str]], seed: int) -> Splits:
    """Divide speakers, each with at least one clip, given who took part in which session.

    `clips` counts the clips of each speaker. People in `sessions` without clips connect no one. Train and test are both
    non-empty if there are at least two speakers; a single speaker is train.
    """
    groups = connected_groups(clips, sessions)
    unit: Unit = "group" if len(groups) > 1 else "speaker"
    units = groups if unit == "group" else [frozenset({speaker}) for speaker in clips]
    weights = {members: sum(clips[speaker] for speaker in members) for members in units}
    splits = _assign(weights, seed)
    return Splits({speaker: splits[members] for members in units for speaker in sorted(members)}, unit)


def connected_groups(speakers: Iterable[str], sessions: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """Return groups of speakers who were in one session, directly or through others, sorted by their first name."""
    groups = {speaker: {speaker} for speaker in speakers}
    for members in sessions.values():
        joined: set[str] = set()
        for speaker in members:
            joined |= groups.get(speaker, set())
        for speaker in joined:
            groups[speaker] = joined
    return sorted({frozenset(group) for group in groups.values()}, key=min)


def _assign(weights: Mapping[frozenset[str], int], seed: int) -> dict[frozenset[str], str]:
    drawn = sorted(weights, key=lambda members: _lot(members, seed))
    # The largest unit is for training, whatever the lot: a test split larger than the training split helps no one.
    largest = max(drawn, key=lambda members: weights[members], default=frozenset[str]())
    rest = [members for members in drawn if members != largest]
    splits = dict.fromkeys(weights, "train")
    target = TEST_SHARE * sum(weights.values())
    for split in ("test", "validation") if len(weights) >= UNITS_FOR_VALIDATION else ("test",):
        filled = 0
        # The first always goes in. Another goes in if the share is then nearer to its target than without it.
        while rest and (not filled or filled + weights[rest[0]] / 2 <= target):
            filled += weights[rest[0]]
            splits[rest.pop(0)] = split
    return splits


def _lot(members: frozenset[str], seed: int) -> bytes:
    # A hash instead of a shuffle: the lot of a unit depends neither on the others nor on Python's version.
    return hashlib.sha256(f"{seed}:{','.join(sorted(members))}".encode()).digest()
