"""What happens to a session's voice connection: shown on the panel and logged; if it is given up, the take ends."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.events import catalogue
from bot.domain.events.catalogue import Event
from bot.domain.states import CutReason
from bot.live.errands import Errands
from bot.live.ports import Booth, Clock
from bot.live.session import LiveSession
from bot.services.ending.cuts import Cuts
from bot.services.panel.panels import Panels
from bot.store.database import Database
from bot.store.events import log_event
from bot.voice.connection.events import (
    ConnectionEvent,
    ConnectionGivenUp,
    ConnectionLost,
    ConnectionRestored,
    SealedSound,
)


@dataclass(frozen=True, slots=True)
class Connections:
    """Acts on what happens to voice connections."""

    database: Database
    clock: Clock
    errands: Errands
    panels: Panels
    cuts: Cuts

    def follow(self, session: LiveSession, booth: Booth) -> None:
        """From now on, show, log and act on what happens to the booth's connection while the session has the booth."""

        def told(event: ConnectionEvent) -> None:
            if session.booth is booth:
                self.errands.run(self._take_in(session, event), f"connection of session {session.session_id}")

        booth.on_connection(told)

    async def _take_in(self, session: LiveSession, event: ConnectionEvent) -> None:
        if not isinstance(event, SealedSound):  # the panel asks the booth whose sound is sealed
            session.connection_is(event)
        self.panels.changed(session.session_id)
        take = session.take
        if take and isinstance(event, ConnectionGivenUp):
            self.cuts.end(session, take, event.at, CutReason.VOICE_LOST)
            await self.cuts.keep_unless_kept(session, take)
        take_id = take.take.take_id if take else None
        async with self.database.transaction() as tx:
            await log_event(tx, _as_logged(event), self.clock.now(), session_id=session.session_id, take_id=take_id)


def _as_logged(event: ConnectionEvent) -> Event:
    match event:
        case ConnectionLost(_, reason):
            return catalogue.ConnectionLost(reason)
        case ConnectionRestored(_, hole_ms):
            return catalogue.ConnectionRestored(round(hole_ms))
        case ConnectionGivenUp(_, reason):
            return catalogue.ConnectionGivenUp(reason)
        case SealedSound(_, users):
            return catalogue.SoundSealed(len(users))
