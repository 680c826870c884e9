"""The queue of raters: what holds however many press at once, whenever they answer, and no matter who leaves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.queue.breaks import break_is_due, offers_break
from bot.domain.queue.checks import (
    BLOCK,
    FEWEST_TURNS,
    GAP,
    Given,
    clips_left,
    next_check,
    purpose_at,
    references_among,
)
from bot.domain.queue.doubt import doubt
from bot.domain.queue.leases import LEASE_SECONDS, Leases
from bot.domain.queue.order import LEAST_ANSWERS, Known, Order, may_still_answer, next_turn
from bot.domain.queue.reach import Rated, Reach, reach
from bot.domain.states import TrialPurpose
from bot.statistics.quantiles import wilson

SEEDS = st.integers(0, 2**31)
LABELS = st.lists(st.sampled_from("abcd"), max_size=8)


@dataclass
class Room:
    """Raters and turns, and a store that is read at one moment and believed at a later one. Rater n plays turns % n."""

    turns: int
    performers: int
    wanted: int
    seed: int
    now: float = 0.0
    leases: Leases[int, int] = field(default_factory=Leases[int, int])
    stored: defaultdict[int, dict[int, str]] = field(default_factory=lambda: defaultdict[int, dict[int, str]](dict))
    reading: dict[int, tuple[float, dict[int, dict[int, str]]]] = field(default_factory=dict)
    forms: dict[int, int] = field(default_factory=dict)
    refused: int = 0

    def read(self, rater: int) -> None:
        self.reading[rater] = self.now, {turn: dict(given) for turn, given in self.stored.items()}

    def has_read(self, rater: int) -> bool:
        return rater in self.reading and self.now - self.reading[rater][0] < LEASE_SECONDS

    def pick(self, rater: int) -> int | None:
        counted_from, found = self.reading.pop(rater)
        held = self.leases.held_by_others(rater, self.now, counted_from)
        known = [
            Known(turn, list(found.get(turn, {}).values()), held[turn])
            for turn in range(self.turns)
            if turn % self.performers != rater and rater not in found.get(turn, {})
        ]
        turn = next_turn(known, self.wanted, Order(self.seed, rater))
        if turn is not None:
            self.leases.give(turn, rater, self.now)
            self.forms[rater] = turn
        return turn

    def answer(self, rater: int, label: str) -> None:
        turn = self.forms.pop(rater)
        if rater in self.stored[turn]:
            return
        if not self.leases.holds(rater, turn, self.now):
            others = self.leases.held_by_others(rater, self.now, self.now)[turn]
            if not may_still_answer(len(self.stored[turn]), others, self.wanted):
                self.refused += 1
                return
            self.leases.admit(turn, rater, self.now)
        self.stored[turn][rater] = label
        self.leases.answered(turn, rater, self.now)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6), st.integers(1, 6), st.integers(2, 14), SEEDS)
def test_no_turn_gets_more_than_one_too_many_whoever_leaves_or_comes_late(
    random: Random, wanted: int, turns: int, raters: int, seed: int
):
    room = Room(turns, performers=4, wanted=wanted, seed=seed)
    for _ in range(100):
        rater = random.randrange(raters)
        room.now += random.choice((0.0, 0.01, 5.0, LEASE_SECONDS * random.random()))
        if room.has_read(rater):
            room.pick(rater)
        elif rater in room.forms and random.random() < 0.6:
            room.answer(rater, random.choice("ab"))
        else:
            room.read(rater)
    assert all(len(given) <= wanted + 1 for given in room.stored.values())
    assert all(turn % 4 not in given for turn, given in room.stored.items()), "a performer was a peer of their own"


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(1, 12), st.integers(7, 12), SEEDS)
def test_if_everyone_answers_in_time_each_turn_gets_what_is_wanted_and_no_one_is_refused(
    wanted: int, turns: int, raters: int, seed: int
):
    room, random = Room(turns, performers=4, wanted=wanted, seed=seed), Random(seed)
    order = list(range(raters))
    while True:
        random.shuffle(order)
        room.now += 1
        for rater in order:
            room.read(rater)
        given = [rater for rater in order if room.pick(rater) is not None]
        if not given:
            break
        for rater in given:
            room.now += 1
            room.answer(rater, random.choice("abc"))
    assert {turn: len(room.stored[turn]) for turn in range(turns)} == dict.fromkeys(range(turns), wanted)
    assert room.refused == 0


def test_a_rater_who_presses_again_keeps_their_place_and_one_who_left_gives_it_up():
    leases = Leases[str, str]()
    leases.give("clip", "ann", 0.0)
    assert leases.turn_of("ann", LEASE_SECONDS - 1) == "clip"
    assert leases.held_by_others("ben", LEASE_SECONDS - 1, 0.0)["clip"] == 1
    assert leases.turn_of("ann", LEASE_SECONDS) is None
    assert not leases.held_by_others("ben", LEASE_SECONDS, 0.0)
    leases.give("clip", "ann", LEASE_SECONDS)
    leases.give("other", "ann", LEASE_SECONDS)
    assert leases.held_by_others("ben", LEASE_SECONDS, 0.0) == Counter(["other"])


@given(st.lists(LABELS, min_size=1, max_size=12), st.integers(1, 8), SEEDS)
def test_the_fewest_answers_come_first_and_then_the_greatest_doubt(labels: list[list[str]], wanted: int, seed: int):
    turns = [Known(number, found) for number, found in enumerate(labels)]
    chosen = next_turn(turns, wanted, Order(seed, "ann"))
    left = [len(found) for found in labels if len(found) < wanted]
    if chosen is None:
        assert not left
        return
    least = min(LEAST_ANSWERS, wanted)
    if min(left) < least:
        assert len(labels[chosen]) == min(left)
    else:
        assert doubt(labels[chosen]) == max(doubt(found) for found in labels if len(found) < wanted)


def test_among_equals_each_rater_has_an_order_of_their_own_which_the_seed_gives_again():
    def order_of(rater: int, seed: int) -> tuple[int, ...]:
        left, found = [Known(turn, ()) for turn in range(8)], list[int]()
        while (turn := next_turn(left, 5, Order(seed, rater))) is not None:
            found.append(turn)
            left = [known for known in left if known.turn != turn]
        return tuple(found)

    orders = [order_of(rater, 7) for rater in range(40)]
    assert len(set(orders)) == 40
    assert orders == [order_of(rater, 7) for rater in range(40)]
    assert orders[0] != order_of(0, 8)
    # Each turn comes first for about as many raters as any other: 5 of 40 on average.
    assert max(Counter(order[0] for order in orders).values()) <= 12


@given(LABELS)
def test_doubt_is_the_width_of_wilsons_interval_and_falls_with_each_answer_of_the_same_label(labels: list[str]):
    if labels:
        share = max(Counter(labels).values()) / len(labels)
        interval = wilson(share, len(labels))
        assert doubt(labels) == pytest.approx(interval.high - interval.low)
    alike = [doubt("a" * number) for number in range(9)]
    assert all(later < earlier for earlier, later in pairwise(alike))
    assert doubt("") == 1 > doubt("ab") > doubt("aa")


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(0, 5), st.integers(0, 8))
def test_checks_come_at_their_rates_and_repeat_nothing_that_is_fresh(seed: int, rater: int, references: int):
    given = list[Given[int]]()
    shared = [1000 + number for number in range(references)]
    for number in range(10 * BLOCK):
        due = next_check(given, shared, seed, rater)
        given.append(due or Given(number, TrialPurpose.RATING))
    counts = Counter(one.purpose for one in given)
    # In the first block, the repeat can come before anything can be repeated.
    assert counts[TrialPurpose.REPEAT] in (9, 10)
    assert [one.turn for one in given if one.purpose is TrialPurpose.REFERENCE] == shared[:10]
    last = {one.turn: place for place, one in enumerate(given) if one.purpose is TrialPurpose.RATING}
    repeats = [(place, one.turn) for place, one in enumerate(given) if one.purpose is TrialPurpose.REPEAT]
    assert all(place - last[turn] > GAP for place, turn in repeats)
    assert len({turn for _, turn in repeats}) == len(repeats)


def test_where_checks_come_differs_between_raters():
    places = {tuple(purpose_at(number, 7, rater) for number in range(3 * BLOCK)) for rater in range(20)}
    assert len(places) == 20


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(0, 5), st.integers(1, 60), st.integers(0, 4))
def test_the_number_of_clips_to_come_falls_by_one_whatever_a_clip_is_for(
    seed: int, rater: int, to_rate: int, references: int
):
    given, shown = list[Given[int]](), list[int]()
    shared = [1000 + number for number in range(references)]
    while to_rate:
        unheard = references - sum(one.turn >= 1000 for one in given)
        shown.append(clips_left(given, unheard, to_rate, seed, rater))
        due = next_check(given, shared, seed, rater)
        to_rate -= due is None
        given.append(due or Given(len(given), TrialPurpose.RATING))
    assert shown == list(range(len(given), 0, -1))


@given(SEEDS, st.integers(0, 300))
def test_references_are_few_and_stay_when_turns_are_added(seed: int, turns: int):
    found = references_among(range(turns), seed)
    assert found == [turn for turn in references_among(range(turns + 50), seed) if turn < turns] or not found
    assert len(found) <= turns / 4 + 3
    assert turns >= FEWEST_TURNS or not found


def test_a_break_is_offered_between_blocks_so_that_it_does_not_tell_which_clip_was_a_repeat():
    blocks = [[is_kept if place == 4 else None for place in range(BLOCK)] for is_kept in [True] * 6 + [False] * 4]
    answers = sum(blocks, list[bool | None]())
    due = [number for number in range(len(answers) + 1) if break_is_due(answers[:number])]
    assert due
    assert all(number % BLOCK == 0 and number > 6 * BLOCK for number in due)
    assert not any(break_is_due([True if one is not None else None for one in answers[:number]]) for number in due)


@given(st.lists(st.booleans(), max_size=20))
def test_a_break_is_offered_only_after_another_answer_and_not_again_for_the_same_ones(kept: list[bool]):
    if offers_break(kept):
        assert not kept[-1]
        assert not offers_break([*kept, True])
        assert not offers_break([*kept, False], len(kept)), "one repeat alone is no fall"
    assert not offers_break([True] * len(kept))


def test_a_break_is_offered_to_a_rater_who_no_longer_answers_as_before():
    steady = [True, True, False, True, True, True]
    assert not any(offers_break(steady[: number + 1]) for number in range(len(steady)))
    assert not offers_break([*steady, False])
    assert offers_break([*steady, False, False, False])


@given(st.integers(2, 9), st.integers(1, 7))
def test_a_troupe_reaches_as_many_as_the_others_are(size: int, wanted: int):
    troupe = frozenset(range(size))
    turns = [Rated(performer, frozenset()) for performer in troupe]
    found = reach(turns, troupe, wanted)
    assert found.least == min(wanted, size - 1)
    assert found.missing == max(0, wanted - (size - 1))
    guests = troupe | {f"guest {number}" for number in range(found.missing)}
    assert reach(turns, guests, wanted) == Reach(wanted, wanted, 0, 0)


def test_a_troupe_of_four_never_reaches_five():
    turns = [Rated(performer, frozenset("abcd") - {performer}) for performer in "abcd"]
    assert reach(turns, frozenset("abcd"), 5) == Reach(5, 3, 4, 2)
    assert reach([], frozenset("abcd"), 5) == Reach(5, 0, 0, 0)
