"""Which speaker goes to which split. Pure: the same speakers and seed give the same answer, in any order.

A speaker is never in two splits. With several sessions whole groups stay together: speakers who share a session,
directly or through others, are one group, because who plays together influences each other. Where everybody is
connected, only speakers are kept apart, and partners may fall on two sides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

TEST_SHARE = 0.2
"""Share of clips the test split aims at, and the validation split where there is one: the usual 60/20/20 or 80/20."""

UNITS_FOR_VALIDATION = 5
"""From so many speakers (or groups) on there is a validation split; with fewer, training would be left with two."""

Unit = Literal["group", "speaker"]


@dataclass(frozen=True, slots=True)
class Splits:
    """`of_speaker` maps every speaker to 'train', 'test' or 'validation'; `unit` is what was never divided."""

    of_speaker: Mapping[str, str]
    unit: Unit


def split_speakers(clips: Mapping[str, int], sessions: Mapping[str, Iterable[str]], seed: int) -> Splits:
    """Divide speakers, of whom each has at least one clip, given who took part in which session.

    `clips` counts the clips of each speaker; people in `sessions` without clips link nobody. Train and test are
    both non-empty whenever there are two speakers; a lone speaker is train.
    """
    groups = connected_groups(clips, sessions)
    unit: Unit = "group" if len(groups) > 1 else "speaker"
    units = groups if unit == "group" else [frozenset({speaker}) for speaker in clips]
    weights = {members: sum(clips[speaker] for speaker in members) for members in units}
    splits = _assign(weights, seed)
    return Splits({speaker: splits[members] for members in units for speaker in sorted(members)}, unit)


def connected_groups(speakers: Iterable[str], sessions: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """Speakers joined wherever two were in one session, directly or through others; sorted by their first name."""
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
    # The largest unit trains, whatever the lots say: a test split larger than the training split helps nobody.
    largest = max(drawn, key=lambda members: weights[members], default=frozenset[str]())
    rest = [members for members in drawn if members != largest]
    splits = dict.fromkeys(weights, "train")
    target = TEST_SHARE * sum(weights.values())
    for split in ("test", "validation") if len(weights) >= UNITS_FOR_VALIDATION else ("test",):
        filled = 0
        # The first always goes in; others as long as that brings the share nearer to its target than leaving off.
        while rest and (not filled or filled + weights[rest[0]] / 2 <= target):
            filled += weights[rest[0]]
            splits[rest.pop(0)] = split
    return splits


def _lot(members: frozenset[str], seed: int) -> bytes:
    # A hash instead of a shuffle: the lot of a unit depends on nobody else, nor on Python's version.
    return hashlib.sha256(f"{seed}:{','.join(sorted(members))}".encode()).digest()
