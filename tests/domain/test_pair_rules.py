"""The voice test: which pairs a rater is asked about, and how often."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.queue.pairs import CLIPS_A_PAIR, PairKind, Voice, kind_of, next_pair, pair_is_due

SEEDS = st.integers(0, 2**31)
VOICES = [
    Voice(10 * (10 * performer + scene) + number, scene, performer, f"{performer}-{scene % 2}")
    for performer in range(3)
    for scene in range(4)
    for number in range(2)
]
BY_TURN = {one.turn: one for one in VOICES}


def rated(seed: int, rater: int, number: int, asked: list[frozenset[int]]) -> list[tuple[int, int]]:
    """The pairs that one rater is given, each in the order in which they hear it."""
    found = list[tuple[int, int]]()
    for _ in range(number):
        pair = next_pair(VOICES, asked, {frozenset(one) for one in found}, seed, rater)
        assert pair is not None
        found.append(pair)
        asked.append(frozenset(pair))
    return found


@given(SEEDS, st.integers(0, 5))
def test_one_trial_in_ten_is_a_pair(seed: int, rater: int):
    clips, kinds = 0, list[bool]()
    while clips < 10 * CLIPS_A_PAIR:
        is_pair = pair_is_due(clips, seed, rater, was_pair=kinds[-1:] == [True])
        kinds.append(is_pair)
        clips += not is_pair
    assert kinds.count(True) == 10
    assert not kinds[0], "no one begins with a pair"


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_half_of_the_pairs_are_of_one_character_and_no_pair_comes_twice(seed: int):
    asked = list[frozenset[int]]()
    for rater in range(3):
        pairs = rated(seed, rater, 12, asked)
        assert len({frozenset(pair) for pair in pairs}) == 12
        kinds = Counter(kind_of(BY_TURN[one], BY_TURN[other]) for one, other in pairs)
        assert kinds == {PairKind.SAME: 6, PairKind.OTHER_CHARACTER: 3, PairKind.OTHER_PERFORMER: 3}
        for first in range(0, 12, 4):
            block = [kind_of(BY_TURN[one], BY_TURN[other]) for one, other in pairs[first : first + 4]]
            assert block.count(PairKind.SAME) == 2
    times = Counter(BY_TURN[turn].character for pair in asked for turn in pair)
    assert max(times.values()) - min(times.values()) <= 6, "each character is asked about"


def test_either_clip_comes_first_and_each_rater_has_pairs_of_their_own():
    first = [rated(7, rater, 8, []) for rater in range(20)]
    orders = Counter(one < other for pairs in first for one, other in pairs)
    assert min(orders.values()) > 50
    assert len({tuple(pairs) for pairs in first}) == 20
    assert first[0] == rated(7, 0, 8, [])


def test_without_a_character_in_two_scenes_there_are_no_pairs():
    one_scene = [one for one in VOICES if one.scene == 1]
    assert all(next_pair(one_scene, [], (), seed, 1) is None for seed in range(20))
    one_performer = [one for one in VOICES if one.performer == 0]
    found = {next_pair(one_performer, [], (), seed, 1) for seed in range(40)}
    kinds = {kind_of(BY_TURN[pair[0]], BY_TURN[pair[1]]) for pair in found if pair}
    assert kinds == {PairKind.SAME, PairKind.OTHER_CHARACTER}, "with one performer, no pair has two"
