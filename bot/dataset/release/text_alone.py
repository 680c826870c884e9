"""What text alone can guess about a dataset's targets: the baseline that a card states."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.guessing.bags import Numbers, bags_of
from bot.guessing.bayes import everything
from bot.guessing.luck import Guessed, guess, shuffled_by_block

FEWEST_TURNS: Final = 50
FEWEST_PROMPTS: Final = 5
"""From fewer turns, or fewer prompts, nothing is guessed: a share of them would say nothing."""

SHUFFLES: Final = 39
"""How often labels are shuffled: enough to tell a p below 0.05 from luck, few enough for 10,000 turns."""


MOST_TEXTS: Final = 10_000
"""From more, whole scenes are drawn until this many are there: no figure needs more, and an export does not wait."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the prompt and the scene that it belongs to, its target, and for how many turns it stands."""

    words: str
    prompt_id: str
    scene: int
    target: str
    turns: int = 1


@dataclass(frozen=True, slots=True)
class TextAlone:
    """How often the target is guessed from texts. `guessed` is None if there are too few turns or prompts.

    `turns` and `prompts` are those of the texts that were drawn, all of them if there are at most MOST_TEXTS.
    `majority` is the share of turns with the most frequent target: what a guess that ignores the texts reaches.
    """

    what: str
    turns: int
    prompts: int
    majority: float
    guessed: Guessed | None


def guess_targets(what: str, texts: Sequence[Text]) -> TextAlone:
    """Guess the target of every text from the texts of all other prompts, and compare with shuffled targets.

    Targets of whole scenes are exchanged. The same texts give the same figures, on every machine with the same numpy.
    """
    texts = _drawn(texts)
    turns, prompts = sum(one.turns for one in texts), len({one.prompt_id for one in texts})
    of_target = Counter[str]()
    for one in texts:
        of_target[one.target] += one.turns
    majority = max(of_target.values(), default=0) / max(turns, 1)
    is_enough = turns >= FEWEST_TURNS and prompts >= FEWEST_PROMPTS
    return TextAlone(what, turns, prompts, majority, _guessed(texts) if is_enough else None)


def _drawn(texts: Sequence[Text]) -> Sequence[Text]:
    """Return at most MOST_TEXTS of them, of whole scenes in an order that the texts decide."""
    if len(texts) <= MOST_TEXTS:
        return texts
    sizes = Counter(one.scene for one in texts)
    scenes = np.random.default_rng(_seed(texts)).permutation(sorted(sizes)).tolist()
    until = np.cumsum([sizes[scene] for scene in scenes])
    drawn = set(scenes[: int(np.searchsorted(until, MOST_TEXTS, side="right"))])
    return [one for one in texts if one.scene in drawn]


def _guessed(texts: Sequence[Text]) -> Guessed:
    labels = _numbers([one.target for one in texts])
    scenes = _numbers([f"{one.scene:012d}" for one in texts])
    random = np.random.default_rng(_seed(texts))
    shuffled = [shuffled_by_block(labels, scenes, random) for _ in range(SHUFFLES)]
    bags = bags_of([one.words for one in texts], _numbers([one.prompt_id for one in texts]))
    weights = np.array([one.turns for one in texts], np.float64)
    return guess(bags, labels, [everything(len(texts))], shuffled, weights)


def _seed(texts: Sequence[Text]) -> int:
    content = "\n".join(f"{one.prompt_id} {one.scene} {one.target} {one.turns}" for one in texts)
    return int.from_bytes(hashlib.sha256(content.encode()).digest()[:8])


def _numbers(names: Sequence[str]) -> Numbers:
    known = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([known[name] for name in names], np.int64)
