"""Questions after the cut: who did not acknowledge their cue is asked once, in private, whether they saw it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.domain.events.catalogue import CueAskedAbout
from bot.domain.ids import UserId
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.live.take.live_take import LiveTake
from bot.services.facts.consents import ConsentsInForce
from bot.services.ports.stage import Stage
from bot.store.cues import cues_to_ask_about, note_asked
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.records import PerformerCue


@dataclass(frozen=True, slots=True)
class CueQuestions:
    """Asks performers about cues of takes that are over.

    Who cannot be asked now (their card is closed and they accept no direct messages) is asked when they open a card.
    """

    database: Database
    clock: Clock
    errands: Errands
    live: LiveSessions
    consents: ConsentsInForce
    stage: Stage
    asked: dict[int, float] = field(default_factory=dict[int, float])
    """When this process asked about a cue, by cue (monotonic); what an earlier one asked is only in the store."""
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def ask_soon(self, session: LiveSession, take: LiveTake) -> None:
        """Ask in the background about the cues of a take that was kept."""
        self.errands.run(self.ask(session, just_kept=take), f"questions about cues of take {take.take.take_id}")

    async def ask_left_over(self) -> None:
        """Ask about what an earlier process, or a loss of the connection, left unasked in sessions that are open."""
        for session in self.live:
            await self.ask(session)

    async def ask(self, session: LiveSession, only: UserId | None = None, just_kept: LiveTake | None = None) -> None:
        """Ask everyone who has not been asked yet, or `only` one account.

        What was acknowledged in the take that was `just_kept` is not asked about, even if that is not stored yet.
        """
        async with self._one_by_one:
            if not session.is_open:
                return
            for cue in await cues_to_ask_about(self.database, session.session_id):
                is_known = (
                    just_kept is not None
                    and cue.take_id == just_kept.take.take_id
                    and cue.casting_id in just_kept.cues.acknowledged
                )
                if is_known or (only is not None and cue.discord_user_id != only):
                    continue
                if session.has_stopped(cue.scene_id):
                    continue
                if not await self.consents.may_perform(cue.discord_user_id, session.guild_id):
                    continue
                if await self.stage.ask_about_cue(cue):
                    await self.note_asked(cue)

    async def note_asked(self, cue: PerformerCue) -> None:
        """Store that the performer of a cue has been asked about it."""
        if cue.asked_at is not None:
            return
        now = self.clock.now()
        self.asked[cue.cue_id] = self.clock.monotonic()
        async with self.database.transaction() as tx:
            await note_asked(tx, cue.cue_id, now)
            await log_event(
                tx,
                CueAskedAbout(),
                now,
                session_id=cue.session_id,
                scene_id=cue.scene_id,
                take_id=cue.take_id,
                person_id=cue.person_id,
            )
