"""How the rating of a session stands: progress, agreement, and what was heard where what was dealt.

What was dealt is shown only once a session can no longer be rated, or to those who choose to see it and thereby give
up rating it: blindness goes before curiosity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.ports import Clock
from bot.live.workers import Lane, Workers
from bot.services.facts.consents import ConsentsInForce
from bot.services.facts.dealt import Dealt
from bot.services.rating.agreement import Figures, figures_of, levels_of
from bot.services.rating.rated_session import RatedSession
from bot.services.rating.rated_sessions import FORM_PATIENCE, RatedSessions
from bot.services.rating.waiting import Waiting, WaitingClips
from bot.store.database import Database
from bot.store.judged_answers import JudgedAnswer, claimed_targets, judged_answers
from bot.store.ratings import turns_to_rate
from bot.store.targets_seen import has_seen_targets, see_targets


@dataclass(frozen=True, slots=True)
class Status:
    """How the rating of a session stands. `until_unix` is when its rating ends or ended; None if it is open.

    `is_on`: it can be rated. `has_hidden_targets`: what was dealt is left out, because forms can still be sent by the
    person who asks; `shown_from_unix` is when that is over. `labels` are those of emotions, by their keys.
    """

    session_id: SessionId
    is_open: bool
    until_unix: float | None
    shown_from_unix: float | None
    is_on: bool
    waiting: Waiting
    figures: Figures
    has_hidden_targets: bool
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RatingStatus:
    """Says how the rating of a session stands."""

    database: Database
    clock: Clock
    workers: Workers
    dealt: Dealt
    consents: ConsentsInForce
    sessions: RatedSessions
    waiting: WaitingClips

    async def of(
        self, guild_id: GuildId, asker: UserId, session_id: SessionId | None = None, *, wants_targets: bool = False
    ) -> Status:
        """The status of a session; without an id, of the open or newest one. Raises SessionUnknown.

        With `wants_targets`, what was dealt is in it, and the person who asks can no longer rate the session.
        """
        session, record = await self.sessions.past_or_open(guild_id, session_id)
        now = self.clock.wall()
        until = datetime.fromisoformat(record.rating_until) if record.rating_until else None
        shown_from = until + FORM_PATIENCE if until else None
        is_on = record.is_open or bool(until and now < until)
        if wants_targets and is_on:
            # Stored before anything is shown, so that no one rates after they have seen it.
            async with self.database.transaction() as tx:
                await see_targets(tx, session.session_id, asker, self.clock.now())
        is_over = not record.is_open and (shown_from is None or now >= shown_from)
        is_shown = is_over or await has_seen_targets(self.database, session.session_id, asker)
        figures = await self.figures(session)
        return Status(
            session.session_id,
            record.is_open,
            until.timestamp() if until else None,
            shown_from.timestamp() if shown_from else None,
            is_on,
            await self.waiting.of(session),
            figures if is_shown else replace(figures, confusion=None),
            not is_shown,
            await self.dealt.labels(session),
        )

    async def figures(self, session: RatedSession) -> Figures:
        """The figures of a session, from what may be heard and kept now. They contain what was dealt."""
        levels = levels_of(await self.dealt.instrument(session))
        answers = await self._answers(session)
        targets = await claimed_targets(self.database, session.session_id)
        return await self.workers.run(Lane.FIGURES, figures_of, answers, targets, levels)

    async def _answers(self, session: RatedSession) -> list[JudgedAnswer]:
        turns = await turns_to_rate(self.database, session.session_id)
        heard = await self.consents.may_be_heard(turns, session.guild_id)
        there = {turn.turn_id for turn in heard if not session.has_stopped(turn.scene_id)}
        answers = await judged_answers(self.database, session.session_id)
        return await self.consents.may_be_kept([one for one in answers if one.turn_id in there], session.guild_id)
