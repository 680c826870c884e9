"""The voice test: now and then, a rater is asked about two clips whether they hear the same character.

Half of a rater's pairs are of one character in two scenes. In the others, the character differs: with the same
performer in one half of them, with another in the other. Which clip comes first is drawn. So nothing is gained by
always giving the same answer, and little by knowing the performers' own voices.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from random import Random
from typing import Any, Final, Generic, TypeVar

Turn = TypeVar("Turn", bound=Hashable)

SAME_CHARACTER: Final = "same_character"
"""The item that a pair asks. It is answered with a PairAnswer."""

CLIPS_A_PAIR: Final = 9
"""Among so many clips comes one pair: one trial in ten."""

MOST_VOICES: Final = 60
"""Of more turns, so many are drawn to choose from: all pairs of 200 turns would take the event loop too long."""


class PairAnswer(StrEnum):
    """What a rater hears in two clips."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_JUDGE = "cannot_judge"
    """It counts neither as the one nor as the other."""


class PairKind(StrEnum):
    """What the voices of two clips have in common."""

    SAME = "same"
    """The character, in two scenes."""
    OTHER_CHARACTER = "other_character"
    """Only the performer."""
    OTHER_PERFORMER = "other_performer"
    """Neither."""


_ROUND: Final = (PairKind.SAME, PairKind.OTHER_CHARACTER, PairKind.SAME, PairKind.OTHER_PERFORMER)


@dataclass(frozen=True, slots=True)
class Voice(Generic[Turn]):
    """A turn, the scene that it is from, and who speaks as whom."""

    turn: Turn
    scene: Hashable
    performer: Hashable
    character: str


Pair = tuple[Voice[Turn], Voice[Turn]]


def pair_is_due(clips: int, seed: int, rater: Hashable, *, was_pair: bool) -> bool:
    """Whether a pair comes next, after so many clips. `was_pair` says whether the newest trial was one.

    A pair for which there are no clips is left out, not put off.
    """
    block, place = divmod(clips, CLIPS_A_PAIR)
    return not was_pair and place == Random(f"{seed}/{rater}/pairs/{block}").randrange(1, CLIPS_A_PAIR)  # noqa: S311


def next_pair(
    voices: Sequence[Voice[Turn]],
    asked: Sequence[frozenset[Turn]],
    own: Collection[frozenset[Turn]],
    seed: int,
    rater: Hashable,
) -> tuple[Turn, Turn] | None:
    """Return two turns for a rater, in the order in which they hear them; None if there are none of the kind.

    `asked` are the pairs that anyone was given, `own` those that this rater was. The kinds of pairs take turns. Of a
    kind, one comes whose characters were asked about least.
    """
    drawn = Random(f"{seed}/{rater}/pair/{len(own)}")  # noqa: S311
    some = voices if len(voices) <= MOST_VOICES else drawn.sample(voices, MOST_VOICES)
    found = _of_kind(_kind(len(own), seed, rater), _pairs(some, own))
    if not found:
        return None
    voice_of = {one.turn: (one.performer, one.character) for one in voices}
    times = Counter(voice_of[turn] for pair in asked for turn in pair if turn in voice_of)
    by_times: defaultdict[int, list[Pair[Turn]]] = defaultdict(list)
    for pair in found:
        by_times[sum(times[voice_of[one.turn]] for one in pair)].append(pair)
    first, second = drawn.sample(drawn.choice(by_times[min(by_times)]), 2)
    return first.turn, second.turn


def kind_of(one: Voice[Any], other: Voice[Any]) -> PairKind | None:
    """Return what kind of pair two turns are; None if they are none: one character in one scene, or by two people."""
    if one.performer == other.performer and one.character == other.character:
        return PairKind.SAME if one.scene != other.scene else None
    if one.character == other.character:
        return None
    return PairKind.OTHER_CHARACTER if one.performer == other.performer else PairKind.OTHER_PERFORMER


def _kind(number: int, seed: int, rater: Hashable) -> PairKind:
    of_round, place = divmod(number, len(_ROUND))
    return Random(f"{seed}/{rater}/kinds/{of_round}").sample(_ROUND, len(_ROUND))[place]  # noqa: S311


def _pairs(
    voices: Sequence[Voice[Turn]], own: Collection[frozenset[Turn]]
) -> Mapping[PairKind | None, Sequence[Pair[Turn]]]:
    found: defaultdict[PairKind | None, list[Pair[Turn]]] = defaultdict(list)
    for one, other in combinations(voices, 2):
        if frozenset((one.turn, other.turn)) not in own:
            found[kind_of(one, other)].append((one, other))
    return found


def _of_kind(kind: PairKind, pairs: Mapping[PairKind | None, Sequence[Pair[Turn]]]) -> Sequence[Pair[Turn]]:
    """Return the pairs of a kind. Of the two kinds with different characters, one stands in for the other."""
    same = pairs.get(PairKind.SAME, ())
    if kind is PairKind.SAME or not same:
        return same
    others = {PairKind.OTHER_CHARACTER, PairKind.OTHER_PERFORMER} - {kind}
    return pairs.get(kind) or pairs.get(others.pop(), ())
