"""Who holds which place: a turn that was given to a rater is kept for them until they have answered or time is up.

Answers are counted by reading the store, which takes a moment. A place whose answer came after that reading began still
counts as held, so that it is never missing from both: by an old count, too little may be given, and never too much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

Turn = TypeVar("Turn", bound=Hashable)
Rater = TypeVar("Rater", bound=Hashable)

LEASE_SECONDS: Final = 600.0
"""How long a place is kept. A clip lasts seconds and its form takes a minute: those who take longer have left."""


@dataclass(frozen=True, slots=True)
class _Answered(Generic[Turn, Rater]):
    turn: Turn
    rater: Rater
    at: float


@dataclass(slots=True)
class Leases(Generic[Turn, Rater]):
    """The places that raters of one session hold. Times are seconds of one clock that never goes back."""

    _until: dict[tuple[Rater, Turn], float] = field(default_factory=dict[tuple[Rater, Turn], float])
    _answered: list[_Answered[Turn, Rater]] = field(default_factory=list[_Answered[Turn, Rater]])

    def turn_of(self, rater: Rater, now: float) -> Turn | None:
        """Return the turn that a rater was given last and still holds."""
        held = [turn for (other, turn), until in self._until.items() if other == rater and until > now]
        return held[-1] if held else None

    def holds(self, rater: Rater, turn: Turn, now: float) -> bool:
        """Whether a rater holds a place of a turn."""
        return self._until.get((rater, turn), now) > now

    def held_by_others(self, rater: Rater, now: float, counted_from: float) -> Counter[Turn]:
        """Return how many places of each turn others hold, for a count of answers whose reading began then.

        A count that was begun LEASE_SECONDS ago is of no use any more.
        """
        held = Counter(turn for (other, turn), until in self._until.items() if other != rater and until > now)
        held.update(one.turn for one in self._answered if one.at >= counted_from)
        return held

    def give(self, turn: Turn, rater: Rater, now: float) -> None:
        """Keep a place for a rater, in place of any other that they hold. Giving it again makes it last longer."""
        for held in [held for held in self._until if held[0] == rater]:
            del self._until[held]
        self.admit(turn, rater, now)
        self._forget(now)

    def admit(self, turn: Turn, rater: Rater, now: float) -> None:
        """Keep a place for a rater beside what else they hold, because their answer is being stored."""
        self._until[rater, turn] = now + LEASE_SECONDS

    def answered(self, turn: Turn, rater: Rater, now: float) -> None:
        """A rater's answer about a turn is in the store: readings that begin from now on count it."""
        if self._until.pop((rater, turn), None) is not None:
            self._answered.append(_Answered(turn, rater, now))

    def _forget(self, now: float) -> None:
        self._answered = [one for one in self._answered if one.at + LEASE_SECONDS > now]
        self._until = {held: until for held, until in self._until.items() if until > now}
