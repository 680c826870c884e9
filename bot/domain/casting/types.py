"""What a deal takes and returns: plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.characters import CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.families import Family
from bot.domain.ids import PersonId
from bot.domain.states import ShiftManner

DirectionOf = tuple[PersonId, str, int, int]
"""A performer, an emotion, its intensity, and the number of a direction for both."""


Situation = tuple[frozenset[Family], frozenset[str]]
"""What a prompt says about emotions: the families that it favours, and the families and keys that it excludes."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A shift to a second emotion at a cue.

    `share` is the position of a cue by time in the scene's length, from 0 to 1; a coordinator's cue ignores it.
    `direction` is the number of the direction for the second emotion, as in a casting.
    """

    second_emotion: str
    second_intensity: int
    share: float
    direction: int | None = None
    manner: ShiftManner = ShiftManner.GRADUAL


@dataclass(frozen=True, slots=True)
class Casting:
    """One performer's part in a scene. Intensities run from 1 (hide it) to 3 (it steers you).

    `role` is who they are in the prompt, and `want` what they want from the others, if the deck says so; `character` is
    the key of the character whose voice they hold. `direction` is the number of the direction among those for the
    emotion and its intensity, from 1; None if the set has its own one.
    """

    person_id: PersonId
    role: str
    character: str
    target_emotion: str
    target_intensity: int
    arc: Arc | None = None
    want: str = ""
    direction: int | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """A prompt and its castings, one per performer."""

    prompt: Prompt
    castings: tuple[Casting, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What was played before.

    In this session: `appearances` are the numbers of the scenes that a performer was in, ascending, and `characters`
    those that performers hold. In the guild, across sessions: `prompts` counts the uses of each of the deck's prompts,
    `played` those by (performer, prompt), `emotions` targets by (performer, emotion), `intensities` targets by
    (performer, emotion, intensity), `pairs` how often two performers shared a stage (lower person id first), and `arcs`
    the arcs of a performer. `directions` counts (performer, emotion, intensity, number of the direction), and `manners`
    (performer, manner of a shift). `last_emotions` is the target of each performer's last scene, and `shares` how often
    a pair would have met if all pairs had met equally often. `situations` counts the targets dealt into each situation,
    and `together` how often the targets of two partners were these two (in the order of the alphabet).
    """

    prompts: Mapping[str, int] = field(default_factory=dict[str, int])
    appearances: Mapping[PersonId, Sequence[int]] = field(default_factory=dict[PersonId, Sequence[int]])
    emotions: Mapping[tuple[PersonId, str], int] = field(default_factory=dict[tuple[PersonId, str], int])
    played: Mapping[tuple[PersonId, str], int] = field(default_factory=dict[tuple[PersonId, str], int])
    pairs: Mapping[tuple[PersonId, PersonId], int] = field(default_factory=dict[tuple[PersonId, PersonId], int])
    characters: Mapping[PersonId, str] = field(default_factory=dict[PersonId, str])
    arcs: Mapping[PersonId, int] = field(default_factory=dict[PersonId, int])
    intensities: Mapping[tuple[PersonId, str, int], int] = field(default_factory=dict[tuple[PersonId, str, int], int])
    directions: Mapping[DirectionOf, int] = field(default_factory=dict[DirectionOf, int])
    manners: Mapping[tuple[PersonId, ShiftManner], int] = field(default_factory=dict[tuple[PersonId, ShiftManner], int])
    last_emotions: Mapping[PersonId, str] = field(default_factory=dict[PersonId, str])
    shares: Mapping[tuple[PersonId, PersonId], float] = field(default_factory=dict[tuple[PersonId, PersonId], float])
    situations: Mapping[Situation, Mapping[str, int]] = field(default_factory=dict[Situation, Mapping[str, int]])
    together: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])


@dataclass(frozen=True, slots=True)
class Materials:
    """What a deal draws from. `arcs` is how many performers of a scene are dealt an arc.

    `tonight` are the keys of the emotions that this session deals; if it is empty, all of the set are dealt.
    """

    deck: Deck
    emotions: EmotionSet
    characters: CharacterSet
    arcs: int = 0
    tonight: tuple[str, ...] = ()

    @property
    def dealt_emotions(self) -> EmotionSet:
        """The emotions that are dealt, as targets and as second emotions."""
        return self.emotions.only(self.tonight)
