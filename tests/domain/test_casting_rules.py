from collections import Counter
from itertools import combinations
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.casting.deal import History, Materials, deal
from bot.domain.characters import Character, CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.errors import NothingToDeal, PromptUnknown, TooFewPerformers
from bot.domain.ids import PersonId
from bot.domain.roles import Role
from tests.domain.pieces import persons


def emotion_set(count: int) -> EmotionSet:
    names = [chr(ord("a") + number) for number in range(count)]
    return EmotionSet("test", "Test", tuple(Emotion(name, name, name) for name in names))


def deck_of(*sizes: tuple[int, int]) -> Deck:
    prompts = [
        Prompt(f"p{number}", "t", "x", tuple(Role(f"c{index}") for index in range(most)), fewest)
        for number, (fewest, most) in enumerate(sizes)
    ]
    return Deck("test", "Test", tuple(prompts))


def materials(deck: Deck, emotion_count: int, characters: int = 20, arcs: int = 0) -> Materials:
    voices = tuple(Character(f"v{number}", "n", {}) for number in range(characters))
    return Materials(deck, emotion_set(emotion_count), CharacterSet("test", "Test", voices), arcs)


def tagged(prompt_id: str, *tags: str, fewest: int = 2, most: int = 2) -> Prompt:
    return Prompt(prompt_id, "t", "x", tuple(Role(f"r{role}") for role in range(most)), fewest, tags=frozenset(tags))


ONE, TWO, THREE, FOUR, FIVE, SIX = persons(range(1, 7))

performers_strategy = st.lists(st.integers(1, 50).map(PersonId), min_size=2, max_size=12, unique=True)


@settings(deadline=None)
@given(performers_strategy, st.integers(2, 9), st.integers(0, 2**31))
def test_a_deal_casts_each_performer_once_and_repeats_no_emotion_needlessly(
    performers: list[PersonId], emotion_count: int, seed: int
):
    dealt = deal(materials(deck_of((2, 4), (2, 3)), emotion_count), performers, History(), Random(seed))
    cast = [casting.person_id for casting in dealt.castings]
    assert len(cast) == len(set(cast)) == min(len(performers), dealt.prompt.most_performers)
    assert set(cast) <= set(performers)
    assert len({casting.role for casting in dealt.castings}) == len(cast)
    times = Counter(casting.target_emotion for casting in dealt.castings)
    assert max(times.values()) <= -(-len(cast) // emotion_count)
    assert all(1 <= casting.target_intensity <= 3 for casting in dealt.castings)


@settings(deadline=None)
@given(performers_strategy, st.integers(0, 2**31))
def test_the_same_seed_and_history_deal_the_same_scene_in_whatever_order_people_are_named(
    performers: list[PersonId], seed: int
):
    dealt_from = materials(deck_of((2, 4), (2, 4)), 7, arcs=1)
    one, other = performers[:2]
    known = {min(one, other): 1, max(one, other): 2}
    history = History(emotions={(one, "a"): 1, (other, "b"): 1}, arcs=known, characters={one: "v3"})
    dealt = deal(dealt_from, performers, history, Random(seed))
    assert deal(dealt_from, performers[::-1], history, Random(seed)) == dealt
    assert deal(dealt_from, sorted(performers), history, Random(seed)) == dealt


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 8), st.integers(1, 6), st.integers(1, 9), st.integers(0, 2**31))
def test_companies_and_casts_of_one_five_and_six_are_dealt(people: int, most: int, emotion_count: int, seed: int):
    company = persons(range(1, people + 1))
    once = History(appearances={person: [1] for person in company[:1]}, characters={ONE: "v0"})
    for history in (History(), once):
        dealt = deal(materials(deck_of((1, most)), max(emotion_count, 2), arcs=1), company, history, Random(seed))
        assert len({casting.person_id for casting in dealt.castings}) == min(people, most)
        assert len({casting.role for casting in dealt.castings}) == min(people, most)


