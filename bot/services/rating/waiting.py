"""How far the rating of a session is: how many clips wait for whom, and what can be reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from bot.domain.ids import SessionId, TurnId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS, Use
from bot.domain.queue.reach import Rated, Reach, reach
from bot.live.sessions import LiveSessions
from bot.services.facts.consents import ConsentsInForce
from bot.services.rating.rated_session import RatedSession
from bot.services.turns.turns import Turns
from bot.store.attendance import attendance_of
from bot.store.database import Database
from bot.store.invitations import invited_users
from bot.store.ratings import Judge, judges_of, turns_to_rate
from bot.store.targets_seen import who_saw_targets


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many clips wait for at least one rater, and how many each person has left (`left`).

    Only people count who were in the channel or came by an invitation, consent to rate and do not know the targets; no
    one has anything left who has judged it all. `is_complete` is False while turns are looked for. `reach` is how many
    ratings these people can reach. `rated` says how many clips have how many peers' ratings. People who were not there
    can hear `from_afar` of the clips. `raters_now` are all who could be given a clip, also if none is left.
    """

    clips: int
    left: Mapping[UserId, int]
    is_complete: bool
    reach: Reach
    rated: Mapping[int, int]
    from_afar: int = 0
    raters_now: Set[UserId] = frozenset()

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

    async def of(self, session: RatedSession, also: UserId | None = None) -> Waiting:
        """How far the rating of a session is. Once it is over, no one has anything left.

        `also` may rate without having been there, by a role.
        """
        is_complete = not self.turns.is_searching(session.session_id)
        there, invited = await self._raters(session, frozenset() if also is None else {also})
        found = await turns_to_rate(self.database, session.session_id)
        turns = [turn for turn in found if not session.has_stopped(turn.scene_id)]
        heard = await self.consents.may_be_heard(turns, session.guild_id)
        afar = {one.turn_id for one in await self.consents.may_be_heard(heard, session.guild_id, Use.LET_ABSENT_RATE)}
        judges = await judges_of(self.database, session.session_id)
        judged_by = _by_turn(judges)
        kept_of = _by_turn(await self.consents.may_be_kept([one for one in judges if one.is_peer], session.guild_id))
        clips, left, rated, by_number = 0, Counter[UserId](), list[Rated](), Counter[int]()
        for turn in heard:
            own, raters = {turn.performer_user_id}, there | invited if turn.turn_id in afar else there
            judged, kept = judged_by[turn.turn_id], kept_of[turn.turn_id]
            by_number[len(kept)] += 1
            rated.append(Rated(turn.performer_user_id, kept | (raters - judged - own)))
            asked = raters if len(kept) < session.ratings_wanted else raters & own
            left.update(waits := asked - judged)
            clips += bool(waits)
        reached = reach(rated, frozenset[UserId](), session.ratings_wanted)
        return Waiting(clips, left, is_complete, reached, by_number, len(afar), there | invited)

    async def _raters(self, session: RatedSession, others: Set[UserId]) -> tuple[frozenset[UserId], frozenset[UserId]]:
        """Who may rate a session: those who were there, `others`, and those who came by an invitation."""
        there = await self._attended(session) | others
        invited = await invited_users(self.database, session.session_id) - there
        blind = (there | invited) - await who_saw_targets(self.database, session.session_id)
        permit = await self.consents.who_permit(blind, session.guild_id, TO_KEEP_ANSWERS)
        return permit & there, permit & invited

    async def _attended(self, session: RatedSession) -> frozenset[UserId]:
        live = self.live.find(session.session_id)
        return (live.attended if live else frozenset[UserId]()) | await self._stored(session.session_id)

    async def _stored(self, session_id: SessionId) -> frozenset[UserId]:
        return frozenset(one.discord_user_id for one in await attendance_of(self.database, session_id))


def _by_turn(judges: Iterable[Judge]) -> defaultdict[TurnId, frozenset[UserId]]:
    """Return who has judged each turn; no one where no one has."""
    found: defaultdict[TurnId, frozenset[UserId]] = defaultdict(frozenset)
    for one in judges:
        found[one.turn_id] |= {one.rater_user_id}
    return found
