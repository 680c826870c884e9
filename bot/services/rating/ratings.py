"""Peer ratings, blind to the target, and what performers felt themselves."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.answers import Given, read_answers
from bot.domain.emotions import EmotionSet
from bot.domain.errors import (
    AlreadyRated,
    NoSuchTurn,
    NothingLeftToRate,
    NothingToRate,
    SelfRatingAsPeer,
    SelfRatingOfAnother,
    TurnsNotFoundYet,
)
from bot.domain.events.catalogue import Event, TurnRated, TurnSelfRated
from bot.domain.ids import PersonId, TurnId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.live.ports import Clock, time_of
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.dealt import Dealt
from bot.services.rating.absent_raters import AbsentRaters
from bot.services.rating.bad_sound import BadSound
from bot.services.rating.forms import Form, Forms
from bot.services.rating.queue import Queue
from bot.services.rating.rated_session import RatedSession
from bot.services.turns.clips import Clips
from bot.services.turns.turns import Turns
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import find_person
from bot.store.prompts_shown import was_shown_prompt
from bot.store.ratings import RateableTurn, find_rateable_turn, unrated_turns, was_on_stage
from bot.store.records import Person
from bot.store.transaction import Transaction
from bot.store.trials import Answering, answer_trial, is_answered, show_trial, trial_of

RATERS_AT_ONCE = 4
"""For how many raters the bot reads the store at the same time. Each takes some milliseconds, so no one waits long."""

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
    """Brings clips to raters and stores their answers.

    `few` lets in some raters at once: a crowd of them must not keep the event loop from whatever else is due.
    """

    database: Database
    clock: Clock
    dealt: Dealt
    clips: Clips
    consents: ConsentsInForce
    absent: AbsentRaters
    turns: Turns
    forms: Forms
    bad_sound: BadSound
    few: asyncio.Semaphore
    queue: Queue
    clips_given: dict[tuple[TurnId, PersonId], float] = field(default_factory=dict[tuple[TurnId, PersonId], float])
    """When a clip was last given to a rater, by turn and person (monotonic); after a restart this is unknown."""

    async def next_clip(self, session: RatedSession, discord_user_id: UserId) -> Clip:
        """What a person should judge next: their own turns first, then what the queue gives them.

        Raises ConsentMissing without consent to rate, NothingToRate if nothing is left, ClipsWithOthers if others have
        what is left, TurnsNotFoundYet if something may come.
        """
        while True:
            try:
                async with self.few:
                    person, turn, remaining = await self._choose_next(session, discord_user_id)
            except NothingToRate:
                if not self.turns.is_searching(session.session_id):
                    raise
                await self._search_ended(session)
                continue
            clip = await self._clip_of(session, person, turn, remaining)
            # An X-card or a withdrawal may have removed the turn while its clip was cut.
            with suppress(NoSuchTurn, AlreadyRated):
                async with self.few:
                    await self._show(session, turn, person)
                self.clips_given[clip.turn_id, person.person_id] = self.clock.monotonic()
                return clip

    async def _search_ended(self, session: RatedSession) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await self.turns.settled([session.session_id])
        except TimeoutError:
            raise TurnsNotFoundYet from None

    async def _choose_next(self, session: RatedSession, discord_user_id: UserId) -> tuple[Person, RateableTurn, int]:
        """The rater, the turn that they get next, and how many are left with it."""
        person = await self._rater(session, discord_user_id)
        waiting = await unrated_turns(self.database, session.session_id, person.person_id, session.ratings_wanted)
        waiting = [turn for turn in waiting if not session.has_stopped(turn.scene_id)]
        waiting = await self.absent.may_hear(waiting, session, discord_user_id)
        if not waiting:
            raise NothingToRate if session.is_open else NothingLeftToRate
        picked = await self.queue.pick(session, person.person_id, waiting)
        return person, picked.turn, picked.remaining

    async def _clip_of(self, session: RatedSession, person: Person, turn: RateableTurn, remaining: int) -> Clip:
        path = await self.clips.of(turn)
        emotions = await self.dealt.emotions(session, turn.scene_id)
        return Clip(turn.turn_id, path, turn.performer_id == person.person_id, remaining, emotions)

    async def _show(self, session: RatedSession, chosen: RateableTurn, person: Person) -> None:
        """Store that a rater is shown a clip, and what its form asks them."""
        turn = await self._turn_to_judge(session, chosen.turn_id, person.discord_user_id)
        questions = await self.dealt.questions(session, turn.scene_id)
        is_partner = await was_on_stage(self.database, turn.take_id, person.person_id)
        async with self.database.transaction() as tx:
            await _require_unjudged(tx, session, turn, person)
            await self.consents.require(person.discord_user_id, session.guild_id, TO_KEEP_ANSWERS, tx)
            question = await self.forms.plan(tx, session, turn, person.person_id, questions.instrument)
            await show_trial(tx, question, is_partner=is_partner, now=self.clock.now())

    async def questions(
        self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId, *, as_self: bool
    ) -> Form:
        """What a person is asked about a turn.

        Raises what `record` or `record_self` would raise, before someone fills in a form in vain.
        """
        person, turn = await self._judge_of(session, turn_id, discord_user_id)
        _check_side(person, turn, as_self=as_self)
        if await is_answered(self.database, turn_id, person.person_id):
            raise AlreadyRated
        self.queue.keep(session, turn_id, person.person_id)
        trial = await trial_of(self.database, turn_id, person.person_id)
        return await self.forms.of(session, turn, person.person_id, trial)

    async def record(self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId, given: Given) -> None:
        """Store a peer's answers.

        Raises SelfRatingAsPeer, AlreadyRated, EnoughRatings, AnswerInvalid, EmotionUnknown, NoSuchTurn.
        """
        await self._record(session, turn_id, discord_user_id, given, as_self=False)

    async def record_self(self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId, given: Given) -> None:
        """Store what a performer felt in their own turn. Raises SelfRatingOfAnother, otherwise as `record`."""
        await self._record(session, turn_id, discord_user_id, given, as_self=True)

    async def _record(
        self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId, given: Given, *, as_self: bool
    ) -> None:
        answered = self.clock.monotonic()
        person, turn = await self._judge_of(session, turn_id, discord_user_id)
        _check_side(person, turn, as_self=as_self)
        trial = await trial_of(self.database, turn_id, person.person_id)
        form = await self.forms.of(session, turn, person.person_id, trial)
        answers = read_answers(given, form.items, form.emotions)
        is_partner = await was_on_stage(self.database, turn.take_id, person.person_id)
        async with self.database.transaction() as tx:
            await _require_unjudged(tx, session, turn, person)
            await self.consents.require(discord_user_id, session.guild_id, TO_KEEP_ANSWERS, tx)
            if not as_self:
                await self.queue.admit(tx, session, turn_id, person.person_id)
            now = time_of(self.clock, answered)
            if trial is None:
                # An earlier version showed the clip.
                question = await self.forms.plan(tx, session, turn, person.person_id, form.instrument)
                trial_id = await show_trial(tx, question, is_partner=is_partner, now=now)
            else:
                trial_id = trial.trial_id
            shown_at, took_ms = self._asked(turn_id, person, answered, trial and trial.shown_at)
            knew_prompt = await was_shown_prompt(tx, turn.scene_id, person.person_id)
            answering = Answering(is_partner, knew_prompt, shown_at, took_ms)
            await answer_trial(tx, trial_id, answers, answering, now=now)
            event = TurnSelfRated(turn.turn_id) if as_self else TurnRated(turn.turn_id)
            await _log_rating(tx, now, event, session, turn, person)
            is_bad = await self.bad_sound.is_news(tx, turn, answers)
        self.queue.answered(session, turn_id, person.person_id)
        self.clips_given.pop((turn_id, person.person_id), None)
        if is_bad:
            self.bad_sound.tell(turn)

    def _asked(
        self, turn_id: TurnId, person: Person, answered: float, stored: str | None
    ) -> tuple[str | None, int | None]:
        """When a rater was given a clip, and how long ago that was by a clock that no one sets, if that is known."""
        given_at = self.clips_given.get((turn_id, person.person_id))
        if given_at is None:
            return stored, None
        return time_of(self.clock, given_at), round((answered - given_at) * 1000)

    async def _judge_of(
        self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId
    ) -> tuple[Person, RateableTurn]:
        person = await self._rater(session, discord_user_id)
        return person, await self._turn_to_judge(session, turn_id, discord_user_id)

    async def _turn_to_judge(self, session: RatedSession, turn_id: TurnId, discord_user_id: UserId) -> RateableTurn:
        turn = await find_rateable_turn(self.database, turn_id)
        if turn is None or turn.session_id != session.session_id:
            raise NoSuchTurn
        if session.has_stopped(turn.scene_id) or not await self.absent.may_hear([turn], session, discord_user_id):
            raise NoSuchTurn
        return turn

    async def _rater(self, session: RatedSession, discord_user_id: UserId) -> Person:
        # Reads only: a form must open within Discord's three seconds, even during a write to the store.
        await self.consents.require(discord_user_id, session.guild_id, TO_KEEP_ANSWERS)
        person = await find_person(self.database, discord_user_id)
        assert person is not None, "a person with consent is in the store"
        return person


async def _require_unjudged(tx: Transaction, session: RatedSession, turn: RateableTurn, person: Person) -> None:
    # An X-card may have come in the meantime: what it stopped is not judged.
    if session.has_stopped(turn.scene_id) or await find_rateable_turn(tx, turn.turn_id) is None:
        raise NoSuchTurn
    if await is_answered(tx, turn.turn_id, person.person_id):
        raise AlreadyRated


def _check_side(person: Person, turn: RateableTurn, *, as_self: bool) -> None:
    is_own = turn.performer_id == person.person_id
    if is_own and not as_self:
        raise SelfRatingAsPeer
    if as_self and not is_own:
        raise SelfRatingOfAnother


async def _log_rating(
    tx: Transaction, now: str, event: Event, session: RatedSession, turn: RateableTurn, person: Person
) -> None:
    await log_event(
        tx,
        event,
        now,
        session_id=session.session_id,
        take_id=turn.take_id,
        person_id=person.person_id,
    )
