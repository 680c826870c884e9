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
from bot.domain.ids import TrialToken, TurnId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.domain.states import TrialPurpose
from bot.live.ports import Clock, time_of
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.dealt import Dealt
from bot.services.rating.bad_sound import BadSound
from bot.services.rating.forms import Form, Forms
from bot.services.rating.given_trials import GivenTrials, Judged, when_asked
from bot.services.rating.hidden_checks import Heard, HiddenChecks
from bot.services.rating.queue import Picked, Queue
from bot.services.rating.rated_session import RatedSession
from bot.services.turns.clips import Clips
from bot.services.turns.turns import Turns
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.prompts_shown import was_shown_prompt
from bot.store.ratings import RateableTurn, find_rateable_turn, unjudged_turns, was_on_stage
from bot.store.records import Person, Trial
from bot.store.transaction import Transaction
from bot.store.trials import Answering, answer_trial, is_answered, show_trial

RATERS_AT_ONCE = 4
"""For how many raters the bot reads the store at the same time. Each takes some milliseconds, so no one waits long."""

LONGEST_WAIT_SECONDS = 20.0
"""How long a rater who comes just after a cut waits for its clips; they take about 1 s per two minutes of sound."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One turn to judge, as a file that every client can play. `remaining` includes this one.

    Buttons and forms name it by the `token` of its trial. `emotions` are those that the rater chooses from. With
    `break_is_due`, a break is offered before it.
    """

    token: TrialToken
    turn_id: TurnId
    path: Path
    is_own: bool
    remaining: int
    emotions: EmotionSet
    break_is_due: bool = False


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
    turns: Turns
    forms: Forms
    bad_sound: BadSound
    few: asyncio.Semaphore
    queue: Queue
    trials: GivenTrials
    checks: HiddenChecks
    clips_given: dict[TrialToken, float] = field(default_factory=dict[TrialToken, float])
    """When a clip was last given to a rater, by their trial (monotonic); after a restart this is unknown."""

    async def next_clip(self, session: RatedSession, discord_user_id: UserId) -> Clip:
        """What a person should judge next: their own turns first, then what the queue gives them.

        Raises ConsentMissing without consent to rate, NothingToRate if nothing is left, ClipsWithOthers if others have
        what is left, TurnsNotFoundYet if something may come.
        """
        while True:
            try:
                async with self.few:
                    person, picked, heard = await self._choose_next(session, discord_user_id)
            except NothingToRate:
                if not self.turns.is_searching(session.session_id):
                    raise
                await self._search_ended(session)
                continue
            turn, path = picked.turn, await self.clips.of(picked.turn)
            emotions = await self.dealt.emotions(session, turn.scene_id)
            # An X-card or a withdrawal may have removed the turn while its clip was cut.
            with suppress(NoSuchTurn, AlreadyRated):
                async with self.few:
                    trial = await self._show(session, picked, person)
                self.clips_given[trial.token] = self.clock.monotonic()
                is_own = turn.performer_id == person.person_id
                return Clip(trial.token, turn.turn_id, path, is_own, picked.remaining, emotions, heard.break_is_due)

    async def _search_ended(self, session: RatedSession) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await self.turns.settled([session.session_id])
        except TimeoutError:
            raise TurnsNotFoundYet from None

    async def _choose_next(self, session: RatedSession, discord_user_id: UserId) -> tuple[Person, Picked, Heard]:
        """The rater, what they get next, and what they have heard."""
        person = await self.trials.rater(session, discord_user_id)
        unjudged = await unjudged_turns(self.database, session.session_id, person.person_id)
        unjudged = [turn for turn in unjudged if not session.has_stopped(turn.scene_id)]
        unjudged = await self.trials.may_hear(unjudged, session, discord_user_id)
        heard = await self.checks.heard(session, person)
        picked = await self.queue.pick(session, person.person_id, unjudged, heard)
        if picked is None:
            raise NothingToRate if session.is_open else NothingLeftToRate
        return person, picked, heard

    async def _show(self, session: RatedSession, picked: Picked, person: Person) -> Trial:
        """Store that a rater is shown a clip, and what its form asks them."""
        turn = await self.trials.to_hear(session, picked.turn.turn_id, person.discord_user_id)
        questions = await self.dealt.questions(session, turn.scene_id)
        is_partner = await was_on_stage(self.database, turn.take_id, person.person_id)
        async with self.database.transaction() as tx:
            await _require_unjudged(tx, session, turn, person, picked.purpose)
            await self.consents.require(person.discord_user_id, session.guild_id, TO_KEEP_ANSWERS, tx)
            rater_id, instrument = person.person_id, questions.instrument
            question = await self.forms.plan(tx, session, turn, rater_id, instrument, picked.purpose)
            return await show_trial(tx, question, is_partner=is_partner, now=self.clock.now())

    async def questions(
        self, session: RatedSession, token: TrialToken, discord_user_id: UserId, *, as_self: bool
    ) -> Form:
        """What a person is asked in a trial.

        Raises what `record` or `record_self` would raise, before someone fills in a form in vain.
        """
        judged = await self.trials.of(session, token, discord_user_id)
        _check_side(judged, as_self=as_self)
        if judged.trial.answered_at is not None:
            raise AlreadyRated
        self.queue.keep(session, judged.turn.turn_id, judged.person.person_id)
        return await self.forms.of(session, judged.turn, judged.person.person_id, judged.trial)

    async def record(self, session: RatedSession, token: TrialToken, discord_user_id: UserId, given: Given) -> None:
        """Store a peer's answers.

        Raises SelfRatingAsPeer, AlreadyRated, EnoughRatings, AnswerInvalid, EmotionUnknown, NoSuchTurn, TrialOfAnother.
        """
        await self._record(session, token, discord_user_id, given, as_self=False)

    async def record_self(
        self, session: RatedSession, token: TrialToken, discord_user_id: UserId, given: Given
    ) -> None:
        """Store what a performer felt in their own turn. Raises SelfRatingOfAnother, otherwise as `record`."""
        await self._record(session, token, discord_user_id, given, as_self=True)

    async def _record(
        self, session: RatedSession, token: TrialToken, discord_user_id: UserId, given: Given, *, as_self: bool
    ) -> None:
        answered = self.clock.monotonic()
        judged = await self.trials.of(session, token, discord_user_id)
        _check_side(judged, as_self=as_self)
        person, trial, turn = judged.person, judged.trial, judged.turn
        form = await self.forms.of(session, turn, person.person_id, trial)
        answers = read_answers(given, form.items, form.emotions)
        is_partner = await was_on_stage(self.database, turn.take_id, person.person_id)
        async with self.database.transaction() as tx:
            await self.trials.require_open(tx, session, judged)
            await self.consents.require(discord_user_id, session.guild_id, TO_KEEP_ANSWERS, tx)
            is_check = trial.purpose is not TrialPurpose.RATING
            if not as_self and not is_check:
                await self.queue.admit(tx, session, turn.turn_id, person.person_id)
            now = time_of(self.clock, answered)
            shown_at, took_ms = when_asked(self.clock, self.clips_given.get(token), trial, answered)
            knew_prompt = await was_shown_prompt(tx, turn.scene_id, person.person_id)
            answering = Answering(is_partner, knew_prompt, shown_at, took_ms)
            await answer_trial(tx, trial.trial_id, answers, answering, now=now)
            event = TurnSelfRated(turn.turn_id) if as_self else TurnRated(turn.turn_id)
            await _log_rating(tx, now, event, session, turn, person)
            is_bad = not is_check and await self.bad_sound.is_news(tx, turn, answers)
        self.queue.answered(session, turn.turn_id, person.person_id)
        self.clips_given.pop(token, None)
        if is_bad:
            self.bad_sound.tell(turn)


async def _require_unjudged(
    tx: Transaction, session: RatedSession, turn: RateableTurn, person: Person, purpose: TrialPurpose
) -> None:
    # An X-card may have come in the meantime: what it stopped is not judged.
    if session.has_stopped(turn.scene_id) or await find_rateable_turn(tx, turn.turn_id) is None:
        raise NoSuchTurn
    if purpose is TrialPurpose.RATING and await is_answered(tx, turn.turn_id, person.person_id):
        raise AlreadyRated


def _check_side(judged: Judged, *, as_self: bool) -> None:
    if judged.is_own and not as_self:
        raise SelfRatingAsPeer
    if as_self and not judged.is_own:
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
