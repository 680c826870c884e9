"""Who comes to a scheduled session: places in the order in which people signed up, and who is next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.domain.states import SignUpAnswer


@dataclass(frozen=True, slots=True)
class Roster:
    """Who comes to a session with this many places for performers; each list is in the order of the answers.

    `waiting` said that they come when no place was left, and move up by themselves; `standby` come only if asked.
    """

    places: int
    coming: Sequence[UserId] = ()
    waiting: Sequence[UserId] = ()
    standby: Sequence[UserId] = ()
    absent: Sequence[UserId] = ()

    @property
    def free(self) -> int:
        """How many places are left."""
        return self.places - len(self.coming)

    @property
    def on_standby(self) -> Sequence[UserId]:
        """Everyone who may get a place that becomes free, the next one first."""
        return [*self.waiting, *self.standby]


def roster_of(answers: Iterable[tuple[UserId, SignUpAnswer]], places: int) -> Roster:
    """Give out the places: `answers` are in the order in which they were given, one per account."""
    by_answer: dict[SignUpAnswer, list[UserId]] = {answer: [] for answer in SignUpAnswer}
    for user_id, answer in answers:
        by_answer[answer].append(user_id)
    come = by_answer[SignUpAnswer.COMING]
    return Roster(places, come[:places], come[places:], by_answer[SignUpAnswer.STANDBY], by_answer[SignUpAnswer.ABSENT])


def moved_up(before: Roster, after: Roster) -> list[UserId]:
    """Who waited for a place and has one now."""
    return [user for user in after.coming if user in before.waiting]


def to_ask(before: Roster, after: Roster) -> UserId | None:
    """The person on standby whom to ask now: a place has become free, or the one who was asked before has declined."""
    asked_before = before.standby[0] if before.standby else None
    has_declined = asked_before is not None and asked_before in after.absent
    has_opened = before.free <= 0 < after.free
    if after.free <= 0 or not (has_opened or has_declined):
        return None
    return next((user for user in after.standby if user in before.standby), None)
