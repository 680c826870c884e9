"""What a rater has heard so far, which is what hidden checks and breaks go by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import NoSuchTurn
from bot.domain.ids import TurnId
from bot.domain.queue.breaks import break_is_due
from bot.domain.queue.checks import Given, next_check
from bot.domain.states import TrialPurpose
from bot.services.rating.given_trials import GivenTrials
from bot.services.rating.rated_session import RatedSession
from bot.store.database import Database
from bot.store.given_clips import GivenClip, given_clips
from bot.store.ratings import RateableTurn
from bot.store.records import Person


@dataclass(frozen=True, slots=True)
class Heard:
    """The clips that a rater has answered about, the one that is to be repeated now, and whether a break is due."""

    given: Sequence[Given[TurnId]] = ()
    repeat: RateableTurn | None = None
    break_is_due: bool = False


@dataclass(frozen=True, slots=True)
class HiddenChecks:
    """Reads what a rater has heard. A clip that can no longer be heard is not repeated."""

    database: Database
    trials: GivenTrials

    async def heard(self, session: RatedSession, rater: Person) -> Heard:
        """Return what a rater has heard in a session."""
        clips = await given_clips(self.database, session.session_id, rater.person_id)
        given = [Given(clip.turn_id, clip.purpose) for clip in clips]
        repeat = await self._repeat(session, rater, given)
        return Heard(given, repeat, break_is_due(_kept(clips)))

    async def _repeat(
        self, session: RatedSession, rater: Person, given: Sequence[Given[TurnId]]
    ) -> RateableTurn | None:
        due = next_check(given, (), session.seed, rater.person_id)
        if due is None:
            return None
        try:
            return await self.trials.to_hear(session, due.turn, rater.discord_user_id)
        except NoSuchTurn:
            return None


def _kept(clips: Sequence[GivenClip]) -> list[bool | None]:
    """Return for each clip whether it is a repeat that was answered as before; None for other clips."""
    first = {clip.turn_id: clip.label for clip in clips if clip.purpose is TrialPurpose.RATING}
    return [clip.label == first.get(clip.turn_id) if clip.purpose is TrialPurpose.REPEAT else None for clip in clips]
