"""The voice test: two clips at a time, and whether a rater hears the same character."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.domain.answers import Answer
from bot.domain.errors import AlreadyRated, NoSuchTurn
from bot.domain.ids import PersonId, TrialToken, TurnId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.domain.queue.pairs import SAME_CHARACTER, PairAnswer, Voice, next_pair, pair_is_due
from bot.domain.states import TrialKind
from bot.live.ports import Clock, time_of
from bot.services.facts.consents import ConsentsInForce
from bot.services.rating.given_trials import GivenTrials, when_asked
from bot.services.rating.rated_session import RatedSession
from bot.services.turns.clips import Clips
from bot.store.database import Database
from bot.store.people import find_person
from bot.store.prompts_shown import was_shown_prompt
from bot.store.ratings import RateableTurn, find_rateable_turn, turns_to_rate, unjudged_turns, was_on_stage
from bot.store.records import Person
from bot.store.trials import Answering, Question, answer_trial, show_trial
from bot.store.voice_pairs import characters_of, given_pairs, kinds_answered

FEWEST_TURNS: Final = 20
"""With fewer turns to hear, a rater has just rated what a pair would be made of, and knows it by its words."""


@dataclass(frozen=True, slots=True)
class PairOfClips:
    """Two turns to compare, as files in the order in which they are heard. Its buttons name it by the `token`."""

    token: TrialToken
    paths: tuple[Path, Path]


@dataclass(frozen=True, slots=True)
class VoicePairs:
    """Brings pairs to raters and stores what they hear. Only clips that are there are used: no one waits for one.

    `few` lets in some raters at once, as in `Ratings`.
    """

    database: Database
    clock: Clock
    clips: Clips
    consents: ConsentsInForce
    trials: GivenTrials
    few: asyncio.Semaphore
    pairs_given: dict[TrialToken, float] = field(default_factory=dict[TrialToken, float])
    """When a pair was last given to a rater, by their trial (monotonic); after a restart this is unknown."""

    async def next_pair(self, session: RatedSession, discord_user_id: UserId) -> PairOfClips | None:
        """Return the pair that a person is to compare now; None if a clip comes next, or nothing.

        Raises ConsentMissing without consent to rate.
        """
        person = await find_person(self.database, discord_user_id)
        if person is None or not await self._is_due(session, person.person_id):
            return None
        person = await self.trials.rater(session, discord_user_id)
        if await self._has_own_to_judge(session, person.person_id):
            return None
        async with self.few:
            chosen = await self._choose(session, person)
        return await self._show(session, person, *chosen) if chosen else None

    async def _is_due(self, session: RatedSession, rater: PersonId) -> bool:
        kinds = await kinds_answered(self.database, session.session_id, rater)
        was_pair = kinds[-1:] == [TrialKind.PAIR]
        return pair_is_due(kinds.count(TrialKind.TURN), session.seed, rater, was_pair=was_pair)

    async def _has_own_to_judge(self, session: RatedSession, rater: PersonId) -> bool:
        unjudged = await unjudged_turns(self.database, session.session_id, rater)
        return any(turn.performer_id == rater for turn in unjudged)

    async def _choose(self, session: RatedSession, person: Person) -> tuple[RateableTurn, RateableTurn] | None:
        """Return the pair that the rater was given and has not answered; otherwise another one, if there is any."""
        rater = person.person_id
        turns = {turn.turn_id: turn for turn in await self._ready(session, person)}
        if len(turns) < FEWEST_TURNS:
            return None
        given = await given_pairs(self.database, session.session_id)
        own = [one for one in given if one.rater_id == rater]
        waiting = [(one.turn_id, one.other_turn_id) for one in own if not one.is_answered and one.turns <= set(turns)]
        voices = await self._voices(session, list(turns.values()))
        answered = {one.turns for one in own if one.is_answered}
        pair = next(iter(waiting), None) or next_pair(
            voices, [one.turns for one in given], answered, session.seed, rater
        )
        return (turns[pair[0]], turns[pair[1]]) if pair else None

    async def _ready(self, session: RatedSession, person: Person) -> list[RateableTurn]:
        """The turns of others that may be heard and whose clips are there."""
        turns = await turns_to_rate(self.database, session.session_id)
        of_others = [one for one in turns if one.performer_id != person.person_id]
        turns = [one for one in of_others if not session.has_stopped(one.scene_id)]
        turns = await self.trials.may_hear(turns, session, person.discord_user_id)
        return [turn for turn in turns if self.clips.ready(turn)]

    async def _voices(self, session: RatedSession, turns: Sequence[RateableTurn]) -> list[Voice[TurnId]]:
        characters = await characters_of(self.database, session.session_id)
        return [
            Voice(turn.turn_id, turn.scene_id, turn.performer_id, character)
            for turn in turns
            if (character := characters.get((turn.scene_id, turn.performer_id)))
        ]

    async def _show(
        self, session: RatedSession, person: Person, first: RateableTurn, second: RateableTurn
    ) -> PairOfClips | None:
        paths = self.clips.ready(first), self.clips.ready(second)
        try:
            for turn in (first, second):
                await self.trials.to_hear(session, turn.turn_id, person.discord_user_id)
        except NoSuchTurn:
            # An X-card or a withdrawal has come in the meantime.
            return None
        if paths[0] is None or paths[1] is None:
            return None
        question = Question(
            session.session_id,
            TrialKind.PAIR,
            person.person_id,
            first.turn_id,
            None,
            [SAME_CHARACTER],
            other_turn_id=second.turn_id,
        )
        is_partner = await self._is_partner(person, first, second)
        async with self.database.transaction() as tx:
            for turn in (first, second):
                if session.has_stopped(turn.scene_id) or await find_rateable_turn(tx, turn.turn_id) is None:
                    return None
            await self.consents.require(person.discord_user_id, session.guild_id, TO_KEEP_ANSWERS, tx)
            trial = await show_trial(tx, question, is_partner=is_partner, now=self.clock.now())
        self.pairs_given[trial.token] = self.clock.monotonic()
        return PairOfClips(trial.token, (paths[0], paths[1]))

    async def record(
        self, session: RatedSession, token: TrialToken, discord_user_id: UserId, heard: PairAnswer
    ) -> None:
        """Store whether a rater heard the same character twice. Raises AlreadyRated, NoSuchTurn, TrialOfAnother."""
        answered = self.clock.monotonic()
        judged = await self.trials.of_pair(session, token, discord_user_id)
        if judged.trial.answered_at is not None:
            raise AlreadyRated
        is_partner = await self._is_partner(judged.person, *judged.turns)
        async with self.database.transaction() as tx:
            await self.trials.require_open(tx, session, judged)
            await self.consents.require(discord_user_id, session.guild_id, TO_KEEP_ANSWERS, tx)
            shown_at, took_ms = when_asked(self.clock, self.pairs_given.get(token), judged.trial, answered)
            knew = [await was_shown_prompt(tx, turn.scene_id, judged.person.person_id) for turn in judged.turns]
            answer = Answer(SAME_CHARACTER, heard)
            answering = Answering(is_partner, any(knew), shown_at, took_ms)
            await answer_trial(tx, judged.trial.trial_id, [answer], answering, now=time_of(self.clock, answered))
        self.pairs_given.pop(token, None)

    async def _is_partner(self, person: Person, *turns: RateableTurn) -> bool:
        return any([await was_on_stage(self.database, turn.take_id, person.person_id) for turn in turns])
