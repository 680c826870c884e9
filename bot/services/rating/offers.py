"""Offering clips: of the session whose button was pressed, or of all sessions of a server that can be rated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import NotARater, NothingToRate, TargetsKnown
from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.coordinators import Standing
from bot.services.rating.absent_raters import AbsentRaters
from bot.services.rating.rated_session import RatedSession
from bot.services.rating.rated_sessions import RatedSessions
from bot.services.rating.ratings import Clip, Ratings
from bot.services.rating.voice_pairs import PairOfClips, VoicePairs


@dataclass(frozen=True, slots=True)
class Offer:
    """A clip for a rater, with its session."""

    session: RatedSession
    clip: Clip


@dataclass(frozen=True, slots=True)
class PairOffer:
    """Two clips for a rater to compare, with their session."""

    session: RatedSession
    pair: PairOfClips


@dataclass(frozen=True, slots=True)
class Offers:
    """Brings clips, and now and then pairs of clips, to people who may hear them."""

    sessions: RatedSessions
    ratings: Ratings
    voice_pairs: VoicePairs
    absent: AbsentRaters

    async def next_trial(
        self, guild_id: GuildId, discord_user_id: UserId, standing: Standing, session_id: SessionId | None = None
    ) -> Offer | PairOffer:
        """What comes next in a session; without one, in the first of the server that has a clip for this person.

        Raises what `RatedSessions.of`, `in_guild` and `require_rater` raise, and what `Ratings.next_clip` raises.
        """
        if session_id is not None:
            return await self._of(await self.sessions.of(session_id, guild_id), discord_user_id, standing)
        return await self._of_first(await self.sessions.in_guild(guild_id), discord_user_id, standing)

    async def _of(self, session: RatedSession, user: UserId, standing: Standing) -> Offer | PairOffer:
        await self.sessions.require_rater(session, user, standing)
        if pair := await self.voice_pairs.next_pair(session, user):
            return PairOffer(session, pair)
        clip = await self.ratings.next_clip(session, user)
        await self.absent.note(session.session_id, user)
        return Offer(session, clip)

    async def _of_first(self, sessions: Iterable[RatedSession], user: UserId, standing: Standing) -> Offer | PairOffer:
        why: NotARater | NothingToRate | TargetsKnown | None = None
        for session in sessions:
            try:
                return await self._of(session, user, standing)
            except NothingToRate as error:
                why = error
            except (NotARater, TargetsKnown) as error:
                # That there is nothing left says more than that there is a session they were not at.
                why = why or error
        assert why is not None, "a server without a session to rate raises"
        raise why
