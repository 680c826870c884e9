"""The guesser finds what gives a label away, and does no better than chance on what performers are told."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from bot.domain.directions import DIRECTIONS, Directions
from bot.guessing.bags import Numbers, bags_of
from bot.guessing.bayes import everything
from bot.guessing.luck import guess
from tools.guesser.measures import guess_directions, guess_told
from tools.guesser.told import LIBRARY, Told, told_in_evenings

FILLER = ["they", "walk", "talk", "stay", "wait", "go", "come", "leave", "ask", "tell", "hear", "give", "take", "make"]


def accuracy(words: list[str], groups: list[int], labels: Numbers) -> float:
    return guess(bags_of(words, np.array(groups)), labels, [everything(len(words))]).right


def test_a_word_that_goes_with_a_label_is_used_and_a_word_of_one_group_is_not():
    random = Random(1)
    labels = np.array([random.randrange(4) for _ in range(400)])
    noise = [" ".join(random.choices(FILLER, k=8)) for _ in labels]
    groups = [random.randrange(20) for _ in labels]
    assert accuracy([f"{text} w{'abcd'[n]}" for text, n in zip(noise, labels, strict=True)], groups, labels) == 1
    assert accuracy(noise, groups, labels) < 0.35
    # Here, the word only says which group a text is in, and labels follow groups: nothing is learned for another group.
    of_group = np.array([group % 4 for group in groups])
    named = [f"{text} g{'abcdefghijklmnopqrst'[group]}" for text, group in zip(noise, groups, strict=True)]
    assert accuracy(named, groups, of_group) < 0.35


def test_prompts_that_name_what_is_dealt_in_them_are_noticed():
    told = [Told(f"p{n}", f"x {'ab'[n % 2]}word", "part", f"d{n}", n % 3, "ab"[n % 2], f"{n}") for n in range(60)]
    prompt, *_ = guess_told(told, 19, 1)
    assert (prompt.guessed.right, prompt.guessed.p) == (1, 0.05)


@pytest.mark.parametrize("name", ["basic", "categories-27"])
def test_what_performers_are_told_gives_nothing_away_beyond_the_direction(name: str):
    told = told_in_evenings(name, 4, 7)
    assert len(told) > 150
    *others, seen, whole = guess_told(told, 199, 7)
    for row in others:
        assert row.guessed.p is not None
        # Six figures are looked at, one of which may well be among the best 5 % by luck.
        assert row.guessed.p > 0.05 / 6, f"{row.what}: {row.guessed.right:.1%} right"
    assert whole.guessed.right <= seen.guessed.right


def test_a_direction_cannot_be_guessed_from_the_others():
    row = guess_directions(LIBRARY.directions(), 19, 7)
    assert row.texts == 9 * (len(LIBRARY.directions().by_emotion) - 1)
    assert row.guessed.p is not None
    assert row.guessed.p > 0.05, f"{row.guessed.right:.1%} right"


def test_directions_that_repeat_their_words_are_noticed():
    names = [first + second for first in "abcdefgh" for second in "xyz"]
    by_emotion = {
        name: tuple(tuple(f"do {name}{name} {n}{m}" for n in range(DIRECTIONS)) for m in range(3)) for name in names
    }
    guessed = guess_directions(Directions("f.toml", by_emotion), 19, 1).guessed
    assert (guessed.right, guessed.p) == (1, 0.05)
