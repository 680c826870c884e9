"""Dealing a scene: which prompt, who plays whom, with which target emotion.

Randomness comes from a generator the caller seeds, so the same seed and history deal the same scene.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.errors import TooFewPerformers

STRONGEST_INTENSITY = 3


@dataclass(frozen=True, slots=True)
class Casting:
    """One performer's part in a scene. `intensity` runs from 1 (a trace) to 3 (overwhelming)."""

    person_id: int
    character: str
    target_emotion: str
    target_intensity: int


@dataclass(frozen=True, slots=True)
class Deal:
    """A prompt and its castings, one a performer."""

    prompt: Prompt
    castings: tuple[Casting, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What was played before: prompts used, scenes a performer was in, emotions a performer was dealt."""

    prompts: Mapping[str, int] = field(default_factory=dict[str, int])
    scenes: Mapping[int, int] = field(default_factory=dict[int, int])
    emotions: Mapping[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])


def deal(deck: Deck, emotions: EmotionSet, performers: Sequence[int], history: History, random: Random) -> Deal:
    """Choose the least-used prompt that takes most of the performers, and cast it.

    Whoever played least goes on stage first. Everybody gets the emotion they had least so far; within a scene
    emotions differ as long as the set lasts. TooFewPerformers when no prompt can be played.
    """
    prompt = _choose_prompt(deck, len(performers), history, random)
    on_stage = _choose_performers(performers, prompt.most_performers, history, random)
    characters = list(prompt.characters)
    random.shuffle(characters)
    dealt: Counter[str] = Counter()
    castings: list[Casting] = []
    for person_id, character in zip(on_stage, characters, strict=False):
        emotion = min(
            random.sample(emotions.emotions, len(emotions.emotions)),
            key=lambda one: (dealt[one.key], history.emotions.get((person_id, one.key), 0)),
        )
        dealt[emotion.key] += 1
        intensity = random.randint(1, STRONGEST_INTENSITY) if emotion.has_degrees else 1
        castings.append(Casting(person_id, character, emotion.key, intensity))
    return Deal(prompt, tuple(castings))


def _choose_prompt(deck: Deck, present: int, history: History, random: Random) -> Prompt:
    playable = [prompt for prompt in deck.prompts if prompt.fewest_performers <= present]
    if not playable:
        raise TooFewPerformers(present, deck.fewest_performers)
    return min(
        random.sample(playable, len(playable)),
        key=lambda prompt: (
            history.prompts.get(prompt.prompt_id, 0),
            -min(prompt.most_performers, present),
        ),
    )


def _choose_performers(performers: Sequence[int], most: int, history: History, random: Random) -> Sequence[int]:
    shuffled = random.sample(list(performers), len(performers))
    return sorted(shuffled, key=lambda person_id: history.scenes.get(person_id, 0))[:most]
