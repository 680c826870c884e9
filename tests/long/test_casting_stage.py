"""Who goes on stage, and with whom."""

from collections.abc import Sequence
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.casting.company import company_of
from bot.domain.casting.deal import History
from bot.domain.casting.groups import choose_group
from bot.domain.casting.rotation import counted_scenes
from bot.domain.casting.shares import fair_shares, there_for
from bot.domain.ids import PersonId
from tests.domain.pieces import persons

QUICK = settings(deadline=None, max_examples=30)


def play(comings: Sequence[Sequence[int]], size: int, seed: int) -> list[tuple[PersonId, ...]]:
    """The casts of a session that casting deals if these people are present for each scene."""
    casts: list[tuple[PersonId, ...]] = []
    random = Random(seed)
    for present in comings:
        casts.append(group_of(sorted(present), min(size, len(present)), history_of([casts]), random))
    return casts


def group_of(
    present: Sequence[int], size: int, history: History, random: Random, prompt_id: str | None = None
) -> tuple[PersonId, ...]:
    """Who of these people goes on stage next."""
    return choose_group(company_of(persons(present), history), size, history, random, prompt_id)


def history_of(sessions: Sequence[Sequence[Sequence[PersonId]]]) -> History:
    appearances: dict[PersonId, list[int]] = {}
    for number, cast in enumerate(sessions[-1], 1):
        for person in cast:
            appearances.setdefault(person, []).append(number)
    pairs: dict[tuple[PersonId, PersonId], int] = {}
    for pair in (pair for casts in sessions for cast in casts for pair in combinations(sorted(cast), 2)):
        pairs[pair] = pairs.get(pair, 0) + 1
    return History(
        appearances=appearances,
        pairs=pairs,
        shares=fair_shares(sessions, {one for casts in sessions for cast in casts for one in cast}),
    )


@QUICK
@given(st.integers(2, 12), st.integers(2, 4), st.integers(1, 14), st.integers(0, 2**31))
def test_while_everyone_is_there_no_one_is_on_stage_two_scenes_more_than_another(
    people: int, size: int, scenes: int, seed: int
):
    casts = play([range(people)] * scenes, size, seed)
    for so_far in range(1, scenes + 1):
        times = [sum(one in cast for cast in casts[:so_far]) for one in range(people)]
        assert max(times) - min(times) <= 1


@QUICK
@given(st.integers(5, 12), st.integers(2, 4), st.integers(0, 8), st.integers(1, 3), st.integers(0, 2**31))
def test_a_latecomer_is_in_the_next_scene_and_then_rotates(people: int, size: int, more: int, late: int, seed: int):
    regulars = range(late, people)
    size = min(size, len(regulars))
    missed = -(-len(regulars) // size) + more
    casts = play([regulars] * missed + [range(people)] * 8, size, seed)
    with_them = casts[missed:]
    first = -(-late // size)
    assert all(any(one in cast for cast in with_them[:first]) for one in range(late))
    # Once all have been on stage, no one gains more than one scene on another in any stretch that begins with a round.
    for one, other in combinations(range(people), 2):
        gained = [(one in cast) - (other in cast) for cast in with_them[first:]]
        assert all(abs(sum(gained[:end])) <= 2 for end in range(len(gained) + 1))


def test_a_returning_performer_does_not_catch_up_in_one_go():
    there = [range(5)] * 3 + [range(1, 5)] * 8 + [range(5)] * 6
    casts = play(there, 2, 1)
    back = [0 in cast for cast in casts[11:]]
    assert back[0]
    assert sum(back) <= 3


def test_missed_rounds_are_credited_but_for_the_last():
    one, two, three, four = persons(range(1, 5))
    assert counted_scenes({one: [1, 2, 3, 4], two: [1, 3], three: [2, 4], four: [5]}) == {1: 4, 2: 2, 3: 3, 4: 4}


def test_who_was_there_is_read_from_the_rounds():
    casts = [(1, 2), (3, 4), (1, 3), (2, 4), (1, 5), (2, 5), (1, 2), (2, 5), (1, 5)]
    there = there_for([persons(cast) for cast in casts])
    assert there[0] == (1, 2, 3, 4)
    assert there[4] == (1, 2, 5)


@QUICK
@given(st.integers(3, 8), st.integers(2, 3), st.integers(1, 12), st.integers(0, 2**31))
def test_shares_of_those_always_there_are_equal_and_add_up_to_all_meetings(
    people: int, size: int, scenes: int, seed: int
):
    casts = play([range(people)] * scenes, size, seed)
    shares = fair_shares([casts], persons(range(people)))
    if len(shares) == people * (people - 1) // 2:
        assert len(set(shares.values())) == 1
    assert abs(sum(shares.values()) - sum(len(cast) * (len(cast) - 1) // 2 for cast in casts)) < 1e-6


@QUICK
@given(st.integers(6, 10), st.integers(0, 2**31))
def test_two_newcomers_among_regulars_do_not_share_the_stage_all_evening(people: int, seed: int):
    before = play([range(2, people)] * 20, 3, seed)
    tonight: list[tuple[PersonId, ...]] = []
    random = Random(seed)
    for _ in range(16):
        tonight.append(group_of(range(people), 3, history_of([before, tonight]), random))
    met = {pair: sum(set(pair) <= set(cast) for cast in tonight) for pair in combinations(range(people), 2)}
    news = [times for (one, other), times in met.items() if one < 2 or other < 2]
    assert met[0, 1] <= min(news) + 2


@QUICK
@given(st.lists(st.integers(1, 10**18), min_size=2, max_size=12, unique=True), st.integers(2, 4), st.integers(0, 2**31))
def test_a_group_has_the_size_that_was_asked_for_and_is_of_those_present(people: list[int], size: int, seed: int):
    size = min(size, len(people))
    group = group_of(sorted(people), size, History(), Random(seed))
    assert len(set(group)) == size
    assert set(group) <= set(people)
    assert list(group) == sorted(group)


def test_of_groups_that_are_as_even_one_is_chosen_that_does_not_know_the_prompt():
    history = History(played=dict.fromkeys(((person, "p") for person in persons([1, 2])), 1))
    for seed in range(10):
        assert group_of(range(1, 5), 2, history, Random(seed), "p") == (3, 4)
