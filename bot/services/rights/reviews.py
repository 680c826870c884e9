"""Performers hear their own turns, and say which of them no one is to get."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import NoSuchTurn, NothingToReview
from bot.domain.ids import TurnId, UserId
from bot.domain.states import Verdict
from bot.live.ports import Clock
from bot.services.turns.clips import Clips
from bot.store.database import Database
from bot.store.people import find_person
from bot.store.reviews import OwnTurn, add_review, let_raters_wait, lets_raters_wait, own_turn, unreviewed_turns


@dataclass(frozen=True, slots=True)
class ToReview:
    """A turn for its performer to hear, how many are left with it, and whether raters wait for them."""

    turn: OwnTurn
    path: Path
    remaining: int
    raters_wait: bool


@dataclass(frozen=True, slots=True)
class Reviews:
    """Brings people their own turns, and keeps what they say of them."""

    database: Database
    clock: Clock
    clips: Clips

    async def next_turn(self, user_id: UserId) -> ToReview:
        """Return the next turn that a person has not reviewed. Raises NothingToReview if there is none."""
        person = await find_person(self.database, user_id)
        waiting = await unreviewed_turns(self.database, person.person_id) if person else []
        if person is None or not waiting:
            raise NothingToReview
        waits = await lets_raters_wait(self.database, person.person_id)
        return ToReview(waiting[0], await self.clips.of(waiting[0]), len(waiting), waits)

    async def review(self, user_id: UserId, turn_id: TurnId, verdict: Verdict) -> None:
        """Keep what a person says of a turn of their own. Raises NoSuchTurn for any other."""
        async with self.database.transaction() as tx:
            person = await find_person(tx, user_id)
            turn = await own_turn(tx, person.person_id, turn_id) if person else None
            if turn is None:
                raise NoSuchTurn
            await add_review(tx, turn, verdict, self.clock.now())

    async def let_raters_wait(self, user_id: UserId, *, wait: bool) -> None:
        """From now on, raters get a person's turns only after the person has kept them, or immediately."""
        async with self.database.transaction() as tx:
            if person := await find_person(tx, user_id):
                await let_raters_wait(tx, person.person_id, self.clock.now(), wait=wait)
