"""The rule of the splits, for any troupe: nobody moves, shares hold, and groups stay together where they can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import SessionId
from bot.domain.splits import (
    Crossings,
    Split,
    connected_groups,
    crossings,
    draw_splits,
    fold_of,
)

WISH, POINTS = 20, 5
"""The promise, in percent and points, as docs/data.md makes it: it holds from ten speakers on."""

ENOUGH = 10

TRAIN, TEST, VALIDATION = Split.TRAIN, Split.TEST, Split.VALIDATION

SPEAKERS = [f"spk_{number:08x}" for number in range(30)]
NAMES = st.sampled_from(SPEAKERS)
TROUPES = st.sets(NAMES)
SESSIONS = st.dictionaries(st.sampled_from("ABCDEF"), st.sets(NAMES, min_size=1, max_size=8))
ASSIGNED = st.dictionaries(NAMES, st.sampled_from(Split))
SEEDS = st.integers(-(2**31), 2**31)

Sessions = dict[str, set[str]]


def share(sides: Mapping[str, Split], speakers: Iterable[str], split: Split) -> float:
    """The share of a split among speakers, in percent."""
    counts = Counter(sides[speaker] for speaker in speakers)
    return 100 * counts[split] / counts.total()


@given(ASSIGNED, TROUPES, SESSIONS, SEEDS)
def test_only_new_speakers_are_given_a_side(
    assigned: dict[str, Split], speakers: set[str], sessions: Sessions, seed: int
):
    before = dict(assigned)
    drawn = draw_splits(assigned, speakers, sessions, seed)
    assert drawn.keys() == speakers - before.keys()
    assert assigned == before


@given(ASSIGNED, TROUPES, SESSIONS, SEEDS, st.randoms(use_true_random=False))
def test_neither_order_nor_who_is_away_matters(
    assigned: dict[str, Split], speakers: set[str], sessions: Sessions, seed: int, random: Random
):
    shuffled = sorted(speakers)
    random.shuffle(shuffled)
    strangers = {"spk_of_someone_away": TEST}
    again = draw_splits(
        strangers | dict(reversed(assigned.items())),
        shuffled,
        {name: sorted(members, reverse=True) for name, members in reversed(sessions.items())},
        seed,
    )
    assert again == draw_splits(assigned, speakers, sessions, seed)
    assert list(again) == sorted(again)


@given(st.lists(st.tuples(TROUPES, SESSIONS), max_size=8), SEEDS)
def test_shares_hold_from_ten_speakers_on_however_a_troupe_grows(releases: list[tuple[set[str], Sessions]], seed: int):
    sides: dict[str, Split] = {}
    for joining, sessions in releases:
        sides |= draw_splits(sides, {*sides, *joining}, sessions, seed)
        if len(sides) >= ENOUGH:
            for split in (TEST, VALIDATION):
                assert abs(share(sides, sides, split) - WISH) <= POINTS + 1e-9


@given(st.lists(st.tuples(TROUPES, SESSIONS), min_size=2, max_size=8), SEEDS)
def test_nobody_is_moved_whoever_leaves_or_comes_back(releases: list[tuple[set[str], Sessions]], seed: int):
    first: dict[str, Split] = {}
    sides: dict[str, Split] = {}
    for speakers, sessions in releases:
        sides |= draw_splits(sides, speakers, sessions, seed)
        for speaker in speakers:
            assert first.setdefault(speaker, sides[speaker]) == sides[speaker]


@given(ASSIGNED, TROUPES, SESSIONS, SEEDS)
def test_groups_cost_the_shares_no_more_than_the_tolerance_whoever_left(
    assigned: dict[str, Split], speakers: set[str], sessions: Sessions, seed: int
):
    """The same people as strangers show what those who left made impossible."""
    together = assigned | draw_splits(assigned, speakers, sessions, seed)
    strangers = assigned | draw_splits(assigned, speakers, {}, seed)
    if len(speakers) >= ENOUGH:
        for split in (TEST, VALIDATION):
            reached = max(
                POINTS,
                *(abs(share(strangers, speakers, one) - (60 if one == TRAIN else WISH)) for one in Split),
            )
            assert abs(share(together, speakers, split) - WISH) <= reached + 1e-9


@given(TROUPES, SESSIONS, SEEDS)
def test_two_speakers_make_two_splits_and_one_is_for_training(speakers: set[str], sessions: Sessions, seed: int):
    drawn = draw_splits({}, speakers, sessions, seed)
    assert set(drawn.values()) >= ({TRAIN, TEST} if len(speakers) > 1 else {TRAIN} if speakers else set())
    if len(speakers) < 5:
        assert VALIDATION not in drawn.values()


@given(SEEDS)
def test_strangers_are_divided_as_wished_from_the_first_on(seed: int):
    counts = [Counter(draw_splits({}, SPEAKERS[:number], {}, seed).values()) for number in range(1, 11)]
    found = [(one[TRAIN], one[TEST], one[VALIDATION]) for one in counts]
    few = [(1, 0, 0), (1, 1, 0), (2, 1, 0), (3, 1, 0), (3, 1, 1)]
    assert found == [*few, (4, 1, 1), (4, 2, 1), (5, 2, 1), (5, 2, 2), (6, 2, 2)]


def dyads(number: int) -> Sessions:
    return {f"S{first}": set(SPEAKERS[2 * first : 2 * first + 2]) for first in range(number)}


@pytest.mark.parametrize(("number", "sizes"), [(2, (2, 2, 0)), (5, (6, 2, 2)), (10, (12, 4, 4)), (15, (18, 6, 6))])
def test_pairs_who_met_no_one_else_stay_together(number: int, sizes: tuple[int, int, int]):
    sessions = dyads(number)
    drawn = draw_splits({}, SPEAKERS[: 2 * number], sessions, seed=4)
    counts = Counter(drawn.values())
    assert (counts[TRAIN], counts[TEST], counts[VALIDATION]) == sizes
    assert crossings(drawn, sessions) == Crossings([], frozenset())


def test_only_the_largest_group_is_divided_if_that_is_enough():
    sessions = {"A": set(SPEAKERS[:16]), "B": set(SPEAKERS[16:18]), "C": set(SPEAKERS[18:20])}
    drawn = draw_splits({}, SPEAKERS[:20], sessions, seed=4)
    assert Counter(drawn.values()) == {TRAIN: 12, TEST: 4, VALIDATION: 4}
    assert crossings(drawn, sessions).sessions == ["A"]


def test_who_joins_people_of_one_side_is_on_it_while_shares_allow():
    sides = dict(zip(SPEAKERS[:20], [TRAIN] * 12 + [TEST] * 4 + [VALIDATION] * 4, strict=True))
    newcomer = SPEAKERS[29]
    for speaker, side in sides.items():
        assert draw_splits(sides, [*sides, newcomer], {"A": {speaker, newcomer}}, seed=1) == {newcomer: side}
    crowd = SPEAKERS[20:]
    drawn = draw_splits(sides, [*sides, *crowd], {"A": {SPEAKERS[13], *crowd}}, seed=1)
    assert Counter(drawn.values()) == {TRAIN: 6, TEST: 2, VALIDATION: 2}


def test_who_left_does_not_count_and_who_comes_fills_their_place():
    sides = dict(zip(SPEAKERS[:10], [TRAIN] * 6 + [TEST] * 2 + [VALIDATION] * 2, strict=True))
    here = [speaker for speaker in sides if sides[speaker] != TEST]
    drawn = draw_splits(sides, [*here, *SPEAKERS[10:12]], {}, seed=1)
    assert drawn == dict.fromkeys(SPEAKERS[10:12], TEST)


def test_the_seed_decides_who_is_tested():
    drawn = {
        next(name for name, split in draw_splits({}, SPEAKERS[:4], {}, seed).items() if split == TEST)
        for seed in range(40)
    }
    assert drawn == set(SPEAKERS[:4])


def test_a_chain_of_sessions_is_one_group():
    chain = {str(number): set(pair) for number, pair in enumerate(pairwise(SPEAKERS[:5]))}
    assert connected_groups(SPEAKERS[:6], chain) == [frozenset(SPEAKERS[:5]), frozenset(SPEAKERS[5:6])]


def test_people_who_are_no_speakers_connect_no_one():
    sessions = {"A": {SPEAKERS[0], SPEAKERS[9]}, "B": {SPEAKERS[1], SPEAKERS[9]}}
    assert len(connected_groups(SPEAKERS[:2], sessions)) == 2


@given(st.dictionaries(NAMES, st.sampled_from(Split)), SESSIONS)
def test_every_pair_that_met_across_sides_is_reported(sides: dict[str, Split], sessions: Sessions):
    found = crossings(sides, sessions)
    across = {
        (one, other)
        for one, other in combinations(sorted(sides), 2)
        if sides[one] != sides[other] and any({one, other} <= members for members in sessions.values())
    }
    assert found.pairs == across
    assert found.sessions == sorted(
        name for name, members in sessions.items() if any({*pair} <= members for pair in across)
    )


def test_a_fold_is_a_session_for_ever():
    assert [fold_of(SessionId(number)) for number in (3, 1, 2)] == [3, 1, 2]
