"""Directions, manners of a shift, and the emotions of an evening."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.casting.deal import Casting, History, Materials, deal
from bot.domain.casting.directions import choose_direction, choose_manner
from bot.domain.casting.tonight import FEWEST, MOST, emotions_of_evening
from bot.domain.casting.voices import another_character
from bot.domain.characters import Character, CharacterSet
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import PersonId
from bot.domain.states import ShiftManner
from bot.services.facts.library import Library
from tests.domain.pieces import persons

LIBRARY = Library(Path(__file__).parents[2] / "data")
LARGE = [LIBRARY.emotion_set(name) for name in ("categories-27", "emonet-40", "iemocap")]
ONE, TWO = persons((1, 2))
QUICK = settings(deadline=None, max_examples=40)


def choose(person: PersonId, dealt: Counter[tuple[PersonId, str, int, int]], seed: int) -> int:
    number = choose_direction(person, LARGE[0], ("anger", 2), History(directions=dealt), Random(seed))
    assert number is not None
    return number


@QUICK
@given(st.integers(0, 2**31))
def test_the_same_emotion_comes_with_another_direction_next_time(seed: int):
    dealt = Counter[tuple[PersonId, str, int, int]]()
    numbers: list[int] = []
    for _ in range(6):
        numbers.append(choose(ONE, dealt, seed))
        dealt[ONE, "anger", 2, numbers[-1]] += 1
    assert set(numbers[:3]) == set(numbers[3:]) == {1, 2, 3}


def test_of_directions_that_are_new_to_a_performer_one_is_dealt_that_others_had_least():
    dealt = Counter({(TWO, "anger", 2, 1): 2, (TWO, "anger", 2, 3): 1, (ONE, "anger", 1, 2): 5})
    assert {choose(ONE, dealt, seed) for seed in range(20)} == {2}


def test_an_emotion_with_one_direction_of_its_own_has_no_number():
    emotions = EmotionSet("e", "E", (Emotion("a", "A", "Do it."), Emotion("b", "B", "Do that.")))
    assert choose_direction(ONE, emotions, ("a", 2), History(), Random(1)) is None


def test_shifts_are_gradual_and_sudden_in_turn():
    manners = Counter[tuple[PersonId, ShiftManner]]()
    for number in range(20):
        manners[ONE, choose_manner(ONE, History(manners=manners), Random(number))] += 1
        assert abs(manners[ONE, ShiftManner.GRADUAL] - manners[ONE, ShiftManner.SUDDEN]) <= 1
    firsts = {choose_manner(ONE, History(), Random(number)) for number in range(20)}
    assert firsts == set(ShiftManner)


@pytest.mark.parametrize("emotions", LARGE, ids=lambda one: one.name)
def test_an_evening_has_six_to_eight_emotions_of_a_large_set_apart_from_each_other(emotions: EmotionSet):
    dealt = Counter[str]()
    for evening in range(60):
        chosen = emotions_of_evening(emotions, dealt, Random(evening))
        assert FEWEST <= len(chosen) <= MOST
        assert chosen == emotions_of_evening(emotions, dealt, Random(evening)), "the same seed chooses the same"
        them = [emotions.find(key) for key in chosen]
        assert sum(one.is_bodily for one in them) <= 1
        assert not [(one.key, two.key) for one in them for two in them if emotions.overlap(one, two)]
        dealt.update(dict.fromkeys(chosen, 10))
    times = [dealt[one.key] // 10 for one in emotions.emotions]
    # Of nine emotions, two pairs overlap: each of these comes every other evening.
    assert max(times) - min(times) <= (30 if emotions.name == "iemocap" else 3), "what is missing comes first"
    assert min(times) >= 60 * FEWEST // len(emotions.emotions) - 10


def test_what_is_missing_on_a_server_comes_first_and_then_families_that_are_not_there_yet():
    emotions = LARGE[1]
    rare = ["pride", "doubt", "longing", "pain"]
    dealt = {one.key: 0 if one.key in rare else 5 for one in emotions.emotions}
    assert set(rare) <= set(emotions_of_evening(emotions, dealt, Random(1)))
    for seed in range(30):
        families = [emotions.find(key).family for key in emotions_of_evening(emotions, {}, Random(seed))]
        assert len(set(families)) == len(families)


def test_a_set_in_which_much_overlaps_still_fills_an_evening():
    keys = "abcdefghij"
    alike = tuple(Emotion(key, key, "d", overlaps=tuple(set(keys) - {key}), is_bodily=key > "b") for key in keys)
    chosen = emotions_of_evening(EmotionSet("e", "E", alike), {}, Random(1))
    assert len(chosen) == FEWEST
    assert emotions_of_evening(EmotionSet("e", "E", alike[:8]), {}, Random(1)) == (), "a small set is dealt whole"


@QUICK
@given(st.integers(0, 2**31))
def test_within_what_is_dealt_no_one_is_dealt_one_emotion_two_times_more_than_another(seed: int):
    emotions = LARGE[1]
    tonight = emotions_of_evening(emotions, {}, Random(seed))
    materials = Materials(LIBRARY.deck("everyday"), emotions, LIBRARY.character_set("core"), 1, tonight)
    people, times = persons(range(4)), Counter[tuple[PersonId, str]]()
    could = dict.fromkeys([(person, key) for person in people for key in tonight], "")
    for number in range(12):
        dealt = deal(materials, people, History(emotions=times), Random(f"{seed}/{number}"))
        for part in dealt.castings:
            times[part.person_id, part.target_emotion] += 1
            felt = {part.target_emotion} | ({part.arc.second_emotion} if part.arc else set())
            assert felt <= set(tonight), "second emotions, too"
            for key in tonight:
                excluded = dealt.prompt.excludes(emotions.find(key))
                could[part.person_id, key] += "" if excluded else f" {number}"
            for key, other in combinations(tonight, 2):
                if could[part.person_id, key] == could[part.person_id, other]:
                    assert abs(times[part.person_id, key] - times[part.person_id, other]) <= 1


@QUICK
@given(st.integers(0, 2**31))
def test_a_part_has_a_direction_for_each_of_its_emotions(seed: int):
    materials = Materials(LIBRARY.deck("everyday"), LARGE[0], LIBRARY.character_set("core"), 2)
    for part in deal(materials, persons(range(3)), History(), Random(seed)).castings:
        for key, number in ((part.target_emotion, part.direction), *_arc(part)):
            assert number in range(1, len(LARGE[0].find(key).directions_at(2)) + 1)
    closed = {person: {"bodily_disgust"} for person in persons(range(2, 3))}
    for part in deal(materials, persons(range(3)), History(), Random(seed), refused=closed).castings:
        assert all(number in (1, 2, 3) for _, number in ((part.target_emotion, part.direction), *_arc(part)))


def _arc(part: Casting) -> list[tuple[str, int | None]]:
    return [(part.arc.second_emotion, part.arc.direction)] if part.arc else []


def test_another_voice_is_one_that_no_one_holds_and_if_possible_no_one_gave_up():
    four = CharacterSet("c", "C", tuple(Character(key, key, {}) for key in "abcd"))
    for seed in range(20):
        found = another_character(four, {"a", "b"}, ["c"], Random(seed))
        assert found is not None
        assert found.key == "d"
        again = another_character(four, {"a", "b", "d"}, ["c"], Random(seed))
        assert again is not None
        assert again.key == "c"
    assert another_character(four, set("abcd"), [], Random(1)) is None
