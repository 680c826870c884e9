"""How far the rating of a session is: how many clips wait for whom, and what can be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import SessionId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS
from bot.domain.queue.reach import Rated, Reach, reach
from bot.live.sessions import LiveSessions
from bot.services.facts.consents import ConsentsInForce
from bot.services.rating.rated_session import RatedSession
from bot.services.turns.turns import Turns
from bot.store.attendance import attendance_of
from bot.store.database import Database
from bot.store.ratings import judges_of, turns_to_rate
from bot.store.targets_seen import who_saw_targets


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many clips wait for at least one rater, and how many each person has left (`left`).

    Only people count who were in the channel, consent to rate and do not know the targets; no one has anything left who
    has judged it all.
    `is_complete` is False while turns are looked for. `reach` is how many ratings these people can reach. `rated` says
    how many clips have how many peers' ratings.
    """

    clips: int
    left: Mapping[UserId, int]
    is_complete: bool
    reach: Reach
    rated: Mapping[int, int]

    @property
    def raters(self) -> int:
        """How many people have a clip left."""
        return len(self.left)


@dataclass(frozen=True, slots=True)
class WaitingClips:
    """Counts what is left to rate."""

    database: Database
    live: LiveSessions
    consents: ConsentsInForce
    turns: Turns

    async def of(self, session: RatedSession) -> Waiting:
        """How far the rating of a session is. Once it is over, no one has anything left."""
        is_complete = not self.turns.is_searching(session.session_id)
        attended = await self._attended(session) - await who_saw_targets(self.database, session.session_id)
        raters = await self.consents.who_permit(attended, session.guild_id, TO_KEEP_ANSWERS)
        turns = await turns_to_rate(self.database, session.session_id)
        heard = {turn.turn_id for turn in await self.consents.may_be_heard(turns, session.guild_id)}
        judges = await judges_of(self.database, session.session_id)
        clips, left, rated, by_number = 0, Counter[UserId](), list[Rated](), Counter[int]()
        for turn in turns:
            if turn.turn_id not in heard or session.has_stopped(turn.scene_id):
                continue
            judged, peers = judges.get(turn.turn_id, (frozenset[UserId](), 0))
            by_number[peers] += 1
            rated.append(Rated(turn.performer_user_id, judged - {turn.performer_user_id}))
            asked = raters if peers < session.ratings_wanted else raters & {turn.performer_user_id}
            left.update(waits := asked - judged)
            clips += bool(waits)
        return Waiting(clips, left, is_complete, reach(rated, raters, session.ratings_wanted), by_number)

    async def _attended(self, session: RatedSession) -> frozenset[UserId]:
        live = self.live.find(session.session_id)
        return (live.attended if live else frozenset()) | await self._stored(session.session_id)

    async def _stored(self, session_id: SessionId) -> frozenset[UserId]:
        return frozenset(one.discord_user_id for one in await attendance_of(self.database, session_id))
