"""The casting design on troupes drawn by chance, and against brute force; `make casting` does a thousand."""

from __future__ import annotations

from random import Random

import pytest
from casting.check import missed
from casting.evenings import crossed_lines, draw_troupe, emotion_span, play, prompt_span, stage_span


def test_what_is_dealt_is_even_whoever_comes_and_goes():
    random = Random(5)
    troupes = [draw_troupe(random) for _ in range(25)]
    assert sum(bool(one.lines) or one.has_latecomer or one.has_leaver for one in troupes) >= 8
    for number, troupe in enumerate(troupes):
        record = play(troupe, f"{number}", sessions=1)
        assert emotion_span(record, troupe.materials) <= 1
        assert stage_span(record) <= 1
        assert prompt_span(record, troupe) <= 1
        assert crossed_lines(record, troupe) == 0
        for _, present, dealt in record.deals:
            people = [casting.person_id for casting in dealt.castings]
            assert len(people) == len(set(people))
            assert set(people) <= set(present)
            assert len({casting.role for casting in dealt.castings}) == len(people)


def test_the_same_seed_and_history_deal_the_same_evening():
    troupe = draw_troupe(Random(8))
    assert play(troupe, "one").deals == play(troupe, "one").deals
    assert play(troupe, "one").deals != play(troupe, "two").deals


def test_a_character_is_held_for_the_session_and_nobody_shares_one():
    record = play(draw_troupe(Random(9)), "held", sessions=1)
    held: dict[int, str] = {}
    for _, _, dealt in record.deals:
        for casting in dealt.castings:
            assert held.setdefault(casting.person_id, casting.character) == casting.character
    assert len(set(held.values())) == len(held)


@pytest.mark.parametrize(("people", "size", "scenes"), [(4, 2, 12), (4, 3, 8), (5, 2, 10), (5, 3, 6)])
def test_pairs_are_within_one_wherever_brute_force_finds_that_possible(people: int, size: int, scenes: int):
    possible, gone = missed(people, size, scenes, seeds=5)
    assert possible > 0
    assert gone == 0
