"""No emotion is dealt against what a prompt, or someone on stage, leaves out."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.casting.deal import History, Materials, deal
from bot.domain.characters import Character, CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.errors import DataFileInvalid, NothingToDeal
from bot.domain.families import Family
from bot.domain.ids import PersonId
from bot.domain.limits import LimitChange, LimitKind, Limits
from bot.domain.opt_ins import parse_opt_ins
from bot.domain.roles import Role
from tests.domain.pieces import persons

FAMILIES = (Family.JOY, Family.FEAR, Family.ANGER)
KEYS = [f"e{number}" for number in range(6)]
EMOTIONS = EmotionSet("e", "E", tuple(Emotion(key, "l", "d", family=FAMILIES[at % 3]) for at, key in enumerate(KEYS)))
VOICES = CharacterSet("c", "C", tuple(Character(f"c{number}", "n", {}) for number in range(12)))

keys_strategy = st.frozensets(st.sampled_from(KEYS))
not_emotions = st.lists(st.frozensets(st.sampled_from([*KEYS, *FAMILIES]), max_size=3), min_size=1, max_size=3)


def prompt(number: int, excluded: frozenset[str] = frozenset(), most: int = 2) -> Prompt:
    roles = tuple(Role(f"r{role}") for role in range(most))
    return Prompt(f"p{number}", "t", "x", roles, min(2, most), not_emotions=excluded)


@settings(deadline=None, max_examples=200)
@given(st.lists(keys_strategy, min_size=2, max_size=5), not_emotions, keys_strategy, st.integers(0, 2**31))
def test_nothing_that_is_left_out_is_dealt_and_something_is_dealt_where_anything_is_left(
    refusals: list[frozenset[str]], excluded: list[frozenset[str]], tonight: frozenset[str], seed: int
):
    people = persons(range(1, len(refusals) + 1))
    refused = dict(zip(people, refusals, strict=True))
    deck = Deck("d", "D", tuple(prompt(number, one) for number, one in enumerate(excluded)))
    materials = Materials(deck, EMOTIONS, VOICES, 2, tuple(sorted(tonight)))

    def left(one: Prompt, cast: tuple[PersonId, ...]) -> set[str]:
        off = frozenset[str]().union(*(refused[person] for person in cast))
        return {emotion.key for emotion in EMOTIONS.emotions if emotion.key not in off and not one.excludes(emotion)}

    pairs = [(one, other) for one in people for other in people if one < other]
    try:
        dealt = deal(materials, people, History(), Random(seed), refused=refused)
    except NothingToDeal:
        assert not any(left(one, pair) for one in deck.prompts for pair in pairs)
        return
    cast = tuple(part.person_id for part in dealt.castings)
    felt = {part.target_emotion for part in dealt.castings}
    felt |= {part.arc.second_emotion for part in dealt.castings if part.arc}
    possible = left(dealt.prompt, cast)
    assert felt <= possible
    assert felt <= tonight or not possible & tonight, "tonight's emotions come first"
    assert all(part.arc.second_emotion != part.target_emotion for part in dealt.castings if part.arc)


def test_a_veto_moves_no_one_off_the_stage_while_another_emotion_is_left():
    one, two, three = persons([1, 2, 3])
    materials = Materials(Deck("d", "D", (prompt(1),)), EMOTIONS, VOICES)
    waited = History(appearances={one: [1]}, emotions={(two, key): 9 for key in KEYS[1:]})
    refused = {two: {KEYS[0]}, three: set(KEYS[1:5])}
    for seed in range(20):
        dealt = deal(materials, [one, two, three], waited, Random(seed), refused=refused)
        assert {part.person_id for part in dealt.castings} == {two, three}
        assert {part.target_emotion for part in dealt.castings} == {KEYS[5]}


def test_limits_change_only_in_what_the_form_showed():
    before = Limits(frozenset({"war"}), frozenset({"fear", "of_another_set"}), frozenset({"desire"}))
    after = before.after(LimitChange(LimitKind.VETO, frozenset({"joy"}), frozenset({"fear", "anger"})))
    assert after == Limits(before.lines, frozenset({"joy", "of_another_set"}), before.opt_ins)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ('[[kinds]]\nkey = "A B"\nlabel = "l"\ndescription = "d"\nemotions = ["a"]', 2),
        ('[[kinds]]\nkey = "a"\nlabel = "l"\ndescription = "d"\n', 1),
        ('[[kinds]]\nkey = "a"\nlabel = "l"\ndescription = "d"\nemotions = ["a"]\nemotion = "b"', 6),
        ('[[kinds]]\nkey="a"\nlabel="l"\ndescription="d"\nemotions=["a"]\n' * 2, 7),
    ],
)
def test_a_mistake_in_the_file_of_opt_ins_is_named_with_its_line(text: str, line: int):
    with pytest.raises(DataFileInvalid) as caught:
        parse_opt_ins("opt_ins.toml", text)
    assert caught.value.line == line