def test_a_full_stage_of_six_gets_six_emotions_in_no_time():
    six = persons(range(1, 7))
    before = process_time()
    for seed in range(20):
        dealt = deal(materials(deck_of((6, 6)), 40), six, History(), Random(seed))
        assert len({casting.target_emotion for casting in dealt.castings}) == 6
    assert process_time() - before < 20 * 0.2


@settings(deadline=None)
@given(st.integers(2, 4), st.sets(st.integers(0, 3), max_size=2), st.integers(0, 2**31))
def test_required_roles_never_stay_home_and_the_others_take_turns(people: int, required: set[int], seed: int):
    roles = tuple(Role(f"r{number}", f"w{number}", is_required=number in required) for number in range(4))
    deck = Deck("d", "D", (Prompt("p", "t", "x", roles, 2),))
    dealt = deal(materials(deck, 5), persons(range(1, people + 1)), History(), Random(seed))
    cast = {casting.role for casting in dealt.castings}
    assert {f"r{number}" for number in required} <= cast
    assert len(cast) == people
    assert all(casting.want == casting.role.replace("r", "w") for casting in dealt.castings)


def test_every_role_is_played_by_everyone_in_time():
    roles = tuple(Role(f"r{number}", is_required=number == 3) for number in range(4))
    deck = materials(Deck("d", "D", (Prompt("p", "t", "x", roles, 2),)), 5)
    played = {
        (casting.person_id, casting.role)
        for seed in range(100)
        for casting in deal(deck, [ONE, TWO], History(), Random(seed)).castings
    }
    assert len(played) == 8


def test_the_least_used_prompt_and_the_least_felt_emotion_come_first():
    history = History(prompts={"p0": 1}, emotions={(ONE, "a"): 1, (TWO, "a"): 1})
    for seed in range(20):
        dealt = deal(materials(deck_of((2, 2), (2, 2)), 3), [ONE, TWO], history, Random(seed))
        assert dealt.prompt.prompt_id == "p1"
        assert {casting.target_emotion for casting in dealt.castings} == {"b", "c"}


def test_those_who_played_least_go_on_stage():
    history = History(appearances={ONE: [1, 2], THREE: [2]})
    dealt = deal(materials(deck_of((2, 2)), 3), [ONE, TWO, THREE], history, Random(0))
    assert {casting.person_id for casting in dealt.castings} == {2, 3}


def test_too_few_performers_says_how_many_are_needed():
    with pytest.raises(TooFewPerformers) as caught:
        deal(materials(deck_of((3, 4), (4, 4)), 3), [ONE, TWO], History(), Random(0))
    assert (caught.value.present, caught.value.needed) == (2, 3)


def test_of_prompts_used_as_often_one_is_dealt_that_those_present_do_not_know():
    history = History(
        prompts={"p0": 1, "p1": 1}, played={(ONE, "p0"): 1, (TWO, "p0"): 1, (THREE, "p1"): 1, (FOUR, "p1"): 1}
    )
    for seed in range(10):
        assert deal(materials(deck_of((2, 2), (2, 2)), 3), [ONE, TWO], history, Random(seed)).prompt.prompt_id == "p1"


def test_few_people_are_all_on_stage_where_a_prompt_has_room_for_all():
    for seed in range(10):
        assert (
            len(
                deal(materials(deck_of((2, 2), (2, 3), (2, 4)), 5), [ONE, TWO, THREE], History(), Random(seed)).castings
            )
            == 3
        )


def test_with_many_people_a_prompt_for_as_many_is_dealt_as_keeps_pairs_even():
    history = History(
        appearances={ONE: [1], TWO: [1], THREE: [1], FOUR: [1]},
        pairs=dict.fromkeys(combinations([ONE, TWO, THREE, FOUR], 2), 1),
    )
    for seed in range(10):
        dealt = deal(materials(deck_of((2, 2), (2, 4)), 5), [ONE, TWO, THREE, FOUR, FIVE, SIX], history, Random(seed))
        assert [casting.person_id for casting in dealt.castings] == [5, 6]


lines_strategy = st.sets(st.sampled_from(["war", "death", "love"]), min_size=1)


