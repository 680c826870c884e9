"""Peer ratings, blind to the target, and what performers felt themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.domain.consent import TO_RATE
from bot.domain.emotions import EmotionSet
from bot.domain.errors import (
    AlreadyRated,
    NoSuchTurn,
    NothingToRate,
    SelfRatingAsPeer,
    SelfRatingOfAnother,
    TurnsNotFoundYet,
)
from bot.domain.events.catalogue import Event, TurnRated, TurnSelfRated
from bot.domain.ids import PersonId, TurnId, UserId
from bot.domain.instrument import read_answers
from bot.live.ports import Clock, time_of
from bot.live.session import LiveSession
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.dealt import Dealt, Questions
from bot.services.turns.clips import Clips
from bot.services.turns.turns import Turns
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import find_person, get_person
from bot.store.ratings import (
    RateableTurn,
    add_rating,
    add_self_rating,
    count_raters,
    find_rateable_turn,
    has_rated,
    unrated_turns,
    was_on_stage,
)
from bot.store.records import Person
from bot.store.transaction import Transaction

LONGEST_WAIT_SECONDS = 20.0
"""How long a rater who comes just after a cut waits for its clips; they take about 1 s per two minutes of sound."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One turn to judge, as a file that every client can play. `remaining` includes this one.

    `emotions` are those that the rater chooses from.
    """

    turn_id: TurnId
    path: Path
    is_own: bool
    remaining: int
    emotions: EmotionSet


@dataclass(frozen=True, slots=True)
class Ratings:
    """Brings clips to raters and stores their answers."""

    database: Database
    clock: Clock
    dealt: Dealt
    clips: Clips
    consents: ConsentsInForce
    turns: Turns
    clips_given: dict[tuple[TurnId, PersonId], float] = field(default_factory=dict[tuple[TurnId, PersonId], float])
    """When a clip was last given to a rater, by turn and person (monotonic); after a restart this is unknown."""

    async def next_clip(self, session: LiveSession, discord_user_id: UserId) -> Clip:
        """What a person should judge next: their own turns first, then the others' in an order that differs per rater.

        A clip that has as many ratings as the guild wants is not offered again. Raises ConsentMissing without consent
        to rate, NothingToRate if nothing is left, TurnsNotFoundYet if something may come.
        """
        while True:
            try:
                clip = await self._cut_next(session, discord_user_id)
            except NothingToRate:
                if not self.turns.is_searching(session.session_id):
                    raise
                await self._search_ended(session)
                continue
            # An X-card or a withdrawal may have removed the turn while its clip was cut.
            with suppress(NoSuchTurn):
                person, _ = await self._judge_of(session, clip.turn_id, discord_user_id)
                self.clips_given[clip.turn_id, person.person_id] = self.clock.monotonic()
                return clip

    async def _search_ended(self, session: LiveSession) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await self.turns.settled([session.session_id])
        except TimeoutError:
            raise TurnsNotFoundYet from None

    async def _cut_next(self, session: LiveSession, discord_user_id: UserId) -> Clip:
        person = await self._rater(session, discord_user_id)
        waiting = await unrated_turns(self.database, session.session_id, person.person_id)
        raters = await count_raters(self.database, session.session_id)
        wanted = session.settings.ratings_wanted
        waiting = [
            turn for turn in waiting if turn.performer_id == person.person_id or raters.get(turn.turn_id, 0) < wanted
        ]
        heard = {
            performer
            for performer in {turn.performer_id for turn in waiting}
            if await self._consents(session, performer)
        }
        waiting = [turn for turn in waiting if turn.performer_id in heard and not session.has_stopped(turn.scene_id)]
        if not waiting:
            raise NothingToRate
        turn = min(waiting, key=lambda one: (one.performer_id != person.person_id, _place(session, person, one)))
        path = await self.clips.of(turn)
        emotions = await self.dealt.emotions(session, turn.scene_id)
        return Clip(turn.turn_id, path, turn.performer_id == person.person_id, len(waiting), emotions)

    async def questions(
        self, session: LiveSession, turn_id: TurnId, discord_user_id: UserId, *, as_self: bool
    ) -> Questions:
        """What a person is asked about a turn.

        Raises what `record` or `record_self` would raise, before someone fills in a form in vain.
        """
        person, turn = await self._judge_of(session, turn_id, discord_user_id)
        _check_side(person, turn, as_self=as_self)
        if await has_rated(self.database, turn_id, person.person_id):
            raise AlreadyRated
        return await self.dealt.questions(session, turn.scene_id)

    async def record(
        self, session: LiveSession, turn_id: TurnId, discord_user_id: UserId, given: Mapping[str, str]
    ) -> None:
        """Store a peer's answers. Raises SelfRatingAsPeer, AlreadyRated, AnswerInvalid, EmotionUnknown, NoSuchTurn."""
        answered = self.clock.monotonic()
        person, turn = await self._judge_of(session, turn_id, discord_user_id)
        _check_side(person, turn, as_self=False)
        answers = read_answers(given, await self.dealt.emotions(session, turn.scene_id))
        is_partner = await was_on_stage(self.database, turn.take_id, person.person_id)
        async with self.database.transaction() as tx:
            await _require_unjudged(tx, session, turn, person)
            await self.consents.require(discord_user_id, session.guild_id, TO_RATE, tx)
            given_at, now = self.clips_given.get((turn_id, person.person_id)), time_of(self.clock, answered)
            asked_at = None if given_at is None else time_of(self.clock, given_at)
            await add_rating(tx, turn_id, person.person_id, answers, is_partner=is_partner, asked_at=asked_at, now=now)
            await _log_rating(tx, now, TurnRated(turn.turn_id), session, turn, person)
        self.clips_given.pop((turn_id, person.person_id), None)

    async def record_self(
        self, session: LiveSession, turn_id: TurnId, discord_user_id: UserId, given: Mapping[str, str]
    ) -> None:
        """Store what a performer felt in their own turn. Raises SelfRatingOfAnother, otherwise as `record`."""
        answered = self.clock.monotonic()
        person, turn = await self._judge_of(session, turn_id, discord_user_id)
        _check_side(person, turn, as_self=True)
        answers = read_answers(given, await self.dealt.emotions(session, turn.scene_id))
        async with self.database.transaction() as tx:
            await _require_unjudged(tx, session, turn, person)
            await self.consents.require(discord_user_id, session.guild_id, TO_RATE, tx)
            now = time_of(self.clock, answered)
            await add_self_rating(tx, turn_id, person.person_id, answers, now=now)
            await _log_rating(tx, now, TurnSelfRated(turn.turn_id), session, turn, person)
        self.clips_given.pop((turn_id, person.person_id), None)

    async def _judge_of(
        self, session: LiveSession, turn_id: TurnId, discord_user_id: UserId
    ) -> tuple[Person, RateableTurn]:
        person = await self._rater(session, discord_user_id)
        turn = await find_rateable_turn(self.database, turn_id)
        if turn is None or turn.session_id != session.session_id:
            raise NoSuchTurn
        if not await self._consents(session, turn.performer_id) or session.has_stopped(turn.scene_id):
            raise NoSuchTurn
        return person, turn

    async def _rater(self, session: LiveSession, discord_user_id: UserId) -> Person:
        # Reads only: a form must open within Discord's three seconds, even during a write to the store.
        await self.consents.require(discord_user_id, session.guild_id, TO_RATE)
        person = await find_person(self.database, discord_user_id)
        assert person is not None, "a person with consent is in the store"
        return person

    async def _consents(self, session: LiveSession, performer_id: PersonId) -> bool:
        performer = await get_person(self.database, performer_id)
        return await self.consents.may_perform(performer.discord_user_id, session.guild_id)


async def _require_unjudged(tx: Transaction, session: LiveSession, turn: RateableTurn, person: Person) -> None:
    # An X-card may have come in the meantime: what it stopped is not judged.
    if session.has_stopped(turn.scene_id) or await find_rateable_turn(tx, turn.turn_id) is None:
        raise NoSuchTurn
    if await has_rated(tx, turn.turn_id, person.person_id):
        raise AlreadyRated


def _check_side(person: Person, turn: RateableTurn, *, as_self: bool) -> None:
    is_own = turn.performer_id == person.person_id
    if is_own and not as_self:
        raise SelfRatingAsPeer
    if as_self and not is_own:
        raise SelfRatingOfAnother


def _place(session: LiveSession, person: Person, turn: RateableTurn) -> float:
    # Random per rater, and the same each time this rater asks.
    return Random(f"{session.seed}/{person.person_id}/{turn.turn_id}").random()  # noqa: S311


async def _log_rating(
    tx: Transaction, now: str, event: Event, session: LiveSession, turn: RateableTurn, person: Person
) -> None:
    await log_event(
        tx,
        event,
        now,
        session_id=session.session_id,
        take_id=turn.take_id,
        person_id=person.person_id,
    )
