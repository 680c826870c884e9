"""Replays: which emotions come when a scene is played again, and the lines that the project brings along."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bot.domain.casting.types import Arc, Casting, History
from bot.domain.errors import DataFileInvalid
from bot.domain.ids import PersonId
from bot.domain.replays import parse_fixed_lines, with_other_emotions
from bot.services.facts.library import Library

DATA = Path(__file__).parents[2] / "data"
LIBRARY = Library(DATA)
ONE, TWO, THREE, FOUR = map(PersonId, range(1, 5))


def part(person: PersonId, emotion: str, intensity: int = 2, second: str | None = None) -> Casting:
    arc = Arc(second, 3, 0.5) if second else None
    return Casting(person, f"role {person}", f"voice {person}", emotion, intensity, arc, f"want {person}")


def felt(parts: list[Casting]) -> dict[PersonId, set[str]]:
    return {one.person_id: {one.target_emotion, *([one.arc.second_emotion] if one.arc else [])} for one in parts}


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("name", ["basic", "iemocap", "categories-27", "emonet-40"])
def test_no_one_has_an_emotion_again_and_all_else_stays(name: str, seed: int):
    there = LIBRARY.emotion_set(name)
    keys = Random(seed).sample([one.key for one in there.emotions if one.has_degrees], 4)
    before = [part(ONE, keys[0], 3, keys[1]), part(TWO, keys[1]), part(THREE, keys[2], 1)]
    after = with_other_emotions(before, felt(before), there, (), History(), Random(seed))
    had = felt(before)
    for old, new in zip(before, after, strict=True):
        assert new.target_emotion not in had[new.person_id]
        assert (new.person_id, new.role, new.character, new.want) == (old.person_id, old.role, old.character, old.want)
        is_plain = not there.find(new.target_emotion).has_degrees
        assert new.target_intensity == (1 if is_plain else old.target_intensity)
        assert (new.arc is None) == (old.arc is None)
    assert len({one.target_emotion for one in after}) == 3
    arc = after[0].arc
    assert arc
    assert arc.second_emotion not in {*had[ONE], after[0].target_emotion}


def test_each_replay_brings_new_emotions_until_all_have_come():
    there = LIBRARY.emotion_set("basic")
    everything = {one.key for one in there.emotions}
    parts = [part(ONE, "joy"), part(TWO, "anger")]
    had = felt(parts)
    for number in range(len(everything) - 1):
        parts = list(with_other_emotions(parts, had, there, (), History(), Random(number)))
        for one in parts:
            assert one.target_emotion not in had[one.person_id]
            had[one.person_id].add(one.target_emotion)
    assert had == {ONE: everything, TWO: everything}
    again = with_other_emotions(parts, had, there, (), History(), Random(1))
    assert all(new.target_emotion != old.target_emotion for new, old in zip(again, parts, strict=True))


def test_only_emotions_of_this_evening_are_dealt_the_rarest_first():
    there = LIBRARY.emotion_set("categories-27")
    known = ["joy", "fear", "anger", "sadness"]
    assert {one.key for one in there.only(known).emotions} == set(known)
    parts = [part(ONE, known[0])]
    history = History(emotions={(ONE, known[1]): 2, (ONE, known[2]): 1, (ONE, known[3]): 2})
    for seed in range(20):
        (changed,) = with_other_emotions(parts, felt(parts), there, known, history, Random(seed))
        assert changed.target_emotion == known[2]


def test_the_lines_of_the_project_can_be_said_in_any_scene():
    lines = LIBRARY.fixed_lines().lines
    assert len(set(lines)) == len(lines) >= 6
    assert all(6 <= len(line.split()) <= 12 for line in lines)
    with pytest.raises(DataFileInvalid):
        parse_fixed_lines("en", "replays/en.toml", "lines = []")