@settings(deadline=None)
@given(lines_strategy, st.integers(0, 2**31))
def test_nothing_is_dealt_against_a_line_however_little_else_there_is(lines: set[str], seed: int):
    deck = Deck("d", "D", (tagged("one", "war"), tagged("two", "love", "death"), tagged("three", "death", "war")))
    allowed = {prompt.prompt_id for prompt in deck.prompts if not prompt.tags & lines}
    history = History(prompts=dict.fromkeys(allowed, 100))
    try:
        found = {deal(materials(deck, 3), [ONE, TWO, THREE], history, Random(seed), lines=lines).prompt.prompt_id}
    except NothingToDeal:
        found = set[str]()
    assert found <= allowed
    assert bool(found) == bool(allowed)


def test_a_prompt_of_the_coordinators_choice_is_dealt_even_if_it_was_just_played():
    history = History(prompts={"p1": 9}, played={(ONE, "p1"): 9})
    for seed in range(5):
        dealt = deal(materials(deck_of((2, 2), (2, 2)), 3), [ONE, TWO], history, Random(seed), prompt_id="p1")
        assert dealt.prompt.prompt_id == "p1"


def test_a_choice_that_cannot_be_dealt_is_refused_with_the_reason():
    deck = materials(Deck("d", "D", (tagged("two", "war"), tagged("four", fewest=4, most=4))), 3)
    with pytest.raises(PromptUnknown):
        deal(deck, [ONE, TWO], History(), Random(0), prompt_id="five")
    with pytest.raises(NothingToDeal):
        deal(deck, [ONE, TWO], History(), Random(0), prompt_id="two", lines=["war"])
    with pytest.raises(TooFewPerformers) as caught:
        deal(deck, [ONE, TWO], History(), Random(0), prompt_id="four")
    assert (caught.value.present, caught.value.needed) == (2, 4)


def test_how_many_are_needed_tells_nothing_of_lines():
    deck = materials(Deck("d", "D", (tagged("two", "war"), tagged("four", fewest=4, most=4))), 3)
    with pytest.raises(NothingToDeal):
        deal(deck, [ONE, TWO], History(), Random(0), lines=["war"])
    with pytest.raises(TooFewPerformers) as caught:
        deal(deck, [ONE], History(), Random(0), lines=["war"])
    assert caught.value.needed == 2


@settings(deadline=None)
@given(st.integers(2, 12), st.integers(1, 4), st.integers(0, 2**31))
def test_those_on_stage_share_a_character_only_where_there_are_too_few(people: int, characters: int, seed: int):
    few = materials(deck_of((2, 4)), 5, characters)
    held = {ONE: "v0", TWO: "gone"}
    dealt = deal(few, persons(range(1, people + 1)), History(characters=held), Random(seed))
    chosen = [casting.character for casting in dealt.castings]
    assert len(set(chosen)) == min(len(chosen), characters)
    assert all(casting.character == "v0" for casting in dealt.castings if casting.person_id == 1)


@settings(deadline=None)
@given(st.integers(2, 4), st.integers(0, 4), st.integers(2, 9), st.integers(0, 2**31))
def test_arcs_go_to_those_who_had_fewest_and_shift_to_another_emotion(people: int, arcs: int, emotions: int, seed: int):
    had = {person: person % 2 for person in persons(range(people))}
    dealt = deal(materials(deck_of((people, people)), emotions, arcs=arcs), list(had), History(arcs=had), Random(seed))
    shifting = [casting for casting in dealt.castings if casting.arc]
    assert len(shifting) == min(arcs, people)
    staying = [casting.person_id for casting in dealt.castings if not casting.arc]
    assert all(had[casting.person_id] <= had[other] for casting in shifting for other in staying)
    targets = {casting.target_emotion for casting in dealt.castings}
    for casting in shifting:
        assert casting.arc
        assert casting.arc.second_emotion != casting.target_emotion
        assert casting.arc.second_emotion not in targets or emotions <= len(targets) + arcs
        assert 1 <= casting.arc.second_intensity <= 3
        assert 0.4 <= casting.arc.share <= 0.6
