"""The baseline of a card: what words give away is found, and too few turns are not guessed from."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.dataset.release import text_alone
from bot.dataset.release.text_alone import FEWEST_PROMPTS, FEWEST_TURNS, Text, guess_targets

TARGETS = ("joy", "anger", "fear")


def texts_of(prompts: int, *, named: bool) -> list[Text]:
    random = Random(1)
    found: list[Text] = []
    for scene in range(prompts):
        target = random.choice(TARGETS)
        words = f"here and there {target}word" if named else f"here {random.choice(['and', 'or'])} there"
        found.append(Text(words, f"p{scene}", scene, target, 2))
    return found


def test_words_that_give_the_target_away_are_found():
    named, plain = (guess_targets("words", texts_of(60, named=one)) for one in (True, False))
    assert named.guessed
    assert (named.turns, named.prompts, named.guessed.right) == (120, 60, 1)
    assert named.guessed.p == 1 / 40
    assert plain.guessed
    assert plain.guessed.right < 0.6
    assert plain.majority < 0.6
    assert guess_targets("words", texts_of(60, named=True)) == named, "the same texts give the same figures"


def test_of_very_many_texts_whole_scenes_are_drawn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(text_alone, "MOST_TEXTS", 61)
    texts = [replace(one, turns=1) for one in texts_of(60, named=True) for _ in range(2)]
    found = guess_targets("words", texts)
    assert (found.turns, found.prompts) == (60, 30)
    assert found.guessed
    assert found.guessed.right == 1
    assert guess_targets("words", texts) == found


def test_from_too_few_turns_or_prompts_nothing_is_guessed():
    few = texts_of(FEWEST_TURNS // 2 - 1, named=True)
    assert guess_targets("words", few).guessed is None
    assert guess_targets("words", texts_of(FEWEST_TURNS // 2, named=True)).guessed
    one_prompt = [Text("a b", "p", at, TARGETS[at % 3]) for at in range(90)]
    found = guess_targets("words", one_prompt)
    assert (found.turns, found.prompts, found.guessed) == (90, 1, None)
    assert found.prompts < FEWEST_PROMPTS
    assert guess_targets("words", []).majority == 0
