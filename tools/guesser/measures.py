"""How well the guesser does with some of what performers are told, and how well it does if labels are shuffled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.directions import Directions
from bot.guessing.bags import Numbers, bags_of
from bot.guessing.bayes import everything, without_number
from bot.guessing.luck import Guessed, guess, shuffled_by_block
from tools.guesser.told import Told


@dataclass(frozen=True, slots=True)
class Row:
    """A result: what was read, how many texts were guessed, and how often the guess was right, and is by chance."""

    what: str
    texts: int
    chance: float
    guessed: Guessed


def guess_told(told: Sequence[Told], shuffles: int, seed: int) -> list[Row]:
    """Guess the emotion of parts whose prompt was never seen: from the prompt, from all but the direction, from all."""
    prompts, _ = _numbered([one.prompt_id for one in told])
    labels, classes = _numbered([one.emotion for one in told])
    numbers = np.array([one.number for one in told])
    scenes, _ = _numbered([one.scene for one in told])
    random = np.random.default_rng(seed)

    def row(what: str, words: Sequence[str], times: int, *, unseen_numbers: bool = False) -> Row:
        asked = without_number(numbers) if unseen_numbers else [everything(len(told))]
        shuffled = [shuffled_by_block(labels, scenes, random) for _ in range(times)]
        return Row(what, len(told), 1 / classes, guess(bags_of(words, prompts), labels, asked, shuffled))

    all_of_it = [f"{one.prompt} {one.part} {one.direction}" for one in told]
    return [
        row("the prompt", [one.prompt for one in told], shuffles),
        row("prompt, role, want and character", [f"{one.prompt} {one.part}" for one in told], shuffles),
        row("all of it, with a direction that was never seen", all_of_it, shuffles, unseen_numbers=True),
        row("the direction, seen before", [one.direction for one in told], 0),
        row("all of it, with a direction seen before", all_of_it, 0),
    ]


def guess_directions(directions: Directions, shuffles: int, seed: int) -> Row:
    """Guess the emotion of each direction from the two others of every emotion and intensity.

    Labels are shuffled among directions with the same intensity and number.
    """
    found = [
        (emotion, intensity, number, text)
        for emotion, by_intensity in directions.by_emotion.items()
        if len(by_intensity) > 1
        for intensity, texts in enumerate(by_intensity)
        for number, text in enumerate(texts)
    ]
    numbers = np.array([number for _, _, number, _ in found])
    bags = bags_of([text for *_, text in found], numbers)
    labels, classes = _numbered([emotion for emotion, *_ in found])
    columns = np.array([10 * intensity + number for _, intensity, number, _ in found])
    random = np.random.default_rng(seed)
    shuffled: list[Numbers] = []
    for _ in range(shuffles):
        mixed = labels.copy()
        for column in np.unique(columns):
            mixed[columns == column] = random.permutation(labels[columns == column])
        shuffled.append(mixed)
    guessed = guess(bags, labels, [everything(len(found))], shuffled)
    return Row("a direction, from the others", len(found), 1 / classes, guessed)


def _numbered(names: Sequence[str]) -> tuple[Numbers, int]:
    known = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([known[name] for name in names]), len(known)
