"""Where a voice broke, and that nothing is found where it was held, or where too little is known."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.statistics.undefined import Undefined
from bot.statistics.voice_breaks import Pair, VoiceBreak, find_break

SCENES = range(1, 9)


def pairs(broken_before: int) -> list[Pair]:
    return [
        Pair(one, other, heard_same=not one < broken_before <= other)
        for one, other in combinations(SCENES, 2)
        for _ in range(2)
    ]


@given(st.integers(3, 7))
def test_a_break_is_found_where_it_is_in_whatever_order_pairs_are_given(scene: int):
    found = find_break(pairs(scene))
    assert (found.before_scene, found.across, found.beside, found.reason) == (scene, 0.0, 1.0, None)
    turned = [Pair(other, one, same) for one, other, same in reversed(pairs(scene))]
    assert find_break(turned) == found


def test_a_voice_that_was_held_has_no_break_and_neither_has_one_that_never_was():
    for heard_same in (True, False):
        held = [Pair(one, other, heard_same) for one, other, _ in pairs(99)]
        assert find_break(held) == VoiceBreak(len(held), None, None, None, None)
    assert find_break(pairs(99)[:19]).reason is Undefined.TOO_FEW_TRIALS
    assert find_break([Pair(1, 1, True)] * 40).reason is Undefined.TOO_FEW_TRIALS
