"""What a rater's button or form is about: a trial by its token, its turn, and whether it is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import AlreadyRated, NoSuchTurn, TrialOfAnother
from bot.domain.ids import TrialToken, TurnId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.live.ports import Clock, time_of
from bot.services.facts.consents import ConsentsInForce
from bot.services.rating.absent_raters import AbsentRaters
from bot.services.rating.rated_session import RatedSession
from bot.store.database import Database
from bot.store.people import find_person
from bot.store.ratings import RateableTurn, find_rateable_turn, find_turn_to_hear
from bot.store.records import Person, Trial
from bot.store.transaction import Transaction
from bot.store.trials import find_trial


@dataclass(frozen=True, slots=True)
class Judged:
    """A trial with its rater and its turn; `other` is the second turn of a pair."""

    person: Person
    trial: Trial
    turn: RateableTurn
    other: RateableTurn | None = None

    @property
    def is_own(self) -> bool:
        """Whether the rater is the turn's performer."""
        return self.turn.performer_id == self.person.person_id

    @property
    def turns(self) -> Sequence[RateableTurn]:
        """The turn, or both turns of a pair."""
        return [self.turn, self.other] if self.other else [self.turn]


@dataclass(frozen=True, slots=True)
class GivenTrials:
    """Finds trials, and says who may answer them. Reads only: a form must open in time even while others write."""

    database: Database
    consents: ConsentsInForce
    absent: AbsentRaters

    async def rater(self, session: RatedSession, discord_user_id: UserId) -> Person:
        """Return a person who may rate. Raises ConsentMissing."""
        await self.consents.require(discord_user_id, session.guild_id, TO_KEEP_ANSWERS)
        person = await find_person(self.database, discord_user_id)
        assert person is not None, "a person with consent is in the store"
        return person

    async def may_hear(
        self, turns: Sequence[RateableTurn], session: RatedSession, discord_user_id: UserId
    ) -> list[RateableTurn]:
        """Return those of these turns that a rater may hear now."""
        return await self.absent.may_hear(turns, session, discord_user_id)

    async def to_hear(self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId) -> RateableTurn:
        """Return a turn of a session that a rater may be given now. Raises NoSuchTurn."""
        if await find_turn_to_hear(self.database, turn_id, discord_user_id) is None:
            raise NoSuchTurn
        return await self.turn(session, turn_id, discord_user_id)

    async def turn(self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId) -> RateableTurn:
        """Return a turn of a session that a rater was given and may still answer about. Raises NoSuchTurn."""
        turn = await find_rateable_turn(self.database, turn_id)
        if turn is None or turn.session_id != session.session_id:
            raise NoSuchTurn
        if session.has_stopped(turn.scene_id) or not await self.may_hear([turn], session, discord_user_id):
            raise NoSuchTurn
        return turn

    async def of(self, session: RatedSession, token: TrialToken, discord_user_id: UserId) -> Judged:
        """Return the trial about one turn that a token names. Raises ConsentMissing, NoSuchTurn, TrialOfAnother."""
        judged = await self._of(session, token, discord_user_id)
        if judged.other is not None:
            raise NoSuchTurn
        return judged

    async def of_pair(self, session: RatedSession, token: TrialToken, discord_user_id: UserId) -> Judged:
        """Return the trial about a pair of turns that a token names. Raises what `of` raises."""
        judged = await self._of(session, token, discord_user_id)
        if judged.other is None:
            raise NoSuchTurn
        return judged

    async def _of(self, session: RatedSession, token: TrialToken, discord_user_id: UserId) -> Judged:
        person = await self.rater(session, discord_user_id)
        trial = await find_trial(self.database, token)
        if trial is None or trial.session_id != session.session_id:
            raise NoSuchTurn
        if trial.rater_id != person.person_id:
            raise TrialOfAnother
        turn, second = await self.turn(session, trial.turn_id, discord_user_id), trial.other_turn_id
        other = None if second is None else await self.turn(session, second, discord_user_id)
        return Judged(person, trial, turn, other)

    async def require_open(self, tx: Transaction, session: RatedSession, judged: Judged) -> None:
        """Raise NoSuchTurn or AlreadyRated if a trial can no longer be answered, for the transaction that stores it."""
        # An X-card may have come in the meantime: what it stopped is not judged.
        for turn in judged.turns:
            if session.has_stopped(turn.scene_id) or await find_rateable_turn(tx, turn.turn_id) is None:
                raise NoSuchTurn
        trial = await find_trial(tx, judged.trial.token)
        if trial is None:
            raise NoSuchTurn
        if trial.answered_at is not None:
            raise AlreadyRated


def when_asked(clock: Clock, given_at: float | None, trial: Trial, answered: float) -> tuple[str | None, int | None]:
    """When a rater was given a trial, and how long ago that was by a clock that no one sets, if that is known.

    `given_at` and `answered` are monotonic; after a restart, only the stored time is known.
    """
    if given_at is None:
        return trial.shown_at, None
    return time_of(clock, given_at), round((answered - given_at) * 1000)
