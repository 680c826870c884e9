"""Dealing a scene: which prompt, who plays whom, with which target emotion.

Randomness comes from a generator the caller seeds, so the same seed and history deal the same scene.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.domain.characters import CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.errors import TooFewPerformers

STRONGEST_INTENSITY = 3


@dataclass(frozen=True, slots=True)
class Arc:
    """A shift to a second emotion at a cue.

    `share` is where in the scene's length a cue by time comes, from 0 to 1; a coordinator's cue ignores it.
    """

    second_emotion: str
    second_intensity: int
    share: float


@dataclass(frozen=True, slots=True)
class Casting:
    """One performer's part in a scene. Intensities run from 1 (a trace) to 3 (overwhelming).

    `role` is what the prompt says they are, `character` the key of who they are, whose voice they hold.
    """

    person_id: int
    role: str
    character: str
    target_emotion: str
    target_intensity: int
    arc: Arc | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """A prompt and its castings, one a performer."""

    prompt: Prompt
    castings: tuple[Casting, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What was played before.

    Of this session: `scenes` a performer was in, the `characters` they hold. Of the guild, across sessions: uses of
    each of the deck's `prompts`, `played` (performer, prompt), `emotions` (performer, emotion) dealt as target,
    `pairs` of performers who shared a stage (lower person id first), `arcs` a performer was dealt.
    """

    prompts: Mapping[str, int] = field(default_factory=dict[str, int])
    scenes: Mapping[int, int] = field(default_factory=dict[int, int])
    emotions: Mapping[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    played: Mapping[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    pairs: Mapping[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    characters: Mapping[int, str] = field(default_factory=dict[int, str])
    arcs: Mapping[int, int] = field(default_factory=dict[int, int])


@dataclass(frozen=True, slots=True)
class Materials:
    """What is dealt from. `arcs` is how many performers of a scene are dealt an arc."""

    deck: Deck
    emotions: EmotionSet
    characters: CharacterSet
    arcs: int = 0


def deal(
    materials: Materials,
    performers: Sequence[int],
    history: History,
    random: Random,
    *,
    lines: Collection[str] = (),
    prompt_id: str | None = None,
) -> Deal:
    """Choose the least-used prompt that takes most of the performers, and cast it.

    Whoever played least goes on stage first. Everybody gets the emotion they had least so far; within a scene
    emotions differ as long as the set lasts. No prompt is chosen that a line is drawn against (`lines`: topics).
    `prompt_id` is the coordinator's own choice. TooFewPerformers when no prompt can be played.
    """
    prompt = _choose_prompt(materials.deck, len(performers), history, random)
    on_stage = _choose_performers(performers, prompt.most_performers, history, random)
    roles = list(prompt.roles)
    random.shuffle(roles)
    dealt: Counter[str] = Counter()
    castings: list[Casting] = []
    emotions = materials.emotions.emotions
    for person_id, role in zip(on_stage, roles, strict=False):
        emotion = min(
            random.sample(emotions, len(emotions)),
            key=lambda one: (dealt[one.key], history.emotions.get((person_id, one.key), 0)),
        )
        dealt[emotion.key] += 1
        intensity = random.randint(1, STRONGEST_INTENSITY) if emotion.has_degrees else 1
        character = random.choice(materials.characters.characters).key
        arc = None
        if len(castings) < materials.arcs:
            second = random.choice([one for one in emotions if one.key != emotion.key])
            arc = Arc(second.key, random.randint(1, STRONGEST_INTENSITY) if second.has_degrees else 1, 0.5)
        castings.append(Casting(person_id, role, character, emotion.key, intensity, arc))
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
