"""What the form about a turn asks one rater: what its trial says, or what the plan gives the next rater."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.emotions import EmotionSet
from bot.domain.form_plan import plan_form
from bot.domain.ids import PersonId
from bot.domain.instrument import Instrument, Item
from bot.domain.states import TrialKind, TrialPurpose
from bot.live.ports import Clock, timestamp
from bot.services.facts.dealt import Dealt
from bot.services.rating.rated_session import RatedSession
from bot.store.database import Database
from bot.store.materials import instrument_hash
from bot.store.ratings import RateableTurn, has_character
from bot.store.reader import Reader
from bot.store.records import Trial
from bot.store.transaction import Transaction
from bot.store.trials import Question, asked_about, trial_of

OPEN_FORM: Final = timedelta(minutes=30)
"""For how long a clip that someone was shown, and has not answered, counts as one that they will."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a rater is asked about a turn: the items in order, and which emotions they choose from."""

    kind: TrialKind
    instrument: Instrument
    items: Sequence[Item]
    emotions: EmotionSet


@dataclass(frozen=True, slots=True)
class Forms:
    """Decides what raters are asked. The decision is stored with the trial, so that every form of it is the same."""

    database: Database
    clock: Clock
    dealt: Dealt

    async def of(self, session: RatedSession, turn: RateableTurn, rater_id: PersonId, trial: Trial) -> Form:
        """Return the form of a trial about a turn. One that an earlier version stored asks what it would ask now."""
        questions = await self.dealt.questions(session, turn.scene_id)
        kind = kind_for(turn, rater_id)
        if trial.items:
            wanted = json.loads(trial.items)
            items = [item for item in questions.instrument.items if item.key in wanted]
        else:
            items = await self._planned(self.database, session, turn, rater_id, questions.instrument)
        return Form(kind, questions.instrument, items, questions.emotions)

    async def plan(
        self,
        tx: Transaction,
        session: RatedSession,
        turn: RateableTurn,
        rater_id: PersonId,
        instrument: Instrument,
        purpose: TrialPurpose = TrialPurpose.RATING,
    ) -> Question:
        """Return what the next rater of a turn is asked, for its trial; others who are asked meanwhile count.

        A repeat asks what its rater was asked the first time, so that both answers can be compared.
        """
        keys = await self._asked_before(tx, turn, rater_id) if purpose is TrialPurpose.REPEAT else None
        if keys is None:
            keys = [item.key for item in await self._planned(tx, session, turn, rater_id, instrument)]
        sha256 = await instrument_hash(tx, session.session_id, instrument)
        kind = kind_for(turn, rater_id)
        return Question(session.session_id, kind, rater_id, turn.turn_id, sha256, keys, purpose)

    async def _asked_before(self, reader: Reader, turn: RateableTurn, rater_id: PersonId) -> Sequence[str] | None:
        first = await trial_of(reader, turn.turn_id, rater_id)
        return json.loads(first.items) if first and first.items else None

    async def _planned(
        self, reader: Reader, session: RatedSession, turn: RateableTurn, rater_id: PersonId, instrument: Instrument
    ) -> Sequence[Item]:
        since = timestamp(self.clock.wall() - OPEN_FORM)
        asked = await asked_about(reader, turn.turn_id, rater_id, since)
        has_part = await has_character(reader, turn.turn_id)
        return plan_form(instrument, kind_for(turn, rater_id), asked, session.ratings_wanted, has_character=has_part)


def kind_for(turn: RateableTurn, rater_id: PersonId) -> TrialKind:
    """Return what a turn is to a rater: someone else's, or their own."""
    return TrialKind.OWN if turn.performer_id == rater_id else TrialKind.TURN
