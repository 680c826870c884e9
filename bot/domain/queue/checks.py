"""Hidden checks between a rater's clips: one they have rated before (a repeat), or one for everyone (a reference).

A check looks, sounds and is asked like any other clip: only the store knows its purpose. The places of checks are drawn
from the session's seed, so that neither raters nor their number of answers say where the next one is.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final, Generic, TypeVar

Turn = TypeVar("Turn", bound=Hashable)

BLOCK: Final = 10
"""Among so many clips are one repeat and one reference: a fifth of a rater's time, for figures from 80 clips on."""

GAP: Final = 8
"""So many other clips come before a clip is repeated: more than people keep in mind."""


class Purpose(StrEnum):
    """Why a rater is given a clip."""

    RATING = "rating"
    REPEAT = "repeat"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Given(Generic[Turn]):
    """A clip that a rater was given and has answered about."""

    turn: Turn
    purpose: Purpose


def purpose_at(number: int, seed: int, rater: Hashable) -> Purpose:
    """Return what a rater's clip with this number (from 0) is for."""
    block, place = divmod(number, BLOCK)
    repeat, reference = Random(f"{seed}/{rater}/checks/{block}").sample(range(BLOCK), 2)  # noqa: S311
    return {repeat: Purpose.REPEAT, reference: Purpose.REFERENCE}.get(place, Purpose.RATING)


def next_check(
    given: Sequence[Given[Turn]], references: Sequence[Turn], seed: int, rater: Hashable
) -> Given[Turn] | None:
    """Return the check that is due after what was given, oldest first; None if another clip is to be rated.

    `references` are the reference clips that this rater may hear, in the order that is the same for everyone. Only what
    was given for rating is repeated, and once. A check for which there is no clip is left out, not put off.
    """
    match purpose_at(len(given), seed, rater):
        case Purpose.REPEAT:
            chosen = _to_repeat(given, seed, rater)
            return None if chosen is None else Given(chosen, Purpose.REPEAT)
        case Purpose.REFERENCE:
            heard = {one.turn for one in given}
            chosen = next((turn for turn in references if turn not in heard), None)
            return None if chosen is None else Given(chosen, Purpose.REFERENCE)
        case Purpose.RATING:
            return None


def _to_repeat(given: Sequence[Given[Turn]], seed: int, rater: Hashable) -> Turn | None:
    repeated = {one.turn for one in given if one.purpose is Purpose.REPEAT}
    before = given[: max(0, len(given) - GAP)]
    left = [one.turn for one in before if one.purpose is Purpose.RATING and one.turn not in repeated]
    if not left:
        return None
    return Random(f"{seed}/{rater}/repeat/{len(given)}").choice(left)  # noqa: S311
