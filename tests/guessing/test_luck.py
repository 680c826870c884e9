"""Guessing from words: what is learned, what is not, and how labels are shuffled."""

from __future__ import annotations

import numpy as np

from bot.guessing.bags import bags_of
from bot.guessing.bayes import everything, hits, without_number
from bot.guessing.luck import Guessed, guess, shuffled_by_block


def test_labels_are_shuffled_by_whole_blocks():
    labels, blocks = np.array([0, 1, 2, 2, 3, 3, 4, 4]), np.array([0, 1, 2, 2, 3, 3, 4, 4])
    mixed = [shuffled_by_block(labels, blocks, np.random.default_rng(seed)) for seed in range(9)]
    assert all(sorted(one[2:]) == [2, 2, 3, 3, 4, 4] for one in mixed)
    assert all(one[at] == one[at + 1] for one in mixed for at in (2, 4, 6))
    assert any((one != labels).any() for one in mixed)


def test_labels_of_blocks_that_are_alone_in_their_size_move_too():
    labels, blocks = np.array([0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 2, 2])
    mixed = [shuffled_by_block(labels, blocks, np.random.default_rng(seed)) for seed in range(9)]
    assert all(sorted(one) == sorted(labels) for one in mixed)
    assert any((one != labels).any() for one in mixed)


def test_a_label_that_only_one_group_has_is_never_guessed():
    bags = bags_of(["red", "red", "blue", "blue", "odd odd"], np.array([0, 1, 0, 1, 2]))
    found = hits(bags, [np.array([0, 0, 1, 1, 2])], everything(5))
    assert found.tolist() == [[True, True, True, True, False]]


def test_words_of_any_script_are_read():
    texts = ["\u0440\u0430\u0434 \u0442\u0435\u0431\u0435", "\u0437\u043e\u043b \u0442\u0435\u0431\u0435"] * 3
    bags = bags_of(texts, np.array([0, 0, 1, 1, 2, 2]))
    assert bags.words == 3
    assert guess(bags, np.array([0, 1] * 3), [everything(6)]).right == 1


def test_a_text_counts_as_often_as_its_weight_says():
    bags = bags_of(["red", "red", "blue", "red"], np.array([0, 1, 1, 2]))
    labels, weights = np.array([0, 0, 1, 1]), np.array([1.0, 1.0, 1.0, 5.0])
    even, weighed = guess(bags, labels, [everything(4)]).right, guess(bags, labels, [everything(4)], (), weights).right
    assert weighed < even


def test_what_has_another_number_is_all_that_is_seen():
    numbers = np.array([1, 1, 2, 2])
    bags = bags_of(["red", "blue", "red", "blue"], np.array([0, 1, 2, 3]))
    assert guess(bags, np.array([0, 1, 0, 1]), without_number(numbers)).right == 1


def test_p_counts_the_shuffles_that_did_as_well():
    assert Guessed(0.5, (0.5, 0.4, 0.1)).p == 0.5
    assert Guessed(0.5).p is None
