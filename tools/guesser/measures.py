"""How well the guesser does with some of what performers are told, and how well it does if labels are shuffled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.directions import Directions
from tools.guesser.bayes import Numbers, Texts, accuracy, counts_of
from tools.guesser.told import Told


@dataclass(frozen=True, slots=True)
class Guessed:
    """A result: how many texts were guessed, the share of right ones, and the shares with shuffled labels."""

    what: str
    texts: int
    right: float
    chance: float
    shuffled: tuple[float, ...] = ()

    @property
    def p(self) -> float | None:
        """How probable it is to guess as well with shuffled labels; None if nothing was shuffled."""
        if not self.shuffled:
            return None
        return (1 + sum(one >= self.right for one in self.shuffled)) / (1 + len(self.shuffled))


def guess_told(told: Sequence[Told], shuffles: int, seed: int) -> list[Guessed]:
    """Guess the emotion of parts whose prompt was never seen: from the prompt, from all but the direction, from all."""
    prompts, _ = _numbered([one.prompt_id for one in told])
    labels, classes = _numbered([one.emotion for one in told])
    numbers = np.array([one.number for one in told])
    scenes, _ = _numbered([one.scene for one in told])
    random = np.random.default_rng(seed)

    def guess(what: str, words: Sequence[str], times: int, *, unseen_numbers: bool = False) -> Guessed:
        texts = Texts(counts_of(words), prompts, numbers)
        right = accuracy(texts, labels, unseen_numbers=unseen_numbers)
        mixed = (shuffled_by_scene(labels, scenes, random) for _ in range(times))
        shuffled = tuple(accuracy(texts, one, unseen_numbers=unseen_numbers) for one in mixed)
        return Guessed(what, len(told), right, 1 / classes, shuffled)

    everything = [f"{one.prompt} {one.part} {one.direction}" for one in told]
    return [
        guess("the prompt", [one.prompt for one in told], shuffles),
        guess("prompt, role and character", [f"{one.prompt} {one.part}" for one in told], shuffles),
        guess("all of it, with a direction that was never seen", everything, shuffles, unseen_numbers=True),
        guess("the direction, seen before", [one.direction for one in told], 0),
        guess("all of it, with a direction seen before", everything, 0),
    ]


def shuffled_by_scene(labels: Numbers, scenes: Numbers, random: np.random.Generator) -> Numbers:
    """Return the labels with those of whole scenes exchanged, among scenes with as many parts.

    Partners are dealt the same emotion on purpose, so that a guess at one prompt is right or wrong for several parts at
    once. Labels that were shuffled one by one would hit by luck less often than that.
    """
    mixed = labels.copy()
    places = [np.flatnonzero(scenes == scene) for scene in np.unique(scenes)]
    for size in {len(own) for own in places}:
        of_size = [own for own in places if len(own) == size]
        for own, other in zip(of_size, random.permutation(len(of_size)), strict=True):
            mixed[own] = labels[of_size[other]]
    return mixed


def guess_directions(directions: Directions, shuffles: int, seed: int) -> Guessed:
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
    texts = Texts(counts_of([text for *_, text in found]), numbers, numbers)
    labels, classes = _numbered([emotion for emotion, *_ in found])
    columns = np.array([10 * intensity + number for _, intensity, number, _ in found])
    random = np.random.default_rng(seed)
    shuffled: list[float] = []
    for _ in range(shuffles):
        mixed = labels.copy()
        for column in np.unique(columns):
            mixed[columns == column] = random.permutation(labels[columns == column])
        shuffled.append(accuracy(texts, mixed))
    return Guessed("a direction, from the others", len(found), accuracy(texts, labels), 1 / classes, tuple(shuffled))


def _numbered(names: Sequence[str]) -> tuple[Numbers, int]:
    known = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([known[name] for name in names]), len(known)
