"""Which speaker is on which side of a dataset's splits. Pure; a speaker who has a side keeps it.

A speaker without a side is given one when they are first exported. The wish is a share of *speakers*: 20 % for testing,
as many for validation from five speakers on, the rest for training (the usual 80/20 and 60/20/20). From ten speakers
on, a drawing stays within five points of it; with fewer, within one speaker. Shares count the speakers of the release:
someone who left keeps their side for the case that they come back, but does not count.

People who play together influence each other. New speakers who met only each other, directly or through others, are
therefore given one side, and new speakers who met people of one side are given that side, as long as the shares allow
it. Otherwise such a group is divided, the largest group first, and each of its members goes where most are missing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from math import inf

from bot.domain.ids import SessionId


class Split(StrEnum):
    """A side."""

    TRAIN = "train"
    TEST = "test"
    VALIDATION = "validation"


TEST_PERCENT = 20
"""The share of speakers for the test split, and for the validation split if there is one."""

TOLERANCE_PERCENT = 5
"""How far a drawing may be from the wish to keep a group together, in points."""

SPEAKERS_FOR_SHARES = 10
"""The fewest speakers of whom one speaker is no more than twice the tolerance: from here on, the shares are kept."""

SPEAKERS_FOR_VALIDATION = 5
"""The fewest speakers of whom one is not more than the share for validation."""

_ONE = 100
"""One speaker, in hundredths: shares are counted in whole numbers, which can be compared exactly."""

_FIRST_FILLED = (Split.TEST, Split.VALIDATION, Split.TRAIN)
"""Which split is filled first if several lack the same: a small one, which has fewer chances."""


@dataclass(frozen=True, slots=True)
class _Party:
    """New speakers who go to one side: to `side` if it is given, otherwise to any."""

    members: tuple[str, ...]
    side: Split | None = None

    @property
    def is_bound(self) -> bool:
        return len(self.members) > 1 or self.side is not None


@dataclass(frozen=True, slots=True)
class Crossings:
    """Who met across sides: the sessions with speakers of several sides, and the pairs who shared such a session."""

    sessions: Sequence[str] = ()
    pairs: frozenset[tuple[str, str]] = field(default_factory=frozenset[tuple[str, str]])


def wished(speakers: int) -> dict[Split, int]:
    """Return how many of so many speakers each split should have, in hundredths of a speaker.

    At least one speaker is for testing if there are two, and one for validation if there are five.
    """
    test = max(TEST_PERCENT * speakers, _ONE) if speakers > 1 else 0
    validation = TEST_PERCENT * speakers if speakers >= SPEAKERS_FOR_VALIDATION else 0
    return {Split.TRAIN: _ONE * speakers - test - validation, Split.TEST: test, Split.VALIDATION: validation}


def draw_splits(
    assigned: Mapping[str, Split], speakers: Iterable[str], sessions: Mapping[str, Iterable[str]], seed: int
) -> dict[str, Split]:
    """Give a side to those speakers of a release who have none, and return only these.

    `assigned` are all sides ever given, and none is changed; `sessions` says who took part in which session of the
    release. People in `sessions` who are neither speakers nor assigned connect no one. The same arguments give the
    same result, in any order. With two speakers, one is for training and one for testing; one alone is for training.
    """
    present = set(speakers)
    taken = Counter(assigned[speaker] for speaker in present & assigned.keys())
    parties = _parties(present - assigned.keys(), assigned, sessions, seed)
    # After withdrawals, no drawing may reach the tolerance. Groups are then divided only if that brings it nearer.
    bound = max(_tolerance(len(present)), _deviation(taken, _place(_singles(parties, seed), taken)))
    while _deviation(taken, drawn := _place(parties, taken)) > bound:
        largest = max((party for party in parties if party.is_bound), key=lambda party: len(party.members))
        rest = [party for party in parties if party != largest]
        parties = [party for party in rest if party.is_bound]
        parties += _singles([largest, *(party for party in rest if not party.is_bound)], seed)
    return dict(sorted(drawn.items()))


def crossings(sides: Mapping[str, str], sessions: Mapping[str, Iterable[str]]) -> Crossings:
    """Return who met across sides. People without a side are not counted."""
    met = {name: sorted({member for member in members if member in sides}) for name, members in sessions.items()}
    crossed = {name: members for name, members in met.items() if len({sides[member] for member in members}) > 1}
    pairs = (pair for members in crossed.values() for pair in combinations(members, 2))
    return Crossings(sorted(crossed), frozenset(pair for pair in pairs if sides[pair[0]] != sides[pair[1]]))


def fold_of(session_id: SessionId) -> int:
    """Return the leave-one-session-out fold of a session: its number in the store, which no release changes."""
    return int(session_id)


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


def _parties(
    new: Iterable[str], assigned: Mapping[str, Split], sessions: Mapping[str, Iterable[str]], seed: int
) -> list[_Party]:
    """Return new speakers as they should stay together: those with a given side first, then the largest groups."""
    sides: dict[str, set[Split]] = {}
    for members in map(set, sessions.values()):
        met = {assigned[member] for member in members & assigned.keys()}
        for member in members:
            sides.setdefault(member, set()).update(met)
    bound: list[_Party] = []
    torn: list[_Party] = []
    for group in connected_groups(new, sessions):
        near = set[Split]().union(*(sides.get(member, set()) for member in group))
        if len(near) <= 1 and (near or len(group) > 1):
            bound.append(_Party(tuple(sorted(group)), next(iter(near), None)))
        else:
            torn.append(_Party(tuple(group)))
    bound.sort(key=lambda party: (party.side is None, -len(party.members), _lot(party.members, seed)))
    return bound + _singles(torn, seed)


def _singles(parties: Iterable[_Party], seed: int) -> list[_Party]:
    members = [(member,) for party in parties for member in party.members]
    return [_Party(one) for one in sorted(members, key=lambda one: _lot(one, seed))]


def _place(parties: Iterable[_Party], taken: Mapping[Split, int]) -> dict[str, Split]:
    """Put one party after another where it is bound to go, or where most speakers are missing."""
    parties = list(parties)
    wish = wished(sum(taken.values()) + sum(len(party.members) for party in parties))
    missing = {split: wish[split] - _ONE * taken.get(split, 0) for split in _FIRST_FILLED}
    drawn: dict[str, Split] = {}
    for party in parties:
        side = party.side or max(missing, key=missing.__getitem__)
        missing[side] -= _ONE * len(party.members)
        drawn |= dict.fromkeys(party.members, side)
    return drawn


def _deviation(taken: Mapping[Split, int], drawn: Mapping[str, Split]) -> float:
    """Return how far the worst split is from the wish, in hundredths; infinity if train or test is empty."""
    counts = Counter(taken) + Counter(drawn.values())
    wish = wished(counts.total())
    if any(wish[split] and not counts[split] for split in (Split.TRAIN, Split.TEST)):
        return inf
    return max(abs(_ONE * counts[split] - wish[split]) for split in Split)


def _tolerance(speakers: int) -> int:
    return TOLERANCE_PERCENT * speakers if speakers >= SPEAKERS_FOR_SHARES else _ONE


def _lot(members: Sequence[str], seed: int) -> bytes:
    # A hash instead of a shuffle: the lot of a group depends neither on the others nor on Python's version.
    return hashlib.sha256(f"{seed}:{','.join(members)}".encode()).digest()
