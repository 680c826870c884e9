"""How many clips of a session wait for how many raters, before a coordinator ends it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import SessionId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.domain.queue.reach import Rated, Reach, reach
from bot.live.session import LiveSession
from bot.services.facts.consents import ConsentsInForce
from bot.services.turns.turns import Turns
from bot.store.attendance import attendance_of
from bot.store.database import Database
from bot.store.ratings import judges_of, turns_to_rate


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many clips wait for at least one rater, and how many people have one left.

    Only people count who were in the channel and consent to rate. `is_complete` is False while turns are looked for.
    `reach` is how many ratings these people can reach.
    """

    clips: int
    raters: int
    is_complete: bool
    reach: Reach


@dataclass(frozen=True, slots=True)
class WaitingClips:
    """Counts what is left to rate."""

    database: Database
    consents: ConsentsInForce
    turns: Turns

    async def of(self, session: LiveSession) -> Waiting:
        """What is left to rate of an open session."""
        is_complete = not self.turns.is_searching(session.session_id)
        raters = await self.consents.who_permit(await self._attended(session), session.guild_id, TO_KEEP_ANSWERS)
        turns = await turns_to_rate(self.database, session.session_id)
        heard = {turn.turn_id for turn in await self.consents.may_be_heard(turns, session.guild_id)}
        judges = await judges_of(self.database, session.session_id)
        clips, with_one_left, rated = 0, set[UserId](), list[Rated]()
        for turn in turns:
            if turn.turn_id not in heard or session.has_stopped(turn.scene_id):
                continue
            judged, peers = judges.get(turn.turn_id, (frozenset[UserId](), 0))
            rated.append(Rated(turn.performer_user_id, judged - {turn.performer_user_id}))
            asked = raters if peers < session.ratings_wanted else raters & {turn.performer_user_id}
            if left := asked - judged:
                clips += 1
                with_one_left |= left
        return Waiting(clips, len(with_one_left), is_complete, reach(rated, raters, session.ratings_wanted))

    async def _attended(self, session: LiveSession) -> frozenset[UserId]:
        return session.attended | await self._stored(session.session_id)

    async def _stored(self, session_id: SessionId) -> frozenset[UserId]:
        return frozenset(one.discord_user_id for one in await attendance_of(self.database, session_id))
