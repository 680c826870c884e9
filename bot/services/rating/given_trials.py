"""What a rater's button or form is about: a trial by its token, its turn, and whether it is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import AlreadyRated, NoSuchTurn, TrialOfAnother
from bot.domain.ids import TrialToken, TurnId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.services.facts.consents import ConsentsInForce
from bot.services.rating.rated_session import RatedSession
from bot.store.database import Database
from bot.store.people import find_person
from bot.store.ratings import RateableTurn, find_rateable_turn
from bot.store.records import Person, Trial
from bot.store.transaction import Transaction
from bot.store.trials import find_trial


@dataclass(frozen=True, slots=True)
class Judged:
    """A trial with its rater and its turn."""

    person: Person
    trial: Trial
    turn: RateableTurn

    @property
    def is_own(self) -> bool:
        """Whether the rater is the turn's performer."""
        return self.turn.performer_id == self.person.person_id


@dataclass(frozen=True, slots=True)
class GivenTrials:
    """Finds trials, and says who may answer them. Reads only: a form must open in time even while others write."""

    database: Database
    consents: ConsentsInForce

    async def rater(self, session: RatedSession, discord_user_id: UserId) -> Person:
        """Return a person who may rate. Raises ConsentMissing."""
        await self.consents.require(discord_user_id, session.guild_id, TO_KEEP_ANSWERS)
        person = await find_person(self.database, discord_user_id)
        assert person is not None, "a person with consent is in the store"
        return person

    async def turn(self, session: RatedSession, turn_id: TurnId) -> RateableTurn:
        """Return a turn of a session that others may hear now. Raises NoSuchTurn."""
        turn = await find_rateable_turn(self.database, turn_id)
        if turn is None or turn.session_id != session.session_id:
            raise NoSuchTurn
        if session.has_stopped(turn.scene_id) or not await self.consents.may_be_heard([turn], session.guild_id):
            raise NoSuchTurn
        return turn

    async def of(self, session: RatedSession, token: TrialToken, discord_user_id: UserId) -> Judged:
        """Return the trial that a token names. Raises ConsentMissing, NoSuchTurn, TrialOfAnother."""
        person = await self.rater(session, discord_user_id)
        trial = await find_trial(self.database, token)
        if trial is None or trial.session_id != session.session_id:
            raise NoSuchTurn
        if trial.rater_id != person.person_id:
            raise TrialOfAnother
        return Judged(person, trial, await self.turn(session, trial.turn_id))

    async def require_open(self, tx: Transaction, session: RatedSession, judged: Judged) -> None:
        """Raise NoSuchTurn or AlreadyRated if a trial can no longer be answered, for the transaction that stores it."""
        # An X-card may have come in the meantime: what it stopped is not judged.
        if session.has_stopped(judged.turn.scene_id) or await find_rateable_turn(tx, judged.turn.turn_id) is None:
            raise NoSuchTurn
        trial = await find_trial(tx, judged.trial.token)
        if trial is None:
            raise NoSuchTurn
        if trial.answered_at is not None:
            raise AlreadyRated
