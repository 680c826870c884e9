"""Hidden checks between a rater's clips: one they have rated before (a repeat), or one for everyone (a reference).

A check looks, sounds and is asked like any other clip: only the store knows its purpose. The places of checks are drawn
from the session's seed, so that neither raters nor their number of answers say where the next one is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final, Generic, TypeVar

from bot.domain.queue.order import Order
from bot.domain.states import TrialPurpose

Turn = TypeVar("Turn", bound=Hashable)

BLOCK: Final = 10
"""Among so many clips are one repeat and one reference: a fifth of a rater's time, for figures from 80 clips on."""

GAP: Final = 8
"""So many other clips come before a clip is repeated: more than people keep in mind."""


REFERENCES: Final = 1 / 20
"""The share of turns that are references: with half of one in ten clips, they suffice for those who hear all turns."""

FEWEST_TURNS: Final = 40
"""Below so many turns there are no references: what they cost would be missing in the ratings themselves."""


@dataclass(frozen=True, slots=True)
class Given(Generic[Turn]):
    """A clip that a rater was given and has answered about."""

    turn: Turn
    purpose: TrialPurpose


def purpose_at(number: int, seed: int, rater: Hashable) -> TrialPurpose:
    """Return what a rater's clip with this number (from 0) is for."""
    block, place = divmod(number, BLOCK)
    repeat, reference = _places(seed, rater, block)
    return {repeat: TrialPurpose.REPEAT, reference: TrialPurpose.REFERENCE}.get(place, TrialPurpose.RATING)


@lru_cache(maxsize=4096)
def _places(seed: int, rater: Hashable, block: int) -> tuple[int, int]:
    repeat, reference = Random(f"{seed}/{rater}/checks/{block}").sample(range(BLOCK), 2)  # noqa: S311
    return repeat, reference


def references_among(turns: Iterable[Turn], seed: int) -> Sequence[Turn]:
    """Return the reference clips among the turns of a session, in the order that is the same for everyone.

    Whether a turn is one depends on the seed and on nothing else, so a reference remains one when turns are added.
    """
    known, drawn = list(turns), Order(seed, "references")
    if len(known) < FEWEST_TURNS:
        return []
    return sorted((turn for turn in known if drawn.place(turn) < REFERENCES), key=drawn.place)


def next_check(
    given: Sequence[Given[Turn]], references: Sequence[Turn], seed: int, rater: Hashable
) -> Given[Turn] | None:
    """Return the check that is due after what was given, oldest first; None if another clip is to be rated.

    `references` are the reference clips that this rater may hear, in the order that is the same for everyone. Only what
    was given for rating is repeated, and once. A check for which there is no clip is left out, not put off.
    """
    match purpose_at(len(given), seed, rater):
        case TrialPurpose.REPEAT:
            chosen = _to_repeat(given, seed, rater)
            return None if chosen is None else Given(chosen, TrialPurpose.REPEAT)
        case TrialPurpose.REFERENCE:
            heard = {one.turn for one in given}
            chosen = next((turn for turn in references if turn not in heard), None)
            return None if chosen is None else Given(chosen, TrialPurpose.REFERENCE)
        case TrialPurpose.RATING:
            return None


def clips_left(given: Sequence[Given[Turn]], references: int, to_rate: int, seed: int, rater: Hashable) -> int:
    """Return how many clips a rater will be given until `to_rate` are rated, hidden checks among them.

    This is the number that raters read: it falls by one with each clip, whatever the clip is for. `references` is how
    many reference clips are left for this rater.
    """
    purposes = [one.purpose for one in given]
    while to_rate:
        match purpose_at(len(purposes), seed, rater):
            case TrialPurpose.REPEAT if _can_repeat(purposes):
                purposes.append(TrialPurpose.REPEAT)
            case TrialPurpose.REFERENCE if references:
                references -= 1
                purposes.append(TrialPurpose.REFERENCE)
            case _:
                to_rate -= 1
                purposes.append(TrialPurpose.RATING)
    return len(purposes) - len(given)


def _can_repeat(purposes: Sequence[TrialPurpose]) -> bool:
    before = purposes[: max(0, len(purposes) - GAP)]
    return before.count(TrialPurpose.RATING) > purposes.count(TrialPurpose.REPEAT)


def _to_repeat(given: Sequence[Given[Turn]], seed: int, rater: Hashable) -> Turn | None:
    repeated = {one.turn for one in given if one.purpose is TrialPurpose.REPEAT}
    before = given[: max(0, len(given) - GAP)]
    left = [one.turn for one in before if one.purpose is TrialPurpose.RATING and one.turn not in repeated]
    if not left:
        return None
    return Random(f"{seed}/{rater}/repeat/{len(given)}").choice(left)  # noqa: S311
