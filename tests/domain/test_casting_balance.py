"""What the emotions of a scene are weighed by: the pull of its situation, and how those of partners compare."""

from __future__ import annotations

from random import Random

import pytest

from bot.domain.casting.balance import Pull, relations_so_far
from bot.domain.casting.deal import History, Materials, deal
from bot.domain.characters import Character, CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import PLEASANT, UNPLEASANT, Family, Relation, Stance, relation_of, stance_of
from bot.domain.roles import Role
from tests.domain.pieces import persons

JOY, CALM, FEAR, ANGER, NEUTRAL = Family.JOY, Family.CALM, Family.FEAR, Family.ANGER, Family.NEUTRAL
EMOTIONS = EmotionSet(
    "e", "E", tuple(Emotion(family.value, "l", "d", family=family) for family in (JOY, CALM, FEAR, ANGER, NEUTRAL))
)
VOICES = CharacterSet("c", "C", tuple(Character(f"c{number}", "n", {}) for number in range(6)))


def prompt(*pull: Family, name: str = "p", people: int = 2) -> Prompt:
    return Prompt(name, "t", "x", tuple(Role(f"r{role}") for role in range(people)), people, pull=frozenset(pull))


@pytest.mark.parametrize(
    ("family", "pull", "stance"),
    [
        (JOY, (JOY, FEAR), Stance.WITH),
        (JOY, (FEAR, ANGER), Stance.AGAINST),
        (FEAR, (JOY, CALM), Stance.AGAINST),
        (CALM, (JOY, FEAR), Stance.NEUTRAL),
        (NEUTRAL, (JOY,), Stance.NEUTRAL),
        (JOY, (NEUTRAL, FEAR), Stance.NEUTRAL),
        (JOY, (), Stance.NEUTRAL),
        (None, (JOY,), Stance.NEUTRAL),
    ],
)
def test_a_family_stands_to_a_situation(family: Family | None, pull: tuple[Family, ...], stance: Stance):
    assert stance_of(family, frozenset(pull)) is stance


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        (JOY, JOY, Relation.SAME),
        (NEUTRAL, NEUTRAL, Relation.SAME),
        (JOY, FEAR, Relation.OPPOSITE),
        (JOY, CALM, Relation.UNRELATED),
        (FEAR, ANGER, Relation.UNRELATED),
        (JOY, NEUTRAL, Relation.UNRELATED),
        (JOY, None, None),
    ],
)
def test_families_of_partners_compare_the_same_in_both_orders(
    one: Family | None, other: Family | None, relation: Relation | None
):
    assert relation_of(one, other) is relation_of(other, one) is relation


def test_every_family_but_two_is_on_one_side():
    assert not PLEASANT & UNPLEASANT
    assert set(Family) - PLEASANT - UNPLEASANT == {Family.SURPRISE, Family.NEUTRAL}


def test_the_relations_so_far_are_those_of_emotions_that_the_set_has():
    together = {("fear", "joy"): 2, ("anger", "fear"): 3, ("joy", "joy"): 1, ("gone", "joy"): 9}
    found = relations_so_far(EMOTIONS, History(together=together))
    assert found == {Relation.OPPOSITE: 2, Relation.UNRELATED: 3, Relation.SAME: 1}


def test_an_emotion_that_was_dealt_only_with_the_pull_is_wanted_where_the_pull_is_another():
    situations = {
        (frozenset({JOY}), frozenset[str]()): {"joy": 4, "fear": 0},
        (frozenset({FEAR}), frozenset[str]()): {"joy": 0, "fear": 4},
    }
    pull = Pull(EMOTIONS, History(situations=situations))
    joy, fear = EMOTIONS.find("joy"), EMOTIONS.find("fear")
    assert pull.cost(joy, prompt(FEAR), 2) < 0 < pull.cost(joy, prompt(JOY), 2)
    assert pull.cost(fear, prompt(JOY), 2) < 0 < pull.cost(fear, prompt(FEAR), 2)


def test_situations_that_exclude_an_emotion_do_not_count_as_offered_to_it():
    situations = {(frozenset({JOY}), frozenset({"fear"})): {"joy": 9, "calm": 9}}
    pull = Pull(EMOTIONS, History(situations=situations))
    assert pull.cost(EMOTIONS.find("fear"), prompt(ANGER), 2) == pull.cost(EMOTIONS.find("fear"), prompt(JOY), 2) == 0
    assert pull.cost(EMOTIONS.find("anger"), prompt(ANGER), 2) > 0


@pytest.mark.parametrize("missing", list(Relation))
def test_two_partners_are_dealt_the_relation_that_was_dealt_least(missing: Relation):
    pairs = {Relation.SAME: ("joy", "joy"), Relation.OPPOSITE: ("fear", "joy"), Relation.UNRELATED: ("anger", "fear")}
    history = History(together={pair: 3 for relation, pair in pairs.items() if relation is not missing})
    materials = Materials(Deck("d", "D", (prompt(),)), EMOTIONS, VOICES)
    for seed in range(10):
        parts = deal(materials, persons([1, 2]), history, Random(seed)).castings
        one, other = (EMOTIONS.find(part.target_emotion).family for part in parts)
        assert relation_of(one, other) is missing
