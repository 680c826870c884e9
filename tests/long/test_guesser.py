"""The guesser finds what gives a label away, and does no better than chance on what performers are told."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from bot.domain.directions import DIRECTIONS, Directions
from tools.guesser.bayes import Texts, accuracy, counts_of
from tools.guesser.measures import guess_directions, guess_told, shuffled_by_scene
from tools.guesser.told import LIBRARY, Told, told_in_evenings

FILLER = ["they", "walk", "talk", "stay", "wait", "go", "come", "leave", "ask", "tell", "hear", "give", "take", "make"]


def texts_of(words: list[str], groups: list[int]) -> Texts:
    return Texts(counts_of(words), np.array(groups), np.zeros(len(groups), np.int64))


def test_a_word_that_goes_with_a_label_is_used_and_a_word_of_one_group_is_not():
    random = Random(1)
    labels = np.array([random.randrange(4) for _ in range(400)])
    noise = [" ".join(random.choices(FILLER, k=8)) for _ in labels]
    groups = [random.randrange(20) for _ in labels]
    assert (
        accuracy(texts_of([f"{text} w{'abcd'[n]}" for text, n in zip(noise, labels, strict=True)], groups), labels) == 1
    )
    assert accuracy(texts_of(noise, groups), labels) < 0.35
    # Here, the word only says which group a text is in, and labels follow groups: nothing is learned for another group.
    of_group = np.array([group % 4 for group in groups])
    named = [f"{text} g{'abcdefghijklmnopqrst'[group]}" for text, group in zip(noise, groups, strict=True)]
    assert accuracy(texts_of(named, groups), of_group) < 0.35


def test_prompts_that_name_what_is_dealt_in_them_are_noticed():
    told = [Told(f"p{n}", f"x {'ab'[n % 2]}word", "part", f"d{n}", n % 3, "ab"[n % 2], f"{n}") for n in range(60)]
    prompt, *_ = guess_told(told, 19, 1)
    assert (prompt.right, prompt.p) == (1, 0.05)


@pytest.mark.parametrize("name", ["basic", "categories-27"])
def test_what_performers_are_told_gives_nothing_away_beyond_the_direction(name: str):
    told = told_in_evenings(name, 4, 7)
    assert len(told) > 150
    *others, seen, everything = guess_told(told, 9, 7)
    for guessed in others:
        assert guessed.p is not None
        assert guessed.p > 0.1, f"{guessed.what}: {guessed.right:.1%} right"
    assert everything.right <= seen.right


def test_labels_are_shuffled_by_whole_scenes():
    labels, scenes = np.array([0, 1, 2, 2, 3, 3, 4, 4]), np.array([0, 1, 2, 2, 3, 3, 4, 4])
    mixed = [shuffled_by_scene(labels, scenes, np.random.default_rng(seed)) for seed in range(9)]
    assert all(sorted(one[2:]) == [2, 2, 3, 3, 4, 4] for one in mixed)
    assert all(one[at] == one[at + 1] for one in mixed for at in (2, 4, 6))
    assert any((one != labels).any() for one in mixed)


def test_a_direction_cannot_be_guessed_from_the_others():
    guessed = guess_directions(LIBRARY.directions(), 19, 7)
    assert guessed.texts == 9 * (len(LIBRARY.directions().by_emotion) - 1)
    assert guessed.p is not None
    assert guessed.p > 0.05, f"{guessed.right:.1%} right"


def test_directions_that_repeat_their_words_are_noticed():
    names = [first + second for first in "abcdefgh" for second in "xyz"]
    by_emotion = {
        name: tuple(tuple(f"do {name}{name} {n}{m}" for n in range(DIRECTIONS)) for m in range(3)) for name in names
    }
    guessed = guess_directions(Directions("f.toml", by_emotion), 19, 1)
    assert (guessed.right, guessed.p) == (1, 0.05)
