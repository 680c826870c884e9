"""Bad sound that raters hear: the coordinator is told, so that a microphone is fixed before the next take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.answers import Answer
from bot.domain.instrument import BAD_SOUND, EMOTION_ITEM
from bot.domain.reports import is_news
from bot.live.errands import Errands
from bot.services.ports.stage import Stage
from bot.store.database import Database
from bot.store.people import coordinator_of
from bot.store.ratings import RateableTurn, place_of
from bot.store.reader import Reader
from bot.store.trials import reports_of


@dataclass(frozen=True, slots=True)
class BadSound:
    """Tells coordinators of clips whose sound two of three raters call bad."""

    database: Database
    errands: Errands
    stage: Stage

    async def is_news(self, reader: Reader, turn: RateableTurn, answers: Sequence[Answer]) -> bool:
        """Whether these answers, which are stored, are the ones after which the coordinator is told."""
        if answers[0] != Answer(EMOTION_ITEM, BAD_SOUND):
            return False
        raters, reports = await reports_of(reader, turn.turn_id, BAD_SOUND)
        return is_news(reports, raters)

    def tell(self, turn: RateableTurn) -> None:
        """Tell the coordinator in the background; best effort."""
        self.errands.run(self._tell(turn), f"bad sound in turn {turn.turn_id}")

    async def _tell(self, turn: RateableTurn) -> None:
        coordinator = await coordinator_of(self.database, turn.session_id)
        scene, take = await place_of(self.database, turn.take_id)
        await self.stage.bad_sound(coordinator.discord_user_id, turn.performer_user_id, scene, take)
