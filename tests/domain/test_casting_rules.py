from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.casting import History, Materials, deal
from bot.domain.characters import Character, CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.errors import TooFewPerformers


def emotion_set(count: int) -> EmotionSet:
    names = [chr(ord("a") + number) for number in range(count)]
    return EmotionSet("test", "Test", tuple(Emotion(name, name, name) for name in names))


def deck_of(*sizes: tuple[int, int]) -> Deck:
    prompts = [
        Prompt(f"p{number}", "t", "x", tuple(f"c{index}" for index in range(most)), fewest)
        for number, (fewest, most) in enumerate(sizes)
    ]
    return Deck("test", "Test", tuple(prompts))


def materials(deck: Deck, emotion_count: int) -> Materials:
    voices = tuple(Character(f"v{number}", "n", "t", "p", "p", "t", "q") for number in range(20))
    return Materials(deck, emotion_set(emotion_count), CharacterSet("test", "Test", voices))


performers_strategy = st.lists(st.integers(1, 50), min_size=2, max_size=12, unique=True)


@settings(deadline=None)
@given(performers_strategy, st.integers(2, 9), st.integers(0, 2**31))
def test_a_deal_casts_each_performer_once_and_repeats_no_emotion_needlessly(
    performers: list[int], emotion_count: int, seed: int
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
def test_the_same_seed_and_history_deal_the_same_scene(performers: list[int], seed: int):
    dealt_from = materials(deck_of((2, 4), (2, 4)), 7)
    assert deal(dealt_from, performers, History(), Random(seed)) == deal(
        dealt_from, performers, History(), Random(seed)
    )


def test_the_least_used_prompt_and_the_least_felt_emotion_come_first():
    history = History(prompts={"p0": 1}, emotions={(1, "a"): 1, (2, "a"): 1})
    for seed in range(20):
        dealt = deal(materials(deck_of((2, 2), (2, 2)), 3), [1, 2], history, Random(seed))
        assert dealt.prompt.prompt_id == "p1"
        assert {casting.target_emotion for casting in dealt.castings} == {"b", "c"}


def test_whoever_played_least_goes_on_stage():
    history = History(appearances={1: [1, 2], 3: [2]})
    dealt = deal(materials(deck_of((2, 2)), 3), [1, 2, 3], history, Random(0))
    assert {casting.person_id for casting in dealt.castings} == {2, 3}


def test_too_few_performers_says_how_many_are_needed():
    with pytest.raises(TooFewPerformers) as caught:
        deal(materials(deck_of((3, 4), (4, 4)), 3), [1, 2], History(), Random(0))
    assert (caught.value.present, caught.value.needed) == (2, 3)
